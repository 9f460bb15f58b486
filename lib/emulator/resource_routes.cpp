// What each route answers to a caller that was let in.
#include "emulator/resource.hpp"

#include "emulator/rate_limits.hpp"
#include "emulator/target.hpp"
#include "emulator/validation.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <utility>

namespace venice_keys::emulation {

namespace {

namespace json = boost::json;

origin origin_of(const request& asked)
{
    return {asked.connection, asked.stream};
}

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
        return refusal(500, "No random numbers");
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
        return {{}, free_refusal(400, "'Content-Type' must be 'application/json'")};
    json::error_code ec;
    json::value value = json::parse(asked.body, ec);
    if (ec)
        return {{}, free_refusal(400, "Invalid JSON request")};
    return {std::move(value), std::nullopt};
}

} // namespace

reply resource::dispatch(const turn& of)
{
    if (of.who.key != nullptr && of.mode == effect::real)
        store_.touch(of.who.key->key.id, of.now);
    const bool reads = is_read(of.asked);
    switch (of.where.to) {
    case endpoint::collection:
        return serve_collection(of);
    case endpoint::one_key:
        return reads ? get(of) : wrong_method("GET, HEAD");
    case endpoint::rate_limits:
        return reads ? success(rate_limits_body(options_.requests_per_minute, of.who.key, of.now))
                     : wrong_method("GET, HEAD");
    case endpoint::rate_limit_log:
        return reads ? success(exceeded_.body()) : wrong_method("GET, HEAD");
    case endpoint::web3:
        return serve_web3(of);
    case endpoint::nowhere:
        break;
    }
    return refusal(404, "No such path");
}

reply resource::serve_collection(const turn& of)
{
    if (is_read(of.asked))
        return success(list_body(store_, of.now));
    if (of.asked.method == "POST")
        return create(of);
    if (of.asked.method == "PATCH")
        return update(of);
    if (of.asked.method == "DELETE")
        return remove(of);
    return wrong_method("GET, HEAD, POST, PATCH, DELETE");
}

reply resource::get(const turn& of) const
{
    const stored_key* found = store_.find(of.where.id, of.now);
    return found == nullptr ? no_such_key("API key not found") : success(get_body(*found));
}

reply resource::create(const turn& of)
{
    parsed_body body = parse(of.asked);
    if (body.problem)
        return std::move(*body.problem);
    const checked_body checked = check_creation(body.value);
    if (!checked.issues.empty())
        return refusal(checked.issues);
    return answer_creation(store_.create(checked.fields, of.now, origin_of(of.asked), of.mode));
}

reply resource::update(const turn& of)
{
    parsed_body body = parse(of.asked);
    if (body.problem)
        return std::move(*body.problem);
    const checked_body checked = check_update(body.value);
    if (!checked.issues.empty())
        return refusal(checked.issues);
    const auto changed = store_.update(checked.fields, of.now, origin_of(of.asked), of.mode);
    return changed ? success(update_body(*changed)) : no_such_key("API key not found or expired");
}

// The id is in the query, or else in a body.
reply resource::remove(const turn& of)
{
    std::string id = query_parameter(of.where.query, "id").value_or(std::string{});
    if (id.empty() && !of.asked.body.empty()) {
        parsed_body body = parse(of.asked);
        if (body.problem)
            return std::move(*body.problem);
        const json::object* const members = body.value.if_object();
        const json::value* const named = members == nullptr ? nullptr : members->if_contains("id");
        if (named != nullptr && named->is_string())
            id = std::string_view{named->get_string()};
    }
    if (id.empty())
        return refusal({issue{{"id"}, "invalid_type", "Field is required"}});
    return store_.remove(id, of.now, origin_of(of.asked), of.mode) ? success(R"({"success":true})")
                                                                   : no_such_key("API key could not be found");
}

reply resource::serve_web3(const turn& of)
{
    if (of.asked.method == "POST")
        return create_for_wallet(of);
    return is_read(of.asked) ? challenge(of) : wrong_method("GET, HEAD, POST");
}

reply resource::challenge(const turn& of)
{
    std::optional<web3_challenge> made;
    switch (options_.wallets) {
    case wallet_form::token:
        made = challenges_.issue_token(of.now);
        break;
    case wallet_form::message: {
        const auto address = query_parameter(of.where.query, "address");
        if (!address || !is_wallet_address(*address))
            return refusal({issue{{"address"}, "invalid_string", "Expected 0x and 40 hexadecimal digits"}});
        made = challenges_.issue_message(*address, of.now);
        break;
    }
    }
    return made ? success(challenge_body(*made, options_.wallets)) : refusal(500, "No random numbers");
}

reply resource::create_for_wallet(const turn& of)
{
    parsed_body body = parse(of.asked);
    if (body.problem)
        return std::move(*body.problem);
    const checked_body checked = check_web3_creation(body.value, options_.wallets);
    if (!checked.issues.empty())
        return refusal(checked.issues);
    const web3_challenge* const signed_one = challenges_.find(checked.challenge, of.now);
    if (signed_one == nullptr)
        return refusal(400, "The challenge is unknown, used or expired");
    // The letters of an address carry a checksum in their case (ERC-55), which not everybody writes.
    if (!signed_one->address.empty() && !equal_ignoring_case(signed_one->address, checked.address))
        return refusal(400, "The challenge is another wallet's");
    const creation made = store_.create(checked.fields, of.now, origin_of(of.asked), of.mode);
    // A challenge that made no key may be used again.
    if (made.why == creation::refusal::none && of.mode == effect::real)
        challenges_.use(checked.challenge);
    return answer_creation(made);
}

reply resource::no_such_key(std::string_view text) const
{
    return refusal(options_.unknown_key_status, text);
}

} // namespace venice_keys::emulation
