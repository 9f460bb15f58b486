#include "net/tls_transport.hpp"

#include "net/race.hpp"
#include "net/tls_alert.hpp"
#include "net/tls_stream.hpp"

#include <venice_keys/detail/handler_allocator.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace venice_keys::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// How much is taken from the socket at a time: dozens of answers, each in a record or two of its own.
constexpr std::size_t record_bytes = 32 * 1024;

// A name that does not exist, or has no address, is not to be looked up again at once. A name server that can't be
// reached or has failed says nothing about the name.
outlook outlook_of(error_code resolving) noexcept
{
    return resolving == asio::error::host_not_found || resolving == asio::error::no_data ? outlook::permanent
                                                                                         : outlook::passing;
}

class tls_transport final : public transport, public std::enable_shared_from_this<tls_transport> {
public:
    tls_transport(const asio::any_io_executor& executor, std::shared_ptr<tls_context> context, endpoint server,
                  std::size_t buffer_bytes, transport_events& events)
        : context_(std::move(context)),
          server_(std::move(server)),
          events_(&events),
          resolver_(executor),
          records_(record_bytes),
          input_(buffer_bytes),
          pause_timer_(executor)
    {
        output_.reserve(1024);
    }

    void connect() override;
    [[nodiscard]] connect_phase phase() const override;
    [[nodiscard]] secret_bytes& output() override { return output_; }
    [[nodiscard]] bool writing() const override { return writing_; }
    void write() override;
    void pause_reading(std::chrono::microseconds how_long) override { pause_ = how_long; }
    void close() override;

private:
    enum class stage { resolving, connecting, handshaking, open };
    using outcome = tls_stream::outcome;

    [[nodiscard]] std::string where() const { return server_.host + ":" + std::to_string(server_.port); }

    // Calls `next` when there is what the stream needs; not after close().
    void wait_for(outcome what, void (tls_transport::*next)());
    void feed(error_code ec, std::size_t size);

    void start_race(std::vector<tcp::endpoint> addresses);
    void start_handshake(tcp::socket socket);
    void shake_hands();
    void handshaken();
    // Without a detail the phase is named.
    void connect_failed(std::string detail, error_code cause, outlook next = outlook::passing);
    void handshake_failed();
    void ended_by_error(transport_events& events);
    [[nodiscard]] std::string refused_by(std::uint8_t alert) const;
    void receive();
    [[nodiscard]] std::optional<outcome> take_in(transport_events& events);
    void end_turn(transport_events& events, std::optional<outcome> next);
    void go_on(std::optional<outcome> next);
    void receive_later();
    void receive_now();
    [[nodiscard]] outcome fill();
    [[nodiscard]] bool make_room();
    [[nodiscard]] std::optional<error_code> push();
    void push_on();
    void written(transport_events& events, error_code ec);
    void stop_writing() noexcept;

    std::shared_ptr<tls_context> context_;
    endpoint server_;
    transport_events* events_; // null once closed
    stage stage_ = stage::resolving;
    tcp::resolver resolver_;
    std::shared_ptr<race> race_;
    std::optional<tls_stream> stream_;                   // once connected
    std::vector<char> records_;                          // as they come from the socket, to be decrypted
    std::vector<char, cleansing_allocator<char>> input_; // a new key passes through it
    std::size_t begin_ = 0;                              // of the bytes not yet taken
    std::size_t end_ = 0;
    secret_bytes output_;
    bool answering_ = false; // a byte of an answer has come
    bool writing_ = false;
    bool push_after_read_ = false; // the write waits for bytes of the peer
    std::chrono::microseconds pause_{};
    asio::steady_timer pause_timer_;
};

void tls_transport::connect()
{
    error_code ec;
    const auto literal = asio::ip::make_address(server_.host, ec);
    if (!ec)
        return start_race({tcp::endpoint(literal, server_.port)});
    resolver_.async_resolve(server_.host, std::to_string(server_.port), tcp::resolver::numeric_service,
                            [self = shared_from_this()](error_code failed, const tcp::resolver::results_type& found) {
                                if (self->events_ == nullptr)
                                    return;
                                if (failed)
                                    return self->connect_failed({}, failed, outlook_of(failed));
                                std::vector<tcp::endpoint> addresses;
                                for (const auto& each : found)
                                    addresses.push_back(each.endpoint());
                                self->start_race(std::move(addresses));
                            });
}

connect_phase tls_transport::phase() const
{
    switch (stage_) {
    case stage::resolving:
        return {errc::resolve_failed, "resolving " + server_.host};
    case stage::connecting:
        return {errc::connect_failed, "connecting to " + where()};
    case stage::handshaking:
        break;
    case stage::open:
        return {errc::connection_lost, "connected to " + where()};
    }
    return {errc::tls_failed, "in the TLS handshake with " + where()};
}

