// Bytes as text: Base64 (RFC 4648) and hexadecimal digits.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::emulation {

inline constexpr std::string_view hex_digits = "0123456789abcdef";

[[nodiscard]] std::string base64(std::string_view bytes);
// Section 5: `-` and `_`, and no padding.
[[nodiscard]] std::string base64url(std::string_view bytes);

// Two digits for each of so many bytes from OpenSSL's generator, which nobody can guess. Empty: OpenSSL failed, and its
// error queue says why. Not for what must be the same again with the same seed.
[[nodiscard]] std::optional<std::string> random_hex(std::size_t bytes);

} // namespace venice_keys::emulation
