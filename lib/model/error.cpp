#include <venice_keys/error.hpp>

#include <venice_keys/detail/result_state.hpp>

#include "model/redact.hpp"
#include "model/small_letter.hpp"

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <utility>

namespace venice_keys {

namespace {

enum outlook : bool { stays, may_pass };
enum effect : bool { no_effect, effect_open };

struct code_facts {
    const char* name;
    const char* text;
    outlook later; // whether the same call may succeed later
    effect left;   // whether the server may have acted, although it gave an answer that led to this code
};

constexpr code_facts facts_of(errc code) noexcept
{
    switch (code) {
    case errc::no_result:
        return {"no_result", "no result", stays, effect_open};
    case errc::invalid_argument:
        return {"invalid_argument", "invalid argument", stays, no_effect};
    case errc::closed:
        return {"closed", "client closed", stays, effect_open};
    case errc::cancelled:
        return {"cancelled", "cancelled", stays, effect_open};
    case errc::queue_full:
        return {"queue_full", "queue full", may_pass, no_effect};
    case errc::resolve_failed:
        return {"resolve_failed", "host name not resolved", may_pass, effect_open};
    case errc::connect_failed:
        return {"connect_failed", "connection failed", may_pass, effect_open};
    case errc::tls_failed: // a certificate or a refusal will not get better
        return {"tls_failed", "TLS failed", stays, effect_open};
    case errc::deadline_exceeded:
        return {"deadline_exceeded", "deadline exceeded", may_pass, effect_open};
    case errc::connection_lost:
        return {"connection_lost", "connection lost", may_pass, effect_open};
    case errc::protocol_error:
        return {"protocol_error", "answer is not valid HTTP", may_pass, effect_open};
    case errc::reply_mismatch:
        return {"reply_mismatch", "answer does not belong to the request", may_pass, effect_open};
    case errc::reply_too_large:
        return {"reply_too_large", "answer too large", stays, effect_open};
    case errc::malformed_reply:
        return {"malformed_reply", "malformed answer", stays, effect_open};
    case errc::outcome_unknown: // a second request may make a second key
        return {"outcome_unknown", "outcome unknown", stays, effect_open};
    case errc::error_budget_spent:
        return {"error_budget_spent", "error budget spent", may_pass, no_effect};
    case errc::invalid_request:
        return {"invalid_request", "invalid request", stays, no_effect};
    case errc::authentication_failed:
        return {"authentication_failed", "authentication failed", stays, no_effect};
    case errc::payment_required:
        return {"payment_required", "payment required", stays, no_effect};
    case errc::forbidden:
        return {"forbidden", "forbidden", stays, no_effect};
    case errc::not_found:
        return {"not_found", "not found", stays, no_effect};
    case errc::rate_limited:
        return {"rate_limited", "rate limited", may_pass, no_effect};
    case errc::server_error:
        return {"server_error", "server error", may_pass, effect_open};
    case errc::unavailable:
        return {"unavailable", "service unavailable", may_pass, effect_open};
    case errc::rejected:
        return {"rejected", "rejected by the service", stays, no_effect};
    case errc::unexpected_status:
        return {"unexpected_status", "unexpected HTTP status", stays, effect_open};
    }
    return {"unknown", "unknown error", stays, effect_open};
}

class category final : public boost::system::error_category {
public:
    // Because it has an id of its own, the category compares equal across shared libraries.
    constexpr category() noexcept : error_category(0x6B1D'7C42'90E5'A3F8) {}

    [[nodiscard]] const char* name() const noexcept override { return "venice_keys"; }
    [[nodiscard]] std::string message(int value) const override { return facts_of(static_cast<errc>(value)).text; }
    const char* message(int value, char* /*buffer*/, std::size_t /*size*/) const noexcept override
    {
        return facts_of(static_cast<errc>(value)).text;
    }
};

constexpr category the_category;

// Joins the reasons of a message in the order in which they come.
class reason_list {
public:
    // `known`: what the message has said already.
    explicit reason_list(std::string known) : known_(std::move(known)) {}

    void add(std::string_view reason)
    {
        if (reason.empty() || text_.find(reason) != std::string::npos)
            return; // a detail often quotes its cause
        if (const std::string_view whole = reason.substr(0, reason.find_last_not_of(" .!") + 1);
            std::ranges::equal(whole, known_, {}, detail::small_letter, detail::small_letter))
            return; // a service often says `Forbidden` beside its 403
        if (!text_.empty())
            text_ += "; ";
        text_ += reason;
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string known_;
    std::string text_;
};

std::string reasons(const error& why)
{
    reason_list all(why.code.message());
    all.add(why.detail);
    if (why.cause &&
        (why.detail.empty() || why.cause.category() != error_category())) // a detail says more than an errc
        all.add(why.cause.message());
    all.add(why.server_text);
    for (const field_issue& issue : why.issues)
        all.add(issue.path.empty() ? issue.text : issue.path + ": " + issue.text);
    return all.text();
}

// Whether an answer came that could not be used. The request counts as unanswered then (promise 4), but whoever reads
// the message should not look for a lost connection.
bool is_unusable_answer(const boost::system::error_code& code) noexcept
{
    return code == errc::protocol_error || code == errc::reply_mismatch || code == errc::reply_too_large ||
           code == errc::malformed_reply;
}

// How far the call got, as the end of a message; empty when there was no call, or nothing of it can have left.
std::string how_far(const error& why)
{
    if (!why.sends)
        return "";
    const bool refused_at_once = why.code == errc::invalid_argument || why.code == errc::no_result;
    if (why.delivery == delivery::not_sent)
        return refused_at_once ? "" : "; not sent";
    const bool unanswered = why.delivery == delivery::sent_unanswered;
    const bool unusable = unanswered && (is_unusable_answer(why.code) || is_unusable_answer(why.cause));
    const bool at_last = unanswered && !unusable && why.http_status != 0;
    std::string text = "; ";
    text += unusable ? "sent, no usable answer" : to_string(at_last ? delivery::answered : why.delivery);
    if (why.attempts != 0)
        text += " after " + std::to_string(why.attempts) + (why.attempts == 1 ? " attempt" : " attempts");
    if (at_last)
        text += ", at least one of which was not answered";
    if (why.code == errc::outcome_unknown)
        text += "; there may be a key whose secret nobody has: look for its description with list_keys";
    return text;
}

// Whether the server may have acted in spite of its answer. A 4xx says that it did not; so does a redirection.
bool leaves_it_open(errc code, unsigned status) noexcept
{
    if (status == 408 || status >= 500)
        return true;
    return status < 300 && facts_of(code).left == effect_open;
}

} // namespace

const boost::system::error_category& error_category() noexcept
{
    return the_category;
}

std::string_view name_of(errc code) noexcept
{
    return facts_of(code).name;
}

std::ostream& operator<<(std::ostream& out, errc value)
{
    return out << name_of(value);
}

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
    text += how_far(*this);
    if (retry_after)
        text += "; retry after " + std::to_string(retry_after->count()) + " ms";
    if (!request_id.empty())
        text += "; request id " + request_id;
    detail::make_printable(text, text.size()); // a cause's text may have line ends
    return text;
}

bool error::retryable() const noexcept
{
    if (code.category() != error_category() || (creates && maybe_applied()))
        return false;
    return facts_of(why()).later == may_pass;
}

bool error::maybe_applied() const noexcept
{
    switch (delivery) {
    case venice_keys::delivery::not_sent:
        return false;
    case venice_keys::delivery::sent_unanswered:
        return true;
    case venice_keys::delivery::answered:
        return leaves_it_open(why(), http_status);
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
