// What the body of a refusal says, in whichever of its shapes: for people, and never a reason to fail. Not the status.
#pragma once

#include "model/redact.hpp"

#include <venice_keys/error.hpp>

#include <cstddef>
#include <string_view>

namespace venice_keys::codec {

// Fills why.server_text (at most 512 bytes) and why.issues (at most 32, each text at most 256 bytes) from
//   {"error": "text"}, also with `details`, a tree of `_errors` arrays, and `issues`, an array;
//   {"error": {"message", "type", "param", "code"}};
//   HTML: the title, or else the text;
//   anything else, as plain text.
// JSON that nests deeper than max_depth or is longer than 256 KiB counts as plain text. The secrets are redacted in
// all of it, before anything is cut.
void read_refusal_body(std::string_view body, secret_list secrets, std::size_t max_depth, error& why);

} // namespace venice_keys::codec
