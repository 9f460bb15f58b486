// One answer, reduced to what the layers above look at. It is no general HTTP message: other fields are dropped.
#pragma once

#include <venice_keys/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace venice_keys::wire {

// The rate limit of models: the numbers in `x-ratelimit-*-requests`, as they came.
struct rate_limit {
    std::optional<std::uint64_t> limit;
    std::optional<std::uint64_t> remaining;
    std::optional<std::uint64_t> reset; // a Unix time or a duration: policy tells them apart
};

// The error budget: the numbers in `x-ratelimit-remaining` and `x-ratelimit-resets`, as they came. They share a prefix
// with those of the rate limit, and nothing else.
struct error_budget {
    std::optional<std::uint64_t> remaining; // client errors until the service refuses everything with the key
    std::optional<std::uint64_t> resets;    // a Unix time in milliseconds
};

struct reply {
    unsigned status = 0;
    bool keep_alive = false;
    std::string body;
    std::string retry_after; // the text of the field; empty when there is none
    std::string request_id;  // CF-RAY
    std::string date;        // the text of the field, which is the server's clock; empty when there is none
    rate_limit requests;
    wire::error_budget error_budget;
    // Why the answer could not be read to its end; null when it is whole. The status can be relied upon all the same,
    // and so can the fields that came.
    const error* broken = nullptr;

    // Empties the reply but keeps the memory of its strings.
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

// The limits of one answer. Beyond them the parser fails with errc::reply_too_large.
struct reply_limits {
    std::size_t header_bytes = 16 * 1024;
    std::size_t header_count = 100;
    std::size_t body_bytes = 1024 * 1024;
};

} // namespace venice_keys::wire
