// The last times that the account exceeded a limit. It remembers; it limits nothing.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <cstddef>
#include <deque>
#include <string>

namespace venice_keys::emulation {

class limit_log {
public:
    static constexpr std::size_t max_entries = 50;

    enum class limit {
        requests_per_minute,
        failures, // the error budget is spent
    };

    // The oldest entry makes room.
    void record(limit exceeded, std::string key_id, timestamp now);

    // Newest first.
    [[nodiscard]] std::string body() const;

private:
    struct entry {
        limit exceeded;
        std::string key_id;
        timestamp when;
    };

    std::deque<entry> entries_; // oldest first
};

} // namespace venice_keys::emulation
