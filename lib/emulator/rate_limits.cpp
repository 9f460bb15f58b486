#include "emulator/rate_limits.hpp"

#include "emulator/json_text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace venice_keys::emulation {

namespace {

constexpr double usd_balance = 50.23;
constexpr double diem_balance = 100.023;
constexpr double bundled_credits = 12.5;
constexpr unsigned usual_requests_per_minute = 500;

// A balance, as far as the key's limit lets it be spent.
double clamped(double balance, const std::optional<double>& limit, std::uint64_t used_ten_thousandths)
{
    if (!limit)
        return balance;
    return std::clamp(*limit - static_cast<double>(used_ten_thousandths) / 10'000, 0.0, balance);
}

struct balances {
    double usd = usd_balance;
    double diem = diem_balance;
    double bundled = bundled_credits;

    explicit balances(const stored_key* caller)
    {
        if (caller == nullptr)
            return;
        const consumption_limits& limits = caller->key.limits;
        const key_usage used = period_usage(caller->usage);
        usd = clamped(usd, limits.usd, used.usd);
        bundled = clamped(bundled, limits.usd, used.usd); // the limit in USD counts these too
        diem = clamped(diem, limits.diem, used.diem);
    }

    [[nodiscard]] bool any() const { return usd > 0 || diem > 0 || bundled > 0; }
};

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

std::string rate_limits_body(unsigned requests_per_minute, const stored_key* caller, timestamp now)
{
    // The service's epoch is a UTC day.
    const timestamp next_epoch = std::chrono::floor<std::chrono::days>(now) + std::chrono::days{1};
    const balances left{caller};
    const unsigned requests = requests_per_minute != 0 ? requests_per_minute : usual_requests_per_minute;
    std::string body = R"({"data":{"accessPermitted":)";
    body += left.any() ? "true" : "false";
    body += R"(,"apiTier":{"id":)";
    append_string(body, account_tier);
    body += R"(,"isCharged":true},"balances":{"USD":)";
    append_number(body, left.usd);
    body += R"(,"DIEM":)";
    append_number(body, left.diem);
    body += R"(,"BUNDLED_CREDITS":)";
    append_number(body, left.bundled);
    body += R"(},"keyExpiration":)";
    append_date(body, caller == nullptr ? std::nullopt : caller->key.expires_at);
    body += R"(,"nextEpochBegins":)";
    append_date(body, next_epoch);
    body += R"(,"rateLimits":[)";
    begin_model(body, text_model);
    append_limit(body, "RPM", requests);
    append_limit(body, "TPM", tokens_per_minute);
    body += "]}";
    begin_model(body, image_model);
    append_limit(body, "RPM", requests);
    body += "]}]}}";
    return body;
}

} // namespace venice_keys::emulation
