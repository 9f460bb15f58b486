#include "emulator/encoding.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <vector>

namespace venice_keys::emulation {

std::string base64(std::string_view bytes)
{
    std::vector<unsigned char> text(4 * ((bytes.size() + 2) / 3) + 1); // OpenSSL ends it with a NUL
    const int size = EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    return {text.begin(), text.begin() + size};
}

std::string base64url(std::string_view bytes)
{
    std::string text = base64(bytes);
    text.erase(text.find_last_not_of('=') + 1);
    for (char& each : text)
        each = each == '+' ? '-' : each == '/' ? '_' : each;
    return text;
}

std::optional<std::string> random_hex(std::size_t bytes)
{
    std::vector<unsigned char> drawn(bytes);
    if (RAND_bytes(drawn.data(), static_cast<int>(drawn.size())) != 1)
        return std::nullopt;
    std::string text;
    text.reserve(2 * bytes);
    for (const unsigned char byte : drawn) {
        text += hex_digits[byte >> 4U];
        text += hex_digits[byte & 15U];
    }
    return text;
}

} // namespace venice_keys::emulation
