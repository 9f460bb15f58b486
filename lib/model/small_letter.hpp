// Letters and digits of ASCII, whatever the locale is.
#pragma once

#include <algorithm>
#include <string_view>

namespace venice_keys::detail {

// Names that are compared in any case of letters are compared in small letters.
[[nodiscard]] constexpr char small_letter(char each) noexcept
{
    return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
}

// Whether the text is the word, in whatever case its letters are.
[[nodiscard]] constexpr bool is_in_any_case(std::string_view text, std::string_view in_small_letters) noexcept
{
    return std::ranges::equal(text, in_small_letters, {}, small_letter);
}

[[nodiscard]] constexpr bool is_letter(char each) noexcept
{
    return small_letter(each) >= 'a' && small_letter(each) <= 'z';
}

[[nodiscard]] constexpr bool is_digit(char each) noexcept
{
    return each >= '0' && each <= '9';
}

} // namespace venice_keys::detail
