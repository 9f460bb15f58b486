// What the emulator says the calling key may do: tier, balances and limits of models. Made up, except for the requests
// a minute and for what the key's own limits leave of the balances.
#pragma once

#include "emulator/key_store.hpp"

#include <venice_keys/timestamp.hpp>

#include <string>
#include <string_view>

namespace venice_keys::emulation {

inline constexpr std::string_view account_tier = "paid";
inline constexpr std::string_view text_model = "emulated-text";
inline constexpr std::string_view image_model = "emulated-image";
// Of the account, as the x-ratelimit headers have it.
inline constexpr unsigned tokens_per_minute = 1'000'000;

// `requests_per_minute` 0: one is made up. `caller` null: a key without limits, which never expires.
[[nodiscard]] std::string rate_limits_body(unsigned requests_per_minute, const stored_key* caller, timestamp now);

} // namespace venice_keys::emulation
