// The two ways in which the service slows a caller down: requests a minute, and the lock-out after many failures.
// Time is passed in.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace venice_keys::emulation {

// What the x-ratelimit headers say.
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

// More than 20 failed answers within 30 s block their caller for 30 s.
class lockout {
public:
    static constexpr std::size_t max_failures = 20;
    static constexpr std::chrono::seconds window{30};
    static constexpr std::chrono::seconds penalty{30};

    // How long the caller is blocked yet. Empty: not blocked.
    [[nodiscard]] std::optional<std::chrono::seconds> blocked(const std::string& caller, timestamp now) const;

    // Whether the caller is blocked by this failure, and was not before.
    bool failed(const std::string& caller, timestamp now);

private:
    struct record {
        std::deque<timestamp> failures;
        timestamp blocked_until{};
    };

    void forget_old_callers(timestamp now);

    std::unordered_map<std::string, record> callers_;
};

} // namespace venice_keys::emulation
