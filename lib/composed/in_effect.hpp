// Compares a key, as it was read, with what an update asked for. Does nothing else.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/key_update.hpp>

namespace venice_keys::detail {

// Whether every field that the update names has, in the key as it was read, the value it asks for. A field that was
// named and could not be read is not in effect.
[[nodiscard]] bool in_effect(const key_update& update, const api_key& read);

} // namespace venice_keys::detail
