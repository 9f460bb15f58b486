#include "pool/pool.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys {

namespace {

call& to_call(wire::slot& who)
{
    return static_cast<call&>(who);
}

} // namespace

pool::pool(net::transport_source& source, const pool_settings& settings, session::clock now, std::uint64_t seed,
           listener& owner)
    : source_(source),
      settings_(settings),
      now_(std::move(now)),
      owner_(owner),
      backoff_(settings.retry.base_delay, settings.retry.max_delay, seed),
      depth_(settings.pipeline_depth),
      budget_(settings.retry.budget)
{
}

pool::~pool()
{
    // The calls are their owner's: they are only unhooked.
    waiting_.clear();
    for (const auto& each : sessions_) {
        each->close();
        each->take_staged().clear();
        each->take_written().clear();
    }
}

void pool::submit(call& which)
{
    waiting_.push_back(which);
}

bool pool::withdraw(call& which)
{
    if (which.on_ == nullptr) {
        waiting_.erase(waiting_.iterator_to(which));
        return true;
    }
    if (!which.on_->withdraw(which))
        return false;
    which.on_ = nullptr;
    return true;
}

std::string pool::waiting_for(const call& which) const
{
    switch (which.where()) {
    case wire::slot::state::staged:
        return "the socket to take the request";
    case wire::slot::state::written:
    case wire::slot::state::abandoned:
        return "the answer";
    case wire::slot::state::waiting:
        break;
    }
    if (usable() != 0)
        return "a free place on a connection";
    for (const auto& each : sessions_)
        if (each->connecting())
            return "a connection (" + each->phase() + ")";
    if (backoff_.waiting())
        return "another try to connect, after: " + last_connect_error_.detail +
               (last_connect_error_.cause ? ": " + last_connect_error_.cause.message() : "");
    return "a connection";
}

void pool::pump(time_point now)
{
    closed_.clear();
    take_back_unsendable();
    if (wanted_ != 0 && usable() >= wanted_)
        wanted_ = 0; // from now on connections close as they may
    while (sessions_.size() < wanted_ && may_open(now))
        open();
    while (!waiting_.empty()) {
        session* const best = most_room();
        // An idle connection first, then another connection, then a place behind others.
        const bool busy = best == nullptr || best->in_flight() != 0;
        if (busy && connecting() < waiting_.size() && may_open(now)) {
            open();
            continue;
        }
        if (best == nullptr)
            break;
        call& next = to_call(waiting_.front());
        waiting_.pop_front();
        give(next, *best);
    }
    for (const auto& each : sessions_) {
        counters_.requests_written += each->flush(now);
        counters_.deepest_pipeline = std::max(counters_.deepest_pipeline, each->in_flight());
    }
}

// A connection that takes no more requests may still owe answers; what was not written yet need not wait for them.
void pool::take_back_unsendable()
{
    for (const auto& each : sessions_) {
        if (each->connecting() || each->usable())
            continue;
        wire::slot_list staged = each->take_staged();
        for (wire::slot& slot : staged) {
            slot.reset();
            to_call(slot).on_ = nullptr;
        }
        waiting_.splice(waiting_.begin(), staged);
    }
}

void pool::tick(time_point now)
{
    for (std::size_t i = sessions_.size(); i-- != 0;)
        sessions_[i]->tick(now); // may take itself out
}

time_point pool::deadline() const noexcept
{
    time_point earliest = time_point::max();
    for (const auto& each : sessions_)
        earliest = std::min(earliest, each->deadline());
    const bool held_back = !waiting_.empty() || sessions_.size() < wanted_;
    if (held_back && backoff_.waiting() && connecting() == 0 && sessions_.size() < settings_.max_connections)
        earliest = std::min(earliest, backoff_.not_before());
    return earliest;
}

void pool::close(const error& why)
{
    wanted_ = 0;
    end_waiting(why);
    while (!sessions_.empty()) {
        const std::unique_ptr<session> last = std::move(sessions_.back());
        sessions_.pop_back();
        last->close();
        for (wire::slot_list owed = last->take_staged(); !owed.empty();) {
            call& each = to_call(owed.front());
            owed.pop_front();
            each.reset();
            each.on_ = nullptr;
            end(each, why);
        }
        for (wire::slot_list owed = last->take_written(); !owed.empty();) {
            call& each = to_call(owed.front());
            owed.pop_front();
            const bool abandoned = each.where() == wire::slot::state::abandoned;
            each.attempt_ended(delivery::sent_unanswered);
            abandoned ? each.released() : end(each, why);
        }
    }
}

std::size_t pool::usable() const noexcept
{
    return static_cast<std::size_t>(std::ranges::count_if(sessions_, [](const auto& each) { return each->usable(); }));
}

std::size_t pool::connecting() const noexcept
{
    return static_cast<std::size_t>(
        std::ranges::count_if(sessions_, [](const auto& each) { return each->connecting(); }));
}

bool pool::may_open(time_point now) const noexcept
{
    if (sessions_.size() >= settings_.max_connections)
        return false;
    // After a failure one connection at a time feels its way.
    return !backoff_.waiting() || (connecting() == 0 && now >= backoff_.not_before());
}

