#include "model/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace venice_keys::detail {

namespace {

constexpr bool between(unsigned char byte, unsigned char first, unsigned char last) noexcept
{
    return byte >= first && byte <= last;
}

// How many bytes of ASCII the text begins with. They are counted eight at a time, as far as that goes.
std::size_t ascii_prefix_size(std::string_view text) noexcept
{
    constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080;
    std::size_t size = 0;
    for (std::uint64_t block = 0; text.size() - size >= sizeof block; size += sizeof block) {
        std::memcpy(&block, text.data() + size, sizeof block);
        if ((block & high_bits) != 0)
            break;
    }
    while (size != text.size() && static_cast<unsigned char>(text[size]) < 0x80)
        ++size;
    return size;
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
        if (const std::size_t size = ascii_prefix_size(text); size != 0) {
            text.remove_prefix(size);
            count += size;
            continue;
        }
        const std::size_t size = first_code_point_size(text);
        if (size == 0)
            return std::nullopt;
        text.remove_prefix(size);
        ++count;
    }
    return count;
}

} // namespace venice_keys::detail
