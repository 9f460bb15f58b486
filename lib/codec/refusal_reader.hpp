// Takes the JSON of a refusal apart while it is parsed, without building a tree: what it says, in the shapes that the
// service has. Knows no status, and judges nothing.
#pragma once

#include "model/secret_bytes.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace venice_keys::codec {

// One thing that is said about a field, as it stands in the body: not redacted, not made printable.
struct raw_issue {
    detail::secret_bytes path; // parts joined by dots
    detail::secret_bytes text;
};

struct refusal_texts {
    bool is_json = false;
    bool is_string = false;    // the whole body is one text, which is `text`
    detail::secret_bytes text; // what it says; empty: nothing that is known here
    detail::secret_bytes code;
    detail::secret_bytes request_id;
    std::vector<raw_issue> issues;  // with repetitions
    bool wants_payment = false;     // x402Version: it says how to pay for a request without a token
    bool has_secret_member = false; // `apiKey` with a text, or a text at `token` outside of what is wrong with fields
};

// How much of one text is kept, and how many issues. A text that is longer is cut.
struct refusal_bounds {
    std::size_t text = 0;   // bytes
    std::size_t path = 0;   // bytes
    std::size_t issues = 0; // looked at
};

// Reads
//   {"error": "text"}, also with `details`, a tree of `_errors` arrays or a text, and `issues`, an array;
//   {"error": {"message", "type", "param", "code"}}; {"message"}; "text";
//   `code` and `request_id` beside or inside `error`.
// Anything that is not JSON, or nests deeper than max_depth, gives texts with is_json false. In time linear in the
// body, and in memory within the bounds.
[[nodiscard]] refusal_texts read_refusal_texts(std::string_view body, std::size_t max_depth,
                                               const refusal_bounds& bounds);

} // namespace venice_keys::codec
