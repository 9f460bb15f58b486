#include "emulator/base64.hpp"

#include <openssl/evp.h>

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

} // namespace venice_keys::emulation
