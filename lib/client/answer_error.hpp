// What the head of a refusing answer adds to the error that its body gave.
#pragma once

#include "wire/reply.hpp"

#include <venice_keys/error.hpp>
#include <venice_keys/secret.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace venice_keys::detail {

// Request id, status, and Retry-After as a time from now.
void add_headers(error& why, const wire::reply& answer, const secret& token);

// RFC 9110 section 10.2.3: a number of seconds, or a date in one of the three forms of section 5.6.7. A date in the
// past is zero; what is neither is empty. At most 24 h.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text,
                                                                         std::chrono::sys_seconds now);

} // namespace venice_keys::detail
