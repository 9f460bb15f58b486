#include "pool/standings.hpp"

#include "policy/lanes.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace venice_keys {

namespace {

std::string in_seconds(std::chrono::steady_clock::duration time)
{
    const auto tenths = std::chrono::ceil<std::chrono::duration<std::int64_t, std::deci>>(time).count();
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

} // namespace

standing_table::~standing_table()
{
    // The calls and lines are their owners': they are only unhooked.
    hopeless_.clear();
    waking_.clear();
    for (ready_lines& each : ready_)
        each.clear();
    for (auto& [token, entry] : standings_) {
        for (line& each : entry->waiting_)
            each.calls_.clear();
        entry->waiting_.clear();
        for (held_lines& each : entry->held_)
            each.clear();
    }
}

void standing_table::use_token(account& whose, const secret& token, time_point now)
{
    if (standings_.size() >= sweep_at_)
        forget_blank(now);
    const auto fingerprint = fingerprints_.of(token);
    auto known = standings_.find(fingerprint);
    if (known == standings_.end()) { // made first: there is never a token without an entry
        known = standings_.emplace(fingerprint, std::make_shared<standing_entry>(error_budget_)).first;
        known->second->number_ = next_account_++;
    }
    const std::shared_ptr<standing_entry>& entry = known->second;
    if (whose.standing_ == entry)
        return;
    for (line& each : whose.lines_) {
        if (each.calls_.empty())
            continue;
        make_ready(each);
        whose.standing_->waiting_.erase(whose.standing_->waiting_.iterator_to(each));
        entry->waiting_.push_back(each);
        wake_next(*whose.standing_, each.creates_ ? 1 : 0);
    }
    whose.standing_ = entry;
}

// Tokens come and go on a server with many accounts.
void standing_table::forget_blank(time_point now)
{
    std::erase_if(standings_, [&](const auto& each) {
        standing_entry& entry = *each.second;
        // An account that goes away on another thread can only lower the count.
        if (each.second.use_count() != 1 || !entry.state_.blank(now))
            return false;
        set_wake(entry, time_point::max());
        return true;
    });
    sweep_at_ = std::max<std::size_t>(64, standings_.size() * 2);
}

void standing_table::take_in(call& which, account& whose) noexcept
{
    which.account_ = &whose;
    which.number_ = next_number_++;
}

line& standing_table::line_of(const call& which) noexcept
{
    return which.account_->lines_[which.rule().creates ? 1 : 0];
}

void standing_table::queue(call& which, bool in_front)
{
    line& where = line_of(which);
    standing_entry& entry = *which.account_->standing_;
    which.place_ = call::place::queue;
    if (entry.state_.token_refused() && which.number_ < entry.refused_before_)
        return doom(which, policy::hold::refused_token, time_point::max());
    if (where.comes_too_late_for(which.deadline()))
        return doom(which, where.held_by_, where.held_until_);
    if (where.comes_too_late_for(which.earliest_behind_))
        doom_late_behind(which, where.held_by_, where.held_until_);
    if (where.calls_.empty()) {
        where.earliest_deadline_ = time_point::max();
        where.turn_ = next_turn_++;
        entry.waiting_.push_back(where);
        ready_[where.creates_ ? 1 : 0].push_back(where);
    }
    where.earliest_deadline_ = std::min({where.earliest_deadline_, which.deadline(), which.earliest_behind_});
    in_front ? where.calls_.push_front(which) : where.calls_.push_back(which);
    if (where.held_by_ == policy::hold::none)
        ++ready_calls_;
}

void standing_table::take_from_line(call& which)
{
    if (which.doom_ != policy::hold::none) {
        which.doom_ = policy::hold::none;
        hopeless_.erase(hopeless_.iterator_to(which));
        return;
    }
    line& where = line_of(which);
    where.calls_.erase(where.calls_.iterator_to(which));
    if (where.held_by_ == policy::hold::none)
        --ready_calls_;
    if (where.calls_.empty())
        remove(where);
}

// One that has no calls any more. It may have been woken to go, so that another has to be in its place.
void standing_table::remove(line& which)
{
    make_ready(which);
    const std::size_t kind = which.creates_ ? 1 : 0;
    standing_entry& entry = *which.owner_->standing_;
    ready_[kind].erase(ready_[kind].iterator_to(which));
    entry.waiting_.erase(entry.waiting_.iterator_to(which));
    wake_next(entry, kind);
}

void standing_table::wait_behind(call& which, call& leader)
{
    which.place_ = call::place::lane;
    leader.earliest_behind_ = std::min(leader.earliest_behind_, which.deadline());
    if (leader.place_ != call::place::queue || leader.doom_ != policy::hold::none)
        return;
    line& where = line_of(leader);
    if (where.comes_too_late_for(which.deadline()))
        doom(which, where.held_by_, where.held_until_);
    else
        where.earliest_deadline_ = std::min(where.earliest_deadline_, which.deadline());
}

void standing_table::make_ready(line& which)
{
    if (which.held_by_ == policy::hold::none)
        return;
    const std::size_t kind = which.creates_ ? 1 : 0;
    standing_entry& entry = *which.owner_->standing_;
    entry.held_[kind].erase(entry.held_[kind].iterator_to(which));
    // Nobody waits for that time any more, and a timer for it would keep the executor's context at work.
    if (entry.held_[0].empty() && entry.held_[1].empty())
        set_wake(entry, time_point::max());
    ready_[kind].push_back(which);
    ready_calls_ += which.calls_.size();
    which.held_by_ = policy::hold::none;
    which.held_until_ = time_point::max();
}

void standing_table::hold_back(line& which, policy::hold why, time_point now)
{
    const std::size_t kind = which.creates_ ? 1 : 0;
    standing_entry& entry = *which.owner_->standing_;
    const time_point until = entry.state_.opens_at(which.creates_, now);
    ready_[kind].erase(ready_[kind].iterator_to(which));
    ready_calls_ -= which.calls_.size();
    entry.held_[kind].insert(which);
    which.held_by_ = why;
    which.held_until_ = until;
    set_wake(entry, std::min(entry.wake_at_, entry.state_.wakes_at(which.creates_, now)));
    if (until == time_point::max())
        return;
    if (until > entry.known_until_[kind]) {
        // The other lines were held back for another reason or for less time: each finds out who can't wait so long.
        entry.known_until_[kind] = until;
        for (auto each = entry.held_[kind].begin(); each != entry.held_[kind].end();)
            if (line& other = *each++; &other != &which)
                make_ready(other);
    }
    if (which.earliest_deadline_ <= until)
        doom_late(which);
}

// Those that can't be served in their time are told at once, and the others keep their places.
void standing_table::doom_late(line& which)
{
    const policy::hold why = which.held_by_;
    const time_point until = which.held_until_;
    which.earliest_deadline_ = time_point::max();
    wire::slot_list all;
    all.swap(which.calls_);
    while (!all.empty()) {
        call& each = to_call(all.front());
        all.pop_front();
        const bool late = each.deadline() <= until;
        if (late)
            doom(each, why, until);
        if (each.earliest_behind_ <= until)
            doom_late_behind(each, why, until);
        if (late)
            continue;
        which.earliest_deadline_ = std::min({which.earliest_deadline_, each.deadline(), each.earliest_behind_});
        which.calls_.push_back(each);
    }
    if (which.calls_.empty())
        remove(which);
}

// Nor can those that wait for the turn of one that is held back.
void standing_table::doom_late_behind(call& leader, policy::hold why, time_point until)
{
    leader.earliest_behind_ = time_point::max();
    policy::lanes::for_each_behind(leader, [&](policy::lane_place& place) {
        call& each = static_cast<call&>(place);
        if (each.place_ != call::place::lane)
            return;
        if (each.deadline() <= until)
            doom(each, why, until);
        else
            leader.earliest_behind_ = std::min(leader.earliest_behind_, each.deadline());
    });
}

void standing_table::doom(call& which, policy::hold why, time_point until)
{
    which.place_ = call::place::queue;
    which.doom_ = why;
    which.doom_until_ = until;
    hopeless_.push_back(which);
}

void standing_table::empty(line& which, wire::slot_list& into)
{
    make_ready(which);
    ready_calls_ -= which.calls_.size();
    for (wire::slot& each : which.calls_)
        to_call(each).place_ = call::place::nowhere;
    waiting_ -= which.calls_.size();
    into.splice(into.end(), which.calls_);
    remove(which);
}

bool standing_table::ready(bool creations, time_point now)
{
    ready_lines& all = ready_[creations ? 1 : 0];
    while (!all.empty()) {
        line& first = all.front();
        const policy::standing& state = first.owner_->standing_->state_;
        const policy::hold why = state.holds(creations, now);
        if (why == policy::hold::none)
            return true;
        hold_back(first, why, now);
    }
    return false;
}

const call& standing_table::front(bool creations) const noexcept
{
    return to_call(const_cast<wire::slot&>(ready_[creations ? 1 : 0].front().calls_.front()));
}

call& standing_table::next(bool creations)
{
    const std::size_t kind = creations ? 1 : 0;
    line& first = ready_[kind].front();
    call& which = to_call(first.calls_.front());
    standing_entry& entry = *first.owner_->standing_;
    // Accounts take turns, and so do those that share a standing.
    wake_next(entry, kind);
    ready_[kind].splice(ready_[kind].end(), ready_[kind], ready_[kind].begin());
    first.turn_ = next_turn_++;
    take_from_line(which);
    --waiting_;
    which.place_ = call::place::session;
    which.standing_ = &entry;
    entry.state_.sent();
    return which;
}

void standing_table::sent_answered(call& which, unsigned status, policy::token_verdict token, bool told, time_point now)
{
    standing_entry& entry = *std::exchange(which.standing_, nullptr);
    entry.state_.answered(status, token, told, now);
    if (token == policy::token_verdict::refused)
        refuse_token(entry);
    tell(entry, now);
    wake(entry);
}

void standing_table::sent_forgotten(call& which)
{
    standing_entry& entry = *std::exchange(which.standing_, nullptr);
    entry.state_.forgotten();
    wake(entry);
}

void standing_table::refuse_token(standing_entry& which)
{
    which.refused_before_ = next_number_;
    while (!which.waiting_.empty()) {
        wire::slot_list calls;
        empty(which.waiting_.front(), calls);
        waiting_ += calls.size();
        while (!calls.empty()) {
            call& each = to_call(calls.front());
            calls.pop_front();
            doom(each, policy::hold::refused_token, time_point::max());
        }
    }
}

void standing_table::hold_until(const call& which, time_point when, time_point now)
{
    which.standing_->state_.hold_until(which.rule().creates, when);
    report_.paced(which.standing_->number_, pace_reason::retry_after, when - now, which.rule().creates);
}

void standing_table::report(const call& which, std::uint64_t remaining, time_point reset_at, time_point now)
{
    which.standing_->state_.report(remaining, reset_at, now);
    if (remaining == 0)
        report_.paced(which.standing_->number_, pace_reason::rate_limit, reset_at - now, false);
}

void standing_table::report_budget(const call& which, std::uint64_t remaining, time_point resets_at, time_point now)
{
    which.standing_->state_.report_budget(remaining, resets_at, now);
}

void standing_table::budget_spent(const call& which, time_point until)
{
    which.standing_->state_.budget_spent(until);
}

void standing_table::tell(standing_entry& which, time_point now)
{
    if (!report_)
        return;
    const policy::standing& state = which.state_;
    const policy::error_budget& budget = state.error_budget();
    const bool full = !budget.fits(1, now);
    const error_budget_state is = state.token_refused() ? error_budget_state::token_refused
                                  : full                ? error_budget_state::holding
                                                        : error_budget_state::passing;
    if (is == which.told_)
        return;
    which.told_ = is;
    event::error_budget_changed what;
    what.account = which.number_;
    what.state = is;
    what.failures = static_cast<unsigned>(budget.failures(now));
    what.allowed_in_flight = budget.allowed(now);
    if (budget.told(now))
        what.remaining = budget.remaining();
    if (const time_point until = budget.opens_at(now); until != time_point::max())
        what.wait = until - now;
    report_.error_budget_changed(what);
}

// One line of each kind: it wakes the next when it has had its turn, or goes away.
void standing_table::wake(standing_entry& which)
{
    wake_next(which, 0);
    wake_next(which, 1);
}

void standing_table::wake_next(standing_entry& which, std::size_t kind)
{
    if (!which.held_[kind].empty())
        make_ready(*which.held_[kind].begin());
}

void standing_table::set_wake(standing_entry& which, time_point when)
{
    if (when == which.wake_at_)
        return;
    if (which.wake_at_ != time_point::max())
        waking_.erase(waking_.iterator_to(which));
    which.wake_at_ = when;
    if (when != time_point::max())
        waking_.insert(which);
}

call* standing_table::hopeless(error& why, time_point now)
{
    if (hopeless_.empty())
        return nullptr;
    call& which = to_call(hopeless_.front());
    why = held_error(which.doom_, which.doom_until_, now); // first: where memory runs out, it is still in the list
    which.doom_ = policy::hold::none;
    hopeless_.pop_front();
    which.place_ = call::place::nowhere;
    --waiting_;
    return &which;
}

policy::hold standing_table::held_by(const call& which) const noexcept
{
    return which.place_ == call::place::queue ? line_of(which).held_by_ : policy::hold::none;
}

error standing_table::held_error(policy::hold why, time_point until, time_point now) const
{
    error made;
    switch (why) {
    case policy::hold::none:
        return made;
    case policy::hold::error_budget:
        made = error(errc::error_budget_spent,
                     "too many requests with this token have failed of late, and the service refuses everything with a "
                     "key after too many client errors");
        break;
    case policy::hold::rate_limit:
        made = error(errc::rate_limited, "the service takes no more requests for now");
        break;
    case policy::hold::refused_token:
        return {errc::authentication_failed, "the service refused this token to an earlier call"};
    }
    if (until != time_point::max() && until > now) {
        made.detail += "; the next may be sent in " + in_seconds(until - now);
        made.retry_after = std::chrono::ceil<std::chrono::milliseconds>(until - now);
    }
    return made;
}

wire::slot_list standing_table::take_ready(time_point now)
{
    wire::slot_list taken;
    for (const bool creations : {false, true})
        while (ready(creations, now))
            empty(ready_[creations ? 1 : 0].front(), taken);
    return taken;
}

wire::slot_list standing_table::take_lines()
{
    wire::slot_list taken;
    for (auto& [token, entry] : standings_)
        while (!entry->waiting_.empty())
            empty(entry->waiting_.front(), taken);
    while (!hopeless_.empty()) {
        call& first = to_call(hopeless_.front());
        hopeless_.pop_front();
        first.doom_ = policy::hold::none;
        first.place_ = call::place::nowhere;
        --waiting_;
        taken.push_back(first);
    }
    return taken;
}

time_point standing_table::deadline() const noexcept
{
    return waking_.empty() ? time_point::max() : waking_.begin()->wake_at_;
}

void standing_table::tick(time_point now)
{
    while (!waking_.empty() && waking_.begin()->wake_at_ <= now) {
        standing_entry& first = *waking_.begin();
        set_wake(first, time_point::max());
        tell(first, now);
        wake(first);
    }
}

} // namespace venice_keys
