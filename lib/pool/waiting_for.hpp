// What a waiting call is waiting for, in words, and the failure of a call that can't wait so long. The .cpp file has
// all such texts of the pool: also pool::waiting_for(), pool::out_of_time() and pool::connecting_words().
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
