// Whether a request that was handed to a socket and not answered may be sent again (promise 5). The one place that
// decides it.
#pragma once

#include "policy/retry.hpp"

#include <algorithm>

namespace venice_keys::policy {

// What a second execution of an operation does, from the documentation of each endpoint: an update carries absolute
// values, so the end state is the same (RFC 9110 section 9.2.2 lets such requests be repeated).
enum class repeat {
    same_effect, // update, get, list, limits, delete
    new_effect,  // create: a second key
};

// A token bucket that all calls of a client share: it keeps a server that fails everyone from being asked again by
// everyone. A connection that dies without an answer takes one token, ten answers give one back.
class replay_budget {
public:
    explicit replay_budget(unsigned size) noexcept : size_(size * per_token), level_(size_) {}

    // Takes a token for a connection that was lost; false when there is none.
    [[nodiscard]] bool spend(loss how) noexcept
    {
        if (how == loss::after_answers)
            return true;
        if (level_ < per_token)
            return false;
        level_ -= per_token;
        return true;
    }

    void answered() noexcept { level_ = std::min(level_ + 1, size_); }

private:
    static constexpr unsigned per_token = 10;

    unsigned size_;
    unsigned level_;
};

} // namespace venice_keys::policy
