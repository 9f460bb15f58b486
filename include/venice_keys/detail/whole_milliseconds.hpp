// Durations of any kind as the library keeps them, in whole milliseconds. Not for users.
#pragma once

#include <chrono>
#include <ratio>

namespace venice_keys::detail {

// Rounded down. One that is out of range becomes an end of the range, and one that is not a number its beginning: to
// convert these would be undefined, and whoever checks the value refuses both ends.
template <class Rep, class Period>
[[nodiscard]] constexpr std::chrono::milliseconds whole_milliseconds(std::chrono::duration<Rep, Period> time) noexcept
{
    using std::chrono::milliseconds;
    if constexpr (std::chrono::treat_as_floating_point_v<Rep> || std::ratio_greater_v<Period, std::milli>) {
        constexpr double most = 9.2e18; // 2^63 is a little more
        const double exact = std::chrono::duration_cast<std::chrono::duration<double, std::milli>>(time).count();
        if (!(exact >= -most))
            return milliseconds::min();
        if (exact > most)
            return milliseconds::max();
    }
    return std::chrono::floor<milliseconds>(time);
}

} // namespace venice_keys::detail
