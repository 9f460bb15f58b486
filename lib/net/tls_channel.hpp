// Carries bytes over a TLS connection that is up: reads what comes, writes what its owner has put into the output, and
// reports the end. It has no part in connecting, and its owner sets the deadlines.
#pragma once

#include "net/input_buffer.hpp"
#include "net/tls_stream.hpp"
#include "net/transport.hpp"
#include "net/turn_executor.hpp"

#include "model/secret_bytes.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace venice_keys::net {

// The object that made the connection. Until the first byte of an answer it is not certain that the peer accepted the
// handshake, and only the maker can tell what an end before that means.
class channel_maker {
public:
    // The connection has ended before any byte of an answer.
    virtual void on_unanswered_end() noexcept = 0;
    // The same, with the cause of the end. Returns the error to report if the peer has refused the handshake.
    [[nodiscard]] virtual std::optional<error> refusal(const boost::system::error_code& why) = 0;

protected:
    ~channel_maker() = default;
};

// A part of the object that makes it. Like transport, it is not thread-safe. transport_events says what it reports to
// its owner, and when.
class tls_channel {
public:
    // `turns` must live until close(). `buffer_bytes`: of input; more than the largest head of an answer.
    tls_channel(channel_maker& maker, const turn_executor& executor, turn_owner& turns, std::size_t buffer_bytes);
    tls_channel(const tls_channel&) = delete;
    tls_channel& operator=(const tls_channel&) = delete;

    // Call it once, when the handshake is over: it reports the connection and begins to read. `self`: this object, by a
    // pointer that keeps it alive. `records` has what was read and not yet decrypted, where the stream looks for it.
    void start(const std::shared_ptr<tls_channel>& self, std::unique_ptr<tls_stream> stream, std::vector<char> records,
               transport_events& events);

    [[nodiscard]] SSL* native() const noexcept { return stream_->native(); }

    // These work as the functions of transport with the same names. close() before start() does nothing.
    [[nodiscard]] detail::secret_bytes& output() noexcept { return output_; }
    [[nodiscard]] bool writing() const noexcept { return writing_; }
    void write();
    void close();

private:
    using outcome = byte_layer::outcome;
    using step = void (tls_channel::*)();

    // Takes the step when the stream has what it needs, unless close() was called.
    void wait_for(outcome what, step next);
    void receive();
    [[nodiscard]] outcome take_in(transport_events& events);
    template <class Events>
    void turn(Events events);
    void go_on(outcome next);
    void broken(transport_events& events);

    [[nodiscard]] std::optional<boost::system::error_code> push();
    void push_on();
    void written(boost::system::error_code ec);
    void stop_writing() noexcept;

    channel_maker& maker_;
    turn_executor executor_; // that of the stream
    turn_owner& turns_;
    std::weak_ptr<tls_channel> self_;
    transport_events* events_ = nullptr; // null before start() and after close()
    std::unique_ptr<tls_stream> stream_; // from start() on
    std::vector<char> records_;          // bytes from the socket, to be decrypted
    input_buffer input_;
    detail::secret_bytes output_;
    bool asked_ = false;     // something has been written
    bool answering_ = false; // a byte of an answer has come
    bool writing_ = false;
    bool push_after_read_ = false; // the write waits for bytes of the peer
};

} // namespace venice_keys::net
