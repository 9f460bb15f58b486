// Ids of keys are UUIDs, which RFC 9562 section 4 reads in any case of letters. All comparisons of ids are made here.
#pragma once

#include "model/small_letter.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace venice_keys::detail {

[[nodiscard]] constexpr bool same_key(std::string_view left, std::string_view right) noexcept
{
    return left == right || std::equal(left.begin(), left.end(), right.begin(), right.end(),
                                       [](char a, char b) { return small_letter(a) == small_letter(b); });
}

// Ids of the same key have the same hash. It takes eight bytes at a time, because each change to a key asks for it.
[[nodiscard]] inline std::size_t hash_of_key(std::string_view id) noexcept
{
    constexpr std::uint64_t small_letters =
        0x2020'2020'2020'2020; // makes other bytes the same as well, which costs a comparison
    std::uint64_t hash = id.size();
    while (!id.empty()) {
        std::uint64_t word = 0;
        const std::size_t size = std::min(id.size(), sizeof(word));
        std::memcpy(&word, id.data(), size);
        hash = (hash ^ (word | small_letters)) * 0x9E37'79B9'7F4A'7C15;
        hash ^= hash >> 29;
        id.remove_prefix(size);
    }
    hash *= 0xBF58'476D'1CE4'E5B9;
    return static_cast<std::size_t>(hash ^ (hash >> 32));
}

} // namespace venice_keys::detail
