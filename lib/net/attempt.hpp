// One attempt to come to a finished TLS handshake with one address. Knows nothing of other addresses.
#pragma once

#include "net/race.hpp"
#include "net/tls_context.hpp"
#include "net/tls_stream.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace venice_keys::net {

// How much is taken from the socket at a time: dozens of answers, each in a record or two of its own.
inline constexpr std::size_t record_bytes = 32 * 1024;

class attempt : public std::enable_shared_from_this<attempt> {
public:
    using tcp = boost::asio::ip::tcp;
    // Called once, never inside start(), and not after cancel(): why it has failed, or nothing.
    using callback = std::function<void(attempt&, std::optional<connect_failure>)>;

    // `where`: words for the address.
    attempt(const boost::asio::any_io_executor& executor, std::shared_ptr<tls_context> context, tcp::endpoint address,
            std::string where, callback done);

    // Throws what Asio throws when it can't start an operation, std::bad_alloc for one. Then it has not started.
    void start();
    // Closes the socket.
    void cancel() noexcept;

    [[nodiscard]] connect_phase phase() const;
    // Whether it is in a handshake in which it has offered to resume a session.
    [[nodiscard]] bool offers_ticket() const noexcept { return shaking_ && with_ticket_; }

    // When it has succeeded. What was read and not yet decrypted is in `records`, where the stream looks for it.
    [[nodiscard]] std::unique_ptr<tls_stream>& stream() noexcept { return stream_; }
    [[nodiscard]] std::vector<char>& records() noexcept { return records_; }

private:
    enum class progress { waits, done, failed };

    void connect();
    [[nodiscard]] progress connected(boost::system::error_code ec);
    [[nodiscard]] progress shake_hands();
    [[nodiscard]] progress fail(std::string detail, boost::system::error_code cause, outlook next = outlook::passing);
    [[nodiscard]] progress handshake_failed();
    [[nodiscard]] progress check_peer();
    void wait_for(tls_stream::outcome what);
    // Takes a step and tells the owner if it was the last.
    template <class Step>
    void take(Step step);

    std::shared_ptr<tls_context> context_;
    tcp::endpoint address_;
    std::string where_;
    callback done_; // empty when it is over
    tcp::socket socket_;
    std::unique_ptr<tls_stream> stream_;
    std::vector<char> records_;
    connect_failure failure_;
    bool shaking_ = false;
    bool with_ticket_ = true; // if there is one
};

} // namespace venice_keys::net
