#include "emulator/random_hex.hpp"

#include <openssl/rand.h>

#include <string_view>
#include <vector>

namespace venice_keys::emulation {

std::optional<std::string> random_hex(std::size_t bytes)
{
    static constexpr std::string_view hex = "0123456789abcdef";
    std::vector<unsigned char> drawn(bytes);
    if (RAND_bytes(drawn.data(), static_cast<int>(drawn.size())) != 1)
        return std::nullopt;
    std::string text;
    text.reserve(2 * bytes);
    for (const unsigned char byte : drawn) {
        text += hex[byte >> 4U];
        text += hex[byte & 15U];
    }
    return text;
}

} // namespace venice_keys::emulation
