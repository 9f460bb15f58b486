#include "net/attempt.hpp"

#include "net/tls_alert.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/x509.h>

#include <new>
#include <utility>

namespace venice_keys::net {

namespace asio = boost::asio;
using boost::system::error_code;

attempt::attempt(const asio::any_io_executor& executor, std::shared_ptr<tls_context> context, tcp::endpoint address,
                 std::string where, callback done)
    : context_(std::move(context)),
      address_(std::move(address)),
      where_(std::move(where)),
      done_(std::move(done)),
      socket_(executor)
{
}

void attempt::start()
{
    connect();
}

void attempt::cancel() noexcept
{
    done_ = nullptr;
    error_code ignored; // it is being given up
    socket_.close(ignored);
    if (stream_)
        stream_->socket().close(ignored);
}

connect_phase attempt::phase() const
{
    if (shaking_)
        return {errc::tls_failed, "in the TLS handshake with " + where_};
    return {errc::connect_failed, "connecting to " + where_};
}

// What Asio and the allocator throw is a failure of this attempt: thrown on, it would come out of the executor's run().
template <class Step>
void attempt::take(Step step)
{
    const auto self = shared_from_this();
    if (!done_)
        return;
    progress how = progress::failed;
    try {
        how = step();
    } catch (const boost::system::system_error& thrown) {
        failure_ = {error(phase().failure, phase().text, thrown.code())};
    } catch (const std::bad_alloc&) {
        failure_ = {error(shaking_ ? errc::tls_failed : errc::connect_failed, "out of memory",
                          make_error_code(boost::system::errc::not_enough_memory))};
    }
    if (how == progress::waits)
        return;
    const callback done = std::exchange(done_, nullptr);
    if (how == progress::done)
        return done(*this, std::nullopt);
    cancel();
    done(*this, std::move(failure_));
}

void attempt::connect()
{
    shaking_ = false;
    socket_.async_connect(
        address_, [self = shared_from_this()](error_code ec) { self->take([&] { return self->connected(ec); }); });
}

attempt::progress attempt::connected(error_code ec)
{
    if (ec)
        return fail({}, ec);
    shaking_ = true;
    socket_.set_option(tcp::no_delay(true), ec); // without it small writes are only slower
    socket_.non_blocking(true, ec);
    if (ec)
        return fail({}, ec);
    records_.resize(record_bytes);
    stream_ = std::make_unique<tls_stream>(std::move(socket_), context_->native().native_handle());
    if (auto ready = context_->prepare(stream_->native(), with_ticket_); !ready)
        return fail(std::move(ready.error().detail), ready.error().cause, outlook::permanent);
    with_ticket_ = SSL_get_session(stream_->native()) != nullptr;
    return shake_hands();
}

attempt::progress attempt::shake_hands()
{
    switch (const auto how = stream_->handshake()) {
    case tls_stream::outcome::needs_bytes:
    case tls_stream::outcome::needs_write:
        wait_for(how);
        return progress::waits;
    case tls_stream::outcome::done:
        return check_peer();
    case tls_stream::outcome::ended:
    case tls_stream::outcome::failed:
        break;
    }
    return handshake_failed();
}

void attempt::wait_for(tls_stream::outcome what)
{
    if (what == tls_stream::outcome::needs_write) {
        // What is the matter with a socket in trouble, the next write says.
        stream_->socket().async_wait(tcp::socket::wait_write, [self = shared_from_this()](error_code) {
            self->take([&] { return self->shake_hands(); });
        });
        return;
    }
    stream_->socket().async_read_some(asio::buffer(records_),
                                      [self = shared_from_this()](error_code ec, std::size_t size) {
                                          self->take([&] {
                                              if (ec)
                                                  self->stream_->feed_end(ec);
                                              self->stream_->feed({self->records_.data(), size});
                                              return self->shake_hands();
                                          });
                                      });
}

attempt::progress attempt::handshake_failed()
{
    SSL* const native = stream_->native();
    const error_code cause = stream_->why() ? stream_->why() : error_code(asio::error::eof);
    const long verdict = SSL_get_verify_result(native);
    if (verdict != X509_V_OK && SSL_get_verify_mode(native) != SSL_VERIFY_NONE)
        return fail("the certificate of " + where_ + " can't be trusted: " + X509_verify_cert_error_string(verdict),
                    cause, outlook::permanent);
    // A ticket can be all that is wrong: a server without a session id context fails every handshake that offers one.
    // It would do so with each of them.
    if (with_ticket_) {
        with_ticket_ = false;
        context_->drop_tickets();
        stream_.reset();
        connect();
        return progress::waits;
    }
    const auto alert = alert_of(cause);
    if (alert && refuses_handshake(*alert))
        return fail(refusal_text(where_, *alert, own_side_of(native)), cause, outlook::permanent);
    return fail({}, cause);
}

attempt::progress attempt::check_peer()
{
    if (auto checked = context_->check_peer(stream_->native()); !checked)
        return fail(std::move(checked.error().detail), {}, outlook::permanent);
    return progress::done;
}

// Without a detail the phase is named.
attempt::progress attempt::fail(std::string detail, error_code cause, outlook next)
{
    connect_phase at = phase();
    failure_ = {error(at.failure, detail.empty() ? std::move(at.text) : std::move(detail), cause), next};
    return progress::failed;
}

} // namespace venice_keys::net
