// What a client has done so far.
#pragma once

#include <venice_keys/latency_histogram.hpp>
#include <venice_keys/pipelining_state.hpp>

#include <cstddef>
#include <cstdint>

namespace venice_keys {

// Counters since the client was made.
struct client_stats {
    std::uint64_t connections_opened = 0; // TLS connections that came up
    std::uint64_t http2_connections = 0;  // of these, the ones that speak HTTP/2
    std::uint64_t sessions_resumed = 0;   // of those opened, with a TLS session of an earlier one
    std::uint64_t connections_lost = 0;   // that ended while they owed an answer
    std::uint64_t requests_written = 0;   // handed to a socket, replays included
    std::uint64_t replies = 0;            // answers matched with a request
    std::uint64_t replays = 0;            // requests handed to a socket again, after a loss or a refusal
    std::uint64_t calls_succeeded = 0;
    std::uint64_t calls_failed = 0;
    std::size_t deepest_pipeline = 0; // most requests in flight on one connection
    std::size_t open_connections = 0; // now
    std::size_t waiting_calls = 0;    // now: for a turn of their key, a permit of their account, a connection, a retry
    pipelining_state pipelining = pipelining_state::unknown; // whether the server does it, over HTTP/1.1
    latency_histogram latency;                               // of calls that succeeded, from initiation to result
};

} // namespace venice_keys
