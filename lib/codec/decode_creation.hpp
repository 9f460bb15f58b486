// The answer to a creation, by the account or by a wallet: the one place where a key's secret comes.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/new_key.hpp>
#include <venice_keys/result.hpp>

#include <cstddef>
#include <string_view>

namespace venice_keys::codec {

// `body` is the whole body of an answer with status 200; it holds the secret, and is the caller's to cleanse. Errors:
// those of answer_decoder::decode; malformed_reply for an answer without the secret. No error holds the secret. The id
// may be absent: a key of which the secret is known can be found in the list.
[[nodiscard]] result<created_key> decode_creation(std::string_view body, detail::secret_list secrets,
                                                  std::size_t max_depth);

} // namespace venice_keys::codec
