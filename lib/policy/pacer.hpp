// Holds back what the service would refuse (promise 7), as rate-limit headers and Retry-After say. Time is passed in.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace venice_keys::policy {

using time_point = std::chrono::steady_clock::time_point;

// How far ahead a reset is. The service documents a Unix time; an older page called it a duration in seconds. A number
// below a thousand million is a duration, and one above 10^11 is in milliseconds. Empty for a reset that has passed,
// which means nothing, and for one more than a day ahead, which no limit of the service has.
[[nodiscard]] constexpr std::optional<std::chrono::milliseconds>
until_reset(std::uint64_t reset, std::chrono::sys_time<std::chrono::milliseconds> now) noexcept
{
    using std::chrono::milliseconds;
    constexpr milliseconds furthest = std::chrono::hours(24);
    constexpr std::uint64_t last_duration = 999'999'999;
    constexpr std::uint64_t last_in_seconds = 99'999'999'999;
    constexpr std::uint64_t last_of_all = 99'999'999'999'999;
    if (reset > last_of_all)
        return std::nullopt;
    milliseconds ahead{};
    if (reset <= last_duration)
        ahead = std::chrono::seconds(reset);
    else if (reset <= last_in_seconds)
        ahead = std::chrono::seconds(reset) - now.time_since_epoch();
    else
        ahead = milliseconds(reset) - now.time_since_epoch();
    if (ahead <= milliseconds(0) || ahead > furthest)
        return std::nullopt;
    return ahead;
}

class pacer {
public:
    // Whether one more request may be sent while this many are in flight.
    [[nodiscard]] bool admits(std::size_t in_flight, time_point now) const noexcept
    {
        return now >= held_until_ && in_flight < room(now);
    }
    // Whether as many requests as this may be in flight.
    [[nodiscard]] bool fits(std::size_t in_flight, time_point now) const noexcept
    {
        return now >= held_until_ && in_flight <= room(now);
    }

    // The time before which nothing may be sent, whatever is answered; time_point::max() when answers may help.
    [[nodiscard]] time_point opens_at(time_point now) const noexcept
    {
        time_point when = std::max(held_until_, now);
        if (limited(when) && remaining_ == 0)
            when = reset_at_;
        return when > now ? when : time_point::max();
    }

    // The first time at which one more is admitted if no answer comes: now, later, or time_point::max() for never.
    [[nodiscard]] time_point wakes_at(std::size_t in_flight, time_point now) const noexcept
    {
        for (const time_point each : {now, std::max(held_until_, now), std::max({reset_at_, held_until_, now}),
                                      std::max({assumed_until(), held_until_, now})})
            if (admits(in_flight, each))
                return each;
        return time_point::max();
    }

    // Whether there is nothing to remember.
    [[nodiscard]] bool blank(time_point now) const noexcept { return now >= held_until_ && now >= assumed_until(); }

    // The service said when to come again.
    void hold(time_point until) noexcept { held_until_ = std::max(held_until_, until); }

    // An answer said that so many requests are left until `reset_at`. Answers of one window may arrive out of order
    // over several connections, so the smallest number counts; a later reset begins another window.
    void report(std::uint64_t remaining, time_point reset_at, time_point now) noexcept
    {
        constexpr std::chrono::seconds slack{2}; // a duration in whole seconds gives the same time differently
        if (!limited(now) || reset_at > reset_at_ + slack) {
            remaining_ = remaining;
            most_remaining_ = remaining;
            reset_at_ = reset_at;
        } else if (reset_at >= reset_at_ - slack) {
            remaining_ = std::min(remaining_, remaining);
            most_remaining_ = std::max(most_remaining_, remaining);
        }
    }

private:
    static constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
    static constexpr std::chrono::seconds assumption{60};

    // How many requests may be in flight. When a window has passed and no answer has reported the next one, as many as
    // the last one was seen to have, and one at least: else all that waited for the reset would go at once, in vain.
    [[nodiscard]] std::uint64_t room(time_point now) const noexcept
    {
        if (limited(now))
            return remaining_;
        return now < assumed_until() ? std::max(most_remaining_, std::uint64_t{1}) : unlimited;
    }
    // A service that reports no more is not held to its last report for ever.
    [[nodiscard]] time_point assumed_until() const noexcept
    {
        return most_remaining_ == unlimited ? time_point::min() : reset_at_ + assumption;
    }
    [[nodiscard]] bool limited(time_point now) const noexcept { return now < reset_at_; }

    time_point held_until_{};
    time_point reset_at_{}; // `remaining_` counts until then
    std::uint64_t remaining_ = 0;
    std::uint64_t most_remaining_ = unlimited; // seen in the same window
};

} // namespace venice_keys::policy
