// Finds out what an answer with a status other than 2xx means, and what it says. It knows no headers: the caller adds
// what they tell (request id, Retry-After) and how often the request was sent.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/error.hpp>

#include <cstddef>
#include <string_view>

namespace venice_keys::codec {

// What was asked for, as far as it decides what a refusal means.
struct question {
    bool names_key = true;      // it is about one key of the account, as an update, a get and a deletion are
    bool brings_secret = false; // its success brings a new secret, as those of a creation and a challenge do
};

// The errc that a status means when its body says no more, as the comments at errc have it. For a status that is not
// there it is unexpected_status.
[[nodiscard]] errc code_of_status(unsigned status) noexcept;

// Whether the service itself says that it knows no such key, or that the key has expired: `API key not found or
// expired`, `API key not found`, `API key could not be found`. The case of letters does not matter, there may be a full
// stop, and another sentence may follow. A sentence that goes on, such as about a field, is another matter, and so is a
// second one about the request's header or body.
[[nodiscard]] bool says_no_such_key(std::string_view text) noexcept;

// Takes any body. The error has http_status and delivery::answered, and what read_refusal_body finds: server_text,
// server_code, request_id and issues. The body may change what the status means:
//   400: not_found when it says that it knows no such key, and the question named one; unavailable when it says that a
//        wallet's signature could not be checked, which passes;
//   401: forbidden when it says `Admin API key required`;
//   402: when it asks for payment (x402), the detail says that the service saw no token;
//   429: error_budget_spent when it says `Too many failed attempts`;
//   404: not_found when the question named a key and the service speaks of it. For a page, an empty body or the text of
//        an unknown path it is unexpected_status, for then something answered that does not know the path.
[[nodiscard]] error decode_refusal(unsigned status, std::string_view body, detail::secret_list secrets,
                                   std::size_t max_depth, question asked = {});

} // namespace venice_keys::codec
