#include "emulator/transport.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace venice_keys::emulation {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

void send_fin(tcp::socket& socket)
{
    error_code ignored; // the peer may be gone already, which is just as well
    socket.shutdown(tcp::socket::shutdown_send, ignored);
}

// Reads and writes are alike with TLS and without.
template <class Stream>
class stream_transport : public transport {
public:
    template <class... Arguments>
    explicit stream_transport(Arguments&&... arguments) : stream_(std::forward<Arguments>(arguments)...)
    {
    }

    asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override
    {
        const auto [ec, size] = co_await stream_.async_read_some(into, use_tuple);
        co_return ec ? 0 : size;
    }

    // A read that finds something completes at once; the cancellation reaches one that has found nothing.
    asio::awaitable<std::size_t> read_now(asio::mutable_buffer into) override
    {
        asio::post(socket().get_executor(), [this] {
            error_code ignored; // the read then goes on until something comes
            socket().cancel(ignored);
        });
        return read_some(into);
    }

    asio::awaitable<error_code> write(asio::const_buffer from) override
    {
        const auto [ec, size] = co_await asio::async_write(stream_, from, use_tuple);
        co_return ec;
    }

protected:
    Stream stream_;
};

class plain_transport final : public stream_transport<tcp::socket> {
public:
    using stream_transport::stream_transport;

    asio::awaitable<error_code> handshake() override { co_return error_code{}; }

    asio::awaitable<void> finish() override
    {
        send_fin(stream_);
        co_return;
    }

    alpn agreed() noexcept override { return alpn::http1; }

    tcp::socket& socket() noexcept override { return stream_; }
};

class tls_transport final : public stream_transport<asio::ssl::stream<tcp::socket>> {
public:
    using stream_transport::stream_transport;

    asio::awaitable<error_code> handshake() override
    {
        const auto [ec] = co_await stream_.async_handshake(asio::ssl::stream_base::server, use_tuple);
        co_return ec;
    }

    asio::awaitable<void> finish() override
    {
        // Otherwise async_shutdown would wait for the peer's close_notify.
        SSL* const session = stream_.native_handle();
        SSL_set_shutdown(session, SSL_get_shutdown(session) | SSL_RECEIVED_SHUTDOWN);
        co_await stream_.async_shutdown(use_tuple);
        send_fin(socket());
    }

    alpn agreed() noexcept override
    {
        const unsigned char* name = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(stream_.native_handle(), &name, &size);
        return size == 0 ? alpn::none : size == 2 ? alpn::http2 : alpn::http1; // h2 or http/1.1, as is offered
    }

    tcp::socket& socket() noexcept override { return stream_.next_layer(); }
};

} // namespace

std::unique_ptr<transport> make_plain_transport(tcp::socket socket)
{
    return std::make_unique<plain_transport>(std::move(socket));
}

std::unique_ptr<transport> make_tls_transport(tcp::socket socket, SSL_CTX& settings)
{
    SSL* const session = SSL_new(&settings);
    if (session == nullptr)
        return nullptr;
    return std::make_unique<tls_transport>(std::move(socket), session);
}

} // namespace venice_keys::emulation
