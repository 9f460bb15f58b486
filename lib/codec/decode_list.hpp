// The answer to listing the keys.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/key_details.hpp>
#include <venice_keys/result.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace venice_keys::codec {

// `body` is the whole body of an answer with status 200. Errors: those of answer_decoder::decode; malformed_reply for a
// key without an id, too.
[[nodiscard]] result<std::vector<key_details>> decode_list(std::string_view body, detail::secret_list secrets,
                                                           std::size_t max_depth);

} // namespace venice_keys::codec
