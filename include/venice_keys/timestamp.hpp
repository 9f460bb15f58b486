// Points in time as the service writes them: milliseconds, UTC.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys {

using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

// Reads the two forms that the service accepts: `YYYY-MM-DD` (midnight) and `YYYY-MM-DDTHH:MM:SS[.mmm]Z`.
// Empty for anything else, a day that the calendar does not have included. The source of the forms: the
// pattern of `expiresAt` in the published specification.
[[nodiscard]] std::optional<timestamp> parse_timestamp(std::string_view text) noexcept;

// `YYYY-MM-DDTHH:MM:SS.mmmZ`; empty when the year is not in 0 … 9999.
[[nodiscard]] std::string to_string(timestamp when);

} // namespace venice_keys
