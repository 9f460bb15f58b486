// Whether a silent peer is still there. It is pinged after half a period of silence, at most once a period, and counts
// as gone when no byte comes for a whole period after the ping. No I/O: times are passed in.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace venice_keys::wire {

class heartbeat {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit heartbeat(std::chrono::milliseconds period) noexcept : period_(period) {}

    // A byte came, or there is something to wait for from now on.
    void alive(time_point now) noexcept
    {
        quiet_since_ = now;
        state_ = state::listening;
    }
    [[nodiscard]] time_point quiet_since() const noexcept { return quiet_since_; }

    // Whether to ping now. The ping may have to wait until a write has ended.
    [[nodiscard]] bool should_ask(time_point now) const noexcept
    {
        return state_ == state::listening && now >= ask_at();
    }
    void asked(time_point now) noexcept
    {
        state_ = state::asking;
        asked_at_ = now;
    }
    // All that was to be sent has been handed to a write.
    void sent(time_point now) noexcept
    {
        if (state_ != state::asking)
            return;
        state_ = state::asked;
        asked_at_ = now;
    }

    [[nodiscard]] bool gone(time_point now) const noexcept { return state_ != state::listening && now >= next(); }
    // When the peer is to be pinged, or counts as gone.
    [[nodiscard]] time_point next() const noexcept
    {
        switch (state_) {
        case state::listening:
            return ask_at();
        case state::asking: // the ping is not sent yet: a peer that takes no bytes has until then
            return quiet_since_ + period_ + period_ / 2;
        case state::asked:
            return asked_at_ + period_;
        }
        return time_point::max();
    }

private:
    enum class state : std::uint8_t { listening, asking, asked };

    [[nodiscard]] time_point ask_at() const noexcept
    {
        const time_point silent = quiet_since_ + period_ / 2;
        return asked_at_ == time_point() ? silent : std::max(silent, asked_at_ + period_);
    }

    std::chrono::milliseconds period_;
    time_point quiet_since_{};
    time_point asked_at_{};
    state state_ = state::listening;
};

} // namespace venice_keys::wire
