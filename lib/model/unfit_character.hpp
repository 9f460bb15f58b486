// Words for characters that a value must not have, such as a line end at the end of a token. They name blanks,
// quotation marks and control characters alone, so that they may be used for values that are secret.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace venice_keys::detail {

// The name of the code point at the start of `text`, which has `size` bytes there: U+0007.
[[nodiscard]] std::string name_of_character(std::string_view text, std::size_t size);

// Whether the code point is a control character or a blank (also one that nobody sees, such as U+200B and U+FEFF).
[[nodiscard]] bool is_control(std::string_view code_point) noexcept;
[[nodiscard]] bool is_blank(std::string_view code_point) noexcept;

// Where the first control character or blank is; npos when there is none.
[[nodiscard]] std::size_t find_control_or_blank(std::string_view text) noexcept;

// What is wrong with a text that has a control character or a blank at `at`, as the end of a sentence: `ends with a
// line feed (U+000A); cut it off`, `has a space (U+0020) at byte 7`.
[[nodiscard]] std::string words_for_unfit(std::string_view text, std::size_t at);

} // namespace venice_keys::detail
