// Dates as the service reads and writes them. The emulator has its own code for them, because with the client's code a
// mistake in it would go unnoticed.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::emulation {

// Reads `YYYY-MM-DD` (midnight UTC) or `YYYY-MM-DDTHH:MM:SS[.mmm]Z`. The calendar must have the day.
[[nodiscard]] std::optional<timestamp> read_date(std::string_view text);

// Writes `YYYY-MM-DDTHH:MM:SS.mmmZ`.
[[nodiscard]] std::string write_date(timestamp when);

// Writes `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
[[nodiscard]] std::string write_http_date(timestamp when);

} // namespace venice_keys::emulation
