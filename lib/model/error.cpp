#include <venice_keys/error.hpp>

#include <venice_keys/detail/result_state.hpp>

#include "model/redact.hpp"

#include <cstddef>
#include <ostream>
#include <utility>

namespace venice_keys {

namespace {

// The reasons of a message, joined as they come.
class reason_list {
public:
    void add(std::string_view reason)
    {
        if (reason.empty() || text_.find(reason) != std::string::npos)
            return; // a detail often quotes its cause
        if (!text_.empty())
            text_ += "; ";
        text_ += reason;
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

std::string reasons(const error& why)
{
    reason_list all;
    all.add(why.detail);
    if (why.cause)
        all.add(why.cause.message());
    all.add(why.server_text);
    for (const field_issue& issue : why.issues)
        all.add(issue.path.empty() ? issue.text : issue.path + ": " + issue.text);
    return all.text();
}

std::string how_far(const error& why)
{
    std::string text{to_string(why.delivery)};
    if (why.attempts != 0 && why.delivery != delivery::not_sent) {
        text += " after " + std::to_string(why.attempts);
        text += why.attempts == 1 ? " attempt" : " attempts";
    }
    return text;
}

// Whether the server may have acted in spite of its answer. A 4xx says that it did not; so does a redirection.
bool leaves_it_open(errc code, unsigned status) noexcept
{
    if (status == 408 || status >= 500)
        return true;
    if (status >= 300)
        return false;
    switch (code) {
    case errc::invalid_argument:
    case errc::queue_full:
    case errc::error_budget_spent:
    case errc::invalid_request:
    case errc::authentication_failed:
    case errc::payment_required:
    case errc::forbidden:
    case errc::not_found:
    case errc::rate_limited:
    case errc::rejected:
        return false;
    case errc::no_result:
    case errc::closed:
    case errc::cancelled:
    case errc::resolve_failed:
    case errc::connect_failed:
    case errc::tls_failed:
    case errc::deadline_exceeded:
    case errc::connection_lost:
    case errc::protocol_error:
    case errc::reply_mismatch:
    case errc::reply_too_large:
    case errc::malformed_reply:
    case errc::outcome_unknown:
    case errc::server_error:
    case errc::unavailable:
    case errc::unexpected_status:
        return true;
    }
    return true;
}

} // namespace

std::string_view to_string(delivery value) noexcept
{
    switch (value) {
    case delivery::not_sent:
        return "not sent";
    case delivery::answered:
        return "answered";
    case delivery::sent_unanswered:
        return "sent, not answered";
    }
    return "unknown";
}

std::ostream& operator<<(std::ostream& out, delivery value)
{
    return out << to_string(value);
}

std::string error::message() const
{
    std::string text = code.message();
    if (http_status != 0)
        text += " (HTTP " + std::to_string(http_status) + (server_code.empty() ? "" : ", " + server_code) + ")";
    if (const std::string why = reasons(*this); !why.empty())
        text += ": " + why;
    text += "; " + how_far(*this);
    if (retry_after)
        text += "; retry after " + std::to_string(retry_after->count()) + " ms";
    if (!request_id.empty())
        text += "; request id " + request_id;
    detail::make_printable(text, text.size()); // a cause's text may have line ends
    return text;
}

bool error::retryable() const noexcept
{
    if (code.category() != error_category())
        return false;
    if (creates && maybe_applied())
        return false;
    switch (static_cast<errc>(code.value())) {
    case errc::queue_full:
    case errc::resolve_failed:
    case errc::connect_failed:
    case errc::deadline_exceeded:
    case errc::connection_lost:
    case errc::protocol_error:
    case errc::reply_mismatch:
    case errc::error_budget_spent:
    case errc::rate_limited:
    case errc::server_error:
    case errc::unavailable:
        return true;
    case errc::no_result:
    case errc::invalid_argument:
    case errc::closed:
    case errc::cancelled:
    case errc::tls_failed: // a certificate, or a refusal, that will not get better
    case errc::reply_too_large:
    case errc::malformed_reply:
    case errc::outcome_unknown: // a repeat may make a second key
    case errc::invalid_request:
    case errc::authentication_failed:
    case errc::payment_required:
    case errc::forbidden:
    case errc::not_found:
    case errc::rejected:
    case errc::unexpected_status:
        return false;
    }
    return false;
}

bool error::maybe_applied() const noexcept
{
    switch (delivery) {
    case venice_keys::delivery::not_sent:
        return false;
    case venice_keys::delivery::sent_unanswered:
        return true;
    case venice_keys::delivery::answered:
        return leaves_it_open(static_cast<errc>(code.value()), http_status);
    }
    return true;
}

std::ostream& operator<<(std::ostream& out, const error& value)
{
    return out << value.message();
}

request_failed::request_failed(venice_keys::error why)
{
    std::string text = why.message();
    state_ = std::make_shared<const state>(state{std::move(why), std::move(text)});
}

void detail::throw_request_failed(const error& why)
{
    throw request_failed(why);
}

} // namespace venice_keys
