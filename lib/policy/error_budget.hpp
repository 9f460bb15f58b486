// Keeps a token within the service's error budget (promise 8): after too many client errors the service refuses
// everything with the key. It decides how many requests may be in flight. Time is passed in and never goes back.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace venice_keys::policy {

using time_point = std::chrono::steady_clock::time_point;

struct error_budget_settings {
    std::size_t most = 16; // failures until the service reports what is left; 1 … error_budget::longest
    std::chrono::milliseconds window{30'000};
    bool strict = false; // successes give no credit
    bool enabled = true;
    std::size_t reserve = 4; // never spent of what the service says is left
};

class error_budget {
public:
    static constexpr std::size_t longest = 50;

    explicit error_budget(const error_budget_settings& settings) noexcept : settings_(settings) {}

    // Whether one more request may be sent.
    [[nodiscard]] bool admits(time_point now) const noexcept { return fits(in_flight_ + 1, now); }
    // Whether as many requests as this may be in flight.
    [[nodiscard]] bool fits(std::size_t requests, time_point now) const noexcept
    {
        return now >= spent_until_ && (!settings_.enabled || requests <= allowed(now));
    }

    // How many requests may be in flight.
    [[nodiscard]] std::size_t allowed(time_point now) const noexcept
    {
        // With no failure left, not even a request for which there is credit may be sent: it may fail as well.
        const std::size_t left = room(now);
        if (now < spent_until_ || left == 0)
            return 0;
        return settings_.strict ? left : without_credit(left, now) + credit(left, now);
    }

    // The time until which failures alone hold requests back, so that no answer can help; time_point::max() when an
    // answer may help.
    [[nodiscard]] time_point opens_at(time_point now) const noexcept
    {
        time_point when = std::max(now, spent_until_);
        while (settings_.enabled && room(when) == 0)
            when = full(when) ? times_[next_ % settings_.most] + settings_.window : resets_at_;
        return when > now ? when : time_point::max();
    }

    // The first time at which one more is admitted if no answer comes: now, later, or time_point::max() for never.
    [[nodiscard]] time_point wakes_at(time_point now) const noexcept
    {
        if (admits(now))
            return now;
        time_point first = time_point::max();
        const auto consider = [&](time_point when) {
            if (when > now && when < first && admits(when))
                first = when;
        };
        consider(spent_until_);
        consider(resets_at_);
        consider(resets_at_ + settings_.window); // what was reported of the window before no longer counts
        for (std::size_t i = 0; i < std::min(next_, settings_.most); ++i)
            consider(times_[i] + settings_.window);
        return first;
    }

    // The failures that count now, up to `most`.
    [[nodiscard]] std::size_t failures(time_point now) const noexcept
    {
        if (next_ == 0 || times_[(next_ - 1) % settings_.most] + settings_.window <= now)
            return 0; // the latest no longer counts, and so none does
        const std::size_t known = std::min(next_, settings_.most);
        return static_cast<std::size_t>(std::count_if(times_.begin(),
                                                      times_.begin() + static_cast<std::ptrdiff_t>(known),
                                                      [&](time_point when) { return when + settings_.window > now; }));
    }

    [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }

    // Whether the service has said how many failures are left, in a window that is not over.
    [[nodiscard]] bool reported(time_point now) const noexcept { return now < resets_at_; }
    // How many that is, including the reserve. Only when reported().
    [[nodiscard]] std::uint64_t remaining() const noexcept { return remaining_; }

    // Whether there is nothing to remember.
    [[nodiscard]] bool blank(time_point now) const noexcept
    {
        return in_flight_ == 0 && failures(now) == 0 && now >= resets_at_ && now >= spent_until_;
    }

    void sent() noexcept { ++in_flight_; }
    // Each success gives credit, for one window.
    void succeeded(time_point now) noexcept
    {
        --in_flight_;
        successes_ = now < credit_until_ ? std::min(successes_ + 1, most_successes) : 1;
        credit_until_ = now + settings_.window;
    }
    // A failure takes back the credit of the successes before it, which belong to a series that is over. `reported`:
    // its answer said how many are left, so that report() counts it.
    void failed(bool reported, time_point now) noexcept
    {
        --in_flight_;
        someone_failed(now);
        if (!reported && remaining_ != 0)
            --remaining_;
        times_[next_ % settings_.most] = now;
        // Only the remainder of next_ counts once the ring is full.
        next_ = next_ + 1 == 2 * settings_.most ? settings_.most : next_ + 1;
    }
    // The request was withdrawn before it was sent, no answer will come, or its answer counts neither way.
    void forgotten() noexcept { --in_flight_; }

