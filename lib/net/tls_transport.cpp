#include "net/tls_transport.hpp"

#include "net/connector.hpp"
#include "net/tls_alert.hpp"
#include "net/tls_stream.hpp"

#include <venice_keys/detail/handler_allocator.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

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

// What is read at a time when much has come, in bytes. The requests that its answers let go are written before more is
// looked at, so that the line and the server work while we do: with a hundred answers at once, what comes of the first
// ten is with the server before the last are read.
constexpr std::size_t part_of_input = 4 * 1024;

class tls_transport final : public transport, public std::enable_shared_from_this<tls_transport> {
public:
    tls_transport(const asio::any_io_executor& executor, std::shared_ptr<tls_context> context, endpoint server,
                  std::size_t buffer_bytes, std::shared_ptr<const proxy_route> proxy, transport_events& events)
        : context_(std::move(context)),
          server_(std::move(server)),
          proxy_(std::move(proxy)),
          events_(&events),
          executor_(executor),
          input_(buffer_bytes)
    {
        output_.reserve(1024);
    }

    void connect() override;
    [[nodiscard]] connect_phase phase() const override;
    [[nodiscard]] secret_bytes& output() override { return output_; }
    [[nodiscard]] bool writing() const override { return writing_; }
    void write() override;
    void close() override;

private:
    using outcome = tls_stream::outcome;

    [[nodiscard]] std::string where() const { return server_.host + ":" + std::to_string(server_.port); }

    // Calls `next` when there is what the stream needs; not after close().
    void wait_for(outcome what, void (tls_transport::*next)());
    void feed(error_code ec, std::size_t size);

    void connected(attempt* winner, connect_failure why);
    void ended_by_error(transport_events& events);
    void suspect_ticket() noexcept;
    void receive();
    [[nodiscard]] std::optional<outcome> take_in(transport_events& events);
    void end_turn(transport_events& events, std::optional<outcome> next);
    void go_on(std::optional<outcome> next);
    [[nodiscard]] outcome fill();
    [[nodiscard]] bool make_room();
    [[nodiscard]] std::optional<error_code> push();
    void push_on();
    void written(transport_events& events, error_code ec);
    void stop_writing() noexcept;

    std::shared_ptr<tls_context> context_;
    endpoint server_;
    std::shared_ptr<const proxy_route> proxy_;
    transport_events* events_; // null once closed
    asio::any_io_executor executor_;
    std::shared_ptr<connector> connector_;               // until connected
    std::unique_ptr<tls_stream> stream_;                 // once connected
    std::vector<char> records_;                          // as they come from the socket, to be decrypted
    std::vector<char, cleansing_allocator<char>> input_; // a new key passes through it
    std::size_t begin_ = 0;                              // of the bytes not yet taken
    std::size_t end_ = 0;
    secret_bytes output_;
    bool asked_ = false;     // something was written
    bool answering_ = false; // a byte of an answer has come
    bool writing_ = false;
    bool push_after_read_ = false; // the write waits for bytes of the peer
};

void tls_transport::connect()
{
    // Weak, because this object owns the connector: no cycle.
    connector_ = std::make_shared<connector>(
        executor_, context_, server_,
        [weak = weak_from_this()](attempt* winner, connect_failure why) {
            const auto self = weak.lock();
            if (self && self->events_ != nullptr)
                self->connected(winner, std::move(why));
        },
        proxy_);
    connector_->start();
}

connect_phase tls_transport::phase() const
{
    return connector_ ? connector_->phase() : connect_phase{errc::connection_lost, "connected to " + where()};
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

void tls_transport::connected(attempt* winner, connect_failure why)
{
    const auto self = shared_from_this();
    transport_events& events = *events_;
    if (winner == nullptr) {
        events.on_connect_failed(std::move(why.why), why.next);
        return events.on_turn_end();
    }
    stream_ = std::move(winner->stream());
    records_ = std::move(winner->records());
    connector_.reset();
    SSL* const native = stream_->native();
    std::string_view version = SSL_get_version(native);
    version.remove_prefix(std::min(version.find_first_of("0123456789"), version.size())); // TLSv1.3
    const unsigned char* alpn = nullptr;
    unsigned alpn_size = 0;
    SSL_get0_alpn_selected(native, &alpn, &alpn_size);
    events.on_connected({SSL_session_reused(native) == 1, version, {reinterpret_cast<const char*>(alpn), alpn_size}});
    // With the end of the handshake more may have come.
    end_turn(events, events_ == nullptr ? std::nullopt : take_in(events));
}

// What the peer says is the end of a connection, unless it did not even accept the handshake. Under TLS 1.3 a server
// reads the client's last words of it after the client takes the connection to be up, and with them the request
// (RFC 8446 section 4.4.2.4); under TLS 1.2 both know that it is up.
void tls_transport::ended_by_error(transport_events& events)
{
    const error_code why = stream_->why();
    suspect_ticket();
    const auto alert = alert_of(why);
    if (!answering_ && alert && refuses_handshake(*alert) && SSL_version(stream_->native()) >= TLS1_3_VERSION)
        return events.on_refused(
            {errc::tls_failed, refusal_text(where(), *alert, own_side_of(stream_->native())), why});
    events.on_end(false, why);
}

// A resumed connection that comes to nothing: the next one is to begin anew.
void tls_transport::suspect_ticket() noexcept
{
    if (!answering_ && SSL_session_reused(stream_->native()) == 1)
        context_->drop_tickets();
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
        return asio::post(executor_, [self = shared_from_this()] {
            if (self->events_ != nullptr)
                self->receive();
        });
    case outcome::needs_bytes:
    case outcome::needs_write:
        return wait_for(*next, &tls_transport::receive);
    case outcome::ended:
    case outcome::failed:
        break;
    }
}

// A server answers each request with a record of its own or two: several are read before any is looked at, and no more
// than a part of what has come. `done`: there is no more room, or there may be more to read.
tls_stream::outcome tls_transport::fill()
{
    const std::size_t enough = std::min(input_.size(), end_ + part_of_input);
    while (end_ < enough) {
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
    writing_ = asked_ = true;
    const auto over = push();
    if (!over)
        return;
    if (!over->failed())
        return stop_writing();
    asio::post(executor_, [self = shared_from_this(), ec = *over] {
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
    cleanse(output_.data(), output_.size()); // a token may be replaced long before the next request overwrites it
    output_.clear();
}

void tls_transport::close()
{
    const auto self = shared_from_this();
    events_ = nullptr;
    if (connector_)
        connector_->cancel();
    if (!stream_)
        return;
    if (asked_)
        suspect_ticket();
    // close_notify goes out if it can at once; waiting for the peer's is what closing the socket cuts short (RFC 8446
    // section 6.1 allows it).
    if (!writing_)
        stream_->say_goodbye();
    error_code ignored; // nothing is left to do with it
    stream_->socket().close(ignored);
}

} // namespace

tls_transport_source::tls_transport_source(asio::any_io_executor executor, std::shared_ptr<tls_context> context,
                                           endpoint server, std::size_t buffer_bytes,
                                           std::shared_ptr<const proxy_route> proxy)
    : executor_(std::move(executor)),
      context_(std::move(context)),
      server_(std::move(server)),
      buffer_bytes_(buffer_bytes),
      proxy_(std::move(proxy))
{
}

std::shared_ptr<transport> tls_transport_source::make(transport_events& events)
{
    return std::make_shared<tls_transport>(executor_, context_, server_, buffer_bytes_, proxy_, events);
}

} // namespace venice_keys::net
