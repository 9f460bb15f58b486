#include "emulator/resource.hpp"

#include "emulator/rate_limits.hpp"
#include "emulator/route.hpp"
#include "emulator/target.hpp"
#include "emulator/validation.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace venice_keys::emulation {

namespace {

namespace json = boost::json;

reply wrong_method(std::string allowed)
{
    reply answer = refusal(405, "Method not allowed");
    answer.allow = std::move(allowed);
    return answer;
}

reply no_such_key()
{
    return refusal(404, "API key not found");
}

reply answer_creation(const creation& made)
{
    switch (made.why) {
    case creation::refusal::none:
        break;
    case creation::refusal::too_many_keys:
        return refusal(400, "There may be at most 500 active API keys");
    case creation::refusal::too_many_creations: {
        reply answer = refusal(429, "At most 20 API keys may be created in a minute");
        answer.retry_after = std::to_string(made.retry_after.count());
        return answer;
    }
    }
    return success(creation_body(made));
}

// The body as JSON, or why it is not.
struct parsed_body {
    json::value value;
    std::optional<reply> problem;
};

parsed_body parse(const request& asked)
{
    if (!has_json(asked))
        return {{}, refusal(415, "Content-Type must be application/json")};
    json::error_code ec;
    json::value value = json::parse(asked.body, ec);
    if (ec)
        return {{}, refusal({issue{{}, "invalid_json", "The body is not JSON"}})};
    return {std::move(value), std::nullopt};
}

} // namespace

resource::resource(resource_options options)
    : options_(std::move(options)),
      store_(options_.seed, options_.enforce_limits),
      meter_(options_.requests_per_minute),
      request_ids_(options_.seed)
{
}

reply resource::answer(const request& asked, timestamp now, effect mode)
{
    if (options_.enforce_limits) {
        if (const auto wait = lockout_.blocked(caller_of(asked), now)) {
            // Not counted: else a client that goes on asking would never get out.
            reply blocked = refusal(429, "Too many failed attempts (> 20) in 30 seconds. Try again in " +
                                             std::to_string(wait->count()) + " seconds.");
            blocked.retry_after = std::to_string(wait->count());
            return finish(std::move(blocked));
        }
    }
    if (!admitted(asked)) {
        count_failure(asked, now);
        return finish(refusal(401, "Authentication failed"));
    }
    std::optional<quota> rate;
    bool refused = false;
    if (options_.requests_per_minute != 0 && authorized(asked))
        rate = meter_.take(now, refused);
    refused = refused && options_.enforce_limits;
    reply answer = refused ? refusal(429, "Rate limit exceeded") : dispatch(asked, now, mode);
    answer.rate = rate;
    if (refused) {
        exceeded_.record(limit_log::limit::requests_per_minute, now);
        answer.retry_after = std::to_string(std::chrono::ceil<std::chrono::seconds>(rate->reset - now).count());
    }
    if (answer.status >= 400)
        count_failure(asked, now);
    return finish(std::move(answer));
}

void resource::apply(const request& asked, timestamp now)
{
    const bool blocked = options_.enforce_limits && lockout_.blocked(caller_of(asked), now);
    if (admitted(asked) && !blocked)
        static_cast<void>(dispatch(asked, now, effect::real));
}

reply resource::answer_with(const request& asked, unsigned status, std::string_view retry_after, timestamp now)
{
    reply answer = status >= 400 ? refusal(status, "Emulated fault") : success("{}");
    answer.status = status;
    answer.retry_after = retry_after;
    bool refused = false;
    if (options_.requests_per_minute != 0 && authorized(asked))
        answer.rate = meter_.take(now, refused);
    if (status >= 400)
        count_failure(asked, now);
    return finish(std::move(answer));
}

bool resource::authorized(const request& asked) const
{
    return bearer_token(asked) == options_.token;
}

bool resource::admitted(const request& asked) const
{
    return authorized(asked) || find_route(asked.target).to == endpoint::web3;
}

