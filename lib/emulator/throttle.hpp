// Requests a minute, as the service limits them for its models. Time is passed in.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <chrono>

namespace venice_keys::emulation {

// What the x-ratelimit-…-requests headers say.
struct quota {
    unsigned limit = 0;
    unsigned remaining = 0;
    std::chrono::sys_seconds reset; // the end of the present minute
};

// Requests in each whole minute of the clock.
class request_meter {
public:
    explicit request_meter(unsigned per_minute) : limit_(per_minute) {}

    // Counts one request. `refused` when it is over the limit.
    quota take(timestamp now, bool& refused);

private:
    unsigned limit_;
    unsigned taken_ = 0;
    std::chrono::sys_time<std::chrono::minutes> minute_{};
};

} // namespace venice_keys::emulation
