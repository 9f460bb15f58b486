// Writes timestamps into a string that is already there, which saves an allocation. The public header has what reads
// them.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <string>
#include <string_view>

namespace venice_keys::detail {

// Whether the year is in 0 … 9999.
[[nodiscard]] bool has_text(timestamp when) noexcept;

// Whether the service accepts the text in a request. By the pattern of `expiresAt` in the published specification it is
// `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS[.mmm]Z`, of a day that exists.
[[nodiscard]] bool is_service_form(std::string_view text) noexcept;

// Appends `YYYY-MM-DDTHH:MM:SS.mmmZ`, or nothing when the time has no text.
void append_timestamp(std::string& out, timestamp when);

} // namespace venice_keys::detail
