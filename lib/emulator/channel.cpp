#include "emulator/channel.hpp"

#include <chrono>
#include <utility>

namespace venice_keys::emulation {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds close_timeout{500}; // how long a closed connection may still send

} // namespace

channel::channel(std::unique_ptr<transport> bytes) : bytes_(std::move(bytes)), end_(bytes_->socket().get_executor())
{
}

asio::any_io_executor channel::get_executor()
{
    return end_.get_executor();
}

asio::awaitable<bool> channel::flush()
{
    if (dropped_ || broken_)
        co_return false;
    if (!output_.empty()) {
        // Output that is added meanwhile must not move the bytes that are on their way.
        sending_.clear();
        sending_.swap(output_);
        broken_ = static_cast<bool>(co_await bytes_->write(asio::buffer(sending_))) || broken_;
    }
    co_return !broken_ && !dropped_;
}

asio::awaitable<std::size_t> channel::read_some(boost::beast::flat_buffer& into)
{
    if (dropped_)
        co_return 0;
    const std::size_t size = co_await bytes_->read_some(into.prepare(read_size));
    into.commit(size);
    co_return dropped_ ? 0 : size;
}

void channel::stop_reading()
{
    error_code ignored; // an operation that can't be cancelled ends with the connection
    bytes_->socket().cancel(ignored);
}

void channel::drop()
{
    if (!bytes_->socket().is_open())
        return;
    dropped_ = true;
    stop_reading();
    end_soon();
}

void channel::reset()
{
    error_code ignored; // the peer may be gone already
    bytes_->socket().set_option(asio::socket_base::linger{true, 0}, ignored);
    bytes_->socket().close(ignored);
    broken_ = true;
}

void channel::truncate()
{
    error_code ignored; // the peer may be gone already
    bytes_->socket().shutdown(tcp::socket::shutdown_send, ignored);
    broken_ = true;
}

asio::awaitable<void> channel::close_in_order()
{
    end_soon();
    if (!broken_ && !output_.empty()) {
        sending_.swap(output_);
        broken_ = static_cast<bool>(co_await bytes_->write(asio::buffer(sending_)));
    }
    if (!broken_)
        co_await bytes_->finish();
    // Closing at once, with something unread, would send a reset, which can destroy the last answers on their way (RFC
    // 9112 section 9.6).
    sending_.resize(read_size);
    for (;;) {
        const auto [ec, size] = co_await bytes_->socket().async_read_some(asio::buffer(sending_), use_tuple);
        if (ec)
            break;
    }
}

void channel::close()
{
    ending_ = true;
    end_.cancel();
    error_code ignored; // it may be closed already
    bytes_->socket().close(ignored);
}

// Closes the connection after `close_timeout`, whatever it is doing: a peer may neither read nor send, and cancelling
// reaches only the present operation, not the next one of a longer write.
void channel::end_soon()
{
    if (std::exchange(ending_, true))
        return;
    end_.expires_after(close_timeout);
    end_.async_wait([self = shared_from_this()](error_code ec) {
        error_code ignored; // it may be closed already
        if (!ec)
            self->bytes_->socket().close(ignored);
    });
}

} // namespace venice_keys::emulation
