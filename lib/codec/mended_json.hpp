// Mends what a service's JSON may hold although RFC 8259 does not allow it or parsers refuse it: a byte order mark in
// front, half of a surrogate pair (JSON.stringify writes one for a text that was cut inside an emoji), bytes that are
// not UTF-8. Such a character becomes U+FFFD, and costs nothing else. It is no parser, and looks into no structure.
#pragma once

#include "model/secret_bytes.hpp"

#include <optional>
#include <string_view>

namespace venice_keys::codec {

// RFC 8259 section 8.1 lets a reader ignore a byte order mark.
[[nodiscard]] constexpr std::string_view without_bom(std::string_view body) noexcept
{
    return body.starts_with("\xEF\xBB\xBF") ? body.substr(3) : body;
}

// The body with U+FFFD in these places; empty when there are none. It takes time and memory linear in the body.
[[nodiscard]] std::optional<detail::secret_bytes> mended_json(std::string_view body);

} // namespace venice_keys::codec
