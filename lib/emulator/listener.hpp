// Listens on a port, accepts connections and hands each over with a strand of its own. It knows neither TLS nor HTTP.
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
    using accept_handler = std::function<void(boost::asio::ip::tcp::socket)>;

    explicit listener(const boost::asio::any_io_executor& executor);

    // Binds and listens at once. Port 0 takes a free one.
    boost::system::error_code open(const boost::asio::ip::address& address, std::uint16_t port);
    // The port that open() took; 0 before.
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    // From now on, calls `handler` for each connection, on the executor's threads.
    void start(accept_handler handler);

    // The port is free when this returns. It may be called from any thread, also when the executor no longer runs.
    void stop();

private:
    void accept(const std::lock_guard<std::mutex>& held);
    void handle_accept(boost::system::error_code ec, boost::asio::ip::tcp::socket socket);

    boost::asio::any_io_executor executor_;
    // A strand would not do: stop() has to close the port before it returns. Asio's sockets only forbid concurrent
    // calls.
    std::mutex mutex_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    accept_handler handler_;
    std::uint16_t port_ = 0;
};

} // namespace venice_keys::emulation
