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

pool::pool(net::transport_source& source, const pool_settings& settings, pool_clocks clocks, std::uint64_t seed,
           listener& owner)
    : source_(source),
      settings_(settings),
      clocks_(std::move(clocks)),
      owner_(owner),
      admission_(settings.fuse, settings_.report),
      backoff_(settings.retry.base_delay, settings.retry.max_delay, seed),
      jitter_(settings.retry.base_delay, settings.retry.max_delay, seed + 1),
      depth_(settings.pipeline_depth),
      budget_(settings.retry.budget)
{
}

pool::~pool()
{
    // The calls are their owner's: they are only unhooked.
    for (const auto& each : sessions_) {
        each->close();
        each->take_staged().clear();
        each->take_written().clear();
    }
}

void pool::use_token(account& whose, const secret& token)
{
    // What is staged would be written with the new token and counted for the old one.
    if (whose.standing_)
        for (const auto& each : sessions_)
            take_back(*each);
    admission_.use_token(whose, token, clocks_.now());
}

void pool::submit(call& which, account& whose)
{
    admission_.enter(which, whose);
}

bool pool::withdraw(call& which)
{
    if (which.place_ != call::place::session) {
        admission_.leave(which);
        return true;
    }
    if (!which.on_->withdraw(which))
        return false;
    which.on_ = nullptr;
    which.place_ = call::place::nowhere;
    admission_.sent_forgotten(which);
    admission_.pass_turn(which);
    return true;
}

error pool::out_of_time(const call& which) const
{
    const time_point now = clocks_.now();
    error why = admission_.held_error(admission_.held_by(which), time_point::max(), now);
    // Another call's trial of the token is not what this one died of.
    if (why.code != errc::fuse_open && why.code != errc::rate_limited)
        why = error(errc::deadline_exceeded);
    std::string detail = "the time ran out while waiting for " + waiting_for(which);
    if (!which.last_trouble().empty()) {
        detail += "; the last attempt ended as: " + which.last_trouble();
        why.cause = which.last_code();
    }
    why.detail = why.detail.empty() ? detail : detail + ": " + why.detail;
    return why;
}

