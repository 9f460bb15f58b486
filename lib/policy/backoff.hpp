// When the next connection may be tried: full jitter over an exponentially growing range. Time and chance are
// passed in.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <random>

namespace venice_keys::policy {

using time_point = std::chrono::steady_clock::time_point;

class backoff {
public:
    backoff(std::chrono::milliseconds base, std::chrono::milliseconds longest, std::uint64_t seed)
        : base_(base), longest_(longest), random_(seed)
    {
    }

    // The n-th failure in a row: the next try comes after a random time in 0 … base * 2^(n-1), at most `longest`.
    void failed(time_point now)
    {
        const auto doublings = std::min(failures_, 30U);
        failures_ = std::min(failures_ + 1, std::numeric_limits<unsigned>::max() - 1);
        const auto range = std::min(longest_, base_ * (std::int64_t{1} << doublings));
        std::uniform_int_distribution<std::int64_t> pick(0, std::chrono::microseconds(range).count());
        not_before_ = now + std::chrono::microseconds(pick(random_));
    }

    void succeeded() noexcept
    {
        failures_ = 0;
        not_before_ = {};
    }

    [[nodiscard]] bool waiting() const noexcept { return failures_ != 0; }
    [[nodiscard]] time_point not_before() const noexcept { return not_before_; }

private:
    std::chrono::milliseconds base_;
    std::chrono::milliseconds longest_;
    std::mt19937_64 random_;
    unsigned failures_ = 0;
    time_point not_before_{};
};

} // namespace venice_keys::policy
