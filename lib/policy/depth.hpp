// How deep pipelines may be: a server that keeps closing in mid-pipeline brings the depth down, and answers bring it up
// again. Additive increase, multiplicative decrease, as in TCP's congestion control (RFC 5681).
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

namespace venice_keys::policy {

class depth {
public:
    explicit depth(std::size_t most) noexcept : most_(most), now_(most) {}

    // For a connection that has answered; any other carries one request.
    [[nodiscard]] std::size_t limit() const noexcept { return now_; }

    // A connection ended while it owed more than one answer, or was asked for fewer at a time. `possible`: how many it
    // could carry, if something else limits it too.
    void broken(std::size_t possible = std::numeric_limits<std::size_t>::max()) noexcept
    {
        now_ = std::max<std::size_t>(1, std::min(now_, possible) / 2);
        answers_ = 0;
    }

    // Goes one step up for every four pipelines' worth of answers.
    void answered() noexcept
    {
        if (now_ == most_ || ++answers_ < 4 * now_)
            return;
        answers_ = 0;
        ++now_;
    }

private:
    std::size_t most_;
    std::size_t now_;
    std::size_t answers_ = 0;
};

} // namespace venice_keys::policy
