// Who may use the resource, what a request costs, and what every answer says besides.
#include "emulator/resource.hpp"

#include <string>

namespace venice_keys::emulation {

namespace {

// The key of the token that is no created key's secret. No list shows it, and another token does not change it.
constexpr std::string_view account_key_id = "00000000-0000-4000-8000-000000000000";

std::string too_many_failures(std::size_t most, bool older)
{
    return "Too many failed attempts (> " + std::to_string(most) +
           ") resulting in a non-success status code. Please wait " + (older ? "30s" : "30 seconds") +
           " and try again. See "
           "https://docs.venice.ai/api-reference/rate-limiting for more information.";
}

} // namespace

resource::resource(resource_options options)
    : options_(std::move(options)),
      store_(options_.seed, options_.enforce_limits),
      meter_(options_.requests_per_minute),
      budget_(options_.error_budget),
      request_ids_(options_.seed)
{
}

reply resource::answer(const request& asked, timestamp now, effect mode)
{
    const turn it = begin(asked, now, mode);
    if (blocked(it.who, now)) {
        // Costs nothing more, and has no Retry-After as far as anybody has told.
        return identified(refusal(429, too_many_failures(options_.error_budget, options_.every_failure_counts)), it);
    }
    if (auto refused = turned_away(it))
        return finish(std::move(*refused), it);
    std::optional<quota> rate;
    bool over = false;
    if (options_.requests_per_minute != 0 && it.who.known)
        rate = meter_.take(now, over);
    over = over && options_.enforce_limits;
    reply answer = over ? refusal(429, "Rate limit exceeded") : dispatch(it);
    answer.rate = rate;
    if (over) {
        exceeded_.record(limit_log::limit::requests_per_minute, it.who.key_id, now);
        answer.retry_after = std::to_string(std::chrono::ceil<std::chrono::seconds>(rate->reset - now).count());
    }
    return finish(std::move(answer), it);
}

void resource::apply(const request& asked, timestamp now)
{
    const turn it = begin(asked, now, effect::real);
    if (!blocked(it.who, now) && !turned_away(it))
        static_cast<void>(dispatch(it));
}

reply resource::answer_with(const request& asked, const emulated_answer& what, timestamp now)
{
    const turn it = begin(asked, now, effect::none);
    const std::string_view text = what.text.empty() ? "Emulated fault" : what.text;
    reply answer = what.status >= 400 ? refusal(what.status, text) : success("{}");
    answer.status = what.status;
    answer.retry_after = what.retry_after;
    bool ignored = false;
    if (options_.requests_per_minute != 0 && it.who.known)
        answer.rate = meter_.take(now, ignored);
    answer = finish(std::move(answer), it);
    // The service's own errors name themselves in the body too.
    if (!what.body.empty())
        answer.body = what.body;
    else if (what.status >= 500)
        answer.body.insert(answer.body.size() - 1, R"(,"request_id":"req-)" + answer.request_id + '"');
    return answer;
}

resource::turn resource::begin(const request& asked, timestamp now, effect mode) const
{
    return {asked, find_route(asked.target), identify(asked, now), now, mode};
}

resource::identity resource::identify(const request& asked, timestamp now) const
{
    identity who;
    who.token = bearer_token(asked);
    if (who.token == options_.token) {
        who.known = who.admin = true;
        who.key_id = account_key_id;
    } else if (const stored_key* key = store_.find_by_secret(who.token, now)) {
        who.known = true;
        who.admin = key->key.type == key_type::admin;
        who.key = key;
        who.key_id = key->key.id;
    }
    return who;
}

bool resource::blocked(const identity& who, timestamp now) const
{
    return options_.enforce_limits && !who.token.empty() && budget_.spent(who.token, now);
}

std::optional<reply> resource::turned_away(const turn& it) const
{
    if (it.where.to == endpoint::web3)
        return std::nullopt;
    if (it.asked.authorization.empty())
        return payment_required();
    if (!it.who.known)
        return refusal(401, "Authentication failed");
    const bool for_everybody = it.where.to == endpoint::rate_limits || it.where.to == endpoint::nowhere;
    if (!it.who.admin && !for_everybody)
        return refusal(401, "Admin API key required");
    return std::nullopt;
}

bool resource::counts(const reply& answer) const
{
    if (options_.every_failure_counts)
        return answer.status >= 400;
    return answer.charged && answer.status >= 400 && answer.status < 500 && answer.status != 429;
}

reply resource::finish(reply answer, const turn& of)
{
    const bool charged = options_.enforce_limits && !of.who.token.empty() && counts(answer);
    if (charged && budget_.charge(of.who.token, of.now)) {
        ++lockouts_;
        // Failures of strangers are not charged to the account.
        if (of.who.known)
            exceeded_.record(limit_log::limit::failures, of.who.key_id, of.now);
    }
    return identified(std::move(answer), of);
}

reply resource::identified(reply answer, const turn& of)
{
    const bool tells = options_.enforce_limits && options_.budget_headers;
    if (tells && of.who.known && of.where.to != endpoint::web3)
        answer.budget = budget_.left(of.who.token, of.now);
    static constexpr std::string_view hex = "0123456789abcdef";
    std::uint64_t bits = request_ids_();
    answer.request_id.clear();
    for (int i = 0; i < 16; ++i, bits >>= 4U)
        answer.request_id += hex[bits & 15U];
    answer.request_id += "-EMU";
    return answer;
}

} // namespace venice_keys::emulation