session* pool::most_room() const noexcept
{
    session* best = nullptr;
    for (const auto& each : sessions_) {
        if (!each->usable() || each->in_flight() >= (each->proven() ? depth_.limit() : 1))
            continue;
        if (best == nullptr || each->in_flight() < best->in_flight())
            best = each.get();
    }
    return best;
}

void pool::open()
{
    session::listener& events = *this; // private: make_unique can't convert to it
    sessions_.push_back(std::make_unique<session>(source_, settings_.session, now_, events));
    sessions_.back()->open();
}

void pool::give(call& which, session& to)
{
    if (which.ended_attempts_ != 0)
        ++counters_.replays;
    which.on_ = &to;
    to.submit(which);
}

void pool::on_open(session& /*which*/, bool resumed)
{
    ++counters_.connections_opened;
    counters_.sessions_resumed += resumed ? 1U : 0U;
    failed_rounds_ = 0;
    round_size_ = 0;
}

session::verdict pool::on_answer(session& /*which*/, wire::slot& who, wire::reply& answer, error& why)
{
    call& asked = to_call(who);
    if (asked.read(answer, why) == session::verdict::mismatch)
        return session::verdict::mismatch;
    ++counters_.replies;
    backoff_.succeeded();
    budget_.answered();
    depth_.answered();
    const bool abandoned = asked.where() == wire::slot::state::abandoned;
    asked.attempt_ended(delivery::answered);
    abandoned ? asked.released() : asked.answered();
    return session::verdict::accepted;
}

void pool::on_closed(session& which, error why)
{
    const auto place = std::ranges::find_if(sessions_, [&which](const auto& each) { return each.get() == &which; });
    closed_.push_back(std::move(*place));
    sessions_.erase(place);
    if (which.never_opened())
        connect_failed(which, std::move(why));
    else
        lost(which, why);
}

void pool::connect_failed(const session& which, error why)
{
    // Attempts that ran side by side fail side by side: the first of them counts, and the others with it.
    if (round_size_ == 0) {
        round_size_ = connecting();
        ++failed_rounds_;
        backoff_.failed(now_());
    } else {
        --round_size_;
    }
    last_connect_error_ = why;
    const bool give_up = which.untrusted() || failed_rounds_ >= settings_.retry.max_attempts;
    if (!give_up || (connecting() != 0 && !which.untrusted()))
        return;
    failed_rounds_ = 0;
    wanted_ = 0;
    owner_.on_unreachable(why);
    if (usable() == 0) // else the calls have where to go
        end_waiting(why);
}

void pool::lost(session& which, const error& why)
{
    wire::slot_list written = which.take_written();
    wire::slot_list again = which.take_staged();
    for (wire::slot& each : again) {
        each.reset();
        to_call(each).on_ = nullptr;
    }
    const auto how = which.proven() ? policy::loss::after_answers : policy::loss::no_answer;
    const bool in_vain = how == policy::loss::no_answer && (!written.empty() || which.ended_by_peer());
    if (in_vain || why.code != errc::connection_lost) {
        last_connect_error_ = why;
        backoff_.failed(now_());
    }
    if (written.size() > 1)
        depth_.broken();
    if (!written.empty()) {
        ++counters_.connections_lost;
        wire::slot_list replays = replay(written, how, why);
        again.splice(again.begin(), replays);
    }
    waiting_.splice(waiting_.begin(), again);
}

// Ends what may not be asked again; returns the others, in order.
wire::slot_list pool::replay(wire::slot_list& written, policy::loss how, const error& why)
{
    // What was wrong with an answer is the trouble of the request in front; those behind it lost their connection.
    const error others = why.code == errc::connection_lost
                             ? why
                             : error(errc::connection_lost, "the connection was given up: " + why.code.message() +
                                                                (why.detail.empty() ? "" : ": " + why.detail));
    const bool affordable = budget_.spend(how);
    bool front = true;
    wire::slot_list again;
    while (!written.empty()) {
        call& each = to_call(written.front());
        written.pop_front();
        const bool abandoned = each.where() == wire::slot::state::abandoned;
        each.attempt_ended(delivery::sent_unanswered);
        // What is wrong with an answer is charged to the request that brought it, on whichever connection.
        const bool at_fault = front && why.code != errc::connection_lost;
        each.replays_.lost(at_fault ? policy::loss::no_answer : how);
        // An answer that is too large would be so again.
        const bool hopeless = front && why.code == errc::reply_too_large;
        if (abandoned)
            each.released();
        else if (affordable && !hopeless && each.repeat_ == policy::repeat::same_effect &&
                 each.replays_.left(settings_.retry.max_attempts))
            again.push_back(each);
        else
            end(each, front ? why : others);
        front = false;
    }
    return again;
}

void pool::end(call& which, error why)
{
    why.delivery = which.delivery_;
    why.attempts = which.ended_attempts_;
    which.failed(std::move(why));
}

void pool::end_waiting(const error& why)
{
    while (!waiting_.empty()) {
        call& each = to_call(waiting_.front());
        waiting_.pop_front();
        end(each, why);
    }
}

} // namespace venice_keys
