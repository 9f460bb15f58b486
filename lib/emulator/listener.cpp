#include "emulator/listener.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>
#include <utility>

namespace venice_keys::emulation {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

listener::listener(const asio::any_io_executor& executor) : executor_(executor), acceptor_(executor), pause_(executor)
{
}

error_code listener::open(const asio::ip::address& address, std::uint16_t port)
{
    const std::lock_guard lock{mutex_};
    const tcp::endpoint where{address, port};
    error_code ec;
    acceptor_.open(where.protocol(), ec);
    if (!ec)
        acceptor_.set_option(tcp::acceptor::reuse_address{true}, ec);
    if (!ec)
        acceptor_.bind(where, ec);
    if (!ec)
        acceptor_.listen(tcp::acceptor::max_listen_connections, ec);
    if (!ec)
        port_ = acceptor_.local_endpoint(ec).port();
    return ec;
}

void listener::start(accept_handler handler)
{
    const std::lock_guard lock{mutex_};
    handler_ = std::move(handler);
    accept(lock);
}

void listener::stop()
{
    const std::lock_guard lock{mutex_};
    error_code ignored; // it may be closed already
    acceptor_.close(ignored);
    pause_.cancel();
}

void listener::accept(const std::lock_guard<std::mutex>& /*held*/)
{
    // The type of the strand is hidden, so that the socket is a plain tcp::socket.
    const asio::any_io_executor strand = asio::make_strand(executor_);
    acceptor_.async_accept(strand, [self = shared_from_this()](error_code ec, tcp::socket socket) {
        self->handle_accept(ec, std::move(socket));
    });
}

void listener::handle_accept(error_code ec, tcp::socket socket)
{
    if (!ec)
        handler_(std::move(socket));
    const std::lock_guard lock{mutex_};
    if (!acceptor_.is_open())
        return;
    if (!ec || ec == asio::error::connection_aborted) {
        accept(lock);
        return;
    }
    // Most likely the process is out of descriptors. To accept again at once would only burn the processor.
    pause_.expires_after(std::chrono::milliseconds{10});
    pause_.async_wait([self = shared_from_this()](error_code) {
        const std::lock_guard relock{self->mutex_};
        if (self->acceptor_.is_open())
            self->accept(relock);
    });
}

} // namespace venice_keys::emulation
