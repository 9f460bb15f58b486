// When a connection is opened, kept, emptied for a creation, no longer trusted, or closed.
#include "pool/pool.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::detail {

std::size_t pool::usable() const noexcept
{
    if (!usable_)
        usable_ =
            static_cast<std::size_t>(std::ranges::count_if(sessions_, [](const auto& each) { return each->usable(); }));
    return *usable_;
}

// After a failure, one connection at a time is tried. While it is too early for that, deadline() says when to go on.
bool pool::back_off_allows(time_point now) noexcept
{
    if (!backoff_.waiting())
        return true;
    if (connecting_ != 0)
        return false;
    waits_for_back_off_ = now < backoff_.not_before();
    return !waits_for_back_off_;
}

bool pool::may_open(time_point now) noexcept
{
    // After a loss, one connection must answer before others open beside it, if it will have room for many requests.
    const auto will_show = [this](const auto& each) {
        return serves(*each) &&
               (each->connecting() || (each->usable() && !each->has_answered() && each->capacity() != 0));
    };
    if (careful_ && expected_room_ > 1 && std::ranges::any_of(sessions_, will_show))
        return false;
    return sessions_.size() < settings_.max_connections && back_off_allows(now);
}

// How many calls the connections that are being opened will take at once.
std::size_t pool::room_to_come() const noexcept
{
    const std::size_t for_a_creation = reserved_ != nullptr && reserved_->connecting() ? 1 : 0;
    return (connecting_ - for_a_creation) * expected_room_ + for_a_creation;
}

// How many requests a connection may have in flight.
std::size_t pool::most_on(const connection& which) const noexcept
{
    if (!which.has_answered() && (careful_ || which.in_order()))
        return 1;
    return which.in_order() ? pipelining_.limit() : streams_on(which);
}

// Whether a connection takes calls that share it, now or when it has come up.
bool pool::serves(const connection& which) const noexcept
{
    return &which != reserved_ && !which.exclusive() && !which.suspected() && !which.draining_;
}

bool pool::has_room(const connection& which) const noexcept
{
    return which.usable() && serves(which) && which.in_flight() < most_on(which);
}

// Puts a connection into the list in which with_room() looks for it.
void pool::update_room(connection& which) noexcept
{
    using enum connection::room;
    const auto fit = !has_room(which) ? none : which.in_flight() == 0 ? idle : busy;
    // Where answers come in order, connections with fewer requests should be found first.
    if (fit == which.room_ && !(fit == busy && which.in_order()))
        return;
    which.connection_hook<has_room_tag>::unlink();
    which.room_ = fit;
    if (fit == idle)
        idle_.push_front(which);
    else if (fit == busy)
        busy_.push_back(which);
}

void pool::update_rooms() noexcept
{
    for (const auto& each : sessions_)
        update_room(*each);
}

// Returns a connection with room, or null. Takes constant time, apart from removing those that have lost their room.
connection* pool::with_room() noexcept
{
    for (auto* const list : {&idle_, &busy_})
        while (!list->empty() && !has_room(list->front()))
            update_room(list->front());
    if (!busy_.empty() && (idle_.empty() || !busy_.front().in_order()))
        return &busy_.front();
    return idle_.empty() ? nullptr : &idle_.front();
}

// Gives a connection no more calls until a creation has it to itself; null ends the reservation.
void pool::reserve(connection* which) noexcept
{
    connection* const before = std::exchange(reserved_, which);
    for (connection* const each : {before, which})
        if (each != nullptr)
            update_room(*each);
}

// The connection that can be emptied for a creation soonest; null when there is none.
connection* pool::least_busy() const noexcept
{
    connection* best = nullptr;
    for (const auto& each : sessions_)
        if (each->usable() && each->in_flight() != 0 && !each->exclusive() && !each->suspected() && !each->draining_ &&
            (best == nullptr || each->in_flight() < best->in_flight()))
            best = each.get();
    return best;
}

// Returns the connection that a creation gets to itself, or null while it has to wait. The pool then makes one free if
// it can.
connection* pool::connection_for_creation(time_point now)
{
    if (reserved_ != nullptr && reserved_->recently_active(now))
        return reserved_;
    const bool any_idle = !idle_.empty() && has_room(idle_.front());
    if (any_idle && idle_.front().recently_active(now))
        return &idle_.front();
    if (reserved_ != nullptr && reserved_->connecting())
        return nullptr;
    // To open a new connection is better than to wait until another is idle.
    const bool full = sessions_.size() >= settings_.max_connections;
    if ((!full || any_idle) && back_off_allows(now)) {
        if (full)
            retire(idle_.front(), "the client closed this idle connection to make room for a new one");
        open();
        reserve(sessions_.back().get());
        return nullptr;
    }
    // The least busy connection takes no more calls, and will be recently active when it is empty.
    if (reserved_ == nullptr || !reserved_->usable() || reserved_->suspected() || reserved_->in_flight() == 0)
        reserve(least_busy());
    return nullptr;
}

