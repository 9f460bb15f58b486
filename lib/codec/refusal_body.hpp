// What the body of a refusal says, in whichever of its shapes: for people, and never a reason to fail. Not the status.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace venice_keys::codec {

// Where the body comes from, which decides what of it may be shown.
enum class body_of : std::uint8_t {
    refusal,        // any status but 2xx
    secret_refusal, // the same, to a request whose success brings a new secret: nothing of it may be shown by mistake
    success,        // 2xx that says `success: false`: no more than the texts that it gives as the reason
    secret_success, // the same, with a new secret perhaps
};

// What kind of body it is, for those that judge it.
struct refusal_facts {
    bool is_json = false;
    bool is_html = false;
    bool wants_payment = false; // for a request without a token (x402)
    std::size_t compared = 0;   // see redact()
};

// Fills why.server_text (at most 512 bytes), why.issues (at most 32, each text at most 256 bytes), why.server_code and
// why.request_id (at most 128 bytes each) from
//   {"error": "text"}, also with `details`, a tree of `_errors` arrays, and `issues`, an array;
//   {"error": {"message", "type", "param", "code"}}; `code` and `request_id` beside the error;
//   HTML: the title, or else the text;
//   anything else, as plain text.
// JSON that nests deeper than max_depth or is longer than 256 KiB counts as plain text, of which the first 32 KiB are
// looked at. The secrets, and what looks like a key of the service, are redacted in all of it, before anything is cut.
// Of a body that may bring a new secret, JSON is never shown as it stands; and when there is something in it that
// looks like one, nothing is. Takes time and memory linear in the body.
refusal_facts read_refusal_body(std::string_view body, detail::secret_list secrets, std::size_t max_depth, error& why,
                                body_of from = body_of::refusal);

} // namespace venice_keys::codec
