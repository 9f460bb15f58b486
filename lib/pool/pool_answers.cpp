// What an answer says about its call, its connection and others, and whether a refused call is retried.
#include "pool/pool.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::detail {

namespace {

// A 401 refuses the token, unless its body says that the token is good and only the operation is forbidden. A body that
// breaks off could have said so, and decides nothing.
policy::token_acceptance acceptance_of(const call& asked, const wire::reply& answer, const error* refusal)
{
    if (!asked.rule().authorized)
        return policy::token_acceptance::none;
    if (answer.status < 400)
        return policy::token_acceptance::accepted;
    if (answer.status != 401 || refusal == nullptr || answer.broken != nullptr)
        return policy::token_acceptance::none;
    return refusal->code == errc::forbidden ? policy::token_acceptance::accepted : policy::token_acceptance::refused;
}

} // namespace

session::attribution pool::on_answer(session& there, wire::slot& who, wire::reply& answer, error& why)
{
    auto& which = static_cast<connection&>(there);
    call& asked = to_call(who);
    // The server may have read this request and those behind it as a single malformed one.
    const bool whole = answer.broken == nullptr || answer.broken->code == errc::connection_lost;
    if (which.in_order() && answer.status == 400 && !answer.keep_alive && whole && which.owed() != 0) {
        why = error(errc::protocol_error, "the server answered 400 and closed while requests were behind that one");
        return session::attribution::mismatch;
    }
    const time_point now = clocks_.now();
    auto retry_after = retry_after_of(answer);
    const auto [whose, refusal] = asked.read(answer, retry_after, why);
    if (whose == session::attribution::mismatch)
        return whose;
    ++counters_.replies;
    if (settings_.report) {
        settings_.report.ended(which, asked, &answer, refusal ? std::optional(refusal->why()) : std::nullopt, now);
    }
    const bool reported = heed_limits(asked, answer, now);
    if (refusal != nullptr && refusal->code == errc::error_budget_spent) {
        if (!retry_after || *retry_after <= std::chrono::milliseconds(0)) // such a time would hold nothing back
            retry_after = settings_.error_budget.window;
        tokens().budget_spent(asked, now + *retry_after);
    } else if (retry_after && (answer.status == 429 || answer.status == 503)) {
        tokens().hold_until(asked, now + *retry_after, now);
    }
    learn_from(which, asked, answer, now);
    if (answer.status < 400)
        budget_.succeeded();
    const token_entry& token = *asked.token_;
    tokens().sent_answered(asked, answer.status, acceptance_of(asked, answer, refusal), reported, now);
    if (!to_flush_.empty())
        take_back_excess(token, now);
    const bool abandoned = asked.where() == wire::slot::state::abandoned;
    const bool maybe_done = answer.status == 408 || answer.status >= 500;
    asked.attempt_ended(delivery::answered, maybe_done);
    owes_less(which);
    if (!abandoned && refusal != nullptr && retry(asked, *refusal, retry_after, now))
        return session::attribution::matches;
    leave(asked);
    return session::attribution::matches;
}

// Learns what an answer says about its connection and others to the same server.
void pool::learn_from(connection& which, const call& asked, const wire::reply& answer, time_point now)
{
    if (const auto silence = which.take_silence(); silence && !asked.rule().exclusive)
        silence_.ended_after(*silence);
    // Later answers say nothing about new connections, each of which may be refused while the old ones still answer.
    if (which.answers() == 1) {
        backoff_.succeeded();
        if (std::exchange(careful_, false))
            update_rooms();
    }
    if (!which.in_order()) {
        streams_.answered();
        // The SETTINGS came before the answer. If they allow nothing, only this connection is known to be busy.
        if (which.capacity() != 0)
            expected_room_ = streams_on(which);
        return;
    }
    if (pipelining_.answered())
        update_rooms();
    if (asked.behind_) {
        which.answered_behind_ = true;
        pipelining_.answered_behind();
    }
    if (!trial_.on(which))
        return;
    // Only a success names its key, and so is known to be the answer to the second request.
    const bool certain = asked.behind_ && answer.status < 300 && asked.where() == wire::slot::state::written;
    if (trial_.answered(certain, now + silence_.limit())) {
        settings_.report.pipelining(pipelining_.state());
        update_rooms();
    }
}

wire::server_clock::time pool::servers_time(const wire::reply& answer)
{
    return server_clock_.read(answer.date, clocks_.wall());
}

// How long to wait. A 429 with nothing left of the error budget also says so by the time of its reset.
std::optional<std::chrono::milliseconds> pool::retry_after_of(const wire::reply& answer)
{
    std::optional<std::chrono::milliseconds> wait;
    if (!answer.retry_after.empty())
        wait =
            wire::parse_retry_after(answer.retry_after, std::chrono::floor<std::chrono::seconds>(servers_time(answer)));
    if (answer.status != 429 || answer.error_budget.remaining != 0 || !answer.error_budget.resets)
        return wait;
    const auto reset = policy::until_reset(*answer.error_budget.resets, servers_time(answer));
    return std::max(wait, reset); // an empty optional is less than any value
}

// Takes note of the limits in an answer. Returns whether it says what is left of the error budget.
bool pool::heed_limits(const call& asked, const wire::reply& answer, time_point now)
{
    if (answer.requests.remaining && answer.requests.reset)
        if (const auto reset = policy::until_reset(*answer.requests.reset, servers_time(answer)))
            tokens().report(asked, *answer.requests.remaining, now + *reset, now);
    if (!answer.error_budget.remaining || !answer.error_budget.resets)
        return false;
    const auto reset = policy::until_reset(*answer.error_budget.resets, servers_time(answer));
    if (reset)
        tokens().report_budget(asked, *answer.error_budget.remaining, now + *reset, now);
    return reset.has_value();
}

// Lets a refused call pause before its next attempt. Returns false when it is not to be sent again.
bool pool::retry(call& refused, const error& why, std::optional<std::chrono::milliseconds> retry_after, time_point now)
{
    if (!policy::may_retry(refused.rule(), why.http_status))
        return false;
    refused.charged_.refused();
    if (!refused.charged_.left(settings_.retry.max_attempts))
        return false;
    std::chrono::steady_clock::duration pause = jitter_.after(refused.charged_.charged());
    if (retry_after)
        pause = std::max<std::chrono::steady_clock::duration>(pause, *retry_after);
    if (now + pause >= refused.deadline())
        return false;
    refused.note_trouble(why);
    refused.unanswered_ = false;
    settings_.report.retry_scheduled(refused, pause, why.why(), why.http_status);
    admission_.pause(refused, now + pause);
    return true;
}

} // namespace venice_keys::detail
