// call_options::confirm: a change whose answer was lost, and then the key read back. Stands on the operations below it.
#pragma once

#include <venice_keys/client_view.hpp>

#include <chrono>
#include <string>

namespace venice_keys::detail {

// `limit`: of all of it, at least 2 ms. `reserve`: of it, for reading back; at most half.
void confirm_update(const client_ref& client, key_update&& update, std::chrono::milliseconds limit,
                    std::chrono::milliseconds reserve, handler_of<api_key> handler);
void confirm_delete(const client_ref& client, std::string&& id, std::chrono::milliseconds limit,
                    std::chrono::milliseconds reserve, handler_of<void> handler);

// Whether every field that the update names has, in the key as it was read, the value it asks for.
[[nodiscard]] bool in_effect(const key_update& update, const api_key& read);

} // namespace venice_keys::detail
