// Percent-encodes a text that becomes one segment of a path or one value of a query. It is not for whole URLs.
#pragma once

#include <string>
#include <string_view>

namespace venice_keys::wire {

// Appends the text. The unreserved characters of RFC 3986 section 2.3 (letters, digits and - . _ ~) stay as they are;
// every other byte becomes %XX, with capital digits. So any text is fit for a request line, but as a whole segment of a
// path `.` and `..` still have a meaning of their own.
void append_percent_encoded(std::string& out, std::string_view text);

} // namespace venice_keys::wire
