// The answer to asking for a wallet's challenge: the token or the message that the wallet is to sign.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/result.hpp>
#include <venice_keys/wallet_challenge.hpp>

#include <cstddef>
#include <string_view>

namespace venice_keys::codec {

// `body` is the whole body of an answer with status 2xx: {token}, or {message, nonce, expiresAt} as it is announced; of
// both the token, which is known to work. It holds the challenge, and is the caller's to cleanse. Errors: those of
// answer_decoder::decode; malformed_reply for an answer with neither. No error holds the challenge.
[[nodiscard]] result<wallet_challenge> decode_challenge(std::string_view body, detail::secret_list secrets,
                                                        std::size_t max_depth);

} // namespace venice_keys::codec
