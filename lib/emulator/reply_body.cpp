// The bodies of answers that hold keys or issues.
#include "emulator/reply.hpp"

#include "emulator/base64.hpp"
#include "emulator/json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace venice_keys::emulation {

namespace {

namespace json = boost::json;

std::string_view text_of(const key_type& type)
{
    return type == key_type::admin ? "ADMIN" : "INFERENCE";
}

std::string_view text_of(const limit_period& period)
{
    if (period == limit_period::month)
        return "MONTH";
    return period == limit_period::lifetime ? "LIFETIME" : "EPOCH";
}

std::string_view text_of(const model_privacy& privacy)
{
    if (privacy == model_privacy::private_text)
        return "PRIVATE_TEXT";
    return privacy == model_privacy::private_only ? "PRIVATE_ONLY" : "ALL";
}

// What every answer that holds a key begins with. The service says `consumptionLimit` to a creation and
// `consumptionLimits` everywhere else.
void append_terms(std::string& out, const api_key& key, std::string_view limits_name)
{
    out += R"("apiKeyType":)";
    append_string(out, text_of(key.type));
    out += ',';
    append_string(out, limits_name);
    out += R"(:{"usd":)";
    append_number(out, key.limits.usd);
    out += R"(,"diem":)";
    append_number(out, key.limits.diem);
    out += R"(,"vcu":)";
    append_number(out, key.limits.vcu);
    out += R"(},"limitPeriod":)";
    append_string(out, text_of(key.limit_period));
    out += R"(,"modelPrivacy":)";
    append_string(out, text_of(key.model_privacy));
    out += R"(,"description":)";
    append_string(out, key.description);
    out += R"(,"expiresAt":)";
    append_date(out, key.expires_at);
    out += R"(,"id":)";
    append_string(out, key.id);
}

void append_key(std::string& out, const api_key& key)
{
    append_terms(out, key, "consumptionLimits");
    out += R"(,"createdAt":)";
    append_date(out, key.created_at);
    out += R"(,"last6Chars":)";
    append_string(out, key.last6_chars);
    out += R"(,"lastUsedAt":)";
    append_date(out, key.last_used_at);
}

void append_stored_key(std::string& out, const stored_key& stored)
{
    out += '{';
    append_key(out, stored.key);
    out += R"(,"usage":{"trailingSevenDays":{"usd":)";
    append_amount(out, stored.usage.usd);
    out += R"(,"vcu":)";
    append_amount(out, stored.usage.vcu);
    out += R"(,"diem":)";
    append_amount(out, stored.usage.diem);
    out += "}}";
    const consumption_limits& limits = stored.key.limits;
    if (limits.usd || limits.diem) {
        const key_usage used = period_usage(stored.usage);
        out += R"(,"currentPeriodUsage":{"usd":)";
        append_amount(out, used.usd);
        out += R"(,"diem":)";
        append_amount(out, used.diem);
        out += '}';
    }
    out += '}';
}

// {"_errors": [], "field": {"_errors": ["…"], "part": {…}}}
void add_to_tree(json::object& tree, const issue& what)
{
    json::object* node = &tree;
    for (const std::string& part : what.path) {
        json::value& child = (*node)[part];
        if (!child.is_object())
            child = json::object{{"_errors", json::array{}}};
        node = &child.get_object();
    }
    (*node)["_errors"].as_array().emplace_back(what.message);
}

} // namespace

reply success(std::string body)
{
    reply answer;
    answer.body = std::move(body);
    return answer;
}

reply refusal(unsigned status, std::string_view text)
{
    reply answer;
    answer.status = status;
    answer.body = R"({"error":)";
    append_string(answer.body, text);
    answer.body += '}';
    return answer;
}

reply refusal(const std::vector<issue>& issues)
{
    json::object tree{{"_errors", json::array{}}};
    json::array list;
    for (const issue& each : issues) {
        add_to_tree(tree, each);
        list.push_back(json::object{
            {"code", each.code}, {"path", json::array(each.path.begin(), each.path.end())}, {"message", each.message}});
    }
    reply answer;
    answer.status = 400;
    answer.body = json::serialize(json::object{
        {"error", "Invalid request parameters"}, {"details", std::move(tree)}, {"issues", std::move(list)}});
    return answer;
}

reply free_refusal(unsigned status, std::string_view text)
{
    reply answer = refusal(status, text);
    answer.charged = false;
    return answer;
}

reply payment_required()
{
    reply answer;
    answer.status = 402;
    answer.body = R"({"x402Version":2,"error":"Authentication or payment required","accepts":[]})";
    answer.payment = base64(answer.body);
    answer.charged = false;
    return answer;
}

std::string list_body(const key_store& store, timestamp now)
{
    std::string body = R"({"object":"list","data":[)";
    for (auto each = store.keys().rbegin(); each != store.keys().rend(); ++each) {
        if (!is_active(each->second.key, now))
            continue;
        if (body.back() != '[')
            body += ',';
        append_stored_key(body, each->second);
    }
    body += "]}";
    return body;
}

std::string get_body(const stored_key& stored)
{
    std::string body = R"({"data":)";
    append_stored_key(body, stored);
    body += '}';
    return body;
}

std::string update_body(const api_key& key)
{
    std::string body = R"({"data":{)";
    append_key(body, key);
    body += R"(},"success":true})";
    return body;
}

std::string creation_body(const creation& made)
{
    std::string body = R"({"data":{"apiKey":)";
    append_string(body, made.secret);
    body += ',';
    append_terms(body, made.key, "consumptionLimit");
    body += R"(},"success":true})";
    return body;
}

} // namespace venice_keys::emulation
