// An answer with a status other than 200: what it means, and what it says. Knows no headers; the caller adds what they
// tell (request id, Retry-After) and how often the request was sent.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/error.hpp>

#include <cstddef>
#include <string_view>

namespace venice_keys::codec {

// Which errc a status means, as the comments at errc have it; unexpected_status for those that are not there.
[[nodiscard]] errc code_of_status(unsigned status) noexcept;

// With http_status, delivery::answered, and server_text and issues as read_refusal_body finds them. Any body will do.
// The code is that of the status, except for two texts: 401 `Admin API key required` is forbidden, and 429 `Too many
// failed attempts` is error_budget_spent.
[[nodiscard]] error decode_refusal(unsigned status, std::string_view body, secret_list secrets, std::size_t max_depth);

} // namespace venice_keys::codec
