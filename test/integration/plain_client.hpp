// A blocking HTTP client over OpenSSL or a bare socket, with a time-out on everything: the tests' own view of a server.
// It shares no line with the library. It checks certificates strictly when it is given a CA.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace test {

struct plain_reply {
    unsigned status = 0;
    std::string version;
    std::map<std::string, std::string> fields; // names in lower case
    std::string body;
};

class plain_client {
public:
    // How the last read ended.
    enum class end { none, closed, truncated, reset, timed_out, refused };

    // TLS when there is a CA (PEM), else plain. `protocol`: what ALPN offers, names with commas between; empty:
    // nothing. `resumed`: a session of an earlier client.
    plain_client(std::uint16_t port, const std::string& ca_pem, std::string_view protocol = "http/1.1",
                 SSL_SESSION* resumed = nullptr);
    plain_client(const plain_client&) = delete;
    plain_client& operator=(const plain_client&) = delete;
    ~plain_client();

    [[nodiscard]] bool connected() const { return connected_; }
    [[nodiscard]] end how_it_ended() const { return end_; }
    [[nodiscard]] SSL* session() const { return session_; }
    // What ALPN has chosen.
    [[nodiscard]] std::string agreed() const;

    void timeout(std::chrono::milliseconds limit);
    bool send(std::string_view bytes);
    // Empty: none came, and how_it_ended() says why.
    std::optional<plain_reply> read_reply(bool to_head = false);
    // All that comes until the connection ends or the time is out.
    std::string read_all();
    // What has come, after a wait for the first of it. Empty: nothing, and how_it_ended() says why.
    std::string read_some();
    // Bytes that were read and belong to no reply yet.
    [[nodiscard]] const std::string& unread() const { return input_; }
    // FIN without close_notify.
    void stop_sending();

private:
    bool read_more();
    bool handshake(const std::string& ca_pem, std::string_view protocol, SSL_SESSION* resumed);

    int socket_ = -1;
    SSL_CTX* settings_ = nullptr;
    SSL* session_ = nullptr;
    bool connected_ = false;
    end end_ = end::none;
    std::string input_;
};

} // namespace test
