// What a client has done so far.
#pragma once

#include <venice_keys/latency_histogram.hpp>
#include <venice_keys/pipelining_state.hpp>

#include <cstddef>
#include <cstdint>

namespace venice_keys {

/// Counters since the client was made: client::stats. They never go down, except for those that say `now`. All are zero
/// for a client that was moved from.
struct client_stats {
    std::uint64_t connections_opened = 0; ///< TLS connections that came up
    std::uint64_t http2_connections = 0;  ///< those of them that speak HTTP/2
    std::uint64_t sessions_resumed = 0;   ///< those opened that resumed the TLS session of an earlier one
    std::uint64_t connections_lost = 0;   ///< connections that ended while they owed an answer
    std::uint64_t requests_written = 0;   ///< requests handed to a socket, replays included
    std::uint64_t replies = 0;            ///< answers matched with a request
    std::uint64_t replays = 0;            ///< requests handed to a socket again, after a loss or a refusal
    std::uint64_t calls_succeeded = 0;    ///< calls that completed with a value
    /// Calls that completed with an error, except those that were refused at once (errc::closed, errc::queue_full).
    std::uint64_t calls_failed = 0;
    std::size_t deepest_pipeline = 0; ///< most requests in flight on one connection
    std::size_t open_connections = 0; ///< now; those that the server is ending are not counted
    std::size_t waiting_calls = 0;    ///< now: for an earlier change to their key, their token, a connection, a retry
    pipelining_state pipelining = pipelining_state::unknown; ///< whether the server pipelines, over HTTP/1.1
    latency_histogram latency{};                             ///< of calls that succeeded, from initiation to result
};

} // namespace venice_keys
