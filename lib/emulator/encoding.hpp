// Bytes as text: Base64 (RFC 4648) and hexadecimal digits.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::emulation {

inline constexpr std::string_view hex_digits = "0123456789abcdef";

[[nodiscard]] std::string base64(std::string_view bytes);
// As in its section 5: with `-` and `_`, and without padding.
[[nodiscard]] std::string base64url(std::string_view bytes);

// Returns two digits for each of so many bytes from OpenSSL's generator, which nobody can guess. Returns nothing when
// OpenSSL fails; its error queue says why. This is not for what must be the same again with the same seed.
[[nodiscard]] std::optional<std::string> random_hex(std::size_t bytes);

} // namespace venice_keys::emulation
