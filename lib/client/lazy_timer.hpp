// A timer for the earliest of many deadlines. When that becomes later, as it does with nearly every answer, the timer
// is left as it is, fires too early, and is set again. This is cheaper than setting it in every turn.
#pragma once

#include <venice_keys/error.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>
#include <utility>

namespace venice_keys::detail {

// `Timer` has the interface of asio::steady_timer.
template <class Timer>
class lazy_timer {
public:
    using time_point = std::chrono::steady_clock::time_point;

    template <class Executor>
    explicit lazy_timer(Executor&& executor) : timer_(std::forward<Executor>(executor))
    {
    }

    // `on_time()` of this call or an earlier one is called at `when` at the latest, and not at all for
    // time_point::max(). It has to find out whether this object still exists, and if so call fired() first.
    template <class OnTime>
    void arm(time_point when, OnTime on_time)
    {
        if (when == time_point::max()) {
            if (armed_ != when)
                timer_.cancel();
            armed_ = when;
            return;
        }
        if (when >= armed_)
            return;
        armed_ = time_point::max(); // in case the timer can't be set
        timer_.expires_at(when);
        timer_.async_wait([on_time = std::move(on_time)](boost::system::error_code ec) mutable {
            if (!ec)
                on_time();
        });
        armed_ = when;
    }

    void fired() noexcept { armed_ = time_point::max(); }

private:
    Timer timer_;
    time_point armed_ = time_point::max(); // what the timer is set for; max when it is not set
};

} // namespace venice_keys::detail
