// How often, and after which pause, something is tried again: full jitter, the attempts of one call, and a budget that
// all calls of a client share. Time and chance are passed in.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace venice_keys::policy {

using time_point = std::chrono::steady_clock::time_point;

// The pause after the n-th failure (from 1): random between 0 and base * 2^(n-1), at most `longest`.
class jitter {
public:
    jitter(std::chrono::milliseconds base, std::chrono::milliseconds longest, std::uint64_t seed)
        : base_(base), longest_(longest), random_(seed)
    {
    }

    [[nodiscard]] std::chrono::microseconds after(unsigned failures)
    {
        const unsigned doublings = std::clamp(failures, 1U, 31U) - 1;
        const auto range = std::min(longest_, base_ * (std::int64_t{1} << doublings));
        std::uniform_int_distribution<std::int64_t> pick(0, std::chrono::microseconds(range).count());
        return std::chrono::microseconds(pick(random_));
    }

private:
    std::chrono::milliseconds base_;
    std::chrono::milliseconds longest_;
    std::mt19937_64 random_;
};

// What became of the connection on which a request was lost.
enum class loss {
    after_answers, // it had answered something, so the request is unlikely to be the cause
    no_answer,     // it answered nothing
};

// Counts how often one call failed in a way that counts against its limit.
class attempts {
public:
    void lost(loss how) noexcept
    {
        if (how == loss::no_answer)
            ++charged_;
    }
    void refused() noexcept { ++charged_; }

    [[nodiscard]] unsigned charged() const noexcept { return charged_; }
    [[nodiscard]] bool left(unsigned most) const noexcept { return charged_ < most; }

private:
    unsigned charged_ = 0;
};

// A token bucket that keeps all calls from asking a server again that fails them all. A retry takes one token, a
// connection that dies without an answer takes one for all that it owed, and ten successes give one back.
class retry_budget {
public:
    explicit retry_budget(unsigned size) noexcept : size_(size * per_token), level_(size_) {}

    // False when there is no token left.
    [[nodiscard]] bool spend() noexcept
    {
        if (level_ < per_token)
            return false;
        level_ -= per_token;
        return true;
    }
    [[nodiscard]] bool spend(loss how) noexcept { return how == loss::after_answers || spend(); }

    void succeeded() noexcept { level_ = std::min(level_ + 1, size_); }

private:
    static constexpr unsigned per_token = 10;

    unsigned size_;
    unsigned level_;
};

} // namespace venice_keys::policy
