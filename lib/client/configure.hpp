// Translates a client's config into the settings of the parts below it.
#pragma once

#include "model/endpoint.hpp"
#include "net/tls_transport.hpp"
#include "net/turn_executor.hpp"
#include "pool/pool.hpp"

#include <venice_keys/call_options.hpp>
#include <venice_keys/config.hpp>
#include <venice_keys/result.hpp>

#include <chrono>

namespace venice_keys::detail {

// These throw request_failed, which names the field, when a setting is not valid or can't be used.
[[nodiscard]] endpoint server_of(const config& settings);
[[nodiscard]] net::tls_transport_source transports_of(const config& settings, const endpoint& server,
                                                      const net::turn_executor& executor, net::turn_owner& turns);

[[nodiscard]] pool_settings pool_settings_of(const config& settings, const endpoint& server);

constexpr std::chrono::milliseconds longest_timeout = std::chrono::hours(24);

// How long a call with these options may take. errc::invalid_argument for times out of their range.
[[nodiscard]] result<std::chrono::milliseconds> timeout_of(const config& settings, const call_options& options);

// The clocks of the system.
[[nodiscard]] pool_clocks clocks();

} // namespace venice_keys::detail
