#include "emulator/rate_limits.hpp"

#include "emulator/json_text.hpp"

#include <chrono>

namespace venice_keys::emulation {

namespace {

constexpr double usd_balance = 50.23;
constexpr double diem_balance = 100.023;

void begin_model(std::string& out, std::string_view id)
{
    out += out.back() == '}' ? "," : "";
    out += R"({"apiModelId":)";
    append_string(out, id);
    out += R"(,"rateLimits":[)";
}

void append_limit(std::string& out, std::string_view type, unsigned amount)
{
    out += out.back() == '}' ? "," : "";
    out += R"({"amount":)";
    append_number(out, amount);
    out += R"(,"type":)";
    append_string(out, type);
    out += '}';
}

} // namespace

std::string rate_limits_body(unsigned requests_per_minute, timestamp now)
{
    // The service's epoch is a UTC day.
    const timestamp next_epoch = std::chrono::floor<std::chrono::days>(now) + std::chrono::days{1};
    std::string body = R"({"data":{"accessPermitted":true,"apiTier":{"id":)";
    append_string(body, account_tier);
    body += R"(,"isCharged":true},"balances":{"USD":)";
    append_number(body, usd_balance);
    body += R"(,"DIEM":)";
    append_number(body, diem_balance);
    body += R"(},"keyExpiration":null,"nextEpochBegins":)";
    append_date(body, next_epoch);
    body += R"(,"rateLimits":[)";
    begin_model(body, text_model);
    if (requests_per_minute != 0)
        append_limit(body, "RPM", requests_per_minute);
    append_limit(body, "TPM", tokens_per_minute);
    body += "]}";
    begin_model(body, image_model);
    if (requests_per_minute != 0)
        append_limit(body, "RPM", requests_per_minute);
    body += "]}]}}";
    return body;
}

} // namespace venice_keys::emulation
