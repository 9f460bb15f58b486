// An answer with a status other than 2xx: what it means, and what it says. Knows no headers; the caller adds what they
// tell (request id, Retry-After) and how often the request was sent.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/error.hpp>

#include <cstddef>
#include <string_view>

namespace venice_keys::codec {

// What was asked for, as far as it decides what a refusal means.
struct question {
    bool names_key = true;      // it is about one key of the account: an update, a get, a deletion
    bool brings_secret = false; // its success brings a new secret: a creation, a challenge
};

// Which errc a status means when its body says no more, as the comments at errc have it; unexpected_status for those
// that are not there.
[[nodiscard]] errc code_of_status(unsigned status) noexcept;

// Whether this is the service's own word that it knows no such key, or that the key has expired: `API key not found or
// expired`, `API key not found`, `API key could not be found`. In any case of letters, with or without a full stop,
// and with or without another sentence behind it. A sentence that goes on, such as about a field, is another matter,
// and so is a second one about the request's header or body.
[[nodiscard]] bool says_no_such_key(std::string_view text) noexcept;

// With http_status, delivery::answered, and server_text, server_code, request_id and issues as read_refusal_body finds
// them. Any body will do. What the body adds to the status:
//   400: not_found when it says that it knows no such key and the question named one; unavailable when it says that the
//        check of a wallet's signature could not be made, which passes;
//   401: forbidden when it says `Admin API key required`;
//   402: the detail says that no token was seen, when the body asks for payment (x402);
//   429: error_budget_spent when it says `Too many failed attempts`;
//   404: not_found when the question named a key and the service speaks of it. A page, an empty body, or the text of an
//        unknown path is unexpected_status: something answered that does not know the path.
[[nodiscard]] error decode_refusal(unsigned status, std::string_view body, detail::secret_list secrets,
                                   std::size_t max_depth, question asked = {});

} // namespace venice_keys::codec
