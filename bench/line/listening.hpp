// How the relay and the servers here accept connections.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <utility>

namespace line {

// Listens on a free port of 127.0.0.1. Throws boost::system::system_error.
inline boost::asio::ip::tcp::acceptor listen_at_once(boost::asio::io_context& io)
{
    using boost::asio::ip::tcp;
    tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
    acceptor.listen(4096); // hundreds connect at once
    return acceptor;
}

// Hands each connection to `serve`, until the acceptor is closed or destroyed.
template <class Serve>
void take_all(boost::asio::ip::tcp::acceptor& acceptor, Serve serve)
{
    acceptor.async_accept([&acceptor, serve = std::move(serve)](const boost::system::error_code& failure,
                                                                boost::asio::ip::tcp::socket taken) mutable {
        if (failure == boost::asio::error::operation_aborted)
            return;
        if (!failure)
            serve(std::move(taken));
        take_all(acceptor, std::move(serve));
    });
}

} // namespace line
