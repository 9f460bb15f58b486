// What becomes of calls that get no answer or are not sent: which are replayed, and how the others end.
#include "pool/pool.hpp"

#include "model/bare_error.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::detail {

// The answer to one request will not come, but the connection goes on.
void pool::on_lost(session& there, wire::slot& who, wire::conversation::fate how, error why)
{
    using wire::conversation;
    auto& which = static_cast<connection&>(there);
    call& asked = to_call(who);
    const time_point now = clocks_.now();
    const bool processed = how != conversation::fate::not_processed;
    const bool abandoned = asked.where() == wire::slot::state::abandoned;
    settings_.report.ended(which, asked, nullptr, why.why(), now);
    tokens().sent_forgotten(asked);
    asked.attempt_ended(processed ? delivery::sent_unanswered : delivery::not_sent, processed);
    // The request was above the limit that the server's SETTINGS have set since: it was sent too early.
    const bool hasty = how == conversation::fate::refused && which.usable() && which.in_flight() >= which.capacity();
    // The orderly end of a connection that has accepted something says nothing about this request either.
    if (!hasty && (processed || !which.has_accepted()))
        asked.charged_.refused();
    // The next connection may fare no better, so it is not opened at once.
    if (!processed && !which.has_accepted() && now >= backoff_.not_before())
        backoff_.failed(now);
    owes_less(which);
    if (abandoned)
        return leave(asked);
    // An answer that is too large would be too large again. The peer's word that it did not act on a request is good
    // enough only if the request may be replayed.
    const bool allowed = !processed || (asked.rule().may_replay && why.code != errc::reply_too_large);
    // After a refusal because of the protocol no pause is needed, for the next connection speaks another one.
    const bool at_once = !processed || hasty || how == conversation::fate::outdated;
    const auto pause = at_once ? std::chrono::microseconds(0) : jitter_.after(asked.charged_.charged());
    if (!allowed || !asked.charged_.left(settings_.retry.max_attempts) || now + pause >= asked.deadline())
        return end(asked, std::move(why));
    asked.note_trouble(why);
    asked.unanswered_ = true;
    settings_.report.retry_scheduled(asked, pause, why.why(), 0);
    at_once ? admission_.requeue(asked) : admission_.pause(asked, now + pause);
}

// Sends nothing new for a while, and then half as much at a time.
void pool::on_calm(session& which)
{
    const time_point now = clocks_.now();
    if (!calm_until_)
        streams_.broken(which.capacity() != 0 ? which.capacity() : expected_room_); // 0 while it is ending
    calm_until_ = now + calm_pause;
    for (const auto& each : sessions_)
        take_back(*each);
}

// Drains the connections whose protocol the server no longer wants. New ones may speak another.
void pool::on_outdated(session& there)
{
    const std::string_view outdated = there.protocol();
    for (std::size_t i = sessions_.size(); i-- != 0;)
        if (sessions_[i]->usable() && sessions_[i]->protocol() == outdated)
            drain(*sessions_[i], "the server asked for an older protocol");
}

// Owed answers may still come, but requests that were not written need not wait for them.
void pool::on_ending(session& there)
{
    auto& which = static_cast<connection&>(there);
    changed(which);
    take_back(which);
}

void pool::on_closed(session& there, error why)
{
    auto& which = static_cast<connection&>(there);
    changed(which);
    if (trial_.on(which) && trial_.closed(clocks_.now()))
        settings_.report.pipelining(pipelining_.state());
    take_out(which);
    if (which.never_opened()) {
        --connecting_;
        settings_.report.failed(which, why, clocks_.now());
        connect_failed(which, why);
    } else {
        settings_.report.closed(which, why, which.owed(), clocks_.now());
        if (const auto since = which.stalled_since())
            stalled_since_ = std::max(stalled_since_.value_or(*since), *since);
        which.refused() ? turned_away(which, why) : lost(which, why);
    }
}

// The server refused the handshake, so it has read nothing of what was handed to the socket. If other connections are
// open, the calls go there: one backend of several may refuse, or the certificate may have expired since.
void pool::turned_away(connection& which, const error& why)
{
    const bool elsewhere = usable() != 0;
    wire::slot_list lost;
    end_written(which, delivery::not_sent, why, why, [&](call& each, bool /*is_front*/) {
        each.charged_.refused();
        if (!elsewhere || !each.charged_.left(settings_.retry.max_attempts))
            return end(each, copy_or_bare(why));
        each.note_trouble(why);
        lost.push_back(each);
    });
    take_back(which);
    requeue(lost);
    connect_failed(which, why);
}

// Puts calls in front of those that wait, in the order of the list.
void pool::requeue(wire::slot_list& calls)
{
    while (!calls.empty()) {
        call& last = to_call(calls.back());
        calls.pop_back();
        admission_.requeue(last);
    }
}

