#include "net/attempt.hpp"

#include "net/certificate_fault.hpp"
#include "net/connect_fault.hpp"
#include "net/plain_stream.hpp"
#include "net/tls_alert.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/x509.h>

#include <new>
#include <utility>

namespace venice_keys::net {

namespace asio = boost::asio;
using boost::system::error_code;

attempt::attempt(const turn_executor& turns, std::shared_ptr<tls_context> context, tcp::endpoint address,
                 std::string where, std::shared_ptr<const proxy_route> proxy, callback done)
    : turns_(turns),
      context_(std::move(context)),
      address_(std::move(address)),
      where_(std::move(where)),
      proxy_(std::move(proxy)),
      done_(std::move(done)),
      socket_(turns.executor())
{
}

void attempt::cancel() noexcept
{
    done_ = nullptr;
    error_code ignored; // the socket is given up anyway
    socket_.close(ignored);
    if (link_ || stream_)
        link().socket().close(ignored);
}

tls_context& attempt::context() const noexcept
{
    return at_ == stage::proxy_handshake ? *proxy_->tls : *context_;
}

std::string attempt::peer() const
{
    return at_ == stage::handshake && proxy_ ? proxy_->target + " (through " + where_ + ")" : where_;
}

connect_phase attempt::phase() const
{
    switch (at_) {
    case stage::connecting:
        break;
    case stage::asking:
        return {errc::connect_failed, "asking " + where_ + " for " + proxy_->target};
    case stage::proxy_handshake:
    case stage::handshake:
        return {errc::tls_failed, "the TLS handshake with " + peer()};
    }
    return {errc::connect_failed, "connecting to " + where_};
}

// What Asio and the allocator throw is a failure of this attempt; otherwise it would come out of the executor's run().
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
        failure_ = {error(phase().failure, connect_fault(phase().text, thrown.code()), thrown.code())};
    } catch (const std::bad_alloc&) {
        const bool in_tls = at_ == stage::proxy_handshake || at_ == stage::handshake;
        failure_ = {error(in_tls ? errc::tls_failed : errc::connect_failed, "memory ran out",
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

void attempt::start()
{
    at_ = stage::connecting;
    socket_.async_connect(address_, turns_.in_turn<error_code>([self = shared_from_this()](error_code ec) {
        self->take([&] { return self->connected(ec); });
    }));
}

attempt::progress attempt::connected(error_code ec)
{
    if (ec)
        return fail({}, ec);
    // From here on a failure belongs to the next stage.
    at_ = stage::handshake;
    if (proxy_)
        at_ = proxy_->tls ? stage::proxy_handshake : stage::asking;
    socket_.set_option(tcp::no_delay(true), ec); // if this fails, small writes are only slower
    socket_.non_blocking(true, ec);
    if (ec)
        return fail({}, ec);
    records_.resize(record_bytes);
    if (at_ == stage::asking)
        return begin_asking(std::make_unique<plain_stream>(std::move(socket_)));
    return begin_handshake(std::make_unique<tls_stream>(std::move(socket_), context().native().native_handle()));
}

attempt::progress attempt::begin_handshake(std::unique_ptr<tls_stream> over)
{
    stream_ = std::move(over);
    const bool with_server = at_ == stage::handshake;
    if (auto ready = context().prepare(stream_->native(), with_server && with_ticket_); !ready)
        return fail(std::move(ready.error().detail), ready.error().cause, outlook::permanent);
    if (with_server)
        with_ticket_ = SSL_get_session(stream_->native()) != nullptr;
    return shake_hands();
}

attempt::progress attempt::shake_hands()
{
    switch (const auto how = stream_->handshake()) {
    case byte_layer::outcome::needs_bytes:
    case byte_layer::outcome::needs_write:
        return wait_for(how, &attempt::shake_hands);
    case byte_layer::outcome::done:
        return check_peer();
    case byte_layer::outcome::ended:
    case byte_layer::outcome::failed:
        break;
    }
    return handshake_failed();
}

attempt::progress attempt::wait_for(byte_layer::outcome what, progress (attempt::*step)())
{
    if (what == byte_layer::outcome::needs_write) {
        // If something is wrong with the socket, the next write reports it.
        link().socket().async_wait(tcp::socket::wait_write,
                                   turns_.in_turn<error_code>([self = shared_from_this(), step](error_code) {
                                       self->take([&] { return ((*self).*step)(); });
                                   }));
        return progress::waits;
    }
    link().socket().async_read_some(
        asio::buffer(records_),
        turns_.in_turn<error_code, std::size_t>([self = shared_from_this(), step](error_code ec, std::size_t size) {
            self->take([&] {
                if (ec)
                    self->link().feed_end(ec);
                self->link().feed({self->records_.data(), size});
                return ((*self).*step)();
            });
        }));
    return progress::waits;
}

attempt::progress attempt::handshake_failed()
{
    SSL* const native = stream_->native();
    const error_code cause = stream_->why() ? stream_->why() : error_code(asio::error::eof);
    const long verified = SSL_get_verify_result(native);
    if (verified != X509_V_OK && SSL_get_verify_mode(native) != SSL_VERIFY_NONE) {
        // The peer's own certificate is the first of these; SSL_get0_peer_certificate() has only trusted ones.
        STACK_OF(X509)* const shown = SSL_get_peer_cert_chain(native);
        const X509* const first = shown == nullptr || sk_X509_num(shown) == 0 ? nullptr : sk_X509_value(shown, 0);
        return fail(certificate_fault(peer(), context().host(), verified, first, context().trusted()), cause,
                    outlook::permanent);
    }
    // The ticket may be all that is wrong: a server without a session id context fails every handshake that offers one,
    // whichever ticket it is.
    if (offers_ticket()) {
        with_ticket_ = false;
        context_->drop_tickets();
        stream_.reset();
        start(); // a proxy is asked anew as well
        return progress::waits;
    }
    return refused_or(cause);
}

// When the peer rejects our side of a handshake, another attempt would be rejected as well.
attempt::progress attempt::refused_or(error_code cause)
{
    const auto alert = alert_of(cause);
    if (!alert && speaks_no_tls(cause))
        return fail(no_tls_text(peer(), at_ == stage::proxy_handshake), cause);
    if (!alert || !refuses_handshake(*alert))
        return fail({}, cause);
    own_certificate ours;
    if (stream_)
        ours = own_side_of(stream_->native());
    ours.never = at_ != stage::handshake;
    at_ = ours.never ? stage::proxy_handshake : at_;
    return fail(refusal_text(peer(), *alert, ours), cause, outlook::permanent);
}

attempt::progress attempt::check_peer()
{
    if (auto checked = context().check_peer(stream_->native()); !checked)
        return fail(std::move(checked.error().detail), {}, outlook::permanent);
    if (at_ == stage::handshake)
        return progress::done;
    at_ = stage::asking;
    return begin_asking(std::move(stream_));
}

attempt::progress attempt::begin_asking(std::unique_ptr<byte_layer> link)
{
    link_ = std::move(link);
    answer_ = {};
    request_ = connect_request(proxy_->target, proxy_->authorization);
    return ask();
}

attempt::progress attempt::ask()
{
    const auto how = link_->write({request_.data(), request_.size()});
    if (how != byte_layer::outcome::done)
        return link_failed_or_waits(how, &attempt::ask);
    cleanse(request_.data(), request_.size());
    request_.clear();
    return hear_answer();
}

// Reads a byte at a time, so that none is taken that belongs to the server.
attempt::progress attempt::hear_answer()
{
    while (answer_.state() == connect_answer::outcome::unfinished) {
        char next = 0;
        std::size_t got = 0;
        if (const auto how = link_->read(&next, 1, got); how != byte_layer::outcome::done)
            return link_failed_or_waits(how, &attempt::hear_answer);
        (void)answer_.take({&next, got});
    }
    if (answer_.state() != connect_answer::outcome::established) {
        failure_ = proxy_->refusal(answer_, where_);
        return progress::failed;
    }
    at_ = stage::handshake;
    return begin_handshake(std::make_unique<tls_stream>(std::move(link_), context_->native().native_handle()));
}

attempt::progress attempt::link_failed_or_waits(byte_layer::outcome how, progress (attempt::*step)())
{
    switch (how) {
    case byte_layer::outcome::needs_bytes:
    case byte_layer::outcome::needs_write:
        return wait_for(how, step);
    case byte_layer::outcome::done:
    case byte_layer::outcome::ended:
        return fail({}, asio::error::eof);
    case byte_layer::outcome::failed:
        break;
    }
    // Under TLS 1.3 a proxy checks the end of the handshake only after we take it to be over.
    return refused_or(link_->why());
}

// An empty detail is replaced by the name of the phase.
attempt::progress attempt::fail(std::string detail, error_code cause, outlook next)
{
    connect_phase at = phase();
    if (detail.empty())
        detail = connect_fault(std::move(at.text), cause, address_, proxy_ != nullptr);
    failure_ = {error(at.failure, std::move(detail), cause), next};
    return progress::failed;
}

} // namespace venice_keys::net
