// Checks and counts UTF-8, as RFC 3629 section 4 defines it. It converts nothing, and knows no normal forms.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace venice_keys::detail {

// How many bytes the code point has that `text` begins with, 1 … 4. It is 0 when the text begins with none: it is
// empty, overlong, a surrogate, above U+10FFFF, or cut off.
[[nodiscard]] std::size_t first_code_point_size(std::string_view text) noexcept;

// The number of code points; empty when the text is not UTF-8.
[[nodiscard]] std::optional<std::size_t> count_code_points(std::string_view text) noexcept;

[[nodiscard]] inline bool is_utf8(std::string_view text) noexcept
{
    return count_code_points(text).has_value();
}

} // namespace venice_keys::detail
