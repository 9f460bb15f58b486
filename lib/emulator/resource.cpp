// Decides who may use the resource and what a request costs, and adds what every answer says besides.
#include "emulator/resource.hpp"

#include "emulator/encoding.hpp"

#include <string>

namespace venice_keys::emulation {

namespace {

// The id of the ADMIN key that is there from the start. No list shows it, and it stays the same when the token changes.
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
    const request_context context = make_context(asked, now, mode);
    if (blocked(context.caller, now)) {
        // This costs nothing more, and no source tells of a Retry-After.
        return add_header(refusal(429, too_many_failures(options_.error_budget, options_.every_failure_counts)),
                          context);
    }
    if (auto refused = check_access(context))
        return finish(std::move(*refused), context);
    const std::optional<quota> rate = meter(context);
    const bool over = rate && rate->exceeded && options_.enforce_limits;
    reply answer = over ? refusal(429, "Rate limit exceeded") : dispatch(context);
    answer.rate = rate;
    if (over) {
        exceeded_.record(limit_log::limit::requests_per_minute, context.caller.key_id, now);
        answer.retry_after = std::to_string(std::chrono::ceil<std::chrono::seconds>(rate->reset - now).count());
    }
    return finish(std::move(answer), context);
}

void resource::apply(const request& asked, timestamp now)
{
    const request_context context = make_context(asked, now, effect::real);
    if (!blocked(context.caller, now) && !check_access(context))
        static_cast<void>(dispatch(context));
}

reply resource::answer_with(const request& asked, const emulated_answer& what, timestamp now)
{
    const request_context context = make_context(asked, now, effect::none);
    const std::string_view text = what.text.empty() ? "Emulated fault" : what.text;
    reply answer = what.status >= 400 ? refusal(what.status, text) : success("{}");
    answer.status = what.status;
    answer.retry_after = what.retry_after;
    answer.rate = meter(context);
    answer = finish(std::move(answer), context);
    // The service's own errors have the request's identity in the body too.
    if (!what.body.empty())
        answer.body = what.body;
    else if (what.status >= 500)
        answer.body.insert(answer.body.size() - 1, R"(,"request_id":"req-)" + answer.request_id + '"');
    return answer;
}

resource::request_context resource::make_context(const request& asked, timestamp now, effect mode) const
{
    return {asked, find_route(asked.target), identify(asked, now), {asked.connection, asked.stream}, now, mode};
}

resource::caller resource::identify(const request& asked, timestamp now) const
{
    caller who;
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

bool resource::blocked(const caller& who, timestamp now) const
{
    return options_.enforce_limits && !who.token.empty() && budget_.spent(who.token, now);
}

std::optional<reply> resource::check_access(const request_context& context) const
{
    if (context.where.to == endpoint::web3)
        return std::nullopt;
    if (context.asked.authorization.empty())
        return payment_required();
    if (!context.caller.known)
        return refusal(401, "Authentication failed");
    const bool for_everybody = context.where.to == endpoint::rate_limits || context.where.to == endpoint::nowhere;
    if (!context.caller.admin && !for_everybody)
        return refusal(401, "Admin API key required");
    return std::nullopt;
}

std::optional<quota> resource::meter(const request_context& context)
{
    if (options_.requests_per_minute == 0 || !context.caller.known)
        return std::nullopt;
    return meter_.take(context.now);
}

bool resource::counts(const reply& answer) const
{
    if (options_.every_failure_counts)
        return answer.status >= 400;
    return answer.charged && answer.status >= 400 && answer.status < 500 && answer.status != 429;
}

reply resource::finish(reply answer, const request_context& context)
{
    const bool charged = options_.enforce_limits && !context.caller.token.empty() && counts(answer);
    if (charged && budget_.charge(context.caller.token, context.now)) {
        ++lockouts_;
        // The account's log does not show the failures of strangers.
        if (context.caller.known)
            exceeded_.record(limit_log::limit::failures, context.caller.key_id, context.now);
    }
    return add_header(std::move(answer), context);
}

reply resource::add_header(reply answer, const request_context& context)
{
    const bool has_headers = options_.enforce_limits && options_.budget_headers;
    if (has_headers && context.caller.known && context.where.to != endpoint::web3)
        answer.budget = budget_.left(context.caller.token, context.now);
    std::uint64_t bits = request_ids_();
    answer.request_id.clear();
    for (int i = 0; i < 16; ++i, bits >>= 4U)
        answer.request_id += hex_digits[bits & 15U];
    answer.request_id += "-EMU";
    return answer;
}

} // namespace venice_keys::emulation
