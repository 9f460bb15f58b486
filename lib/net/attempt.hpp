// One attempt to come to a finished TLS handshake with a server by one address, which is the server's own or its
// proxy's. It knows nothing of other addresses.
#pragma once

#include "net/connect_request.hpp"
#include "net/proxy_route.hpp"
#include "net/race.hpp"
#include "net/tls_context.hpp"
#include "net/tls_stream.hpp"
#include "net/turn_executor.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace venice_keys::net {

// How many bytes are taken from the socket at a time: dozens of answers, each in a record or two of its own.
inline constexpr std::size_t record_bytes = 32 * 1024;

class attempt : public std::enable_shared_from_this<attempt> {
public:
    using tcp = boost::asio::ip::tcp;
    // Called once, never inside start() and never after cancel(): with the failure, or with nothing on success.
    using callback = std::function<void(attempt&, std::optional<connect_failure>)>;

    // `where`: words for the address. `proxy`: the proxy that has the address; null: it is the server's.
    attempt(const turn_executor& turns, std::shared_ptr<tls_context> context, tcp::endpoint address, std::string where,
            std::shared_ptr<const proxy_route> proxy, callback done);

    // Throws what Asio throws when it can't start an operation, such as std::bad_alloc. Then nothing has started.
    void start();
    // Closes the socket. The callback is not called any more.
    void cancel() noexcept;

    [[nodiscard]] connect_phase phase() const;
    // The stages in the order in which they come. Those in the middle concern a proxy.
    enum class stage { connecting, proxy_handshake, asking, handshake };
    [[nodiscard]] stage at() const noexcept { return at_; }
    // Whether the attempt is in a handshake in which it has offered to resume a session.
    [[nodiscard]] bool offers_ticket() const noexcept { return at_ == stage::handshake && with_ticket_; }

    // For the time after success. What was read and not yet decrypted is in `records`, where the stream looks for it.
    [[nodiscard]] std::unique_ptr<tls_stream>& stream() noexcept { return stream_; }
    [[nodiscard]] std::vector<char>& records() noexcept { return records_; }

private:
    enum class progress { waits, done, failed };

    [[nodiscard]] progress connected(boost::system::error_code ec);
    [[nodiscard]] progress begin_handshake(std::unique_ptr<tls_stream> over);
    [[nodiscard]] progress shake_hands();
    [[nodiscard]] progress handshake_failed();
    [[nodiscard]] progress check_peer();
    [[nodiscard]] progress begin_asking(std::unique_ptr<byte_layer> link);
    [[nodiscard]] progress ask();
    [[nodiscard]] progress hear_answer();
    [[nodiscard]] progress link_failed_or_waits(byte_layer::outcome how, progress (attempt::*step)());
    [[nodiscard]] progress refused_or(boost::system::error_code cause);
    [[nodiscard]] progress fail(std::string detail, boost::system::error_code cause, outlook next = outlook::passing);
    // Takes the step again when what it waits for has come.
    [[nodiscard]] progress wait_for(byte_layer::outcome what, progress (attempt::*step)());
    [[nodiscard]] byte_layer& link() noexcept { return stream_ ? static_cast<byte_layer&>(*stream_) : *link_; }
    // The context of the handshake that is under way.
    [[nodiscard]] tls_context& context() const noexcept;
    [[nodiscard]] std::string peer() const;
    // Takes a step, and reports to the owner if it was the last.
    template <class Step>
    void take(Step step);

    turn_executor turns_;
    std::shared_ptr<tls_context> context_;
    tcp::endpoint address_;
    std::string where_;
    std::shared_ptr<const proxy_route> proxy_;
    callback done_;                      // empty when the attempt is over
    tcp::socket socket_;                 // until it is connected
    std::unique_ptr<byte_layer> link_;   // to the proxy, while it is asked for a tunnel
    detail::secret_bytes request_;       // kept until the proxy has it
    connect_answer answer_;              // the proxy's
    std::unique_ptr<tls_stream> stream_; // during a handshake and after it
    std::vector<char> records_;
    connect_failure failure_;
    stage at_ = stage::connecting;
    bool with_ticket_ = true; // offers a ticket if there is one
};

} // namespace venice_keys::net
