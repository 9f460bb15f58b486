// What a waiting call is waiting for while its token holds it back, in words, and the failure of a call that can't wait
// so long. What the pool as a whole knows of it is in pool_waiting.cpp.
#pragma once

#include "policy/token_state.hpp"

#include <venice_keys/error.hpp>

#include <string_view>

namespace venice_keys::detail {

// What a call is waiting for when its token holds it back. Empty for hold::none.
[[nodiscard]] std::string_view words_of(policy::hold why) noexcept;

// The failure of a call that its token holds back until this time, which is time_point::max() when it is not known; no
// failure for hold::none.
[[nodiscard]] error held_error(policy::hold why, policy::time_point until, policy::time_point now);

} // namespace venice_keys::detail
