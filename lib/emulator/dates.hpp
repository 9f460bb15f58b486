// Dates as the service reads and writes them. The emulator has its own code for them: with the client's, a mistake in
// it would go unnoticed.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::emulation {

// `YYYY-MM-DD` (midnight UTC) or `YYYY-MM-DDTHH:MM:SS[.mmm]Z`, of a day that the calendar has.
[[nodiscard]] std::optional<timestamp> read_date(std::string_view text);

// `YYYY-MM-DDTHH:MM:SS.mmmZ`
[[nodiscard]] std::string write_date(timestamp when);

// RFC 9110 section 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`
[[nodiscard]] std::string write_http_date(timestamp when);

} // namespace venice_keys::emulation