void pool::lost(connection& which, const error& why)
{
    const std::size_t owed = which.owed();
    const auto how = which.has_answered() ? policy::loss::after_answers : policy::loss::no_answer;
    const time_point now = clocks_.now();
    const bool in_vain = how == policy::loss::no_answer && (owed != 0 || which.ended_by_peer());
    if (in_vain || why.code != errc::connection_lost) {
        last_connect_error_ = why;
        // Connections that are lost side by side count as one failure.
        if (now >= backoff_.not_before())
            backoff_.failed(now);
    }
    careful_ = careful_ || owed != 0;
    take_back(which);
    if (owed == 0)
        return;
    ++counters_.connections_lost;
    unanswering_lost_ = unanswering_lost_ || (how == policy::loss::no_answer && why.code == errc::connection_lost);
    const bool was_pipelined = replay(which, how, why);
    if (!was_pipelined || !which.in_order() || pipelining_.state() != pipelining_state::works)
        return;
    pipelining_.broken(!which.answered_behind_, now);
    if (pipelining_.state() != pipelining_state::works)
        settings_.report.pipelining(pipelining_.state());
}

// Ends the calls that may not be sent again, and queues the others, in order, in front of those that were not written.
// Returns whether any of them was sent behind another.
bool pool::replay(connection& on, policy::loss how, const error& why)
{
    // A wrong answer is the trouble of the request in front; those behind it lost their connection.
    const error others = why.code == errc::connection_lost
                             ? why
                             : error(errc::connection_lost, "the connection was given up: " + why.code.message() +
                                                                (why.detail.empty() ? "" : ": " + why.detail));
    const bool affordable = budget_.spend(how);
    wire::slot_list lost;
    const bool any_behind = end_written(on, delivery::sent_unanswered, why, others, [&](call& each, bool is_front) {
        const error& trouble = is_front ? why : others;
        // A wrong answer is charged to its request, even on a connection that has answered others.
        const bool at_fault = is_front && why.code != errc::connection_lost;
        each.charged_.lost(at_fault ? policy::loss::no_answer : how);
        // An answer that is too large would be so again.
        const bool in_vain = is_front && why.code == errc::reply_too_large;
        if (in_vain || !affordable || !each.rule().may_replay || !each.charged_.left(settings_.retry.max_attempts))
            return end(each, copy_or_bare(trouble));
        each.note_trouble(trouble);
        settings_.report.retry_scheduled(each, {}, trouble.why(), 0);
        lost.push_back(each);
    });
    requeue(lost);
    return any_behind;
}

// Lets a call go that has its result, or that is abandoned and owed nothing any more.
void pool::leave(call& which)
{
    admission_.let_next_change_go(which);
    ended_.push_back(which);
}

call* pool::take_ended() noexcept
{
    if (ended_.empty())
        return nullptr;
    call& first = to_call(ended_.front());
    ended_.pop_front();
    return &first;
}

void pool::end(call& which, error why)
{
    if (!why.cause)
        why.cause = which.last_code();
    why.delivery = which.delivery_;
    why.attempts = which.ended_attempts_;
    which.set_failure(std::move(why));
    leave(which);
}

void pool::end_all(wire::slot_list& calls, const error& why)
{
    while (!calls.empty()) {
        call& each = to_call(calls.front());
        calls.pop_front();
        end(each, copy_or_bare(why));
    }
}

// The retry budget is asked when a pause is over, so that what has happened meanwhile counts.
void pool::resume_paused(time_point now)
{
    while (call* const which = admission_.due(now)) {
        if (budget_.spend()) {
            admission_.requeue(*which);
            continue;
        }
        if (which->unanswered_) {
            const auto last = which->last_code(); // empty when there was no memory to note it
            const auto why = last.failed() ? static_cast<errc>(last.value()) : errc::connection_lost;
            end(*which, error(why, std::string(which->last_trouble()) + (which->last_trouble().empty() ? "" : "; ") +
                                       "no retry is left in config::retry.budget"));
            continue;
        }
        leave(*which);
    }
}

bool pool::end_unservable(time_point now)
{
    bool any = false;
    error why;
    while (call* const which = tokens().unservable(why, now)) {
        end(*which, std::move(why));
        any = true;
    }
    return any;
}

void pool::close(const error& why)
{
    wanted_ = 0;
    const auto end_it = [&](call& each, bool /*is_front*/) {
        end(each, copy_or_bare(why));
    };
    while (!sessions_.empty()) {
        const std::unique_ptr<connection> last = std::move(sessions_.back());
        sessions_.pop_back();
        last->close();
        changed(*last);
        take_back(*last);
        if (!last->never_opened())
            settings_.report.closed(*last, why, last->owed(), clocks_.now());
        end_written(*last, delivery::sent_unanswered, why, why, end_it);
    }
    for (const auto& each : closed_) { // some still have calls if memory ran out when they closed
        take_back(*each);
        end_written(*each, delivery::sent_unanswered, why, why, end_it);
    }
    reserved_ = nullptr;
    connecting_ = 0;
    round_size_ = 0;
    stalled_since_.reset();
    trial_.end();
    for (wire::slot_list rest = admission_.take_all(); !rest.empty(); rest = admission_.take_all())
        end_all(rest, why);
}

} // namespace venice_keys::detail
