// One answer, reduced to what the layers above look at. Not a general HTTP message: other fields are dropped.
#pragma once

#include <venice_keys/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace venice_keys::wire {

// The limits of models, as the numbers stand in `x-ratelimit-*-requests`.
struct rate_limit {
    std::optional<std::uint64_t> limit;
    std::optional<std::uint64_t> remaining;
    std::optional<std::uint64_t> reset; // Unix time, or a duration: see policy
};

// The error budget, as the numbers stand in `x-ratelimit-remaining` and `x-ratelimit-resets`. Shares a prefix with the
// limits of models and nothing else.
struct error_budget {
    std::optional<std::uint64_t> remaining; // client errors until the service refuses everything with the key
    std::optional<std::uint64_t> resets;    // Unix time in milliseconds
};

struct reply {
    unsigned status = 0;
    bool keep_alive = false;
    std::string body;
    std::string retry_after; // the field's text; empty without
    std::string request_id;  // CF-RAY
    std::string date;        // the field's text: the server's clock; empty without
    rate_limit requests;
    wire::error_budget error_budget;
    // Why it could not be read to its end: then its status can be relied upon, and such fields as came. Null: it is
    // whole.
    const error* broken = nullptr;

    // Empties it and keeps the strings' memory.
    void clear() noexcept
    {
        status = 0;
        keep_alive = false;
        body.clear();
        retry_after.clear();
        request_id.clear();
        date.clear();
        requests = {};
        error_budget = {};
        broken = nullptr;
    }
};

// What one answer may take. Past it the parser fails with errc::reply_too_large.
struct reply_limits {
    std::size_t header_bytes = 16 * 1024;
    std::size_t header_count = 100;
    std::size_t body_bytes = 1024 * 1024;
};

} // namespace venice_keys::wire
