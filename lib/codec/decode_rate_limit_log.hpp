// The answer about when the account went over a limit.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/account_limits.hpp>
#include <venice_keys/result.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace venice_keys::codec {

// `body` is the whole body of an answer with status 200. Errors: those of answer_decoder::decode. An event may lack any
// of its members. An element that is no object is an event whose `unread` has a nameless value.
[[nodiscard]] result<std::vector<rate_limit_event>>
decode_rate_limit_log(std::string_view body, detail::secret_list secrets, std::size_t max_depth);

} // namespace venice_keys::codec
