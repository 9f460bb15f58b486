// The answer about what the account may do, and what it has left.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/account_limits.hpp>
#include <venice_keys/result.hpp>

#include <cstddef>
#include <string_view>

namespace venice_keys::codec {

// `body` is the whole body of an answer with status 200. Errors: those of answer_decoder::decode; malformed_reply when
// `data` has no member of this answer at all. Any of them may be absent, or can't be read, which `unread` tells.
[[nodiscard]] result<account_limits> decode_account_limits(std::string_view body, detail::secret_list secrets,
                                                           std::size_t max_depth);

} // namespace venice_keys::codec
