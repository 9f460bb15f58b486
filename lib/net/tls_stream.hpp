// TLS over a non-blocking socket, or over another layer: takes the bytes that came, writes what can be written at once,
// and says what to wait for. It never waits itself, and its owner reads the socket.
#pragma once

#include "net/byte_layer.hpp"

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace venice_keys::net {

class tls_stream final : public byte_layer {
public:
    // The client's side. Both constructors throw std::bad_alloc when there is no memory.
    tls_stream(boost::asio::ip::tcp::socket socket, SSL_CTX* context);
    tls_stream(std::unique_ptr<byte_layer> below, SSL_CTX* context);
    tls_stream(const tls_stream&) = delete;
    tls_stream& operator=(const tls_stream&) = delete;
    ~tls_stream() override = default;

    [[nodiscard]] boost::asio::ip::tcp::socket& socket() noexcept override
    {
        return below_ ? below_->socket() : *socket_;
    }
    [[nodiscard]] SSL* native() const noexcept { return ssl_.get(); }

    void feed(std::string_view bytes) noexcept override;
    void feed_end(boost::system::error_code why) noexcept override;

    [[nodiscard]] outcome handshake();
    // `ended`: the peer has sent close_notify.
    [[nodiscard]] outcome read(char* to, std::size_t room, std::size_t& got) override;
    [[nodiscard]] outcome write(std::string_view bytes) override;
    // Sends close_notify, if that can be done at once.
    void say_goodbye() noexcept override;

    // For an end without close_notify this is asio::ssl::error::stream_truncated.
    [[nodiscard]] boost::system::error_code why() const noexcept override { return why_; }

private:
    struct bio_functions;
    struct free_ssl {
        void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    };

    void set_up();
    // `end`: what the socket has said, if it has ended.
    [[nodiscard]] outcome outcome_of(int returned, boost::system::error_code end);

    std::optional<boost::asio::ip::tcp::socket> socket_; // empty when there is a layer below
    std::unique_ptr<byte_layer> below_;
    std::unique_ptr<SSL, free_ssl> ssl_;
    std::string_view fed_;
    boost::system::error_code read_end_;  // why the socket brings no more bytes
    boost::system::error_code write_end_; // why it takes no more; what came before can still be read
    boost::system::error_code why_;
};

} // namespace venice_keys::net
