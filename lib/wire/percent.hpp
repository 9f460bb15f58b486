// Percent-encoding of a text that becomes one segment of a path, or one value of a query. Not for whole URLs.
#pragma once

#include <string>
#include <string_view>

namespace venice_keys::wire {

// Appends the text. RFC 3986 section 2.3's unreserved characters (letters, digits and - . _ ~) stay as they are; each
// other byte becomes %XX, with capital digits. So any text is fit for a request line. One thing it can't help: as a
// whole segment of a path, `.` and `..` mean something else.
void append_percent_encoded(std::string& out, std::string_view text);

} // namespace venice_keys::wire
