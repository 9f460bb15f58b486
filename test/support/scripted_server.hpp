// A TLS server that does what a script says, with blocking calls, on one thread for each connection: for everything
// that a well-behaved server, and the emulator, would not do. It knows just enough HTTP to tell where a request ends.
#pragma once

#include "support/certificates.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace test {

struct seen_request {
    std::string head; // with the empty line at its end
    std::string body;

    // The text between `"id":"` and the next quote.
    [[nodiscard]] std::string id() const;
};

// How the client ended a connection.
enum class ending { clean, truncated, reset, still_open };

class scripted_server;

// A connection, for use by a script. Every call ends when the server stops.
class scripted_connection {
public:
    // The connection's number: from 0, in the order in which they were accepted.
    [[nodiscard]] std::size_t number() const noexcept { return number_; }

    // Empty when the connection has ended. Each request is noted in scripted_server::requests().
    std::optional<seen_request> read_request();
    // Answers the three updates by which a client learns that the server pipelines: test::teach_pipelining().
    bool teach();
    // Reads exactly this many bytes; fewer when the connection has ended. For what is not HTTP/1.1: nothing is noted.
    std::string read_bytes(std::size_t count);
    // Adds a request to scripted_server::requests().
    void note(const seen_request& request);
    // Reads this many requests, and gives their ids in order. False when the connection ended before.
    bool read_requests(std::size_t count, std::vector<std::string>& ids);
    // Whether there is more than was read, as far as can be told without waiting.
    [[nodiscard]] bool has_more();
    // Returns whether the bytes could be sent.
    bool send(std::string_view bytes);
    // Sends each byte by a write and a TLS record of its own.
    bool send_slowly(std::string_view bytes);

    void close(); // close_notify and FIN, then reads until the client has closed too
    void cut();   // FIN without close_notify
    void reset(); // RST
    // Reads and discards until the client ends the connection.
    ending wait_for_end();
    // Does nothing until the server stops; it does not even read.
    void hold();
    // Does nothing for this time at most; false when the server stops.
    bool pause(std::chrono::milliseconds time);

    // Carries bytes between the client and this port of 127.0.0.1 until either ends, as a proxy does after CONNECT.
    // False when nobody listens there. The client's bytes are noted in scripted_server::relayed().
    bool relay_to(std::uint16_t port);

    [[nodiscard]] SSL* native() noexcept { return stream_.native_handle(); }

private:
    friend class scripted_server;
    using socket = boost::asio::ip::tcp::socket;

    scripted_connection(scripted_server& owner, std::size_t number, socket taken, boost::asio::ssl::context& settings);

    bool read_more();

    scripted_server& owner_;
    std::size_t number_;
    boost::asio::ssl::stream<socket> stream_;
    bool encrypted_ = true;
    std::string input_;
    ending ended_ = ending::still_open;
};

struct server_options {
    bool encrypted = true;
    std::uint16_t port = 0;    // 0: a free one
    int highest_version = 0;   // TLS1_1_VERSION, …; 0: OpenSSL's own choice
    bool tickets = true;       // gives the client what it needs to resume a session
    bool takes_tickets = true; // otherwise every handshake that offers a ticket fails, though the server gives some
    std::string client_ca_pem; // when not empty: a client certificate of this authority is required
    std::optional<int> receive_buffer;
    std::string address = "127.0.0.1";
    // What ALPN chooses where the client offers it; other clients are turned away. Empty: ALPN is not looked at.
    std::string protocol;
};

inline server_options in_clear()
{
    server_options plain;
    plain.encrypted = false;
    return plain;
}

class scripted_server {
public:
    using script = std::function<void(scripted_connection&)>;

    // The script runs once for each connection, after the TLS handshake, on the connection's own thread.
    scripted_server(const identity& who, script what, const server_options& options = {});
    scripted_server(const scripted_server&) = delete;
    scripted_server& operator=(const scripted_server&) = delete;
    ~scripted_server(); // calls stop()

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string base_url(std::string_view host = "localhost") const;

    [[nodiscard]] std::size_t connections() const; // accepted
    [[nodiscard]] std::size_t handshakes() const;  // those of them with a TLS handshake that succeeded
    [[nodiscard]] std::vector<seen_request> requests() const;
    [[nodiscard]] std::string relayed() const;                // what came through relay_to() from the clients
    [[nodiscard]] std::vector<std::string> names() const;     // what SNI asked for, one for each handshake
    [[nodiscard]] std::vector<std::string> protocols() const; // what ALPN offered, as on the wire, by ClientHello

    // Ends every connection and waits for the scripts to return.
    void stop();

private:
    friend class scripted_connection;

    void configure(const identity& who, const server_options& options);
    void accept();
    void serve(boost::asio::ip::tcp::socket taken, std::size_t number);

    script script_;
    bool encrypted_;
    std::string protocol_; // with a byte for its length in front
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_{io_};
    boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
    std::uint16_t port_ = 0;

    mutable std::mutex mutex_; // guards the rest
    std::condition_variable stopping_;
    bool stopped_ = false;
    std::size_t accepted_ = 0;
    std::size_t handshakes_ = 0;
    std::vector<seen_request> requests_;
    std::string relayed_;
    std::vector<std::string> names_;
    std::vector<std::string> protocols_;
    std::vector<int> open_; // sockets that are shut down when the server stops
    std::vector<std::thread> threads_;
    std::thread acceptor_thread_;
};

// A gate that opens once: a script waits for the test, or the other way round.
class gate {
public:
    void open();
    // False when the gate did not open within the time.
    bool wait(std::chrono::milliseconds limit = std::chrono::seconds(20));
    [[nodiscard]] bool is_open() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
};

// An answer with a Content-Length. `fields` are whole lines.
[[nodiscard]] std::string reply(unsigned status, std::string_view body, std::string_view fields = {});
// What Venice answers to an update of this key: the body alone, and the whole answer. `description` is not escaped.
[[nodiscard]] std::string updated_body(std::string_view id, std::string_view description = "");
[[nodiscard]] std::string updated(std::string_view id, std::string_view description = "", std::string_view fields = {});
// A script that answers every update and ends with the client.
[[nodiscard]] scripted_server::script answers_all();

} // namespace test
