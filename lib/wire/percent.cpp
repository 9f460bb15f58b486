#include "wire/percent.hpp"

#include "model/small_letter.hpp"

namespace venice_keys::wire {

namespace {

bool is_unreserved(char c) noexcept
{
    return detail::is_letter(c) || detail::is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

} // namespace

void append_percent_encoded(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 0x0F];
    }
}

} // namespace venice_keys::wire