void pool::open()
{
    session::listener& events = *this; // the base is private, so make_unique can't convert to it
    sessions_.push_back(std::make_unique<connection>(source_, settings_.session, clocks_.now, events, next_session_++));
    ++connecting_;
    sessions_.back()->open();
    changed(*sessions_.back());
}

// Closes a connection that owes nothing.
void pool::retire(connection& which, const char* why)
{
    trial_.end_on(which);
    settings_.report.closed(which, error(errc::connection_lost, why), 0, clocks_.now());
    which.close();
    changed(which);
    take_out(which);
}

// Takes out a closed connection, but keeps the object until the turn has ended.
void pool::take_out(connection& which)
{
    if (reserved_ == &which)
        reserved_ = nullptr;
    const auto at = std::ranges::find_if(sessions_, [&which](const auto& each) { return each.get() == &which; });
    closed_.push_back(std::move(*at));
    sessions_.erase(at);
}

// To be called when a request on the connection is over.
void pool::owes_less(connection& which)
{
    if (which.draining_ && which.in_flight() == 0)
        return retire(which, which.why_drained_);
    moved(which);
    update_room(which);
}

// A router that has forgotten one connection may have forgotten others, without a sign. So connections that have shown
// no byte since the stalled one fell silent get no requests until they show one. Idle ones are closed: they owe nothing
// that could bring a byte.
void pool::suspect(time_point since)
{
    for (std::size_t i = sessions_.size(); i-- != 0;) {
        connection& each = *sessions_[i];
        if (!each.usable() || each.heard_at() > since)
            continue;
        if (each.owed() != 0) {
            suspect(each);
            continue;
        }
        take_back(each);
        retire(each, "the client closed this connection, which has been silent since before another one stalled");
    }
}

// A server that drops its connections, for example in a restart, drops them one by one. A loss on a connection that has
// answered nothing costs the call an attempt. So idle connections that have answered nothing either are closed, and the
// call does not have to try each of them.
void pool::retire_unanswering()
{
    for (std::size_t i = sessions_.size(); i-- != 0;)
        if (connection& each = *sessions_[i]; each.usable() && !each.has_answered() && each.in_flight() == 0)
            retire(each, "the client closed this idle connection, as another one was lost before it answered anything");
}

// Gives a connection no more requests until it shows a byte. What has not been written goes elsewhere.
void pool::suspect(connection& which)
{
    which.suspect();
    take_back(which);
}

// When a connection will have been silent for much longer than usual. This matters only where a slow answer holds up
// others: those behind it, or, after a loss, all that wait until a connection has answered.
time_point pool::slow_at(const connection& which) const noexcept
{
    if (!which.usable() || which.suspected() || (!which.in_order() && (!careful_ || which.has_answered())))
        return time_point::max();
    const auto since = which.silent_since();
    return since ? *since + silence_.limit() : time_point::max();
}

time_point pool::deadline_of(const connection& which) const noexcept
{
    return std::min({which.deadline(), slow_at(which), which.drain_at_});
}

// Gives a connection no more requests, and closes it when it owes nothing.
void pool::drain(connection& which, const char* why)
{
    if (!which.draining_)
        which.why_drained_ = why;
    which.drain_at_ = time_point::max();
    which.draining_ = true;
    if (reserved_ == &which)
        reserve(nullptr);
    take_back(which);
    if (which.owed() == 0)
        retire(which, which.why_drained_);
}

void pool::on_open(session& there, const net::connection_facts& how)
{
    auto& which = static_cast<connection&>(there);
    --connecting_;
    which.drain_at_ = which.opened_at() + settings_.max_connection_age - age_jitter_.after(1);
    // Until this connection reports its limit, the limit that another one has reported counts as well.
    const bool known = !which.in_order() && expected_room_ > 1;
    expected_room_ = which.in_order() ? 1 : known ? std::min(expected_room_, streams_on(which)) : streams_on(which);
    changed(which);
    ++counters_.connections_opened;
    counters_.multiplexed_connections += which.in_order() ? 0U : 1U;
    counters_.sessions_resumed += how.resumed ? 1U : 0U;
    settings_.report.opened(which, how, clocks_.now());
    last_connect_error_ = {};
    unreachable_ = false;
    round_size_ = 0;
}

void pool::connect_failed(const connection& which, const error& why)
{
    last_connect_error_ = why;
    // Attempts that run side by side fail side by side, and count as one failure.
    if (round_size_ == 0) {
        round_size_ = connecting_;
        backoff_.failed(clocks_.now());
    } else {
        --round_size_;
    }
    // After a failure that may pass, the pool tries again as long as a connection is needed.
    if (!which.permanent())
        return;
    wanted_ = 0;
    unreachable_ = true;
    if (usable() != 0)
        return; // the calls have another connection
    const time_point now = clocks_.now();
    for (wire::slot_list rest = tokens().take_ready(now); !rest.empty(); rest = tokens().take_ready(now))
        end_all(rest, why);
}

} // namespace venice_keys::detail
