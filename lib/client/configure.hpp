// Translates a client's config into the settings of the parts below it.
#pragma once

#include "model/endpoint.hpp"
#include "net/tls_transport.hpp"
#include "pool/pool.hpp"

#include <venice_keys/config.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace venice_keys::detail {

// These throw request_failed, which names the field, when a setting is not valid or can't be used.
[[nodiscard]] endpoint server_of(const config& settings);
[[nodiscard]] net::tls_transport_source transports_of(const config& settings, const endpoint& server,
                                                      const boost::asio::any_io_executor& turns);

[[nodiscard]] pool_settings pool_settings_of(const config& settings, const endpoint& server);

// The clocks of the system.
[[nodiscard]] pool_clocks clocks();

} // namespace venice_keys::detail
