// The bytes of one accepted connection, with TLS or without. It knows nothing of HTTP.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>

namespace venice_keys::emulation {

// A co_await with this token gives the error_code in a tuple, and does not throw it.
inline constexpr auto use_tuple = boost::asio::as_tuple(boost::asio::use_awaitable);

// Every member must be called on the strand that is the socket's executor.
class transport {
public:
    // The protocol above TLS that the client and the emulator have agreed on.
    enum class alpn { none, http1, http2 };

    transport() = default;
    transport(const transport&) = delete;
    transport& operator=(const transport&) = delete;
    virtual ~transport() = default;

    virtual boost::asio::awaitable<boost::system::error_code> handshake() = 0;
    // Returns how many bytes have come; 0 means that the connection has ended, in whatever way.
    virtual boost::asio::awaitable<std::size_t> read_some(boost::asio::mutable_buffer into) = 0;
    // Reads what has come already, and does not wait for more; returns 0 also when nothing has come.
    virtual boost::asio::awaitable<std::size_t> read_now(boost::asio::mutable_buffer into) = 0;
    // Writes all of the bytes.
    virtual boost::asio::awaitable<boost::system::error_code> write(boost::asio::const_buffer from) = 0;
    // Tells the peer that nothing more will come, and does not wait for an answer: close_notify (if any), then FIN.
    virtual boost::asio::awaitable<void> finish() = 0;

    // Known after the handshake. Without TLS it is HTTP/1.1.
    [[nodiscard]] virtual alpn agreed() noexcept = 0;

    virtual boost::asio::ip::tcp::socket& socket() noexcept = 0;
};

[[nodiscard]] std::unique_ptr<transport> make_plain_transport(boost::asio::ip::tcp::socket socket);

// Returns nothing when OpenSSL is out of memory.
[[nodiscard]] std::unique_ptr<transport> make_tls_transport(boost::asio::ip::tcp::socket socket, SSL_CTX& settings);

} // namespace venice_keys::emulation
