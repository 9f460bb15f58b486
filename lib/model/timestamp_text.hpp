// Writes timestamps into a string that is there already, which spares an allocation. Reading is in the public header.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <string>
#include <string_view>

namespace venice_keys::detail {

// Whether the year is in 0 … 9999.
[[nodiscard]] bool has_text(timestamp when) noexcept;

// Whether the service accepts it in a request, by the pattern of `expiresAt` in the published specification:
// `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS[.mmm]Z`, of a day that there is.
[[nodiscard]] bool is_service_form(std::string_view text) noexcept;

// Appends `YYYY-MM-DDTHH:MM:SS.mmmZ`; nothing when it has no text.
void append_timestamp(std::string& out, timestamp when);

} // namespace venice_keys::detail
