// One answer, reduced to what the layers above look at. Not a general HTTP message: other fields are dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace venice_keys::wire {

// The requests' part of the rate-limit headers, as the numbers stand in them.
struct rate_limit {
    std::optional<std::uint64_t> limit;
    std::optional<std::uint64_t> remaining;
    std::optional<std::uint64_t> reset; // Unix time, or a duration: see policy
};

struct reply {
    unsigned status = 0;
    bool keep_alive = false;
    std::string body;
    std::string retry_after; // the field's text; empty without
    std::string request_id;  // CF-RAY
    std::string date;        // the field's text: the server's clock; empty without
    rate_limit requests;

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
    }
};

// What one answer may take. Past it the parser fails with errc::reply_too_large.
struct reply_limits {
    std::size_t header_bytes = 16 * 1024;
    std::size_t header_count = 100;
    std::size_t body_bytes = 1024 * 1024;
};

} // namespace venice_keys::wire
