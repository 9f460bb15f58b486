// Takes the JSON of a refusal apart while it is parsed, without building a tree, and finds the texts in the shapes that
// the service uses. It knows no status, and judges nothing.
#pragma once

#include "model/secret_bytes.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace venice_keys::codec {

// One thing that the body says about a field. It is as it stands there: not redacted, and not made printable.
struct raw_issue {
    detail::secret_bytes path; // its parts are joined by dots
    detail::secret_bytes text;
};

struct refusal_texts {
    bool is_json = false;
    bool is_string = false;    // the whole body is one text, which is `text`
    detail::secret_bytes text; // empty when it says nothing in a known shape
    detail::secret_bytes code;
    detail::secret_bytes request_id;
    std::vector<raw_issue> issues;  // repetitions are still in it
    bool wants_payment = false;     // it says how to pay for a request without a token (x402Version)
    bool has_secret_member = false; // there is a text at `apiKey`, or at a `token` that is not about a field
};

// How much is kept. A longer text or path is cut; further issues are not looked at.
struct refusal_bounds {
    std::size_t text = 0; // bytes
    std::size_t path = 0; // bytes
    std::size_t issues = 0;
};

// Reads
//   {"error": "text"}, also with `details`, a tree of `_errors` arrays or a text, and `issues`, an array;
//   {"error": {"message", "type", "param", "code"}}; {"message"}; "text";
//   `code` and `request_id` beside or inside `error`.
// Of anything that is not JSON, or nests deeper than max_depth, it returns texts with is_json false. It takes time
// linear in the body, and memory within the bounds.
[[nodiscard]] refusal_texts read_refusal_texts(std::string_view body, std::size_t max_depth,
                                               const refusal_bounds& bounds);

} // namespace venice_keys::codec
