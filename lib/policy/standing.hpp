// How the service sees one token: what it has refused of late, what it says is left, whether it takes the token at all.
// Decides whether one more request may be sent with it. Time is passed in.
#pragma once

#include "policy/error_budget.hpp"
#include "policy/pacer.hpp"

#include <algorithm>

namespace venice_keys::policy {

// Why a request may not be sent yet.
enum class hold {
    none,
    error_budget,  // it could get the account blocked
    rate_limit,    // the service would refuse it: it said so
    refused_token, // the service refused the token, and another request is trying whether it still does
};

class standing {
public:
    explicit standing(const error_budget_settings& settings) noexcept : error_budget_(settings) {}

    // `creates`: the service limits creations besides everything else.
    [[nodiscard]] hold holds(bool creates, time_point now) const noexcept
    {
        if (refused_token_ && error_budget_.in_flight() != 0)
            return hold::refused_token;
        if (!pacer_.admits(error_budget_.in_flight(), now) || (creates && !creations_.admits(0, now)))
            return hold::rate_limit;
        return error_budget_.admits(now) ? hold::none : hold::error_budget;
    }

    // When nothing may be sent before a certain time, whatever is answered: that time, by which a call can be told that
    // its deadline is too early. time_point::max() when answers may end the hold.
    [[nodiscard]] time_point opens_at(bool creates, time_point now) const noexcept
    {
        time_point when = now;
        for (const time_point each : {error_budget_.opens_at(now), pacer_.opens_at(now),
                                      creates ? creations_.opens_at(now) : time_point::max()})
            if (each != time_point::max())
                when = std::max(when, each);
        return when == now ? time_point::max() : when;
    }

    // When the hold ends if no answer comes, to set a timer by: opens_at() or later, and also there when opens_at()
    // leaves it to answers, which may take long. time_point::max() when there is no hold, or only an answer can end it.
    [[nodiscard]] time_point wakes_at(bool creates, time_point now) const noexcept
    {
        if (refused_token_ && error_budget_.in_flight() != 0)
            return time_point::max();
        const time_point when = std::max({error_budget_.wakes_at(now), pacer_.wakes_at(error_budget_.in_flight(), now),
                                          creates ? creations_.wakes_at(0, now) : now});
        return when == now ? time_point::max() : when;
    }

    void sent() noexcept { error_budget_.sent(); }
    // It was withdrawn before it was sent, or no answer will come.
    void forgotten() noexcept { error_budget_.forgotten(); }

    void answered(unsigned status, time_point now) noexcept
    {
        status < 400 ? error_budget_.succeeded(now) : error_budget_.failed(now);
        if (status == 401)
            refused_token_ = true;
        else if (status < 400) // another failure may have been found before the token was looked at
            refused_token_ = false;
    }

    // A Retry-After. A creation that is refused for the number of creations says nothing of other requests.
    void hold_until(bool creates, time_point when) noexcept { (creates ? creations_ : pacer_).hold(when); }
    void report(std::uint64_t remaining, time_point reset_at, time_point now) noexcept
    {
        pacer_.report(remaining, reset_at, now);
    }

    [[nodiscard]] bool token_refused() const noexcept { return refused_token_; }
    [[nodiscard]] std::size_t in_flight() const noexcept { return error_budget_.in_flight(); }
    // As far as failures go.
    [[nodiscard]] std::size_t allowed(time_point now) const noexcept { return error_budget_.allowed(now); }
    [[nodiscard]] std::size_t failures(time_point now) const noexcept { return error_budget_.failures(now); }

    // Whether there is nothing to remember. A refused token is not: without it the next request tries the token as
    // well.
    [[nodiscard]] bool blank(time_point now) const noexcept
    {
        return error_budget_.in_flight() == 0 && error_budget_.failures(now) == 0 && pacer_.blank(now) &&
               creations_.blank(now);
    }

private:
    error_budget error_budget_;
    pacer pacer_;
    pacer creations_; // the limit of creations
    bool refused_token_ = false;
};

} // namespace venice_keys::policy
