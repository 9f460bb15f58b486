// The bodies of the answers about limits. Tier, balances and limits of models are made up, except for the requests a
// minute and for what the key's own limits leave of the balances.
#pragma once

#include "emulator/key_store.hpp"

#include <venice_keys/timestamp.hpp>

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace venice_keys::emulation {

inline constexpr std::string_view account_tier = "paid";
inline constexpr std::string_view text_model = "emulated-text";
inline constexpr std::string_view image_model = "emulated-image";
// The account's limit, as the x-ratelimit headers tell it.
inline constexpr unsigned tokens_per_minute = 1'000'000;

// Requests a minute are made up when they are 0. Without a caller the key has no limits and never expires.
[[nodiscard]] std::string rate_limits_body(unsigned requests_per_minute, const stored_key* caller, timestamp now);

// Remembers the last times that the account exceeded a limit. It limits nothing.
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
