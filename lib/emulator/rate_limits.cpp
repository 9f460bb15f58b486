#include "emulator/rate_limits.hpp"

#include "emulator/json_text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace venice_keys::emulation {

namespace {

constexpr double usd_balance = 50.23;
constexpr double diem_balance = 100.023;
constexpr double bundled_credits = 12.5;
constexpr unsigned usual_requests_per_minute = 500;

// Returns how much of a balance the key's limit lets it spend.
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
        bundled = clamped(bundled, limits.usd, used.usd); // the limit in USD counts these credits too
        diem = clamped(diem, limits.diem, used.diem);
    }

    [[nodiscard]] bool any() const { return usd > 0 || diem > 0 || bundled > 0; }
};

// Begins an object that is an element of a list.
void begin_element(std::string& out)
{
    out += out.back() == '}' ? ",{" : "{";
}

void begin_model(std::string& out, std::string_view id)
{
    begin_element(out);
    append_member(out, "apiModelId", append_string, id);
    append_name(out, "rateLimits");
    out += '[';
}

void append_limit(std::string& out, std::string_view type, unsigned amount)
{
    begin_element(out);
    append_member(out, "amount", append_number, amount);
    append_member(out, "type", append_string, type);
    out += '}';
}

std::string_view text_of(limit_log::limit exceeded)
{
    switch (exceeded) {
    case limit_log::limit::requests_per_minute:
        return "RPM";
    case limit_log::limit::failures:
        return "FAILED_REQUESTS";
    }
    return {};
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
    body += R"(,"apiTier":{)";
    append_member(body, "id", append_string, account_tier);
    body += R"(,"isCharged":true},"balances":{)";
    append_member(body, "USD", append_number, left.usd);
    append_member(body, "DIEM", append_number, left.diem);
    append_member(body, "BUNDLED_CREDITS", append_number, left.bundled);
    body += '}';
    append_member(body, "keyExpiration", append_date, caller == nullptr ? std::nullopt : caller->key.expires_at);
    append_member(body, "nextEpochBegins", append_date, next_epoch);
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

void limit_log::record(limit exceeded, std::string key_id, timestamp now)
{
    entries_.push_back(entry{exceeded, std::move(key_id), now});
    if (entries_.size() > max_entries)
        entries_.pop_front();
}

std::string limit_log::body() const
{
    std::string body = R"({"object":"list","data":[)";
    for (auto each = entries_.rbegin(); each != entries_.rend(); ++each) {
        begin_element(body);
        append_member(body, "apiKeyId", append_string, each->key_id);
        append_member(body, "modelId", append_string, text_model);
        append_member(body, "rateLimitTier", append_string, account_tier);
        append_member(body, "rateLimitType", append_string, text_of(each->exceeded));
        append_member(body, "timestamp", append_date, each->when);
        body += '}';
    }
    body += "]}";
    return body;
}

} // namespace venice_keys::emulation
