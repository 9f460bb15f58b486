// The answer to asking for a wallet's challenge: the token that the wallet is to sign.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/result.hpp>
#include <venice_keys/secret.hpp>

#include <cstddef>
#include <string_view>

namespace venice_keys::codec {

// `body` is the whole body of an answer with status 200; it holds the token, and is the caller's to cleanse. Errors:
// those of answer_decoder::decode; malformed_reply for an answer without the token. No error holds the token.
[[nodiscard]] result<secret> decode_challenge(std::string_view body, secret_list secrets, std::size_t max_depth);

} // namespace venice_keys::codec
