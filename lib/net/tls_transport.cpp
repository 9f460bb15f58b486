#include "net/tls_transport.hpp"

#include "net/race.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace venice_keys::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

class tls_transport final : public transport, public std::enable_shared_from_this<tls_transport> {
public:
    tls_transport(const asio::any_io_executor& executor, std::shared_ptr<tls_context> context, endpoint server,
                  std::size_t buffer_bytes, transport_events& events)
        : context_(std::move(context)),
          server_(std::move(server)),
          events_(&events),
          resolver_(executor),
          stream_(tcp::socket(executor), context_->native()),
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
    enum class stage { resolving, connecting, handshaking, open };

    [[nodiscard]] std::string where() const { return server_.host + ":" + std::to_string(server_.port); }

    void start_race(std::vector<tcp::endpoint> addresses);
    void start_handshake(tcp::socket socket);
    void handshaken(error_code ec);
    // Without a detail the phase is named.
    void connect_failed(std::string detail, error_code cause, bool certificate = false);
    void read();
    void received(error_code ec, std::size_t size);
    void fill();
    void written(error_code ec);

    std::shared_ptr<tls_context> context_;
    endpoint server_;
    transport_events* events_; // null once closed
    stage stage_ = stage::resolving;
    tcp::resolver resolver_;
    std::shared_ptr<race> race_;
    asio::ssl::stream<tcp::socket> stream_;
    std::vector<char, cleansing_allocator<char>> input_; // a new key passes through it
    std::size_t begin_ = 0;                              // of the bytes not yet taken
    std::size_t end_ = 0;
    secret_bytes output_;
    bool writing_ = false;
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
                                    return self->connect_failed({}, failed);
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

void tls_transport::start_race(std::vector<tcp::endpoint> addresses)
{
    stage_ = stage::connecting;
    // Weak, because this object owns the race: no cycle.
    race_ = std::make_shared<race>(stream_.get_executor(), std::move(addresses),
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
    stream_.next_layer() = std::move(socket);
    error_code ignored; // without it small writes are only slower
    stream_.next_layer().set_option(tcp::no_delay(true), ignored);
    if (auto ready = context_->prepare(stream_.native_handle()); !ready)
        return connect_failed(ready.error().detail, ready.error().cause);
    stream_.async_handshake(asio::ssl::stream_base::client,
                            [self = shared_from_this()](error_code ec) { self->handshaken(ec); });
}

void tls_transport::handshaken(error_code ec)
{
    if (events_ == nullptr)
        return;
    SSL* const native = stream_.native_handle();
    if (ec) {
        const long verdict = SSL_get_verify_result(native);
        if (verdict != X509_V_OK && SSL_get_verify_mode(native) != SSL_VERIFY_NONE)
            return connect_failed("the certificate of " + where() +
                                      " can't be trusted: " + X509_verify_cert_error_string(verdict),
                                  ec, true);
        return connect_failed({}, ec);
    }
    if (auto checked = context_->check_peer(native); !checked)
        return connect_failed(std::move(checked).error().detail, {}, true);
    stage_ = stage::open;
    const auto self = shared_from_this();
    transport_events* const events = events_;
    std::string_view version = SSL_get_version(native);
    version.remove_prefix(std::min(version.find_first_of("0123456789"), version.size())); // TLSv1.3
    events->on_connected({SSL_session_reused(native) == 1, version});
    if (events_ != nullptr)
        read();
    events->on_turn_end();
}

void tls_transport::connect_failed(std::string detail, error_code cause, bool certificate)
{
    const auto self = shared_from_this();
    transport_events* const events = events_;
    connect_phase at = phase();
    events->on_connect_failed({at.failure, detail.empty() ? std::move(at.text) : std::move(detail), cause},
                              certificate);
    events->on_turn_end();
}

void tls_transport::read()
{
    if (begin_ == end_)
        begin_ = end_ = 0;
    if (end_ == input_.size()) {
        if (begin_ == 0)
            return events_->on_overflow();
        std::memmove(input_.data(), input_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    stream_.async_read_some(asio::buffer(input_.data() + end_, input_.size() - end_),
                            [self = shared_from_this()](error_code ec, std::size_t size) { self->received(ec, size); });
}

void tls_transport::received(error_code ec, std::size_t size)
{
    if (events_ == nullptr)
        return;
    transport_events* const events = events_;
    end_ += size;
    if (ec) {
        // What was received before the end has been handed over already.
        events->on_end(ec == asio::error::eof, ec);
    } else {
        fill();
        begin_ += events->on_bytes({input_.data() + begin_, end_ - begin_});
        // The end may have come with the last bytes: known at once, no other request goes out to nowhere.
        if (events_ != nullptr && (SSL_get_shutdown(stream_.native_handle()) & SSL_RECEIVED_SHUTDOWN) != 0)
            events->on_end(true, asio::error::eof);
        else if (events_ != nullptr)
            read();
    }
    events->on_turn_end();
}

// Takes what OpenSSL has in memory already: a server answers each request with a record of its own, and a round through
// the event loop for each would cost more than the decryption.
void tls_transport::fill()
{
    while (end_ < input_.size()) {
        const auto room = static_cast<int>(std::min<std::size_t>(input_.size() - end_, 1U << 20));
        const int more = SSL_read(stream_.native_handle(), input_.data() + end_, room);
        if (more <= 0) {
            ERR_clear_error(); // whatever it is, the next read meets it again
            return;
        }
        end_ += static_cast<std::size_t>(more);
    }
}

void tls_transport::write()
{
    writing_ = true;
    asio::async_write(stream_, asio::buffer(output_),
                      [self = shared_from_this()](error_code ec, std::size_t) { self->written(ec); });
}

void tls_transport::written(error_code ec)
{
    writing_ = false;
    output_.clear();
    if (events_ == nullptr)
        return;
    transport_events* const events = events_;
    events->on_written(ec);
    events->on_turn_end();
}

void tls_transport::close()
{
    events_ = nullptr;
    resolver_.cancel();
    if (race_)
        std::exchange(race_, nullptr)->cancel();
    // The shutdown's first step hands close_notify to the socket at once when there is room; waiting for the peer's is
    // what closing the socket cuts short (RFC 8446 section 6.1 allows it).
    if (stage_ == stage::open && !writing_)
        stream_.async_shutdown([self = shared_from_this()](error_code) {});
    error_code ignored; // nothing is left to do with it
    stream_.next_layer().close(ignored);
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
