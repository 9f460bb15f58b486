// Text that nobody can guess, from OpenSSL's generator. Not for what must be the same again with the same seed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace venice_keys::emulation {

// Two digits for each of so many bytes. Empty: OpenSSL failed, and its error queue says why.
[[nodiscard]] std::optional<std::string> random_hex(std::size_t bytes);

} // namespace venice_keys::emulation
