#include "pool/token_table.hpp"

#include "policy/lanes.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace venice_keys {

using policy::request_kind;

namespace {

std::string in_seconds(std::chrono::steady_clock::duration time)
{
    const auto tenths = std::chrono::ceil<std::chrono::duration<std::int64_t, std::deci>>(time).count();
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

} // namespace

token_table::~token_table()
{
    // The calls and lines are their owners': they are only unhooked.
    hopeless_.clear();
    waking_.clear();
    for (ready_lines& each : ready_.all)
        each.clear();
    for (auto& [token, entry] : tokens_) {
        for (line& each : entry->waiting_)
            each.calls_.clear();
        entry->waiting_.clear();
        for (held_lines& each : entry->held_.all)
            each.clear();
    }
}

void token_table::use_token(account& whose, const secret& token, time_point now)
{
    if (tokens_.size() >= sweep_at_)
        forget_blank(now);
    const auto fingerprint = fingerprints_.of(token);
    auto known = tokens_.find(fingerprint);
    if (known == tokens_.end()) { // made first: there is never a token without an entry
        known = tokens_.emplace(fingerprint, std::make_shared<token_entry>(error_budget_)).first;
        known->second->number_ = next_account_++;
    }
    const std::shared_ptr<token_entry>& entry = known->second;
    if (whose.token_ == entry)
        return;
    for (line& each : whose.lines_.all) {
        if (each.calls_.empty())
            continue;
        make_ready(each);
        whose.token_->waiting_.erase(whose.token_->waiting_.iterator_to(each));
        entry->waiting_.push_back(each);
        wake_next(*whose.token_, each.kind_);
    }
    whose.token_ = entry;
}

// Tokens come and go on a server with many accounts.
void token_table::forget_blank(time_point now)
{
    std::erase_if(tokens_, [&](const auto& each) {
        token_entry& entry = *each.second;
        // An account that goes away on another thread can only lower the count.
        if (each.second.use_count() != 1 || !entry.state_.blank(now))
            return false;
        set_wake(entry, time_point::max());
        return true;
    });
    sweep_at_ = std::max<std::size_t>(64, tokens_.size() * 2);
}

void token_table::take_in(call& which, account& whose) noexcept
{
    which.account_ = &whose;
    which.number_ = next_number_++;
}

line& token_table::line_of(const call& which) noexcept
{
    return which.account_->lines_[which.rule().kind()];
}

void token_table::queue(call& which, bool in_front)
{
    line& where = line_of(which);
    token_entry& entry = *which.account_->token_;
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
        ready_[where.kind_].push_back(where);
    }
    where.earliest_deadline_ = std::min({where.earliest_deadline_, which.deadline(), which.earliest_behind_});
    in_front ? where.calls_.push_front(which) : where.calls_.push_back(which);
    if (where.held_by_ == policy::hold::none)
        ++ready_calls_;
}

void token_table::take_from_line(call& which)
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
void token_table::remove(line& which)
{
    make_ready(which);
    const request_kind kind = which.kind_;
    token_entry& entry = *which.owner_->token_;
    ready_[kind].erase(ready_[kind].iterator_to(which));
    entry.waiting_.erase(entry.waiting_.iterator_to(which));
    wake_next(entry, kind);
}

void token_table::wait_behind(call& which, call& leader)
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

void token_table::make_ready(line& which)
{
    if (which.held_by_ == policy::hold::none)
        return;
    const request_kind kind = which.kind_;
    token_entry& entry = *which.owner_->token_;
    entry.held_[kind].erase(entry.held_[kind].iterator_to(which));
    // Nobody waits for that time any more, and a timer for it would keep the executor's context at work.
    if (entry.held_[request_kind::ordinary].empty() && entry.held_[request_kind::creation].empty())
        set_wake(entry, time_point::max());
    ready_[kind].push_back(which);
    ready_calls_ += which.calls_.size();
    which.held_by_ = policy::hold::none;
    which.held_until_ = time_point::max();
}

