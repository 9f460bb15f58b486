// The header of an answer, without what belongs to one version of HTTP.
#include "emulator/reply.hpp"

#include "emulator/dates.hpp"
#include "emulator/rate_limits.hpp"

#include <utility>

namespace venice_keys::emulation {

namespace {

constexpr std::string_view service_version = "20260821.193530"; // of the published specification

std::string milliseconds_text(timestamp when)
{
    return std::to_string(when.time_since_epoch().count());
}

void add_rate(std::vector<reply_field>& to, const quota& rate, timestamp now)
{
    const auto seconds_left = std::chrono::ceil<std::chrono::seconds>(rate.reset - now);
    to.push_back({"x-ratelimit-limit-requests", std::to_string(rate.limit)});
    to.push_back({"x-ratelimit-remaining-requests", std::to_string(rate.remaining)});
    to.push_back({"x-ratelimit-reset-requests", milliseconds_text(rate.reset)});
    // This resource spends no tokens, so that nothing is ever taken from them.
    to.push_back({"x-ratelimit-limit-tokens", std::to_string(tokens_per_minute)});
    to.push_back({"x-ratelimit-remaining-tokens", std::to_string(tokens_per_minute)});
    to.push_back({"x-ratelimit-reset-tokens", std::to_string(seconds_left.count())});
}

} // namespace

bool is_bodiless(const reply& answer)
{
    return answer.status == 204 || answer.status == 304;
}

std::vector<reply_field> reply_fields(const reply& answer, timestamp now)
{
    std::vector<reply_field> fields;
    fields.push_back({"Date", write_http_date(now)});
    if (!is_bodiless(answer)) {
        fields.push_back({"Content-Type", "application/json; charset=utf-8"});
        fields.push_back({"Content-Length", std::to_string(answer.body.size())});
    }
    if (!answer.request_id.empty())
        fields.push_back({"CF-RAY", answer.request_id});
    fields.push_back({"x-venice-version", std::string{service_version}});
    if (answer.rate)
        add_rate(fields, *answer.rate, now);
    if (answer.budget) {
        fields.push_back({"x-ratelimit-remaining", std::to_string(answer.budget->remaining)});
        fields.push_back({"x-ratelimit-resets", milliseconds_text(answer.budget->resets)});
    }
    if (!answer.payment.empty())
        fields.push_back({"PAYMENT-REQUIRED", answer.payment});
    if (!answer.retry_after.empty())
        fields.push_back({"Retry-After", answer.retry_after});
    if (!answer.allow.empty())
        fields.push_back({"Allow", answer.allow});
    if (answer.status == 401)
        fields.push_back({"WWW-Authenticate", "Bearer"});
    return fields;
}

} // namespace venice_keys::emulation
