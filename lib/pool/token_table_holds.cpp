// What the state of a token means for its calls: which of them can't be served in time, what holds a call back, what an
// observer is told, and when the state is forgotten.
#include "pool/token_table.hpp"

#include "pool/waiting_for.hpp"

#include <algorithm>

namespace venice_keys::detail {

using policy::request_kind;

// Gives up every call that can't be served in its time: whatever is answered, the hold ends at its deadline or later.
void token_table::judge(token_entry& which, request_kind kind, time_point now)
{
    token_entry::waiting& waits = which.waiting_[kind];
    if (waits.queues.empty())
        return;
    const time_point until = which.state_.opens_at(kind, now);
    if (until == time_point::max()) {
        waits.opens_at = time_point::min();
        return;
    }
    waits.opens_at = until;
    if (waits.by_deadline.empty())
        for (account_queue& each : waits.queues)
            for (wire::slot_list* const calls : {&each.calls, &each.behind})
                for (wire::slot& one : *calls)
                    waits.by_deadline.insert(waits.by_deadline.end(), to_call(one));
    const policy::hold why = which.state_.holds(kind, now);
    while (!waits.by_deadline.empty() && waits.by_deadline.begin()->deadline() <= until)
        give_up(*waits.by_deadline.begin(), why, until);
}

// Takes out a call, which ends in this turn.
void token_table::give_up(call& which, policy::hold why, time_point until)
{
    take_out(which);
    which.place_ = call::place::unservable;
    which.unservable_ = why;
    which.not_before_ = until;
    unservable_.push_back(which);
    judge_later(*which.queue_->owner->token_); // so that unservable() sorts them
}

call* token_table::unservable(error& why, time_point now)
{
    if (!unjudged_.empty()) {
        for (; !unjudged_.empty(); unjudged_.pop_front())
            for (const request_kind kind : policy::request_kinds)
                judge(unjudged_.front(), kind, now);
        unservable_.sort(
            [](const wire::slot& left, const wire::slot& right) { // calls end in the order in which they came
                return to_call(left).number() < to_call(right).number();
            });
    }
    if (unservable_.empty())
        return nullptr;
    call& which = to_call(unservable_.front());
    why = held_error(which.unservable_, which.not_before_, now); // first: when this throws, the call stays in the list
    leave(which);
    return &which;
}

policy::hold token_table::held_by(const call& which, time_point now) const noexcept
{
    switch (which.place_) {
    case call::place::queue:
        return which.queue_->owner->token_->state_.holds(which.queue_->kind, now);
    case call::place::unservable:
        return which.unservable_;
    case call::place::nowhere:
    case call::place::behind:
    case call::place::pause:
    case call::place::session:
        break;
    }
    return policy::hold::none;
}

void token_table::refuse_token(token_entry& which)
{
    which.refused_before_ = next_number_;
    for (token_entry::waiting& waits : which.waiting_.all)
        for (auto at = waits.queues.begin(); at != waits.queues.end();)
            for (account_queue& each = *at++; !each.calls.empty();)
                give_up(to_call(each.calls.front()), policy::hold::refused_token, time_point::max());
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

void token_table::report_state(token_entry& which, time_point now)
{
    const policy::token_state& state = which.state_;
    const policy::error_budget& budget = state.error_budget();
    const bool full = !budget.fits(1, now);
    const error_budget_state is = state.token_refused() ? error_budget_state::token_refused
                                  : full                ? error_budget_state::holding
                                                        : error_budget_state::passing;
    if (is == which.reported_)
        return;
    which.reported_ = is;
    event::error_budget_changed what;
    what.token_number = which.number_;
    what.state = is;
    what.failures = static_cast<unsigned>(budget.failures(now));
    what.allowed_in_flight = budget.allowed(now);
    if (budget.reported(now))
        what.remaining = budget.remaining();
    if (const time_point until = budget.opens_at(now); until != time_point::max())
        what.wait = until - now;
    report_.error_budget_changed(what);
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
        if (report_)
            report_state(first, now);
        wake(first);
    }
}

// In a server with many accounts tokens come and go, so blank entries are dropped.
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

} // namespace venice_keys::detail
