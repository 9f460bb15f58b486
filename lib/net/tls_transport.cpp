#include "net/tls_transport.hpp"

#include "net/connector.hpp"
#include "net/tls_alert.hpp"
#include "net/tls_channel.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace venice_keys::net {

namespace {

// Lets the connector connect, and then leaves everything to the channel.
class tls_transport final : public transport,
                            public std::enable_shared_from_this<tls_transport>,
                            private channel_maker {
public:
    tls_transport(const tls_resources& shared, transport_events& events)
        : shared_(shared), events_(&events), channel_(*this, shared.executor, shared.turns, shared.buffer_bytes)
    {
    }

    void connect() override;
    [[nodiscard]] connect_phase phase() const override;
    [[nodiscard]] detail::secret_bytes& output() override { return channel_.output(); }
    [[nodiscard]] bool writing() const override { return channel_.writing(); }
    void write() override { channel_.write(); }
    void close() override;

private:
    void connected(attempt* winner, connect_failure why);
    void on_unanswered_end() noexcept override;
    [[nodiscard]] std::optional<error> refusal(const boost::system::error_code& why) override;
    [[nodiscard]] std::string where() const { return shared_.server.host + ":" + std::to_string(shared_.server.port); }

    tls_resources shared_;
    transport_events* events_;             // null once connected or closed
    std::shared_ptr<connector> connector_; // until connected
    tls_channel channel_;
};

void tls_transport::connect()
{
    // The pointer is weak because this object owns the connector.
    connector_ = std::make_shared<connector>(
        shared_.executor, shared_.context, shared_.server,
        [weak = weak_from_this()](attempt* winner, connect_failure why) {
            const auto self = weak.lock();
            if (self && self->events_ != nullptr)
                self->connected(winner, std::move(why));
        },
        shared_.proxy);
    connector_->start();
}

connect_phase tls_transport::phase() const
{
    return connector_ ? connector_->phase() : connect_phase{errc::connect_failed, "connecting to " + where()};
}

void tls_transport::connected(attempt* winner, connect_failure why)
{
    const auto self = shared_from_this();
    transport_events& events = *std::exchange(events_, nullptr);
    if (winner == nullptr)
        return shared_.turns.turn([&] { events.on_connect_failed(std::move(why.why), why.next); });
    connector_.reset();
    channel_.start(std::shared_ptr<tls_channel>(self, &channel_), std::move(winner->stream()),
                   std::move(winner->records()), events);
}

// A ticket that the server can no longer use may be the only fault, so the next connection begins without one.
void tls_transport::on_unanswered_end() noexcept
{
    if (SSL_session_reused(channel_.native()) == 1)
        shared_.context->drop_tickets();
}

// Under TLS 1.3 a server reads the client's last messages of the handshake, and with them the request, only after the
// client takes the connection to be up (RFC 8446 section 4.4.2.4). Under TLS 1.2 both know that it is up: what the peer
// says then is the end of a connection that it had accepted.
std::optional<error> tls_transport::refusal(const boost::system::error_code& why)
{
    SSL* const native = channel_.native();
    const auto alert = alert_of(why);
    if (!alert || !refuses_handshake(*alert) || SSL_version(native) < TLS1_3_VERSION)
        return std::nullopt;
    return error(errc::tls_failed, refusal_text(where(), *alert, own_side_of(native)), why);
}

void tls_transport::close()
{
    const auto self = shared_from_this();
    events_ = nullptr;
    if (connector_)
        connector_->cancel();
    channel_.close();
}

} // namespace

std::shared_ptr<transport> tls_transport_source::make(transport_events& events)
{
    return std::make_shared<tls_transport>(shared_, events);
}

} // namespace venice_keys::net
