#include "pool/pool.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::detail {

pool::pool(net::transport_source& source, const pool_settings& settings, pool_clocks clocks, std::uint64_t seed)
    : source_(source),
      settings_(settings),
      clocks_(std::move(clocks)),
      admission_(settings.error_budget, settings_.report),
      backoff_(settings.retry.base_delay, settings.retry.max_delay, seed),
      jitter_(settings.retry.base_delay, settings.retry.max_delay, seed + 1),
      pipelining_(settings.pipeline_depth, settings.pipelining),
      streams_(settings.session.streams),
      silence_(settings.session.stall_timeout),
      age_jitter_(settings.max_connection_age / 10, settings.max_connection_age / 10, seed + 2),
      budget_(settings.retry.budget),
      expected_room_(settings.expected_room)
{
    sessions_.reserve(settings.max_connections);
}

pool::~pool()
{
    // The calls belong to their owner, so they are only unlinked.
    ended_.clear();
    for (const auto& each : sessions_) {
        each->close();
        each->take_staged().clear();
        each->take_written().clear();
    }
}

void pool::use_token(account_queues& whose, const secret& token)
{
    // A staged request would be written with the new token, but counted for the old one.
    if (whose.has_token())
        for (const auto& each : sessions_)
            take_back(*each);
    tokens().use_token(whose, token, clocks_.now());
}

bool pool::withdraw(call& which)
{
    if (which.place_ != call::place::session) {
        admission_.leave(which);
        return true;
    }
    if (!which.on_->withdraw(which)) {
        moved(*which.on_);            // what it owes may no longer be exempt from the stall time-out
        if (which.on_->wants_write()) // to cancel the stream
            on_wants_write(*which.on_);
        return false;
    }
    connection& on = *std::exchange(which.on_, nullptr);
    which.place_ = call::place::nowhere;
    trial_.end_on(on);
    update_room(on);
    tokens().sent_forgotten(which);
    admission_.let_next_change_go(which);
    return true;
}

void pool::pump(time_point now)
{
    closed_.clear();
    waits_for_back_off_ = false;
    if (std::exchange(unanswering_lost_, false))
        retire_unanswering();
    resume_paused(now);
    if (wanted_ != 0 && usable() >= wanted_)
        wanted_ = 0; // connections that close from now on are not replaced
    while (sessions_.size() < wanted_ && back_off_allows(now))
        open(); // even if another connection is idle
    do {
        if (!calm_until_) {
            if (creation_last_)
                give_all(now); // otherwise creations, which go first, could keep a connection to themselves
            give_creations(now);
            give_all(now);
        }
    } while (end_unservable(now)); // a call that ends may let a change behind it go
    flush(now);
}

void pool::flush(time_point now)
{
    for (auto at = to_flush_.begin(); at != to_flush_.end();) {
        connection& each = *at++;
        bool behind = each.owed() != 0;
        const std::size_t count = each.flush(now, [&](wire::slot& who) {
            call& which = to_call(who);
            counters_.replays += which.ended_attempts_ != 0 ? 1U : 0U;
            which.behind_ = std::exchange(behind, true);
            if (!settings_.report)
                return;
            which.written_at_ = now;
            settings_.report.started(each, which);
        });
        counters_.requests_written += count;
        counters_.deepest_pipeline = std::max(counters_.deepest_pipeline, each.in_flight());
        moved(each);
        // A connection that is already writing is flushed when that write has ended.
        if (!each.wants_write())
            to_flush_.erase(to_flush_.iterator_to(each));
    }
}

// To be called when the deadline of a connection may be earlier than it was.
void pool::moved(const connection& which) noexcept
{
    if (session_deadline_)
        session_deadline_ = std::min(*session_deadline_, deadline_of(which));
}

// To be called when a connection has come, gone, or changed its state.
void pool::changed(connection& which) noexcept
{
    usable_.reset();
    session_deadline_.reset();
    update_room(which);
    if (!which.usable())
        which.connection_hook<wants_write_tag>::unlink();
}

