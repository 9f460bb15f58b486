// Letters and digits of ASCII, whatever the locale is.
#pragma once

namespace venice_keys::detail {

// Names that are compared in any case of letters are compared in small letters.
[[nodiscard]] constexpr char small_letter(char each) noexcept
{
    return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
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
