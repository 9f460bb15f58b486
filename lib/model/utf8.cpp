#include "model/utf8.hpp"

namespace venice_keys {

namespace {

constexpr bool between(unsigned char byte, unsigned char first, unsigned char last) noexcept
{
    return byte >= first && byte <= last;
}

} // namespace

std::size_t first_code_point_size(std::string_view text) noexcept
{
    const auto byte = [text](std::size_t at) {
        return static_cast<unsigned char>(at < text.size() ? text[at] : 0);
    };
    const auto continues = [&byte](std::size_t at) {
        return between(byte(at), 0x80, 0xBF);
    };

    if (text.empty())
        return 0;
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return 1;
    if (between(lead, 0xC2, 0xDF)) // C0 and C1 would be overlong
        return continues(1) ? 2 : 0;
    if (between(lead, 0xE0, 0xEF)) {
        const unsigned char lowest = lead == 0xE0 ? 0xA0 : 0x80;  // below: overlong
        const unsigned char highest = lead == 0xED ? 0x9F : 0xBF; // above: surrogates
        return between(byte(1), lowest, highest) && continues(2) ? 3 : 0;
    }
    if (between(lead, 0xF0, 0xF4)) {
        const unsigned char lowest = lead == 0xF0 ? 0x90 : 0x80;  // below: overlong
        const unsigned char highest = lead == 0xF4 ? 0x8F : 0xBF; // above: more than U+10FFFF
        return between(byte(1), lowest, highest) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

std::optional<std::size_t> count_code_points(std::string_view text) noexcept
{
    std::size_t count = 0;
    while (!text.empty()) {
        const std::size_t size = first_code_point_size(text);
        if (size == 0)
            return std::nullopt;
        text.remove_prefix(size);
        ++count;
    }
    return count;
}

} // namespace venice_keys
