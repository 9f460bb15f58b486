// The one mapping of letters for names that are compared in any case: ASCII, whatever the locale is.
#pragma once

namespace venice_keys::detail {

[[nodiscard]] constexpr char small_letter(char each) noexcept
{
    return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
}

} // namespace venice_keys::detail
