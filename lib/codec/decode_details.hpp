// The answer to reading one key. It does not compare the id with the one that was asked for.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/key_details.hpp>
#include <venice_keys/result.hpp>

#include <cstddef>
#include <string_view>

namespace venice_keys::codec {

// `body` is the whole body of an answer with status 200. Errors: those of answer_decoder::decode, reply_mismatch for
// one that names no key among them.
[[nodiscard]] result<key_details> decode_details(std::string_view body, detail::secret_list secrets,
                                                 std::size_t max_depth);

} // namespace venice_keys::codec
