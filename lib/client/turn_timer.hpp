// A timer of Asio's whose handlers run in turns.
#pragma once

#include "net/turn_executor.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <utility>

namespace venice_keys::detail {

class turn_timer {
public:
    explicit turn_timer(const net::turn_executor& turns) : turns_(turns), timer_(turns.executor()) {}

    void expires_at(boost::asio::steady_timer::time_point when) { timer_.expires_at(when); }
    void cancel() { timer_.cancel(); }
    // Throws std::bad_alloc.
    template <class Handler>
    void async_wait(Handler handler)
    {
        timer_.async_wait(turns_.in_turn<boost::system::error_code>(std::move(handler)));
    }

private:
    net::turn_executor turns_;
    boost::asio::steady_timer timer_;
};

} // namespace venice_keys::detail
