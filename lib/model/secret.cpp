#include <venice_keys/secret.hpp>

#include "model/cleansed_text.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <ostream>
#include <utility>

namespace venice_keys {

void cleanse(void* data, std::size_t size) noexcept
{
    if (size != 0)
        OPENSSL_cleanse(data, size);
}

secret::secret(std::string_view text) : size_(text.size())
{
    if (text.empty())
        return;
    data_ = std::make_unique_for_overwrite<char[]>(text.size());
    std::copy(text.begin(), text.end(), data_.get());
}

secret::secret(std::string&& text) : secret(std::string_view{text})
{
    detail::cleanse_text(text);
}

secret::secret(const secret& other) : secret(other.expose())
{
}

secret::secret(secret&& other) noexcept : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0))
{
}

secret& secret::operator=(const secret& other)
{
    if (this != &other)
        *this = secret(other);
    return *this;
}

secret& secret::operator=(secret&& other) noexcept
{
    if (this != &other) {
        cleanse(data_.get(), size_);
        data_ = std::move(other.data_);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

secret::~secret()
{
    cleanse(data_.get(), size_);
}

bool operator==(const secret& left, const secret& right) noexcept
{
    if (left.size_ != right.size_)
        return false;
    return left.size_ == 0 || CRYPTO_memcmp(left.data_.get(), right.data_.get(), left.size_) == 0;
}

std::ostream& operator<<(std::ostream& out, const secret& /*value*/)
{
    return out << "[redacted]";
}

} // namespace venice_keys
