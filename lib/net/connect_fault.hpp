// Words for a step of connecting that has failed: resolving, connecting, a handshake. What is wrong with a certificate
// is in certificate_fault.hpp.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <string>

namespace venice_keys::net {

// `step` is what was being done (`connecting to example.org:443`), `why` the reason, which may be none.
[[nodiscard]] std::string connect_fault(std::string step, const boost::system::error_code& why);
// The same for a step with one address, which asks whether anything listens there when the connection is refused.
[[nodiscard]] std::string connect_fault(std::string step, const boost::system::error_code& why,
                                        const boost::asio::ip::tcp::endpoint& address, bool is_proxy);

} // namespace venice_keys::net