    // An answer said that so many failures are left until `resets_at`. The service counts everyone who uses the key, so
    // a number that has become smaller is somebody's failure, and counts like one of ours: while others fail, our own
    // successes earn little credit. Answers of one window may arrive out of order over several connections, so the
    // smallest number and the latest reset count; a later reset begins another window.
    void report(std::uint64_t remaining, time_point resets_at, time_point now) noexcept
    {
        constexpr std::chrono::seconds slack{2}; // the server's clock is known to a second
        const bool another = !reported(now) || resets_at > window_ + slack;
        if (!another && resets_at < window_ - slack)
            return;
        if (remaining < remaining_)
            someone_failed(now);
        if (another)
            window_ = resets_at;
        remaining_ = std::min(remaining, another ? most_remaining : remaining_);
        resets_at_ = another ? resets_at : std::max(resets_at_, resets_at);
    }
    // The service refuses everything with the key until then.
    void spent(time_point until) noexcept
    {
        spent_until_ = std::max(spent_until_, until);
        successes_ = 0;
    }

private:
    // Others may be spending the same budget at the same time, and learn of our failures as late as we learn of theirs.
    // So only a part of it may be in flight without credit. A good batch has to be fully under way after a few round
    // trips, unless there are reasons to be careful.
    static constexpr std::size_t first_share = 3;
    static constexpr std::size_t careful_share = 8;
    // The credit for each success. The first few, as many as are sent at first, give one more each.
    static constexpr std::uint64_t by_a_success = 2;
    static constexpr std::uint64_t in_trouble = 1;
    static constexpr std::uint64_t first_successes = 6;
    static constexpr std::uint64_t most_remaining = 1'000'000;
    static constexpr std::uint64_t most_successes = 100'000; // its product with the third power of `longest` has room

    [[nodiscard]] bool full(time_point now) const noexcept
    {
        return (settings_.strict || !reported(now)) && failures(now) >= settings_.most;
    }

    // How many failures may still come. When a window of the service has passed and no answer has reported the next
    // one, no more than at its end, and one at least: whoever had spent it may be doing so again.
    [[nodiscard]] std::size_t room(time_point now) const noexcept
    {
        if (reported(now) && !settings_.strict)
            return reported_room();
        const std::size_t own = settings_.most - failures(now);
        if (reported(now))
            return std::min(reported_room(), own);
        return now < resets_at_ + settings_.window ? std::min(own, std::max<std::size_t>(reported_room(), 1)) : own;
    }
    [[nodiscard]] std::size_t reported_room() const noexcept
    {
        return remaining_ > settings_.reserve ? static_cast<std::size_t>(remaining_ - settings_.reserve) : 0;
    }

    // A failure of ours, or of another client of the key. It is remembered for two windows: what follows the window
    // that was spent may be more of the same.
    void someone_failed(time_point now) noexcept
    {
        successes_ = 0;
        troubled_until_ = now + 2 * settings_.window;
    }

    // Whether somebody has failed recently, as the service reports it. Without a report nobody sees what others do.
    [[nodiscard]] bool troubled(time_point now) const noexcept { return reported(now) && now < troubled_until_; }
    // Whether the service has reported reasons to begin slowly: what is left is not enough for several clients that
    // begin as if they were alone, or somebody is failing.
    [[nodiscard]] bool careful(std::size_t room, time_point now) const noexcept
    {
        return reported(now) && (room < 2 * settings_.most || now < troubled_until_);
    }

    // How many requests may be in flight without credit.
    [[nodiscard]] std::size_t without_credit(std::size_t room, time_point now) const noexcept
    {
        const std::size_t part = std::min(room, settings_.most);
        if (careful(room, now))
            return std::max<std::size_t>(part / careful_share, 1);
        return (part + first_share - 1) / first_share;
    }

    // How many more may be in flight for the successes since the last failure. The credit is for what follows them
    // soon, not for a batch that begins a window later. It shrinks as failures use up the budget, because what is in
    // flight is likely to fail at the same rate as what came before it.
    [[nodiscard]] std::size_t credit(std::size_t room, time_point now) const noexcept
    {
        if (now >= credit_until_)
            return 0;
        std::uint64_t all = successes_ * (troubled(now) ? in_trouble : by_a_success);
        if (!careful(room, now))
            all += std::min(successes_, first_successes);
        const std::uint64_t whole = settings_.most;
        const std::uint64_t part = std::min<std::uint64_t>(room, whole);
        return static_cast<std::size_t>(all * part * part * part / (whole * whole * whole));
    }

    error_budget_settings settings_;
    std::array<time_point, longest> times_{}; // a ring of the last `most` failures
    std::size_t next_ = 0;                    // where the next one goes; below `most` until the ring is full
    std::size_t in_flight_ = 0;
    std::uint64_t successes_ = 0; // in a row, with less than a window from each to the next
    time_point credit_until_{};
    time_point troubled_until_{}; // somebody has failed recently
    std::uint64_t remaining_ = 0; // as the service reported it; it counts until `resets_at_`
    time_point resets_at_ = time_point::min();
    time_point window_{}; // the reset that the first answer of the window reported
    time_point spent_until_{};
};

} // namespace venice_keys::policy
