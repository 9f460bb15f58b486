#include "session/session.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace venice_keys::detail {

using wire::conversation;

namespace {

const char* words_for(conversation::lateness why) noexcept
{
    switch (why) {
    case conversation::lateness::silent:
        return "the server owed an answer and sent no byte for config::stall_timeout";
    case conversation::lateness::slow:
        return "an answer was not complete within config::answer_timeout";
    case conversation::lateness::unwanted:
        return "an answer that nobody waits for any more was not complete within config::stall_timeout";
    }
    return "";
}

} // namespace

session::session(net::transport_source& source, const session_limits& limits, clock now, listener& owner,
                 std::uint64_t number)
    : limits_(limits),
      now_(std::move(now)),
      owner_(owner),
      source_(source),
      transport_(source.make(*this)),
      number_(number)
{
}

session::~session()
{
    close();
}

void session::open()
{
    since_ = began_ = now_();
    try {
        transport_->connect();
    } catch (const boost::system::system_error& thrown) { // such as when there is no thread to resolve on
        not_started_ = thrown.code();
    } catch (const std::bad_alloc&) {
        not_started_ = make_error_code(boost::system::errc::not_enough_memory);
    }
}

time_point session::deadline() const noexcept
{
    switch (stage_) {
    case stage::connecting:
        return not_started_ ? since_ : since_ + limits_.connect_timeout;
    case stage::open: {
        const time_point next = talk_->deadline();
        return owed() == 0 ? std::min(next, since_ + limits_.idle_timeout) : next;
    }
    case stage::closed:
        break;
    }
    return time_point::max();
}

void session::tick(time_point now)
{
    if (stage_ == stage::closed || now < deadline())
        return;
    if (stage_ == stage::connecting) {
        const net::connect_phase at = transport_->phase();
        if (not_started_)
            return fail({at.failure, at.text + " could not be started", not_started_});
        return fail({at.failure, at.text + " took longer than config::connect_timeout"});
    }
    (void)hear({}, now);
    if (closed())
        return;
    const bool was_usable = usable();
    if (const auto late = talk_->tick(now)) {
        stalled_since_ = late->dead_since;
        return fail({errc::connection_lost, words_for(late->why)});
    }
    if (was_usable && !usable())
        owner_.on_ending(*this);
    if (owed() == 0 && now >= since_ + limits_.idle_timeout)
        return fail({errc::connection_lost, "the connection was idle for config::idle_timeout"});
    if (wants_write())
        owner_.on_wants_write(*this);
}

void session::close()
{
    if (stage_ == stage::closed)
        return;
    stage_ = stage::closed;
    transport_->close();
}

void session::on_connected(const net::connection_facts& how)
{
    talk_ = wire::make_conversation(how.alpn,
                                    {limits_.reply, {limits_.stall_timeout, limits_.answer_timeout}, limits_.streams});
    stage_ = stage::open;
    opened_ = true;
    since_ = opened_at_ = heard_at_ = now_();
    owner_.on_open(*this, how);
    if (wants_write())
        owner_.on_wants_write(*this);
}

void session::on_connect_failed(error why, net::outlook next)
{
    outlook_ = next;
    fail(std::move(why));
}

std::size_t session::on_bytes(std::string_view bytes)
{
    const time_point now = now_();
    if (!bytes.empty()) {
        const auto since = talk_->silent_since();
        silence_ended_ = since ? std::optional(now - *since) : std::nullopt;
        heard_at_ = now;
        suspected_ = false;
    }
    return hear(bytes, now);
}

std::size_t session::hear(std::string_view bytes, time_point now)
{
    const bool was_usable = usable();
    std::size_t taken = 0;
    for (;;) {
        const auto next = talk_->receive(bytes.substr(taken), now);
        taken += next.consumed;
        const auto wishes = talk_->take_wishes();
        const bool goes_on = follow(next);
        if (wishes.fewer_requests)
            owner_.on_calm(*this);
        if (wishes.older_protocol) {
            source_.offer_oldest_alone();
            owner_.on_outdated(*this);
        }
        if (!goes_on || closed())
            return taken;
        if (next.what == conversation::action::read)
            break;
        since_ = now;
    }
    if (was_usable && !usable())
        owner_.on_ending(*this);
    if (wants_write())
        owner_.on_wants_write(*this);
    return taken;
}

void session::on_overflow()
{
    fail({errc::reply_too_large, "a part of an answer is larger than config::max_header_bytes allows"});
}

void session::on_end(bool clean, boost::system::error_code cause)
{
    ended_by_peer_ = true;
    for (;;) {
        const auto next = talk_->end_of_stream(clean);
        if (next.what == conversation::action::fail)
            talk_->why().cause = cause;
        if (!follow(next))
            return;
        if (next.what == conversation::action::read)
            break;
    }
    fail({errc::connection_lost, "the server closed the connection", cause});
}

void session::on_written(boost::system::error_code cause)
{
    if (!cause.failed())
        return;
    write_failed_ = true;
    // What the server sent before it stopped listening may still be read, and the reading side finds the end. With
    // nothing to read, it might not look for it before config::idle_timeout.
    if (owed() == 0) {
        ended_by_peer_ = true;
        fail({errc::connection_lost, "the connection takes no more requests", cause});
    } else {
        owner_.on_ending(*this);
    }
}

bool session::follow(const conversation::step& next)
{
    switch (next.what) {
    case conversation::action::read:
        return true;
    case conversation::action::answer: {
        error why;
        if (answered(*next.who, *next.answer, why) == attribution::mismatch) {
            talk_->put_back(*next.who);
            fail(std::move(why));
        }
        break;
    }
    case conversation::action::lost:
        owner_.on_lost(*this, *next.who, next.how, std::move(talk_->why()));
        break;
    case conversation::action::close:
        ended_by_peer_ = true;
        fail(std::move(talk_->why()));
        return false;
    case conversation::action::fail:
        fail(std::move(talk_->why()));
        return false;
    }
    if (closed())
        return false;
    if (talk_->ended()) {
        ended_by_peer_ = true;
        fail({errc::connection_lost, has_answered() ? "the server closed the connection after an earlier answer"
                                                    : "the server closed the connection"});
    } else if (write_failed_ && owed() == 0) {
        fail({errc::connection_lost, "the connection takes no more requests"});
    }
    return !closed();
}

// A slot whose answer could not be read for lack of memory is not lost: it is still owed its answer.
session::attribution session::answered(wire::slot& who, wire::reply& answer, error& why)
{
    try {
        return owner_.on_answer(*this, who, answer, why);
    } catch (const std::bad_alloc&) {
        if (!who.is_linked())
            talk_->put_back(who);
        throw;
    }
}

void session::fail(error why)
{
    if (stage_ == stage::closed)
        return;
    // A refusal that can't be read to its end is still a refusal: its status says what became of the request.
    while (talk_) {
        const auto refused = talk_->take_refused();
        if (refused.who == nullptr)
            break;
        refused.answer->broken = &why;
        error mismatch;
        if (answered(*refused.who, *refused.answer, mismatch) == attribution::mismatch)
            talk_->put_back(*refused.who);
        else if (why.code != errc::connection_lost) // the fault of that answer does not concern the other slots
            why = error(errc::connection_lost, "the connection was given up: " + why.code.message() +
                                                   (why.detail.empty() ? "" : ": " + why.detail));
    }
    close();
    owner_.on_closed(*this, std::move(why));
}

} // namespace venice_keys::detail
