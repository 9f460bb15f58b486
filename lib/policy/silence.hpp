// How long a connection is silent while it owes an answer, and how long is much longer than that: with mean and
// deviation as in a retransmission timer (RFC 6298 section 2). Times are passed in.
#pragma once

#include <algorithm>
#include <chrono>

namespace venice_keys::policy {

class silence {
public:
    using duration = std::chrono::steady_clock::duration;

    static constexpr std::chrono::seconds shortest{1};

    // `longest`: what limit() never exceeds, and what it is until a silence was seen.
    explicit silence(duration longest) noexcept : longest_(longest) {}

    void ended_after(duration how_long) noexcept
    {
        if (!seen_) {
            seen_ = true;
            mean_ = how_long;
            deviation_ = how_long / 2;
            return;
        }
        const duration off = how_long > mean_ ? how_long - mean_ : mean_ - how_long;
        deviation_ += (off - deviation_) / 4;
        mean_ += (how_long - mean_) / 8;
    }

    [[nodiscard]] duration limit() const noexcept
    {
        return seen_ ? std::min(longest_, std::max<duration>(shortest, mean_ + 4 * deviation_)) : longest_;
    }

private:
    duration longest_;
    duration mean_{};
    duration deviation_{};
    bool seen_ = false;
};

} // namespace venice_keys::policy
