// What a call that waits is waiting for, in words, and the failure of one that can't wait so long. All such texts of
// the pool are here: beside these, pool::waiting_for(), pool::out_of_time() and pool::connecting_words().
#pragma once

#include "policy/token_state.hpp"

#include <venice_keys/error.hpp>

#include <string_view>

namespace venice_keys::detail {

// What a call waits for that its token holds back. Not for hold::none.
[[nodiscard]] std::string_view words_of(policy::hold why) noexcept;

// The failure of a call that its token holds back until `until`, time_point::max() for a time that is not known; no
// failure for hold::none.
[[nodiscard]] error held_error(policy::hold why, policy::time_point until, policy::time_point now);

} // namespace venice_keys::detail
