// Keeps the service from blocking an account for its failures (promise 8): failures in the window plus requests in
// flight that no success vouches for are never more than a limit. Time is passed in and never goes back.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

namespace venice_keys::policy {

using time_point = std::chrono::steady_clock::time_point;

struct error_budget_settings {
    std::size_t most = 16; // 1 … error_budget::longest
    std::chrono::milliseconds window{30'000};
    bool strict = false; // successes vouch for nothing
    bool enabled = true;
};

class error_budget {
public:
    static constexpr std::size_t longest = 20;

    explicit error_budget(const error_budget_settings& settings) noexcept : settings_(settings) {}

    // Whether one more request may be sent.
    [[nodiscard]] bool admits(time_point now) const noexcept { return !settings_.enabled || in_flight_ < allowed(now); }

    // How many may be in flight.
    [[nodiscard]] std::size_t allowed(time_point now) const noexcept
    {
        const std::size_t failed = failures(now);
        // With as many failures as may be, not even a request that a success vouches for: it may fail as well.
        if (failed >= settings_.most)
            return 0;
        const std::size_t room = settings_.most - failed;
        return room + vouched(room, now);
    }

    // When failures alone hold requests back, so that no answer can help: the time at which the oldest of them counts
    // no more. time_point::max() when an answer may help.
    [[nodiscard]] time_point opens_at(time_point now) const noexcept
    {
        if (!settings_.enabled || failures(now) < settings_.most)
            return time_point::max();
        return times_[next_ % settings_.most] + settings_.window;
    }

    // The first time at which it would admit one more if no answer came: now, later, or time_point::max() for never.
    [[nodiscard]] time_point wakes_at(time_point now) const noexcept
    {
        if (admits(now))
            return now;
        time_point first = time_point::max();
        for (std::size_t i = 0; i < std::min(next_, settings_.most); ++i) {
            const time_point expiry = times_[i] + settings_.window;
            if (expiry > now && expiry < first && admits(expiry))
                first = expiry;
        }
        return first;
    }

    // Failures that count now; past `most` they are not told apart.
    [[nodiscard]] std::size_t failures(time_point now) const noexcept
    {
        if (next_ == 0 || times_[(next_ - 1) % settings_.most] + settings_.window <= now)
            return 0; // the latest counts no more, and so does none
        const std::size_t known = std::min(next_, settings_.most);
        return static_cast<std::size_t>(std::count_if(times_.begin(),
                                                      times_.begin() + static_cast<std::ptrdiff_t>(known),
                                                      [&](time_point when) { return when + settings_.window > now; }));
    }

    [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }

    void sent() noexcept { ++in_flight_; }
    // Each success lets one more be in flight.
    void succeeded(time_point now) noexcept
    {
        --in_flight_;
        if (settings_.strict)
            return;
        successes_ = now < vouch_until_ ? std::min(successes_ + 1, most_successes) : 1;
        vouch_until_ = now + settings_.window;
    }
    // A failure takes back what the successes before it have given: they vouched for a series that is over.
    void failed(time_point now) noexcept
    {
        --in_flight_;
        successes_ = 0;
        times_[next_ % settings_.most] = now;
        // Only its remainder counts, once the ring is full.
        next_ = next_ + 1 == 2 * settings_.most ? settings_.most : next_ + 1;
    }
    // It was withdrawn before it was sent, or no answer will come.
    void forgotten() noexcept { --in_flight_; }

private:
    static constexpr std::size_t most_successes = 1'000'000; // its product with longest * longest does not overflow

    // How many more may be in flight for the successes since the last failure. They vouch for what comes right after
    // them, not for a batch that begins a window later. And they vouch for less as failures fill the window: what is in
    // flight fails at the rate of what came before it, and with the full number a mix with a tenth of failures got the
    // account blocked more often than not. The square keeps mixes of every rate well below the service's own limit.
    [[nodiscard]] std::size_t vouched(std::size_t room, time_point now) const noexcept
    {
        return now < vouch_until_ ? successes_ * room * room / (settings_.most * settings_.most) : 0;
    }

    error_budget_settings settings_;
    std::array<time_point, longest> times_{}; // a ring of the last `most` failures
    std::size_t next_ = 0;                    // where the next goes; below `most` until the ring is full
    std::size_t in_flight_ = 0;
    std::size_t successes_ = 0; // in a row, none of them a window after the one before it
    time_point vouch_until_{};
};

} // namespace venice_keys::policy
