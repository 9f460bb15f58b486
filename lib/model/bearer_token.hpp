// The syntax of a bearer token. Says nothing about whether a server takes it.
#pragma once

#include <string_view>

namespace venice_keys::detail {

// RFC 6750 section 2.1: letters, digits and - . _ ~ + / at least once, then any number of =.
[[nodiscard]] bool valid_bearer_token(std::string_view text) noexcept;

} // namespace venice_keys::detail
