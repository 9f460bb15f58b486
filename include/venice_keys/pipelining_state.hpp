// What a client knows about an HTTP/1.1 server: whether requests may be sent before earlier ones are answered.
#pragma once

#include <cstdint>
#include <string_view>

namespace venice_keys {

/// Whether an HTTP/1.1 server answers requests that come behind an unanswered one (RFC 9112 section 9.3.2).
enum class pipelining_state : std::uint8_t {
    unknown, ///< not tried yet: one request at a time on each connection
    works,   ///< it pipelines: up to config::pipeline_depth at a time
    fails,   ///< it closes, refuses or forgets what comes behind a request: one at a time; tried again in minutes
};

/// The enumerator's name.
[[nodiscard]] constexpr std::string_view to_string(pipelining_state value) noexcept
{
    switch (value) {
    case pipelining_state::unknown:
        return "unknown";
    case pipelining_state::works:
        return "works";
    case pipelining_state::fails:
        return "fails";
    }
    return "unknown";
}

} // namespace venice_keys
