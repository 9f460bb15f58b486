// The answer to a deletion, which says no more than that it succeeded.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/result.hpp>

#include <cstddef>
#include <string_view>

namespace venice_keys::codec {

// `body` is the whole body of an answer with status 200. Errors: those of answer_decoder::decode; malformed_reply for
// an answer that does not say `success`, for nothing else in it shows that it is one to a deletion.
[[nodiscard]] result<void> decode_deletion(std::string_view body, secret_list secrets, std::size_t max_depth);

} // namespace venice_keys::codec
