// Base64 (RFC 4648), as headers and JSON Web Tokens have it.
#pragma once

#include <string>
#include <string_view>

namespace venice_keys::emulation {

[[nodiscard]] std::string base64(std::string_view bytes);
// Section 5: `-` and `_`, and no padding.
[[nodiscard]] std::string base64url(std::string_view bytes);

} // namespace venice_keys::emulation
