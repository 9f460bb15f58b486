// The header of an answer, which every version of HTTP has, and the bytes of an answer over HTTP/1.1.
#include "emulator/reply.hpp"

#include "emulator/dates.hpp"
#include "emulator/rate_limits.hpp"

#include <algorithm>
#include <iterator>
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

constexpr std::pair<unsigned, std::string_view> reasons[] = {
    {200, "OK"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

std::string_view reason(unsigned status)
{
    const auto* const found = std::ranges::find(reasons, status, &std::pair<unsigned, std::string_view>::first);
    return found != std::end(reasons) ? found->second : status < 400 ? "Other" : "Error";
}

void append_field(std::string& out, std::string_view name, std::string_view value)
{
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
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

void append_reply(std::string& out, const reply& answer, timestamp now, reply_framing framing)
{
    out += "HTTP/1.1 ";
    out += std::to_string(answer.status);
    out += ' ';
    out += reason(answer.status);
    out += "\r\n";
    for (const reply_field& each : reply_fields(answer, now))
        append_field(out, each.name, each.value);
    if (!framing.keep_alive)
        append_field(out, "Connection", "close");
    else if (framing.http_1_0)
        append_field(out, "Connection", "keep-alive");
    out += "\r\n";
    if (!framing.head && !is_bodiless(answer))
        out += answer.body;
}

} // namespace venice_keys::emulation
