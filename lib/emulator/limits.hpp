// The service limits the requests a minute, as it does for its models, and the failures of a key within 30 s, which are
// the key's error budget. Which answers are failures is decided elsewhere. Time is passed in.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

namespace venice_keys::emulation {

// What the x-ratelimit-…-requests headers say.
struct quota {
    unsigned limit = 0;
    unsigned remaining = 0;
    std::chrono::sys_seconds reset; // the end of the present minute
    bool exceeded = false;          // by this request
};

// Counts the requests in each whole minute of the clock.
class request_meter {
public:
    explicit request_meter(unsigned per_minute) : limit_(per_minute) {}

    // Counts one request.
    quota take(timestamp now);

private:
    unsigned limit_;
    unsigned taken_ = 0;
    std::chrono::sys_time<std::chrono::minutes> minute_{};
};

// What x-ratelimit-remaining and x-ratelimit-resets say.
struct budget_left {
    std::size_t remaining = 0;
    timestamp resets{};
};

class error_budget {
public:
    // A window begins with the first failure; the first failure after its end begins the next one.
    static constexpr std::chrono::seconds window{30};

    explicit error_budget(std::size_t most) : most_(most) {}

    // When nothing is spent, `resets` is where a window that began now would end.
    [[nodiscard]] budget_left left(const std::string& token, timestamp now) const;
    // Whether more than the budget has been spent, so that every request with this token is refused until the window
    // is over.
    [[nodiscard]] bool spent(const std::string& token, timestamp now) const;

    // Counts a failure. Returns whether it is the one that spends the budget.
    bool charge(const std::string& token, timestamp now);

private:
    struct record {
        std::size_t failures = 0;
        timestamp end{};
    };

    void forget_old_tokens(timestamp now);

    std::size_t most_;
    std::unordered_map<std::string, record> records_;
};

} // namespace venice_keys::emulation
