// What the account is said to be allowed: its tier, its balances and the limits of its models, all of it made up but
// the requests a minute.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <string>
#include <string_view>

namespace venice_keys::emulation {

inline constexpr std::string_view account_tier = "paid";
inline constexpr std::string_view text_model = "emulated-text";
inline constexpr std::string_view image_model = "emulated-image";
// Of the account, as the x-ratelimit headers have it.
inline constexpr unsigned tokens_per_minute = 1'000'000;

// `requests_per_minute` 0: there is no such limit.
[[nodiscard]] std::string rate_limits_body(unsigned requests_per_minute, timestamp now);

} // namespace venice_keys::emulation