void token_table::hold_back(line& which, policy::hold why, time_point now)
{
    const request_kind kind = which.kind_;
    token_entry& entry = *which.owner_->token_;
    const time_point until = entry.state_.opens_at(which.kind_, now);
    ready_[kind].erase(ready_[kind].iterator_to(which));
    ready_calls_ -= which.calls_.size();
    entry.held_[kind].insert(which);
    which.held_by_ = why;
    which.held_until_ = until;
    set_wake(entry, std::min(entry.wake_at_, entry.state_.wakes_at(which.kind_, now)));
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
void token_table::doom_late(line& which)
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
void token_table::doom_late_behind(call& leader, policy::hold why, time_point until)
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

void token_table::doom(call& which, policy::hold why, time_point until)
{
    which.place_ = call::place::queue;
    which.doom_ = why;
    which.doom_until_ = until;
    hopeless_.push_back(which);
}

void token_table::empty(line& which, wire::slot_list& into)
{
    make_ready(which);
    ready_calls_ -= which.calls_.size();
    for (wire::slot& each : which.calls_)
        to_call(each).place_ = call::place::nowhere;
    waiting_ -= which.calls_.size();
    into.splice(into.end(), which.calls_);
    remove(which);
}

bool token_table::ready(request_kind kind, time_point now)
{
    ready_lines& all = ready_[kind];
    while (!all.empty()) {
        line& first = all.front();
        const policy::token_state& state = first.owner_->token_->state_;
        const policy::hold why = state.holds(kind, now);
        if (why == policy::hold::none)
            return true;
        hold_back(first, why, now);
    }
    return false;
}

const call& token_table::front(request_kind kind) const noexcept
{
    return to_call(const_cast<wire::slot&>(ready_[kind].front().calls_.front()));
}

call& token_table::next(request_kind kind)
{
    line& first = ready_[kind].front();
    call& which = to_call(first.calls_.front());
    token_entry& entry = *first.owner_->token_;
    // Accounts take turns, and so do those that share a token.
    wake_next(entry, kind);
    ready_[kind].splice(ready_[kind].end(), ready_[kind], ready_[kind].begin());
    first.turn_ = next_turn_++;
    take_from_line(which);
    --waiting_;
    which.place_ = call::place::session;
    which.token_ = &entry;
    entry.state_.sent();
    return which;
}

void token_table::sent_answered(call& which, unsigned status, policy::token_verdict token, bool told, time_point now)
{
    token_entry& entry = *std::exchange(which.token_, nullptr);
    entry.state_.answered(status, token, told, now);
    if (token == policy::token_verdict::refused)
        refuse_token(entry);
    tell(entry, now);
    wake(entry);
}

void token_table::sent_forgotten(call& which)
{
    token_entry& entry = *std::exchange(which.token_, nullptr);
    entry.state_.forgotten();
    wake(entry);
}

void token_table::refuse_token(token_entry& which)
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

void token_table::hold_until(const call& which, time_point when, time_point now)
{
    which.token_->state_.hold_until(which.rule().kind(), when);
    report_.paced(which.token_->number_, pace_reason::retry_after, when - now, which.rule().creates);
}

void token_table::report(const call& which, std::uint64_t remaining, time_point reset_at, time_point now)
{
    which.token_->state_.report(remaining, reset_at, now);
    if (remaining == 0)
        report_.paced(which.token_->number_, pace_reason::rate_limit, reset_at - now, false);
}

void token_table::report_budget(const call& which, std::uint64_t remaining, time_point resets_at, time_point now)
{
    which.token_->state_.report_budget(remaining, resets_at, now);
}

void token_table::budget_spent(const call& which, time_point until)
{
    which.token_->state_.budget_spent(until);
}

void token_table::tell(token_entry& which, time_point now)
{
    if (!report_)
        return;
    const policy::token_state& state = which.state_;
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
void token_table::wake(token_entry& which)
{
    for (const request_kind kind : policy::request_kinds)
        wake_next(which, kind);
}

void token_table::wake_next(token_entry& which, request_kind kind)
{
    if (!which.held_[kind].empty())
        make_ready(*which.held_[kind].begin());
}

void token_table::set_wake(token_entry& which, time_point when)
{
    if (when == which.wake_at_)
        return;
    if (which.wake_at_ != time_point::max())
        waking_.erase(waking_.iterator_to(which));
    which.wake_at_ = when;
    if (when != time_point::max())
        waking_.insert(which);
}

call* token_table::hopeless(error& why, time_point now)
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

policy::hold token_table::held_by(const call& which) const noexcept
{
    return which.place_ == call::place::queue ? line_of(which).held_by_ : policy::hold::none;
}

error token_table::held_error(policy::hold why, time_point until, time_point now) const
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

wire::slot_list token_table::take_ready(time_point now)
{
    wire::slot_list taken;
    for (const request_kind kind : policy::request_kinds)
        while (ready(kind, now))
            empty(ready_[kind].front(), taken);
    return taken;
}

wire::slot_list token_table::take_lines()
{
    wire::slot_list taken;
    for (auto& [token, entry] : tokens_)
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

time_point token_table::deadline() const noexcept
{
    return waking_.empty() ? time_point::max() : waking_.begin()->wake_at_;
}

void token_table::tick(time_point now)
{
    while (!waking_.empty() && waking_.begin()->wake_at_ <= now) {
        token_entry& first = *waking_.begin();
        set_wake(first, time_point::max());
        tell(first, now);
        wake(first);
    }
}

} // namespace venice_keys
