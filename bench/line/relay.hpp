// A line between a client and a server that are on one machine: takes TCP connections, opens one to the server for
// each, and hands on what comes from either side a while later. It loses nothing, and is as broad as the loopback. A
// TCP handshake on the loopback takes no time, and on a line a round trip: so what a client sends in the first round
// trip after its connection was taken goes off at the end of it.
#pragma once

#include "delay.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>

namespace line {

class relay {
public:
    // Listens on a free port of 127.0.0.1. Throws boost::system::system_error. Serves until the context ends, which
    // has one thread.
    relay(boost::asio::io_context& io, std::uint16_t target_port, clock::duration one_way);

    [[nodiscard]] std::uint16_t port() const;

private:
    boost::asio::ip::tcp::acceptor acceptor_;
};

} // namespace line
