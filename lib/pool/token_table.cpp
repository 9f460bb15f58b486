#include "pool/token_table.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::detail {

using policy::request_kind;

token_table::~token_table()
{
    // The calls, queues and tokens may outlive the table, so they are only unlinked.
    unservable_.clear();
    unjudged_.clear();
    waking_.clear();
    for (ready_queues& each : ready_.all)
        each.clear();
    for (auto& [token, entry] : tokens_)
        for (token_entry::waiting& waits : entry->waiting_.all) {
            waits.by_deadline.clear();
            waits.held.clear();
            waits.queues.clear_and_dispose([](account_queue* each) {
                each->calls.clear();
                each->behind.clear();
            });
        }
}

void token_table::use_token(account_queues& whose, const secret& token, time_point now)
{
    if (tokens_.size() >= sweep_at_)
        forget_blank(now);
    const auto fingerprint = fingerprints_.of(token);
    auto known = tokens_.find(fingerprint);
    if (known == tokens_.end()) // the entry is made first, so that the map never holds a null
        known = tokens_.emplace(fingerprint, std::make_shared<token_entry>(error_budget_, next_token_++)).first;
    const std::shared_ptr<token_entry>& entry = known->second;
    if (whose.token_ == entry)
        return;
    for (account_queue& each : whose.queues_.all) {
        if (each.empty())
            continue;
        make_ready(each);
        token_entry::waiting& from = whose.token_->waiting_[each.kind];
        token_entry::waiting& to = entry->waiting_[each.kind];
        from.queues.erase(from.queues.iterator_to(each));
        to.queues.push_back(each);
        for (wire::slot_list* const calls : {&each.calls, &each.behind})
            for (wire::slot& which : *calls) {
                from.leave_order(to_call(which));
                to.enter_order(to_call(which));
            }
        wake_next(*whose.token_, each.kind);
        judge_later(*entry);
    }
    whose.token_ = entry;
}

// Makes a call wait for the token of its account.
inline void token_table::begin(call& which, account_queue& where)
{
    token_entry& token = *where.owner->token_;
    token_entry::waiting& waits = token.waiting_[where.kind];
    ++waiting_;
    if (waits.queues.empty() || which.deadline() <= waits.opens_at)
        judge_later(token);
    if (where.empty())
        waits.queues.push_back(where);
    waits.enter_order(which);
}

inline void token_table::put(call& which, account_queue& where, bool in_front)
{
    which.place_ = call::place::queue;
    if (where.calls.empty()) {
        where.in_rotation = next_in_rotation_++;
        ready_[where.kind].push_back(where);
    }
    in_front ? where.calls.push_front(which) : where.calls.push_back(which);
    if (!where.held())
        ++ready_calls_;
    const token_entry& token = *where.owner->token_;
    if (token.state_.token_refused() && which.number_ < token.refused_before_)
        give_up(which, policy::hold::refused_token, time_point::max());
}

void token_table::enter(call& which, account_queues& whose, bool behind_another)
{
    account_queue& where = whose.queues_[which.rule().kind()];
    which.queue_ = &where;
    which.number_ = next_number_++;
    begin(which, where);
    if (!behind_another)
        return put(which, where, false);
    which.place_ = call::place::behind;
    where.behind.push_back(which);
}

void token_table::requeue(call& which)
{
    account_queue& where = *which.queue_;
    begin(which, where);
    put(which, where, true);
}

void token_table::advance(call& which)
{
    account_queue& where = *which.queue_;
    where.behind.erase(where.behind.iterator_to(which));
    put(which, where, false);
}

void token_table::leave(call& which)
{
    if (which.place_ == call::place::unservable)
        unservable_.erase(unservable_.iterator_to(which));
    else
        take_out(which);
    which.place_ = call::place::nowhere;
    --waiting_;
}

// Takes a call that waits behind no other out of its account's queue.
inline void token_table::take_out_of_queue(call& which, account_queue& where)
{
    token_entry& token = *where.owner->token_;
    token_entry::waiting& waits = token.waiting_[where.kind];
    waits.leave_order(which);
    where.calls.erase(where.calls.iterator_to(which));
    if (!where.held())
        --ready_calls_;
    if (!where.calls.empty())
        return;
    make_ready(where);
    ready_[where.kind].erase(ready_[where.kind].iterator_to(where));
    if (where.behind.empty())
        waits.queues.erase(waits.queues.iterator_to(where));
    wake_next(token, where.kind); // this queue may have been woken to go, and another takes its place
}

