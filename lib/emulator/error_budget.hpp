// The service's error budget: how many failures each key has had within 30 s, and whether these are too many. Which
// answers are failures is decided elsewhere. Time is passed in.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

namespace venice_keys::emulation {

// What x-ratelimit-remaining and x-ratelimit-resets say.
struct budget_left {
    std::size_t remaining = 0;
    timestamp resets{};
};

class error_budget {
public:
    // It begins with the first failure; the first failure after its end begins the next.
    static constexpr std::chrono::seconds window{30};

    explicit error_budget(std::size_t most) : most_(most) {}

    // With nothing spent, `resets` is where a window that began now would end.
    [[nodiscard]] budget_left left(const std::string& token, timestamp now) const;
    // More than the budget has been spent: whatever is asked with this token is refused until the window is over.
    [[nodiscard]] bool spent(const std::string& token, timestamp now) const;

    // Whether this failure spends it, and none before did.
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
