// The listening half of the examples that are servers: it binds a port of 127.0.0.1, and accepts connections.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

// Empty if the port can't be had; standard error says why.
inline std::optional<boost::asio::ip::tcp::acceptor> listen_on(boost::asio::io_context& io, const std::string& program,
                                                               std::uint16_t port)
{
    namespace ip = boost::asio::ip;
    try {
        ip::tcp::acceptor acceptor{io, ip::tcp::endpoint{ip::address_v4::loopback(), port}};
        std::cout << "listening on 127.0.0.1:" << acceptor.local_endpoint().port() << std::endl;
        return acceptor;
    } catch (const boost::system::system_error& why) {
        std::cerr << program << ": cannot listen on 127.0.0.1:" << port << ": " << why.code().message()
                  << "; give another PORT, or 0 for a free one\n";
        return std::nullopt;
    }
}

// Starts the coroutine serve(socket) for each connection, until the acceptor is closed.
template <class Serve>
boost::asio::awaitable<void> accept_each(boost::asio::ip::tcp::acceptor& acceptor, std::string program, Serve serve)
{
    using clock = std::chrono::steady_clock;
    clock::time_point silent_until;
    while (acceptor.is_open()) {
        auto [ec, socket] = co_await acceptor.async_accept(boost::asio::as_tuple(boost::asio::use_awaitable));
        if (!ec) {
            boost::asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), boost::asio::detached);
        } else if (acceptor.is_open()) {
            // Too many open files, say. It will pass; trying again at once would take a whole core until then, and a
            // line for each attempt would fill the log.
            if (const auto now = clock::now(); now >= silent_until) {
                std::cerr << program << ": cannot accept a connection: " << ec.message() << "; trying again\n";
                silent_until = now + std::chrono::minutes{1};
            }
            boost::asio::steady_timer pause{acceptor.get_executor(), std::chrono::milliseconds{100}};
            co_await pause.async_wait(boost::asio::use_awaitable);
        }
    }
}
