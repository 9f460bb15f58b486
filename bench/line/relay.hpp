// A line between a client and a server on one machine: it accepts TCP connections, opens one to the server for each,
// and hands on what comes from either side a while later. It loses nothing, and has the bandwidth of the loopback. A
// TCP handshake takes no time on the loopback, and a round trip on a line: so what a client sends in the first round
// trip after its connection was accepted sets off at the end of that time.
#pragma once

#include "delay.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>

namespace line {

class relay {
public:
    // Listens on a free port of 127.0.0.1. Throws boost::system::system_error. Serves until the context ends, which
    // must have one thread.
    relay(boost::asio::io_context& io, std::uint16_t target_port, clock::duration one_way);

    [[nodiscard]] std::uint16_t port() const;

private:
    boost::asio::ip::tcp::acceptor acceptor_;
};

} // namespace line
