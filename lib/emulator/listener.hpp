// A port: accepts connections and hands each over with a strand of its own. It knows neither TLS nor HTTP.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace venice_keys::emulation {

class listener : public std::enable_shared_from_this<listener> {
public:
    using taker = std::function<void(boost::asio::ip::tcp::socket)>;

    explicit listener(const boost::asio::any_io_executor& executor);

    // Binds and listens at once.
    boost::system::error_code open(const boost::asio::ip::address& address, std::uint16_t port);
    [[nodiscard]] std::uint16_t port() const;

    // Calls `take` for each connection from now on, on the executor's threads.
    void start(taker take);

    // The port is free when this returns. From any thread, also when the executor does not run any more.
    void stop();

private:
    void accept(const std::lock_guard<std::mutex>& held);
    void take_one(boost::system::error_code ec, boost::asio::ip::tcp::socket socket);

    boost::asio::any_io_executor executor_;
    // Not a strand: stop() has to close the port before it returns, and Asio's sockets only forbid concurrent calls.
    mutable std::mutex mutex_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    taker take_;
};

} // namespace venice_keys::emulation
