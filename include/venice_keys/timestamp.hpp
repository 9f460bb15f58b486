// Points in time as the service writes them: milliseconds, UTC.
#pragma once

#include <venice_keys/detail/export.hpp>
#include <venice_keys/detail/whole_milliseconds.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys {

/// A point in time, in milliseconds and UTC.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// A time of the system's clock in any unit, such as std::chrono::system_clock::now() or a std::chrono::sys_days,
/// rounded down to milliseconds. One that a timestamp can't hold becomes timestamp::min() or timestamp::max().
template <class Duration>
[[nodiscard]] constexpr timestamp to_timestamp(std::chrono::sys_time<Duration> when) noexcept
{
    return timestamp(detail::whole_milliseconds(when.time_since_epoch()));
}

/// Reads `YYYY-MM-DD` (midnight, UTC) and `YYYY-MM-DDTHH:MM:SS[.fraction]` with `Z` or an offset: `+02:00`, `+0200` or
/// `+02`. A fraction has any number of digits; what is finer than a millisecond is cut off. Empty for anything else: a
/// day that the calendar does not have, a time without an offset, a result outside of the years 0 … 9999. The service
/// itself accepts only `Z`, and three digits: see `expiration`.
[[nodiscard]] VENICE_KEYS_API std::optional<timestamp> parse_timestamp(std::string_view text) noexcept;

/// `YYYY-MM-DDTHH:MM:SS.mmmZ`; empty when the year is not in 0 … 9999.
[[nodiscard]] VENICE_KEYS_API std::string to_string(timestamp when);

} // namespace venice_keys