void tls_transport::wait_for(outcome what, void (tls_transport::*next)())
{
    if (what == outcome::needs_write) {
        // What is the matter with a socket in trouble, the next write says.
        stream_->socket().async_wait(tcp::socket::wait_write, [self = shared_from_this(), next](error_code) {
            if (self->events_ != nullptr)
                ((*self).*next)();
        });
        return;
    }
    stream_->socket().async_read_some(
        asio::buffer(records_),
        asio::bind_allocator(detail::handler_allocator<void>(),
                             [self = shared_from_this(), next](error_code ec, std::size_t size) {
                                 if (self->events_ == nullptr)
                                     return;
                                 self->feed(ec, size);
                                 ((*self).*next)();
                             }));
}

void tls_transport::feed(error_code ec, std::size_t size)
{
    if (ec)
        stream_->feed_end(ec);
    stream_->feed({records_.data(), size});
}

void tls_transport::start_race(std::vector<tcp::endpoint> addresses)
{
    stage_ = stage::connecting;
    // Weak, because this object owns the race: no cycle.
    race_ = std::make_shared<race>(resolver_.get_executor(), std::move(addresses),
                                   [weak = weak_from_this()](error_code ec, tcp::socket socket) {
                                       const auto self = weak.lock();
                                       if (!self || self->events_ == nullptr)
                                           return;
                                       if (ec)
                                           return self->connect_failed({}, ec);
                                       self->start_handshake(std::move(socket));
                                   });
    race_->start();
}

void tls_transport::start_handshake(tcp::socket socket)
{
    stage_ = stage::handshaking;
    race_.reset();
    error_code ec;
    socket.set_option(tcp::no_delay(true), ec); // without it small writes are only slower
    socket.non_blocking(true, ec);
    if (ec)
        return connect_failed({}, ec);
    stream_.emplace(std::move(socket), context_->native().native_handle());
    if (auto ready = context_->prepare(stream_->native()); !ready)
        return connect_failed(ready.error().detail, ready.error().cause, outlook::permanent);
    shake_hands();
}

void tls_transport::shake_hands()
{
    switch (const outcome how = stream_->handshake()) {
    case outcome::needs_bytes:
    case outcome::needs_write:
        return wait_for(how, &tls_transport::shake_hands);
    case outcome::done:
        return handshaken();
    case outcome::ended:
        return connect_failed({}, asio::error::eof);
    case outcome::failed:
        break;
    }
    handshake_failed();
}

void tls_transport::handshake_failed()
{
    SSL* const native = stream_->native();
    const long verdict = SSL_get_verify_result(native);
    if (verdict != X509_V_OK && SSL_get_verify_mode(native) != SSL_VERIFY_NONE)
        return connect_failed("the certificate of " + where() +
                                  " can't be trusted: " + X509_verify_cert_error_string(verdict),
                              stream_->why(), outlook::permanent);
    const auto alert = alert_of(stream_->why());
    if (alert && refuses_handshake(*alert))
        return connect_failed(refused_by(*alert), stream_->why(), outlook::permanent);
    connect_failed({}, stream_->why());
}

void tls_transport::handshaken()
{
    SSL* const native = stream_->native();
    if (auto checked = context_->check_peer(native); !checked)
        return connect_failed(std::move(checked).error().detail, {}, outlook::permanent);
    stage_ = stage::open;
    const auto self = shared_from_this();
    transport_events& events = *events_;
    std::string_view version = SSL_get_version(native);
    version.remove_prefix(std::min(version.find_first_of("0123456789"), version.size())); // TLSv1.3
    events.on_connected({SSL_session_reused(native) == 1, version});
    // With the end of the handshake more may have come.
    end_turn(events, events_ == nullptr ? std::nullopt : take_in(events));
}

void tls_transport::connect_failed(std::string detail, error_code cause, outlook next)
{
    const auto self = shared_from_this();
    transport_events* const events = events_;
    connect_phase at = phase();
    events->on_connect_failed({at.failure, detail.empty() ? std::move(at.text) : std::move(detail), cause}, next);
    events->on_turn_end();
}

// What the peer says is the end of a connection, unless it did not even accept the handshake. Under TLS 1.3 a server
// reads the client's last words of it after the client takes the connection to be up, and with them the request
// (RFC 8446 section 4.4.2.4); under TLS 1.2 both know that it is up.
void tls_transport::ended_by_error(transport_events& events)
{
    const error_code why = stream_->why();
    const auto alert = alert_of(why);
    if (!answering_ && alert && refuses_handshake(*alert) && SSL_version(stream_->native()) >= TLS1_3_VERSION)
        return events.on_refused({errc::tls_failed, refused_by(*alert), why});
    events.on_end(false, why);
}

std::string tls_transport::refused_by(std::uint8_t alert) const
{
    SSL* const native = stream_->native();
    const unsigned char* kinds = nullptr;
    return refusal_text(where(), alert,
                        {SSL_get_certificate(native) != nullptr, SSL_get0_certificate_types(native, &kinds) != 0});
}

void tls_transport::receive()
{
    transport_events& events = *events_; // it may be null afterwards
    end_turn(events, take_in(events));
}

// Goes on behind the end of the turn: what the owner writes there is not to wait for a look at the socket. A caller's
// handler may throw there.
void tls_transport::end_turn(transport_events& events, std::optional<outcome> next)
{
    struct rest {
        tls_transport& self;
        std::optional<outcome> next;
        ~rest() noexcept(false) { self.go_on(next); }
    } const guard{*this, next};
    events.on_turn_end();
}