std::string pool::waiting_for(const call& which) const
{
    switch (which.place_) {
    case call::place::session:
        return which.where() == wire::slot::state::staged ? "the socket to take the request" : "the answer";
    case call::place::lane:
        return "an earlier change to the same key";
    case call::place::pause:
        return "the time of its next attempt";
    case call::place::queue:
    case call::place::nowhere:
        break;
    }
    switch (admission_.held_by(which)) {
    case policy::hold::fuse:
        return "failures of the account to be forgotten";
    case policy::hold::rate_limit:
        return "the service to take more requests";
    case policy::hold::refused_token:
        return "another call, which tries a token that was refused";
    case policy::hold::none:
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
    for (const auto& each : sessions_)
        // One that takes no more requests may still owe answers; what was not written yet need not wait for them.
        if (!each->connecting() && !each->usable())
            take_back(*each);
    end_paused(now);
    if (wanted_ != 0 && usable() >= wanted_)
        wanted_ = 0; // from now on connections close as they may
    while (sessions_.size() < wanted_ && may_open(now))
        open();
    do {
        give_creations(now);
        give_all(now);
    } while (end_hopeless(now)); // who is told to give up passes a turn on
    for (const auto& each : sessions_) {
        counters_.requests_written += each->flush(now, [&](wire::slot& who) {
            if (!settings_.report)
                return;
            to_call(who).written_at_ = now;
            settings_.report.started(*each, to_call(who));
        });
        counters_.deepest_pipeline = std::max(counters_.deepest_pipeline, each->in_flight());
    }
}

void pool::give_all(time_point now)
{
    while (admission_.ready(false, now)) {
        session* const best = most_room();
        // An idle connection first, then another connection, then a place behind others.
        const bool busy = best == nullptr || best->in_flight() != 0;
        if (busy && connecting() < admission_.ready_calls() && may_open(now)) {
            open();
            continue;
        }
        if (best == nullptr)
            break;
        give(admission_.next(false), *best);
    }
}

// A creation can't be told from a second one once its answer is lost: it travels where nothing else can take it along,
// on a connection that is not likely to have been given up.
void pool::give_creations(time_point now)
{
    while (admission_.ready(true, now)) {
        session* const free = place_alone(now);
        if (free == nullptr)
            return;
        reserved_ = nullptr;
        give(admission_.next(true), *free);
        free->set_alone();
    }
    reserved_ = nullptr;
}

// Null: it has to wait, and what it waits for is under way.
session* pool::place_alone(time_point now)
{
    const auto fresh = std::ranges::find_if(sessions_, [&](const auto& each) { return each->fresh(now); });
    if (fresh != sessions_.end())
        return fresh->get();
    if (reserved_ != nullptr && (reserved_->in_flight() != 0 || reserved_->connecting()))
        return nullptr;
    reserved_ = nullptr;
    if (sessions_.size() >= settings_.max_connections) {
        const auto idle =
            std::ranges::find_if(sessions_, [](const auto& each) { return each->usable() && each->in_flight() == 0; });
        if (idle == sessions_.end()) {
            // The one with the least to do takes no more, and is fresh when it is done.
            for (const auto& each : sessions_)
                if (each->usable() && !each->alone() &&
                    (reserved_ == nullptr || each->in_flight() < reserved_->in_flight()))
                    reserved_ = each.get();
            return nullptr;
        }
        retire(**idle);
    }
    if (may_open(now)) {
        open();
        reserved_ = sessions_.back().get();
    }
    return nullptr;
}

// What has not been written goes back to where it waited.
void pool::take_back(session& from)
{
    wire::slot_list staged = from.take_staged();
    while (!staged.empty()) {
        call& last = to_call(staged.back());
        staged.pop_back();
        last.reset();
        last.on_ = nullptr;
        admission_.sent_forgotten(last);
        admission_.again(last);
    }
}

// The budget is asked when a pause is over, so that what has happened meanwhile counts.
void pool::end_paused(time_point now)
{
    while (call* const which = admission_.due(now)) {
        if (budget_.spend()) {
            admission_.again(*which);
            continue;
        }
        admission_.pass_turn(*which);
        which->answered();
    }
}

bool pool::end_hopeless(time_point now)
{
    bool any = false;
    error why;
    while (call* const which = admission_.hopeless(why, now)) {
        end(*which, std::move(why));
        any = true;
    }
    return any;
}

void pool::tick(time_point now)
{
    admission_.tick(now);
    for (std::size_t i = sessions_.size(); i-- != 0;)
        sessions_[i]->tick(now); // may take itself out
}

time_point pool::deadline() const noexcept
{
    time_point earliest = admission_.deadline();
    for (const auto& each : sessions_)
        earliest = std::min(earliest, each->deadline());
    const bool held_back = admission_.ready_calls() != 0 || sessions_.size() < wanted_;
    if (held_back && backoff_.waiting() && connecting() == 0 && sessions_.size() < settings_.max_connections)
        earliest = std::min(earliest, backoff_.not_before());
    return earliest;
}

void pool::close(const error& why)
{
    wanted_ = 0;
    while (!sessions_.empty()) {
        const std::unique_ptr<session> last = std::move(sessions_.back());
        sessions_.pop_back();
        last->close();
        take_back(*last);
        if (!last->never_opened())
            settings_.report.closed(*last, why, last->owed(), clocks_.now());
        for (wire::slot_list owed = last->take_written(); !owed.empty();) {
            call& each = to_call(owed.front());
            owed.pop_front();
            const bool abandoned = each.where() == wire::slot::state::abandoned;
            settings_.report.ended(*last, each, nullptr, static_cast<errc>(why.code.value()), clocks_.now());
            admission_.sent_forgotten(each);
            each.attempt_ended(delivery::sent_unanswered, true);
            if (!abandoned) {
                end(each, why);
                continue;
            }
            admission_.pass_turn(each);
            each.released();
        }
    }
    reserved_ = nullptr;
    for (wire::slot_list rest = admission_.take_all(); !rest.empty(); rest = admission_.take_all())
        while (!rest.empty()) {
            call& each = to_call(rest.front());
            rest.pop_front();
            end(each, why);
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
        if (!each->usable() || each.get() == reserved_ || each->alone() ||
            each->in_flight() >= (each->proven() ? depth_.limit() : 1))
            continue;
        if (best == nullptr || each->in_flight() < best->in_flight())
            best = each.get();
    }
    return best;
}

void pool::open()
{
    session::listener& events = *this; // private: make_unique can't convert to it
    sessions_.push_back(std::make_unique<session>(source_, settings_.session, clocks_.now, events, next_session_++));
    sessions_.back()->open();
}

// Closes a connection that owes nothing, to make room for another.
void pool::retire(session& which)
{
    const auto place = std::ranges::find_if(sessions_, [&which](const auto& each) { return each.get() == &which; });
    settings_.report.closed(which, error(errc::connection_lost, "closed to make room for a new one"), 0, clocks_.now());
    which.close();
    closed_.push_back(std::move(*place));
    sessions_.erase(place);
}

void pool::give(call& which, session& to)
{
    if (which.ended_attempts_ != 0)
        ++counters_.replays;
    which.on_ = &to;
    to.submit(which);
}

void pool::on_open(session& which, const net::connection_facts& how)
{
    ++counters_.connections_opened;
    counters_.sessions_resumed += how.resumed ? 1U : 0U;
    settings_.report.opened(which, how, clocks_.now());
    failed_rounds_ = 0;
    round_size_ = 0;
}

session::verdict pool::on_answer(session& which, wire::slot& who, wire::reply& answer, error& why)
{
    call& asked = to_call(who);
    const time_point now = clocks_.now();
    const auto server_now = server_clock_.read(answer.date, clocks_.wall());
    const auto retry_after =
        wire::parse_retry_after(answer.retry_after, std::chrono::floor<std::chrono::seconds>(server_now));
    if (asked.read(answer, retry_after, why) == session::verdict::mismatch)
        return session::verdict::mismatch;
    ++counters_.replies;
    if (settings_.report) {
        const error* const refusal = asked.refusal();
        settings_.report.ended(which, asked, &answer,
                               refusal ? std::optional(static_cast<errc>(refusal->code.value())) : std::nullopt, now);
    }
    heed(asked, answer, server_now, now);
    if (retry_after && (answer.status == 429 || answer.status == 503))
        admission_.hold_until(asked, now + *retry_after, now);
    backoff_.succeeded();
    depth_.answered();
    if (answer.status < 400)
        budget_.succeeded();
    admission_.sent_answered(asked, answer.status, now);
    const bool abandoned = asked.where() == wire::slot::state::abandoned;
    const bool maybe_done = answer.status == 408 || answer.status >= 500;
    asked.attempt_ended(delivery::answered, maybe_done);
    if (!abandoned && repeat(asked, answer.status, retry_after, now))
        return session::verdict::accepted;
    admission_.pass_turn(asked);
    abandoned ? asked.released() : asked.answered();
    return session::verdict::accepted;
}

void pool::heed(const call& asked, const wire::reply& answer, wire::server_clock::time server_now, time_point now)
{
    if (!answer.requests.remaining || !answer.requests.reset)
        return;
    if (const auto reset = policy::until_reset(*answer.requests.reset, server_now))
        admission_.report(asked, *answer.requests.remaining, now + *reset, now);
}

// Whether a refused call is to be sent again, after a pause.
bool pool::repeat(call& refused, unsigned status, std::optional<std::chrono::milliseconds> retry_after, time_point now)
{
    if (!policy::may_repeat(refused.rule(), status))
        return false;
    refused.replays_.refused();
    if (!refused.replays_.left(settings_.retry.max_attempts))
        return false;
    std::chrono::steady_clock::duration pause = jitter_.after(refused.replays_.charged());
    if (retry_after)
        pause = std::max<std::chrono::steady_clock::duration>(pause, *retry_after);
    if (now + pause >= refused.deadline())
        return false;
    refused.note_trouble(*refused.refusal());
    settings_.report.will_repeat(refused, pause, static_cast<errc>(refused.last_code().value()), status);
    admission_.pause(refused, now + pause);
    return true;
}

void pool::on_closed(session& which, error why)
{
    if (reserved_ == &which)
        reserved_ = nullptr;
    const auto place = std::ranges::find_if(sessions_, [&which](const auto& each) { return each.get() == &which; });
    closed_.push_back(std::move(*place));
    sessions_.erase(place);
    if (which.never_opened()) {
        settings_.report.failed(which, why, clocks_.now());
        connect_failed(which, std::move(why));
    } else {
        settings_.report.closed(which, why, which.owed(), clocks_.now());
        lost(which, why);
    }
}

void pool::connect_failed(const session& which, error why)
{
    // Attempts that ran side by side fail side by side: the first of them counts, and the others with it.
    if (round_size_ == 0) {
        round_size_ = connecting();
        ++failed_rounds_;
        backoff_.failed(clocks_.now());
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
    const auto how = which.proven() ? policy::loss::after_answers : policy::loss::no_answer;
    const bool in_vain = how == policy::loss::no_answer && (!written.empty() || which.ended_by_peer());
    if (in_vain || why.code != errc::connection_lost) {
        last_connect_error_ = why;
        backoff_.failed(clocks_.now());
    }
    if (written.size() > 1)
        depth_.broken();
    take_back(which);
    if (written.empty())
        return;
    ++counters_.connections_lost;
    replay(which, written, how, why);
}

// Ends what may not be asked again, and queues the others, in order, in front of what was not written.
void pool::replay(const session& on, wire::slot_list& written, policy::loss how, const error& why)
{
    // What was wrong with an answer is the trouble of the request in front; those behind it lost their connection.
    const error others = why.code == errc::connection_lost
                             ? why
                             : error(errc::connection_lost, "the connection was given up: " + why.code.message() +
                                                                (why.detail.empty() ? "" : ": " + why.detail));
    const bool affordable = budget_.spend(how);
    wire::slot_list again;
    for (bool front = true; !written.empty(); front = false) {
        call& each = to_call(written.front());
        written.pop_front();
        const bool abandoned = each.where() == wire::slot::state::abandoned;
        const error& trouble = front ? why : others;
        settings_.report.ended(on, each, nullptr, static_cast<errc>(trouble.code.value()), clocks_.now());
        admission_.sent_forgotten(each);
        each.attempt_ended(delivery::sent_unanswered, true);
        // What is wrong with an answer is charged to the request that brought it, on whichever connection.
        const bool at_fault = front && why.code != errc::connection_lost;
        each.replays_.lost(at_fault ? policy::loss::no_answer : how);
        // An answer that is too large would be so again.
        const bool hopeless = front && why.code == errc::reply_too_large;
        if (abandoned) {
            admission_.pass_turn(each);
            each.released();
        } else if (!hopeless && may_replay(each, affordable)) {
            each.note_trouble(trouble);
            settings_.report.will_repeat(each, {}, static_cast<errc>(trouble.code.value()), 0);
            again.push_back(each);
        } else {
            end(each, trouble);
        }
    }
    while (!again.empty()) {
        call& last = to_call(again.back());
        again.pop_back();
        admission_.again(last);
    }
}

bool pool::may_replay(const call& which, bool affordable) const noexcept
{
    return affordable && which.rule().repeat_unanswered && which.replays_.left(settings_.retry.max_attempts);
}

void pool::end(call& which, error why)
{
    admission_.pass_turn(which);
    if (!which.last_trouble().empty() && !why.cause)
        why.cause = which.last_code();
    why.delivery = which.delivery_;
    why.attempts = which.ended_attempts_;
    which.failed(std::move(why));
}

void pool::end_waiting(const error& why)
{
    for (wire::slot_list rest = admission_.take_ready(); !rest.empty(); rest = admission_.take_ready())
        while (!rest.empty()) {
            call& each = to_call(rest.front());
            rest.pop_front();
            end(each, why);
        }
}

} // namespace venice_keys
