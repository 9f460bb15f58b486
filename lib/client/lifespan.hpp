// How far a client is on its way from open to destroyed. It remembers what was asked for; the engine acts on it. Used
// in turns, but for ask_to_destroy().
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace venice_keys::detail {

class lifespan {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // Whether new calls are taken.
    [[nodiscard]] bool open() const noexcept { return phase_ == phase::open; }
    // Whether the connections have been closed.
    [[nodiscard]] bool closed() const noexcept { return phase_ >= phase::closed; }
    // Whether the public client is gone. Deferred operations may still be started then.
    [[nodiscard]] bool destroyed() const noexcept { return phase_ == phase::destroyed; }

    // The client is to close as soon as it is idle, and at `when` at the latest.
    void close_by(time_point when) noexcept
    {
        phase_ = std::max(phase_, phase::closing);
        close_by_ = std::min(close_by_, when);
    }
    [[nodiscard]] bool is_to_close(bool idle, time_point now) const noexcept
    {
        return phase_ == phase::closing && (idle || now >= close_by_);
    }
    // When a client that is not idle has to close; time_point::max() for never.
    [[nodiscard]] time_point deadline() const noexcept
    {
        return phase_ == phase::closing ? close_by_ : time_point::max();
    }
    void has_closed() noexcept { phase_ = std::max(phase_, phase::closed); }

    // From any thread: the public client is being destroyed.
    void ask_to_destroy() noexcept { destruction_asked_ = true; }
    // True once after ask_to_destroy(); from then on the client is destroyed().
    [[nodiscard]] bool take_destruction() noexcept
    {
        if (destroyed() || !destruction_asked_)
            return false;
        phase_ = phase::destroyed;
        return true;
    }

private:
    enum class phase : std::uint8_t { open, closing, closed, destroyed };

    phase phase_ = phase::open;
    time_point close_by_ =
        time_point::max(); // the earliest time that close() was given, even if that was cancelled since
    std::atomic<bool> destruction_asked_ = false;
};

} // namespace venice_keys::detail