reply resource::dispatch(const request& asked, timestamp now, effect mode)
{
    const route where = find_route(asked.target);
    switch (where.to) {
    case endpoint::collection:
        return serve_collection(asked, where.query, now, mode);
    case endpoint::one_key:
        return is_read(asked) ? get(where.id) : wrong_method("GET, HEAD");
    case endpoint::rate_limits:
        return is_read(asked) ? success(rate_limits_body(options_.requests_per_minute, now))
                              : wrong_method("GET, HEAD");
    case endpoint::rate_limit_log:
        return is_read(asked) ? success(exceeded_.body()) : wrong_method("GET, HEAD");
    case endpoint::web3:
        return serve_web3(asked, now, mode);
    case endpoint::nowhere:
        break;
    }
    return refusal(404, "No such path");
}

reply resource::serve_collection(const request& asked, std::string_view query, timestamp now, effect mode)
{
    if (is_read(asked))
        return success(list_body(store_));
    if (asked.method == "POST")
        return create(asked, now, mode);
    if (asked.method == "PATCH")
        return update(asked, mode);
    if (asked.method == "DELETE")
        return remove(asked, query, mode);
    return wrong_method("GET, HEAD, POST, PATCH, DELETE");
}

reply resource::get(std::string_view id) const
{
    const stored_key* found = store_.find(id);
    return found == nullptr ? no_such_key() : success(get_body(*found));
}

reply resource::create(const request& asked, timestamp now, effect mode)
{
    parsed_body body = parse(asked);
    if (body.problem)
        return std::move(*body.problem);
    const checked_body checked = check_creation(body.value);
    if (!checked.issues.empty())
        return refusal(checked.issues);
    return answer_creation(store_.create(checked.fields, now, asked.connection, mode));
}

reply resource::serve_web3(const request& asked, timestamp now, effect mode)
{
    if (asked.method == "POST")
        return create_for_wallet(asked, now, mode);
    if (!is_read(asked))
        return wrong_method("GET, HEAD, POST");
    const auto token = challenges_.issue(now);
    return token ? success(challenge_body(*token)) : refusal(500, "No random numbers");
}

reply resource::create_for_wallet(const request& asked, timestamp now, effect mode)
{
    parsed_body body = parse(asked);
    if (body.problem)
        return std::move(*body.problem);
    const checked_body checked = check_web3_creation(body.value);
    if (!checked.issues.empty())
        return refusal(checked.issues);
    if (!challenges_.outstanding(checked.challenge, now))
        return refusal(401, "Authentication failed");
    const creation made = store_.create(checked.fields, now, asked.connection, mode);
    // One that made no key is good for another try.
    if (made.why == creation::refusal::none && mode == effect::real)
        challenges_.use(checked.challenge);
    return answer_creation(made);
}

reply resource::update(const request& asked, effect mode)
{
    parsed_body body = parse(asked);
    if (body.problem)
        return std::move(*body.problem);
    const checked_body checked = check_update(body.value);
    if (!checked.issues.empty())
        return refusal(checked.issues);
    const auto changed = store_.update(checked.fields, asked.connection, mode);
    return changed ? success(update_body(*changed)) : no_such_key();
}

reply resource::remove(const request& asked, std::string_view query, effect mode)
{
    const auto id = query_parameter(query, "id");
    if (!id || id->empty())
        return refusal({issue{{"id"}, "invalid_type", "Field is required"}});
    return store_.remove(*id, asked.connection, mode) ? success(R"({"success":true})") : no_such_key();
}

void resource::count_failure(const request& asked, timestamp now)
{
    if (!lockout_.failed(caller_of(asked), now) || !options_.enforce_limits)
        return;
    ++lockouts_;
    // A stranger's failures are not the account's.
    if (authorized(asked))
        exceeded_.record(limit_log::limit::failures, now);
}

// Gives an answer the identity that support would ask for.
reply resource::finish(reply answer)
{
    static constexpr std::string_view hex = "0123456789abcdef";
    std::uint64_t bits = request_ids_();
    answer.request_id.clear();
    for (int i = 0; i < 16; ++i, bits >>= 4U)
        answer.request_id += hex[bits & 15U];
    answer.request_id += "-EMU";
    return answer;
}

} // namespace venice_keys::emulation
