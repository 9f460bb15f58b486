// Ids of keys: UUIDs, which RFC 9562 section 4 reads in any case of letters. Whoever compares two, compares them here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace venice_keys {

[[nodiscard]] constexpr char small_letter(char each) noexcept
{
    return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
}

[[nodiscard]] constexpr bool same_key(std::string_view left, std::string_view right) noexcept
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return a == b || small_letter(a) == small_letter(b); });
}

// The same for ids that are the same key (FNV-1a).
[[nodiscard]] constexpr std::size_t hash_of_key(std::string_view id) noexcept
{
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
    for (const char each : id)
        hash = (hash ^ static_cast<unsigned char>(small_letter(each))) * 0x0000'0100'0000'01B3;
    return static_cast<std::size_t>(hash ^ (hash >> 32));
}

} // namespace venice_keys
