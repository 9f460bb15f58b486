// The answers to all operations but an update (decode_update), and not refusals (decode_refusal). Nothing compares an
// id with the one that was asked for.
//
// `body` is the whole body of an answer with status 2xx. Errors: those of answer_decoder::decode, and what stands at
// the function.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/account_limits.hpp>
#include <venice_keys/key_details.hpp>
#include <venice_keys/new_key.hpp>
#include <venice_keys/result.hpp>
#include <venice_keys/wallet_challenge.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace venice_keys::codec {

// One key. reply_mismatch: the answer names no key.
[[nodiscard]] result<key_details> decode_details(std::string_view body, detail::secret_list secrets,
                                                 std::size_t max_depth);

// All keys. malformed_reply: a key has no id.
[[nodiscard]] result<std::vector<key_details>> decode_list(std::string_view body, detail::secret_list secrets,
                                                           std::size_t max_depth);

// A creation, by the account or by a wallet: the one place where a key's secret comes. The caller cleanses the body;
// no error holds the secret. malformed_reply: there is no secret. The id may be absent, for a key of which the secret
// is known can be found in the list.
[[nodiscard]] result<created_key> decode_creation(std::string_view body, detail::secret_list secrets,
                                                  std::size_t max_depth);

// A deletion. malformed_reply: the answer does not say `success`, and nothing else in it shows that it is one to a
// deletion. The value is the id of the key that it names, or empty: the service names none, but an answer to an update,
// which may be somebody else's, would.
[[nodiscard]] result<std::string> decode_deletion(std::string_view body, detail::secret_list secrets,
                                                  std::size_t max_depth);

// What the account may do, and what it has left. Any member may be absent; `unread` says which could not be read.
// malformed_reply: `data` has no member of this answer at all.
[[nodiscard]] result<account_limits> decode_account_limits(std::string_view body, detail::secret_list secrets,
                                                           std::size_t max_depth);

// When the account went over a limit. An event may lack any of its members. An element that is no object is an event
// whose `unread` has a nameless value.
[[nodiscard]] result<std::vector<rate_limit_event>>
decode_rate_limit_log(std::string_view body, detail::secret_list secrets, std::size_t max_depth);

// The challenge that a wallet is to sign: {token}, or {message, nonce, expiresAt} as it is announced. Of both it is the
// token, which is known to work. The caller cleanses the body; no error holds the challenge. malformed_reply: there is
// neither.
[[nodiscard]] result<wallet_challenge> decode_challenge(std::string_view body, detail::secret_list secrets,
                                                        std::size_t max_depth);

} // namespace venice_keys::codec