// Takes a call out of its account's queue.
void token_table::take_out(call& which)
{
    account_queue& where = *which.queue_;
    if (which.place_ == call::place::queue)
        return take_out_of_queue(which, where);
    token_entry::waiting& waits = where.owner->token_->waiting_[where.kind];
    waits.leave_order(which);
    where.behind.erase(where.behind.iterator_to(which));
    if (where.empty())
        waits.queues.erase(waits.queues.iterator_to(where));
}

void token_table::make_ready(account_queue& which)
{
    if (!which.held())
        return;
    token_entry& token = *which.owner->token_;
    auto& held = token.waiting_[which.kind].held;
    held.erase(held.iterator_to(which));
    // Nothing waits for the wake-up any more, and a timer for it would keep the executor's context at work.
    if (token.waiting_[request_kind::ordinary].held.empty() && token.waiting_[request_kind::creation].held.empty())
        set_wake(token, time_point::max());
    ready_[which.kind].push_back(which);
    ready_calls_ += which.calls.size();
}

void token_table::hold_back(account_queue& which, time_point now)
{
    token_entry& token = *which.owner->token_;
    ready_[which.kind].erase(ready_[which.kind].iterator_to(which));
    ready_calls_ -= which.calls.size();
    token.waiting_[which.kind].held.insert(which);
    set_wake(token, std::min(token.wake_at_, token.state_.wakes_at(which.kind, now)));
    judge_later(token);
}

void token_table::judge_later(token_entry& which)
{
    if (!which.unjudged_hook::is_linked())
        unjudged_.push_back(which);
}

bool token_table::ready(request_kind kind, time_point now)
{
    ready_queues& all = ready_[kind];
    while (!all.empty()) {
        account_queue& first = all.front();
        if (first.owner->token_->state_.holds(kind, now) == policy::hold::none)
            return true;
        hold_back(first, now);
    }
    return false;
}

const call& token_table::front(request_kind kind) const noexcept
{
    return to_call(ready_[kind].front().calls.front());
}

call& token_table::next(request_kind kind)
{
    account_queue& first = ready_[kind].front();
    call& which = to_call(first.calls.front());
    token_entry& token = *first.owner->token_;
    // Accounts rotate, those that share a token included.
    wake_next(token, kind);
    ready_[kind].splice(ready_[kind].end(), ready_[kind], ready_[kind].begin());
    first.in_rotation = next_in_rotation_++;
    take_out_of_queue(which, first);
    --waiting_;
    which.place_ = call::place::session;
    which.token_ = &token;
    token.state_.sent();
    return which;
}

void token_table::sent_answered(call& which, unsigned status, policy::token_acceptance token, bool reported,
                                time_point now)
{
    token_entry& entry = *std::exchange(which.token_, nullptr);
    entry.state_.answered(status, token, reported, now);
    if (token == policy::token_acceptance::refused)
        refuse_token(entry);
    if (!entry.waiting_[request_kind::ordinary].queues.empty() ||
        !entry.waiting_[request_kind::creation].queues.empty())
        judge_later(entry);
    if (report_)
        report_state(entry, now);
    wake(entry);
}

void token_table::sent_forgotten(call& which)
{
    token_entry& entry = *std::exchange(which.token_, nullptr);
    entry.state_.forgotten();
    wake(entry);
}

// Wakes one queue of each kind, which wakes the next when it has been served or is empty.
void token_table::wake(token_entry& which)
{
    for (const request_kind kind : policy::request_kinds)
        wake_next(which, kind);
}

void token_table::wake_next(token_entry& which, request_kind kind)
{
    if (auto& held = which.waiting_[kind].held; !held.empty())
        make_ready(*held.begin());
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

wire::slot_list token_table::take_ready(time_point now)
{
    wire::slot_list taken;
    for (const request_kind kind : policy::request_kinds)
        while (ready(kind, now))
            empty(ready_[kind].front(), taken);
    return taken;
}

wire::slot_list token_table::take_all()
{
    wire::slot_list taken;
    for (auto& [token, entry] : tokens_)
        for (token_entry::waiting& waits : entry->waiting_.all)
            for (auto at = waits.queues.begin(); at != waits.queues.end();)
                empty(*at++, taken);
    while (!unservable_.empty()) {
        call& each = to_call(unservable_.front());
        leave(each);
        taken.push_back(each);
    }
    return taken;
}

void token_table::empty(account_queue& which, wire::slot_list& into)
{
    while (!which.calls.empty()) {
        call& each = to_call(which.calls.front());
        leave(each);
        into.push_back(each);
    }
}

} // namespace venice_keys::detail
