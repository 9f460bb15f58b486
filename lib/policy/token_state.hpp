// How the service sees one token: what it has refused recently, what it says is left, and whether it accepts the token
// at all. Decides whether one more request may be sent with the token. Time is passed in.
#pragma once

#include "policy/error_budget.hpp"
#include "policy/operations.hpp"
#include "policy/pacer.hpp"

#include <algorithm>
#include <cstdint>

namespace venice_keys::policy {

// Why a request may not be sent yet.
enum class hold : std::uint8_t {
    none,
    error_budget,  // it could be one client error too many, or the service has had too many already
    rate_limit,    // the service said that it would refuse it
    refused_token, // the service refused the token, and another request is trying whether that is still so
};

// Whether an answer shows that the service accepts the token.
enum class token_acceptance {
    none,     // it does not show: another failure may have been found before the token was looked at
    accepted, // also when the token does not permit this operation
    refused,
};

class token_state {
public:
    explicit token_state(const error_budget_settings& settings) noexcept : error_budget_(settings) {}

    [[nodiscard]] hold holds(request_kind kind, time_point now) const noexcept
    {
        if (refused_token_ && error_budget_.in_flight() != 0)
            return hold::refused_token;
        if (!pacer_.admits(error_budget_.in_flight(), now) ||
            (kind == request_kind::creation && !creations_.admits(0, now)))
            return hold::rate_limit;
        return error_budget_.admits(now) ? hold::none : hold::error_budget;
    }

    // Whether more are in flight than would be sent now, so that what is not written yet has to ask again.
    [[nodiscard]] bool overfull(request_kind kind, time_point now) const noexcept
    {
        const std::size_t in_flight = error_budget_.in_flight();
        return refused_token_ || !pacer_.fits(in_flight, now) ||
               (kind == request_kind::creation && !creations_.fits(0, now)) || !error_budget_.fits(in_flight, now);
    }

    // The time before which nothing may be sent, whatever is answered, so that a call with an earlier deadline can end
    // at once; time_point::max() when answers may end the hold.
    [[nodiscard]] time_point opens_at(request_kind kind, time_point now) const noexcept
    {
        time_point when = now;
        for (const time_point each : {error_budget_.opens_at(now), pacer_.opens_at(now),
                                      kind == request_kind::creation ? creations_.opens_at(now) : time_point::max()})
            if (each != time_point::max())
                when = std::max(when, each);
        return when == now ? time_point::max() : when;
    }

    // When the hold ends if no answer comes, to set a timer by: at opens_at() or later, and also where opens_at()
    // leaves it to answers, which may take long. time_point::max() when there is no hold, or only an answer can end it.
    [[nodiscard]] time_point wakes_at(request_kind kind, time_point now) const noexcept
    {
        if (refused_token_ && error_budget_.in_flight() != 0)
            return time_point::max();
        const time_point when = std::max({error_budget_.wakes_at(now), pacer_.wakes_at(error_budget_.in_flight(), now),
                                          kind == request_kind::creation ? creations_.wakes_at(0, now) : now});
        return when == now ? time_point::max() : when;
    }

    void sent() noexcept { error_budget_.sent(); }
    // The request was withdrawn before it was sent, or no answer will come.
    void forgotten() noexcept { error_budget_.forgotten(); }

    // `reported`: this answer said what is left, and report_budget() has been called with it.
    void answered(unsigned status, token_acceptance token, bool reported, time_point now) noexcept
    {
        if (status < 400)
            error_budget_.succeeded(now);
        else if (status < 500 && status != 429)
            error_budget_.failed(reported, now);
        else
            error_budget_.forgotten(); // the service does not count these, and they give no credit
        if (token != token_acceptance::none)
            refused_token_ = token == token_acceptance::refused;
    }

    // A Retry-After has come. When it answers a creation, it says nothing of other requests.
    void hold_until(request_kind kind, time_point when) noexcept
    {
        (kind == request_kind::creation ? creations_ : pacer_).hold(when);
    }
    void report(std::uint64_t remaining, time_point reset_at, time_point now) noexcept
    {
        pacer_.report(remaining, reset_at, now);
    }

    // The error budget as an answer reported it, and that the service refuses everything because it is spent.
    void report_budget(std::uint64_t remaining, time_point resets_at, time_point now) noexcept
    {
        error_budget_.report(remaining, resets_at, now);
    }
    void budget_spent(time_point until) noexcept { error_budget_.spent(until); }

    [[nodiscard]] bool token_refused() const noexcept { return refused_token_; }
    [[nodiscard]] std::size_t in_flight() const noexcept { return error_budget_.in_flight(); }
    [[nodiscard]] const policy::error_budget& error_budget() const noexcept { return error_budget_; }

    // Whether there is nothing to remember. That the token was refused does not count: without that the next request
    // tries the token just the same.
    [[nodiscard]] bool blank(time_point now) const noexcept
    {
        return error_budget_.blank(now) && pacer_.blank(now) && creations_.blank(now);
    }

private:
    policy::error_budget error_budget_;
    pacer pacer_;
    pacer creations_; // for the limit of creations
    bool refused_token_ = false;
};

} // namespace venice_keys::policy
