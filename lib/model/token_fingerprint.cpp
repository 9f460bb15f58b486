#include "model/token_fingerprint.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstring>
#include <new>
#include <stdexcept>

namespace venice_keys::detail {

fingerprints::fingerprints()
{
    if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1)
        throw std::runtime_error("OpenSSL gives no random bytes (RAND_bytes): see to its entropy source");
}

fingerprints::~fingerprints()
{
    cleanse(key_.data(), key_.size());
}

token_fingerprint fingerprints::of(const secret& token) const
{
    token_fingerprint value{};
    const std::string_view text = token.empty() ? std::string_view("") : token.expose();
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), value.data(), &size) == nullptr)
        throw std::bad_alloc();
    return value;
}

std::size_t fingerprint_hash::operator()(const token_fingerprint& value) const noexcept
{
    std::size_t hash = 0;
    std::memcpy(&hash, value.data(), sizeof(hash));
    return hash;
}

} // namespace venice_keys::detail
