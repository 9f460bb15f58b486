// Compares a key, as it was read, with what an update asked for.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/key_update.hpp>

namespace venice_keys::detail {

// Whether every field that the update names has the value that it asks for in the key as it was read. A field that
// could not be read is not in effect.
[[nodiscard]] bool in_effect(const key_update& update, const api_key& read);

} // namespace venice_keys::detail
