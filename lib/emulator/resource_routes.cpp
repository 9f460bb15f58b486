// Answers, for each route, a caller that may use the resource.
#include "emulator/resource.hpp"

#include "emulator/validation.hpp"

#include <boost/json/object.hpp>
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

reply answer_creation(const creation& made)
{
    switch (made.why) {
    case creation::refusal::none:
        break;
    case creation::refusal::too_many_keys:
        return refusal({issue{{}, "too_many_keys", "There may be at most 500 active API keys"}});
    case creation::refusal::too_many_creations: {
        reply answer = refusal(429, "At most 20 API keys may be created in a minute");
        answer.retry_after = std::to_string(made.retry_after.count());
        return answer;
    }
    case creation::refusal::no_random_numbers:
        return refusal(500, "OpenSSL has no random numbers");
    }
    return success(creation_body(made));
}

// A body that is JSON, or the refusal of one that is not.
struct parsed_body {
    json::value value;
    std::optional<reply> problem;
};

parsed_body parse(const request& asked)
{
    if (!has_json(asked))
        return {{}, free_refusal(400, "'Content-Type' must be 'application/json'")};
    json::error_code ec;
    json::value value = json::parse(asked.body, ec);
    if (ec)
        return {{}, free_refusal(400, "Invalid JSON request")};
    return {std::move(value), std::nullopt};
}

// Answers as `use` does with a body that passes the check, or else with what is wrong with it.
template <class Check, class Use>
reply with_checked_body(const request& asked, Check check, Use use)
{
    parsed_body body = parse(asked);
    if (body.problem)
        return std::move(*body.problem);
    const checked_body checked = check(body.value);
    return checked.issues.empty() ? use(checked) : refusal(checked.issues);
}

} // namespace

reply resource::dispatch(const request_context& context)
{
    if (context.caller.key != nullptr && context.mode == effect::real)
        store_.touch(context.caller.key->key.id, context.now);
    const bool reads = is_read(context.asked);
    switch (context.where.to) {
    case endpoint::collection:
        return serve_collection(context);
    case endpoint::one_key:
        return reads ? get(context) : wrong_method("GET, HEAD");
    case endpoint::rate_limits:
        return reads ? success(rate_limits_body(options_.requests_per_minute, context.caller.key, context.now))
                     : wrong_method("GET, HEAD");
    case endpoint::rate_limit_log:
        return reads ? success(exceeded_.body()) : wrong_method("GET, HEAD");
    case endpoint::web3:
        return serve_web3(context);
    case endpoint::nowhere:
        break;
    }
    return refusal(404, "No such path");
}

reply resource::serve_collection(const request_context& context)
{
    if (is_read(context.asked))
        return success(list_body(store_, context.now));
    if (context.asked.method == "POST")
        return create(context);
    if (context.asked.method == "PATCH")
        return update(context);
    if (context.asked.method == "DELETE")
        return remove(context);
    return wrong_method("GET, HEAD, POST, PATCH, DELETE");
}

reply resource::get(const request_context& context) const
{
    const stored_key* found = store_.find(context.where.id, context.now);
    return found == nullptr ? no_such_key("API key not found") : success(get_body(*found));
}

reply resource::create(const request_context& context)
{
    return with_checked_body(context.asked, check_creation, [&](const checked_body& body) {
        return answer_creation(store_.create(body.fields, context.now, context.from, context.mode));
    });
}

reply resource::update(const request_context& context)
{
    return with_checked_body(context.asked, check_update, [&](const checked_body& body) {
        const auto changed = store_.update(body.fields, context.now, context.from, context.mode);
        return changed ? success(update_body(*changed)) : no_such_key("API key not found or expired");
    });
}

// The id is in the query, or else in the body.
reply resource::remove(const request_context& context)
{
    std::string id = query_parameter(context.where.query, "id").value_or(std::string{});
    if (id.empty() && !context.asked.body.empty()) {
        parsed_body body = parse(context.asked);
        if (body.problem)
            return std::move(*body.problem);
        const json::object* const members = body.value.if_object();
        const json::value* const named = members == nullptr ? nullptr : members->if_contains("id");
        if (named != nullptr && named->is_string())
            id = std::string_view{named->get_string()};
    }
    if (id.empty())
        return refusal({issue{{"id"}, "invalid_type", "Field is required"}});
    return store_.remove(id, context.now, context.from, context.mode) ? success(R"({"success":true})")
                                                                      : no_such_key("API key could not be found");
}

reply resource::serve_web3(const request_context& context)
{
    if (context.asked.method == "POST")
        return create_for_wallet(context);
    return is_read(context.asked) ? challenge(context) : wrong_method("GET, HEAD, POST");
}

reply resource::challenge(const request_context& context)
{
    std::optional<web3_challenge> made;
    switch (options_.wallets) {
    case wallet_form::token:
        made = challenges_.issue_token(context.now);
        break;
    case wallet_form::message: {
        const auto address = query_parameter(context.where.query, "address");
        if (!address || !is_wallet_address(*address))
            return refusal({issue{{"address"}, "invalid_string", "Expected 0x and 40 hexadecimal digits"}});
        made = challenges_.issue_message(*address, context.now);
        break;
    }
    }
    return made ? success(challenge_body(*made, options_.wallets)) : refusal(500, "OpenSSL has no random numbers");
}

reply resource::create_for_wallet(const request_context& context)
{
    const auto check = [&](const json::value& body) {
        return check_web3_creation(body, options_.wallets);
    };
    return with_checked_body(context.asked, check, [&](const checked_body& body) {
        const web3_challenge* const signed_one = challenges_.find(body.challenge, context.now);
        if (signed_one == nullptr)
            return refusal(400, "The challenge is unknown, used or expired");
        // The letters of an address carry a checksum in their case (ERC-55), which not everybody writes.
        if (!signed_one->address.empty() && !equal_ignoring_case(signed_one->address, body.address))
            return refusal(400, "The challenge is another wallet's");
        const creation made = store_.create(body.fields, context.now, context.from, context.mode);
        // A challenge that made no key may be used again.
        if (made.why == creation::refusal::none && context.mode == effect::real)
            challenges_.use(body.challenge);
        return answer_creation(made);
    });
}

reply resource::no_such_key(std::string_view text) const
{
    return refusal(options_.unknown_key_status, text);
}

} // namespace venice_keys::emulation
