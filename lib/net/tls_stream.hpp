// TLS over a non-blocking socket: takes the bytes that came, writes to the socket what can be written at once, and says
// what to wait for. Waits for nothing itself, and does not read the socket.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace venice_keys::net {

class tls_stream {
public:
    enum class outcome {
        done,
        needs_bytes, // to be called again after feed(); what was passed must still be there
        needs_write, // the same, when the socket can be written
        ended,       // the peer has sent close_notify
        failed,      // why()
    };

    // The client's side. Throws boost::system::system_error when there is no memory.
    tls_stream(boost::asio::ip::tcp::socket socket, SSL_CTX* context);
    tls_stream(const tls_stream&) = delete;
    tls_stream& operator=(const tls_stream&) = delete;
    ~tls_stream() = default;

    [[nodiscard]] boost::asio::ip::tcp::socket& socket() noexcept { return socket_; }
    [[nodiscard]] SSL* native() const noexcept { return ssl_.get(); }

    // What the socket has brought; it must stay where it is until a call says needs_bytes.
    void feed(std::string_view bytes) noexcept;
    // It will bring no more.
    void feed_end(boost::system::error_code why) noexcept { read_end_ = why; }

    [[nodiscard]] outcome handshake();
    // `got`: bytes that were read, with `done` at least one.
    [[nodiscard]] outcome read(char* to, std::size_t room, std::size_t& got);
    // All of it, or nothing yet.
    [[nodiscard]] outcome write(std::string_view bytes);
    // Sends close_notify, if that can be done at once.
    void say_goodbye() noexcept;

    // After `failed`. An end without close_notify is asio::ssl::error::stream_truncated.
    [[nodiscard]] boost::system::error_code why() const noexcept { return why_; }

private:
    struct bio_functions;
    struct free_ssl {
        void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    };

    // `end`: what the socket has said, if that was its end.
    [[nodiscard]] outcome outcome_of(int returned, boost::system::error_code end);

    boost::asio::ip::tcp::socket socket_;
    std::unique_ptr<SSL, free_ssl> ssl_;
    std::string_view fed_;
    boost::system::error_code read_end_;  // why the socket brings no more
    boost::system::error_code write_end_; // why it takes no more: what came before can still be read
    boost::system::error_code why_;
};

} // namespace venice_keys::net
