#include "pool/reporter.hpp"

namespace venice_keys::detail {

namespace {

event::request_label label_of(const call& which) noexcept
{
    return {which.number(), which.rule().method, which.rule().url_template};
}

} // namespace

event::connection_label reporter::label(const session& which) const noexcept
{
    const std::string_view alpn = which.protocol();
    return {which.number(), host_, port_, alpn.empty() ? alpn : alpn == "h2" ? "2" : "1.1"};
}

void reporter::opened(const session& which, const net::connection_facts& how, time_point now) const noexcept
{
    if (who_)
        who_->connection_opened({label(which), how.tls_version, how.resumed, now - which.began()});
}

void reporter::failed(const session& which, const error& why, time_point now) const noexcept
{
    if (who_)
        who_->connection_failed({label(which), why, now - which.began()});
}

void reporter::closed(const session& which, const error& why, std::size_t unanswered, time_point now) const noexcept
{
    if (who_)
        who_->connection_closed({label(which), why, which.answers(), unanswered, now - which.opened_at()});
}

void reporter::started(const session& on, const call& which) const noexcept
{
    if (who_)
        who_->attempt_started({label(on), label_of(which), which.ended_attempts()});
}

void reporter::ended(const session& on, const call& which, const wire::reply* answer, std::optional<errc> why,
                     time_point now) const noexcept
{
    if (!who_)
        return;
    event::attempt_ended what;
    what.connection = label(on);
    what.request = label_of(which);
    what.resend_count = which.ended_attempts();
    what.why = why;
    what.duration = now - which.written_at();
    if (answer != nullptr) {
        what.status = answer->status;
        what.request_id = answer->request_id;
    }
    who_->attempt_ended(what);
}

void reporter::retry_scheduled(const call& which, std::chrono::nanoseconds delay, errc why,
                               unsigned status) const noexcept
{
    if (who_)
        who_->retry_scheduled({label_of(which), which.ended_attempts(), delay, why, status});
}

void reporter::paced(std::uint64_t token_number, pace_reason reason, std::chrono::nanoseconds wait,
                     bool creations_only) const noexcept
{
    if (who_)
        who_->paced({token_number, reason, wait, creations_only});
}

void reporter::pipelining(pipelining_state found) const noexcept
{
    if (who_)
        who_->pipelining_judged({found});
}

void reporter::error_budget_changed(const event::error_budget_changed& what) const noexcept
{
    if (who_)
        who_->error_budget_changed(what);
}

} // namespace venice_keys::detail
