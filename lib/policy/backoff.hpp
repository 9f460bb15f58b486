// Says when the next connection may be tried. Time and chance are passed in.
#pragma once

#include "policy/retry.hpp"

#include <limits>

namespace venice_keys::policy {

class backoff {
public:
    backoff(std::chrono::milliseconds base, std::chrono::milliseconds longest, std::uint64_t seed)
        : jitter_(base, longest, seed)
    {
    }

    // Another failure in a row.
    void failed(time_point now)
    {
        failures_ = std::min(failures_ + 1, std::numeric_limits<unsigned>::max() - 1);
        not_before_ = now + jitter_.after(failures_);
    }

    void succeeded() noexcept
    {
        failures_ = 0;
        not_before_ = {};
    }

    [[nodiscard]] bool waiting() const noexcept { return failures_ != 0; }
    [[nodiscard]] time_point not_before() const noexcept { return not_before_; }

private:
    jitter jitter_;
    unsigned failures_ = 0;
    time_point not_before_{};
};

} // namespace venice_keys::policy
