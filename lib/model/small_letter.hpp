// Letters and digits of ASCII, whatever the locale is. The mapping of letters is the one for names that are compared in
// any case.
#pragma once

namespace venice_keys::detail {

[[nodiscard]] constexpr char small_letter(char each) noexcept
{
    return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
}

[[nodiscard]] constexpr bool is_digit(char each) noexcept
{
    return each >= '0' && each <= '9';
}

} // namespace venice_keys::detail