// What came, as far as it fits. Returns what to wait for; nothing when it is over.
std::optional<tls_stream::outcome> tls_transport::take_in(transport_events& events)
{
    const std::size_t before = end_;
    const outcome how = fill();
    answering_ = answering_ || end_ != before;
    if (end_ != before)
        begin_ += events.on_bytes({input_.data() + begin_, end_ - begin_});
    if (events_ == nullptr)
        return std::nullopt;
    if (how == outcome::ended)
        events.on_end(true, asio::error::eof);
    else if (how == outcome::failed)
        ended_by_error(events);
    else if (!make_room())
        events.on_overflow();
    if (push_after_read_ && events_ != nullptr)
        if (const auto over = push()) {
            stop_writing();
            events.on_written(*over);
        }
    return how;
}

// The owner may have closed it, or may be gone.
void tls_transport::go_on(std::optional<outcome> next)
{
    if (!next || events_ == nullptr)
        return;
    switch (*next) {
    case outcome::done: // there may be more that has come already
        return asio::post(resolver_.get_executor(), [self = shared_from_this()] {
            if (self->events_ != nullptr)
                self->receive();
        });
    case outcome::needs_bytes:
        if (pause_.count() != 0)
            return receive_later();
        [[fallthrough]];
    case outcome::needs_write:
        return wait_for(*next, &tls_transport::receive);
    case outcome::ended:
    case outcome::failed:
        break;
    }
}

void tls_transport::receive_later()
{
    pause_timer_.expires_after(std::exchange(pause_, {}));
    pause_timer_.async_wait([self = shared_from_this()](error_code) {
        if (self->events_ != nullptr)
            self->receive_now();
    });
}

// What has come meanwhile; else waits for it.
void tls_transport::receive_now()
{
    error_code ec;
    const std::size_t size = stream_->socket().read_some(asio::buffer(records_), ec);
    if (ec == asio::error::would_block || ec == asio::error::try_again)
        return wait_for(outcome::needs_bytes, &tls_transport::receive);
    feed(ec, size);
    receive();
}

// A server answers each request with a record of its own or two: all that came are read before any is looked at.
// `done`: there is no more room.
tls_stream::outcome tls_transport::fill()
{
    while (end_ != input_.size()) {
        std::size_t got = 0;
        const outcome how = stream_->read(input_.data() + end_, input_.size() - end_, got);
        end_ += got;
        if (how != outcome::done)
            return how;
    }
    return outcome::done;
}

// False when the owner takes nothing of a full buffer.
bool tls_transport::make_room()
{
    if (begin_ == end_)
        begin_ = end_ = 0;
    if (end_ != input_.size())
        return true;
    if (begin_ == 0)
        return false;
    std::memmove(input_.data(), input_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    return true;
}

void tls_transport::write()
{
    writing_ = true;
    const auto over = push();
    if (!over)
        return;
    if (!over->failed())
        return stop_writing();
    asio::post(resolver_.get_executor(), [self = shared_from_this(), ec = *over] {
        if (self->events_ != nullptr)
            self->written(*self->events_, ec);
    });
}

// How the write has ended; nothing while it waits for the socket.
std::optional<error_code> tls_transport::push()
{
    push_after_read_ = false;
    switch (const outcome how = stream_->write({output_.data(), output_.size()})) {
    case outcome::done:
        return error_code{};
    case outcome::needs_write:
        wait_for(how, &tls_transport::push_on);
        return std::nullopt;
    case outcome::needs_bytes:
        push_after_read_ = true;
        return std::nullopt;
    case outcome::ended:
        return asio::error::eof;
    case outcome::failed:
        break;
    }
    return stream_->why();
}

void tls_transport::push_on()
{
    if (const auto over = push())
        written(*events_, *over);
}

void tls_transport::written(transport_events& events, error_code ec)
{
    stop_writing();
    events.on_written(ec);
    events.on_turn_end();
}

void tls_transport::stop_writing() noexcept
{
    writing_ = false;
    output_.clear();
}

void tls_transport::close()
{
    const auto self = shared_from_this();
    events_ = nullptr;
    resolver_.cancel();
    if (race_)
        std::exchange(race_, nullptr)->cancel();
    if (!stream_)
        return;
    // close_notify goes out if it can at once; waiting for the peer's is what closing the socket cuts short (RFC 8446
    // section 6.1 allows it).
    if (stage_ == stage::open && !writing_)
        stream_->say_goodbye();
    error_code ignored; // nothing is left to do with it
    stream_->socket().close(ignored);
}

} // namespace

tls_transport_source::tls_transport_source(asio::any_io_executor executor, std::shared_ptr<tls_context> context,
                                           endpoint server, std::size_t buffer_bytes)
    : executor_(std::move(executor)),
      context_(std::move(context)),
      server_(std::move(server)),
      buffer_bytes_(buffer_bytes)
{
}

std::shared_ptr<transport> tls_transport_source::make(transport_events& events)
{
    return std::make_shared<tls_transport>(executor_, context_, server_, buffer_bytes_, events);
}

} // namespace venice_keys::net
