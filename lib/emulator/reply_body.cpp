// Makes answers, and the bodies of those that hold keys or issues.
#include "emulator/reply.hpp"

#include "emulator/encoding.hpp"
#include "emulator/json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace venice_keys::emulation {

namespace {

namespace json = boost::json;

// Every answer that holds a key begins with these. The service says `consumptionLimit` to a creation and
// `consumptionLimits` everywhere else.
void append_terms(std::string& out, const api_key& key, std::string_view limits_name)
{
    append_member(out, "apiKeyType", append_string, text_of(key_types, key.type));
    append_name(out, limits_name);
    out += '{';
    append_member(out, "usd", append_number, key.limits.usd);
    append_member(out, "diem", append_number, key.limits.diem);
    append_member(out, "vcu", append_number, key.limits.vcu);
    out += '}';
    append_member(out, "limitPeriod", append_string, text_of(limit_periods, key.limit_period));
    append_member(out, "modelPrivacy", append_string, text_of(model_privacies, key.model_privacy));
    append_member(out, "description", append_string, key.description);
    append_member(out, "expiresAt", append_date, key.expires_at);
    append_member(out, "id", append_string, key.id);
}

void append_key(std::string& out, const api_key& key)
{
    append_terms(out, key, "consumptionLimits");
    append_member(out, "createdAt", append_date, key.created_at);
    append_member(out, "last6Chars", append_string, key.last6_chars);
    append_member(out, "lastUsedAt", append_date, key.last_used_at);
}

void append_stored_key(std::string& out, const stored_key& stored)
{
    out += '{';
    append_key(out, stored.key);
    out += R"(,"usage":{"trailingSevenDays":{)";
    append_member(out, "usd", append_amount, stored.usage.usd);
    append_member(out, "vcu", append_amount, stored.usage.vcu);
    append_member(out, "diem", append_amount, stored.usage.diem);
    out += "}}";
    const consumption_limits& limits = stored.key.limits;
    if (limits.usd || limits.diem) {
        const key_usage used = period_usage(stored.usage);
        out += R"(,"currentPeriodUsage":{)";
        append_member(out, "usd", append_amount, used.usd);
        append_member(out, "diem", append_amount, used.diem);
        out += '}';
    }
    out += '}';
}

// The tree is {"_errors": [], "field": {"_errors": ["…"], "part": {…}}}.
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
    std::string body = R"({"data":{)";
    append_member(body, "apiKey", append_string, made.secret);
    append_terms(body, made.key, "consumptionLimit");
    body += R"(},"success":true})";
    return body;
}

} // namespace venice_keys::emulation
