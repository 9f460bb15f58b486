// What Beast's parser refuses although servers send it: such bytes are rewritten in a form that it accepts. What they
// mean is never in doubt; whatever else is wrong with them stays, and is refused.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::wire {

// The line `HTTP/1.1 200` and its end: without the blank behind the code that RFC 9112 section 4 asks for.
inline constexpr std::size_t bare_status_line_size = 14;

// Of the first bytes of an answer.
enum class status_line { complete_enough, too_short_to_tell, bare };
[[nodiscard]] status_line look_at_status_line(std::string_view bytes) noexcept;

// A bare line with its blank.
[[nodiscard]] std::array<char, bare_status_line_size + 1> with_blank(std::string_view bare) noexcept;

// The line of a chunk's size at the start of `bytes` has blanks before its end, as padding: the same number of zeros in
// front of the size instead. It ends with the line, that of the last chunk with the trailer as far as it is there.
// `after_chunk`: the line is behind a chunk, whose own line break comes first. False when there is nothing to mend.
[[nodiscard]] bool mend_chunk_line(std::string_view bytes, bool after_chunk, std::string& out);

// Whether a Content-Encoding names no coding at all: it is empty, or has `identity`, or a charset that is there by
// mistake, `utf-8`.
[[nodiscard]] bool names_no_coding(std::string_view value) noexcept;

} // namespace venice_keys::wire
