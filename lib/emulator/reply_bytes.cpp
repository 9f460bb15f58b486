// The bytes of an answer: status line, header, body.
#include "emulator/reply.hpp"

#include "emulator/dates.hpp"
#include "emulator/rate_limits.hpp"

namespace venice_keys::emulation {

namespace {

constexpr std::string_view service_version = "20260821.193530"; // of the published specification

std::string_view reason(unsigned status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 402:
        return "Payment Required";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        return status < 400 ? "Other" : "Error";
    }
}

void append_field(std::string& out, std::string_view name, std::string_view value)
{
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

std::string milliseconds_text(timestamp when)
{
    return std::to_string(when.time_since_epoch().count());
}

void append_rate(std::string& out, const quota& rate, timestamp now)
{
    const auto seconds_left = std::chrono::ceil<std::chrono::seconds>(rate.reset - now);
    append_field(out, "x-ratelimit-limit-requests", std::to_string(rate.limit));
    append_field(out, "x-ratelimit-remaining-requests", std::to_string(rate.remaining));
    append_field(out, "x-ratelimit-reset-requests", milliseconds_text(rate.reset));
    // This resource spends no tokens, so that nothing is ever taken from them.
    append_field(out, "x-ratelimit-limit-tokens", std::to_string(tokens_per_minute));
    append_field(out, "x-ratelimit-remaining-tokens", std::to_string(tokens_per_minute));
    append_field(out, "x-ratelimit-reset-tokens", std::to_string(seconds_left.count()));
}

} // namespace

void append_reply(std::string& out, const reply& answer, timestamp now, reply_framing framing)
{
    out += "HTTP/1.1 ";
    out += std::to_string(answer.status);
    out += ' ';
    out += reason(answer.status);
    out += "\r\n";
    append_field(out, "Date", write_http_date(now));
    // RFC 9110 section 8.6: no length with 204, and none is needed with 304.
    const bool bodiless = answer.status == 204 || answer.status == 304;
    if (!bodiless) {
        append_field(out, "Content-Type", "application/json; charset=utf-8");
        append_field(out, "Content-Length", std::to_string(answer.body.size()));
    }
    if (!answer.request_id.empty())
        append_field(out, "CF-RAY", answer.request_id);
    append_field(out, "x-venice-version", service_version);
    if (answer.rate)
        append_rate(out, *answer.rate, now);
    if (answer.budget) {
        append_field(out, "x-ratelimit-remaining", std::to_string(answer.budget->remaining));
        append_field(out, "x-ratelimit-resets", milliseconds_text(answer.budget->resets));
    }
    if (!answer.payment.empty())
        append_field(out, "PAYMENT-REQUIRED", answer.payment);
    if (!answer.retry_after.empty())
        append_field(out, "Retry-After", answer.retry_after);
    if (!answer.allow.empty())
        append_field(out, "Allow", answer.allow);
    if (answer.status == 401)
        append_field(out, "WWW-Authenticate", "Bearer");
    if (!framing.keep_alive)
        append_field(out, "Connection", "close");
    else if (framing.http_1_0)
        append_field(out, "Connection", "keep-alive");
    out += "\r\n";
    if (!framing.head && !bodiless)
        out += answer.body;
}

} // namespace venice_keys::emulation
