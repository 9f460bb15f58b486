// Rewrites what Beast's parser refuses although servers send it, in a form that Beast accepts. The meaning of what is
// rewritten is never in doubt; whatever else is wrong with it stays, and is refused.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::wire {

// The size of the line `HTTP/1.1 200` with its line break. It lacks the blank after the code (RFC 9112 section 4).
inline constexpr std::size_t bare_status_line_size = 14;

// What the first bytes of an answer show of its status line.
enum class status_line { complete_enough, too_short_to_tell, bare };
[[nodiscard]] status_line look_at_status_line(std::string_view bytes) noexcept;

// The bare line with the blank that it lacks.
[[nodiscard]] std::array<char, bare_status_line_size + 1> with_blank(std::string_view bare) noexcept;

// When the line with a chunk's size at the start of `bytes` is padded with blanks, writes it to `out` with as many
// zeros in front of the size instead. `out` ends with that line or, for the last chunk, with what there is of the
// trailer. `after_chunk`: the line break of the chunk before comes first. False when there is nothing to mend.
[[nodiscard]] bool mend_chunk_line(std::string_view bytes, bool after_chunk, std::string& out);

// Whether a Content-Encoding names no coding at all: each item is empty, `identity`, or `utf-8`, a charset that is
// there by mistake.
[[nodiscard]] bool names_no_coding(std::string_view value) noexcept;

} // namespace venice_keys::wire