void pool::give_all(time_point now)
{
    trial_.given_first(nullptr);
    while (tokens().ready(policy::request_kind::ordinary, now)) {
        connection* to = with_room();
        // Where answers come in order, an idle connection is best, then a new one, then a place behind other requests.
        // Otherwise a new connection opens only when those that are open are full.
        const bool full = to == nullptr || (to->in_order() && to->in_flight() != 0);
        if (full && may_open(now) && room_to_come() < tokens().ready_calls()) {
            open();
            continue;
        }
        if (to == nullptr && trial_.wants_second(now) &&
            tokens().front(policy::request_kind::ordinary).what() == policy::operation::update)
            to = trial_.begin();
        if (to == nullptr)
            break;
        call& next = tokens().next(policy::request_kind::ordinary);
        const bool first = to->in_flight() == 0 && next.what() == policy::operation::update;
        give(next, *to);
        trial_.given_first(first ? to : nullptr);
    }
}

// Once the answer to a creation is lost, nobody can tell whether it took place. So it has a connection to itself, and
// one that the server is not likely to have given up.
void pool::give_creations(time_point now)
{
    while (tokens().ready(policy::request_kind::creation, now)) {
        connection* const free = connection_for_creation(now);
        if (free == nullptr)
            return;
        reserve(nullptr);
        give(tokens().next(policy::request_kind::creation), *free);
        free->set_exclusive();
        update_room(*free);
    }
    reserve(nullptr);
}

// Returns what has not been written to where it waited.
void pool::take_back(connection& from)
{
    wire::slot_list staged = from.take_staged();
    take_back(from, staged);
    update_room(from);
}

// An answer may allow fewer requests than are staged. Those of a kind with too many go back to where they waited.
void pool::take_back_excess(const token_entry& token, time_point now)
{
    const bool creations = token.state().overfull(policy::request_kind::creation, now);
    const bool others = token.state().overfull(policy::request_kind::ordinary, now);
    if (!creations && !others)
        return;
    for (connection& each : to_flush_) {
        wire::slot_list staged = each.take_staged_if([&](wire::slot& who) {
            const call& which = to_call(who);
            return which.token_ == &token && (which.rule().creates ? creations : others);
        });
        if (staged.empty())
            continue;
        take_back(each, staged);
        update_room(each);
    }
}

void pool::take_back(connection& from, wire::slot_list& staged)
{
    if (!staged.empty())
        trial_.end_on(from);
    while (!staged.empty()) {
        call& last = to_call(staged.back());
        staged.pop_back();
        last.reset();
        last.on_ = nullptr;
        tokens().sent_forgotten(last);
        admission_.requeue(last);
    }
}

void pool::tick(time_point now)
{
    tokens().tick(now);
    session_deadline_.reset();
    if (calm_until_ && now >= *calm_until_)
        calm_until_.reset();
    for (std::size_t i = sessions_.size(); i-- != 0;) {
        connection& each = *sessions_[i];
        each.tick(now); // may remove the session; the object lives until the next pump()
        if (each.closed())
            continue;
        if (now >= slow_at(each))
            suspect(each);
        if (now >= each.drain_at_)
            drain(each, "it is older than config::max_connection_age"); // DNS may know other addresses by now
    }
    trial_.tick(now);
    if (const auto since = std::exchange(stalled_since_, std::nullopt))
        suspect(*since);
}

time_point pool::deadline() const noexcept
{
    if (!session_deadline_) {
        session_deadline_ = time_point::max();
        for (const auto& each : sessions_)
            session_deadline_ = std::min(*session_deadline_, deadline_of(*each));
    }
    time_point earliest = std::min(
        {admission_.deadline(), *session_deadline_, trial_.deadline(), calm_until_.value_or(time_point::max())});
    if (waits_for_back_off_ && (tokens().ready_calls() != 0 || sessions_.size() < wanted_))
        earliest = std::min(earliest, backoff_.not_before());
    return earliest;
}

void pool::on_wants_write(session& which)
{
    auto& self = static_cast<connection&>(which);
    // The peer has lowered its limit: what it does not accept now may go elsewhere.
    if (!self.in_order() && self.staged() != 0 && self.in_flight() > streams_on(self))
        take_back(self);
    if (!self.connection_hook<wants_write_tag>::is_linked())
        to_flush_.push_back(self);
    update_room(self);
}

void pool::give(call& which, connection& to)
{
    which.on_ = &to;
    creation_last_ = which.rule().creates;
    to.submit(which);
    on_wants_write(to);
}

} // namespace venice_keys::detail
