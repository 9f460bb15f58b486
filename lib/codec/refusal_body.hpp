// Finds what the body of a refusal says, in whichever of its shapes. It is for people to read, and never a reason to
// fail.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace venice_keys::codec {

// Where the body comes from, which decides what of it may be shown.
enum class body_of : std::uint8_t {
    refusal,        // it has any status but 2xx
    secret_refusal, // and a success would have brought a new secret, which must not be shown by mistake
    success,        // it has status 2xx and says `success: false`; only the reason that it gives is shown
    secret_success, // and it may have a new secret in it
};

// What kind of body it is.
struct refusal_facts {
    bool is_json = false;
    bool is_html = false;
    bool wants_payment = false; // it asks a request without a token for payment (x402)
    std::size_t compared = 0;   // what redact() returned, in all
};

// Fills why.server_text (at most 512 bytes), why.issues (at most 32, each text at most 256 bytes), why.server_code and
// why.request_id (at most 128 bytes each) from
//   {"error": "text"}, also with `details`, a tree of `_errors` arrays, and `issues`, an array;
//   {"error": {"message", "type", "param", "code"}}; `code` and `request_id` beside the error;
//   HTML: the title, or else the text;
//   anything else, as plain text.
// JSON that nests deeper than max_depth or is longer than 256 KiB counts as plain text, of which the first 32 KiB are
// looked at. The secrets, and what looks like a key of the service, are redacted in all of it before anything is cut.
// When the body may bring a new secret, JSON is never shown as it stands; and when something in it looks like a secret,
// nothing is shown. It takes time and memory linear in the body.
refusal_facts read_refusal_body(std::string_view body, detail::secret_list secrets, std::size_t max_depth, error& why,
                                body_of from = body_of::refusal);

} // namespace venice_keys::codec
