// Which connections there are: when one is opened, kept, emptied for a creation, no longer trusted, or closed.
#include "pool/pool.hpp"

#include "model/bare_error.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys {

std::size_t pool::usable() const noexcept
{
    if (!usable_)
        usable_ =
            static_cast<std::size_t>(std::ranges::count_if(sessions_, [](const auto& each) { return each->usable(); }));
    return *usable_;
}

std::size_t pool::connecting() const noexcept
{
    return static_cast<std::size_t>(
        std::ranges::count_if(sessions_, [](const auto& each) { return each->connecting(); }));
}

// After a failure one connection at a time feels its way. Who is told to wait for a time is woken then: deadline().
bool pool::back_off_allows(time_point now) noexcept
{
    if (!backoff_.waiting())
        return true;
    if (connecting() != 0)
        return false;
    waits_for_back_off_ = now < backoff_.not_before();
    return !waits_for_back_off_;
}

bool pool::may_open(time_point now) noexcept
{
    return sessions_.size() < settings_.max_connections && back_off_allows(now);
}

session* pool::most_room() const noexcept
{
    session* best = nullptr;
    for (const auto& each : sessions_) {
        if (!each->usable() || each.get() == reserved_ || each->alone() || each->suspected() ||
            each->in_flight() >= (each->proven() ? depth_.limit() : 1))
            continue;
        if (best == nullptr || each->in_flight() < best->in_flight())
            best = each.get();
        if (best->in_flight() == 0)
            break;
    }
    return best;
}

// The one that can be emptied for a creation soonest; null for none.
session* pool::least_busy() const noexcept
{
    session* best = nullptr;
    for (const auto& each : sessions_)
        if (each->usable() && each->in_flight() != 0 && !each->alone() && !each->suspected() &&
            (best == nullptr || each->in_flight() < best->in_flight()))
            best = each.get();
    return best;
}

// Null: it has to wait, and what it waits for is under way.
session* pool::place_alone(time_point now)
{
    const auto fresh = std::ranges::find_if(sessions_, [&](const auto& each) { return each->fresh(now); });
    if (fresh != sessions_.end())
        return fresh->get();
    if (reserved_ != nullptr && reserved_->connecting())
        return nullptr;
    // A new one is better than to wait until another has nothing more to do.
    const bool full = sessions_.size() >= settings_.max_connections;
    const auto idle = !full ? sessions_.end() : std::ranges::find_if(sessions_, [](const auto& each) {
        return each->usable() && each->in_flight() == 0;
    });
    if ((!full || idle != sessions_.end()) && back_off_allows(now)) {
        if (full)
            retire(**idle, "closed to make room for a new one");
        open();
        reserved_ = sessions_.back().get();
        return nullptr;
    }
    // The one with the least to do takes no more, and is fresh when it is done.
    if (reserved_ == nullptr || !reserved_->usable() || reserved_->suspected() || reserved_->in_flight() == 0)
        reserved_ = least_busy();
    return nullptr;
}

void pool::open()
{
    session::listener& events = *this; // private: make_unique can't convert to it
    sessions_.push_back(std::make_unique<session>(source_, settings_.session, clocks_.now, events, next_session_++));
    sessions_.back()->open();
    changed(*sessions_.back());
}

// Closes a connection that owes nothing.
void pool::retire(session& which, const char* why)
{
    const auto place = std::ranges::find_if(sessions_, [&which](const auto& each) { return each.get() == &which; });
    settings_.report.closed(which, error(errc::connection_lost, why), 0, clocks_.now());
    which.close();
    changed(which);
    if (reserved_ == &which)
        reserved_ = nullptr;
    closed_.push_back(std::move(*place));
    sessions_.erase(place);
}

// A router that has forgotten one connection has forgotten others, and tells nobody. So those that have shown no byte
// since one that stalled fell silent get nothing more to do until they show one; and that does not come from those that
// owe nothing.
void pool::suspect(time_point since)
{
    for (std::size_t i = sessions_.size(); i-- != 0;) {
        session& each = *sessions_[i];
        if (!each.usable() || each.heard_at() > since)
            continue;
        take_back(each);
        if (each.owed() == 0)
            retire(each, "silent for as long as a connection that stalled");
        else
            each.suspect();
    }
}

void pool::on_open(session& which, const net::connection_facts& how)
{
    changed(which);
    ++counters_.connections_opened;
    counters_.sessions_resumed += how.resumed ? 1U : 0U;
    settings_.report.opened(which, how, clocks_.now());
    last_connect_error_ = {};
    round_size_ = 0;
}

void pool::connect_failed(const session& which, const error& why)
{
    last_connect_error_ = why;
    // Attempts that ran side by side fail side by side: the first of them counts, and the others with it.
    if (round_size_ == 0) {
        round_size_ = connecting();
        backoff_.failed(clocks_.now());
    } else {
        --round_size_;
    }
    // What can get better is tried again for as long as someone waits for it.
    if (!which.permanent())
        return;
    wanted_ = 0;
    owner_.on_unreachable(why);
    if (usable() == 0) // else the calls have where to go
        end_waiting(why);
}

void pool::end_waiting(const error& why)
{
    const time_point now = clocks_.now();
    for (wire::slot_list rest = admission_.take_ready(now); !rest.empty(); rest = admission_.take_ready(now))
        while (!rest.empty()) {
            call& each = to_call(rest.front());
            rest.pop_front();
            end(each, copy_or_bare(why));
        }
}

std::string pool::connecting_words() const
{
    std::string words = "a connection";
    const auto under_way = std::ranges::find_if(sessions_, [](const auto& each) { return each->connecting(); });
    if (under_way != sessions_.end())
        words += " (" + (*under_way)->phase() + ")";
    const error* const trouble = connect_trouble();
    if (trouble == nullptr)
        return words;
    if (under_way == sessions_.end())
        words = "another try to connect";
    words += ", after: " + (trouble->detail.empty() ? trouble->code.message() : trouble->detail);
    if (trouble->cause)
        words += ": " + trouble->cause.message();
    return words;
}

} // namespace venice_keys
