#include "emulator/reply.hpp"

#include "support/printing.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_reply)

namespace {

using namespace std::chrono_literals;
using namespace venice_keys;
using namespace venice_keys::emulation;
namespace json = boost::json;

const timestamp noon = std::chrono::sys_days{2023y / 10 / 1} + 12h;

api_key sample_key()
{
    api_key key;
    key.id = "some-id";
    key.type = key_type::admin;
    key.limits = consumption_limits{50.0, 10.25, std::nullopt};
    key.limit_period = limit_period::month;
    key.model_privacy = model_privacy::private_text;
    key.description = "a \"quoted\" \\ line\nbreak, é";
    key.last6_chars = "2V2jNW";
    key.created_at = noon;
    return key;
}

std::string bytes(const reply& answer, reply_framing framing = {})
{
    std::string out;
    append_reply(out, answer, noon, framing);
    return out;
}

bool has_line(const std::string& text, const std::string& line)
{
    return text.find("\r\n" + line + "\r\n") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_answer_to_an_update_is_the_key_with_limits_in_the_plural)
{
    BOOST_TEST(update_body(sample_key()) ==
               R"({"data":{"apiKeyType":"ADMIN","consumptionLimits":{"usd":50,"diem":10.25,"vcu":null},)"
               R"("limitPeriod":"MONTH","modelPrivacy":"PRIVATE_TEXT",)"
               R"("description":"a \"quoted\" \\ line\u000abreak, é","expiresAt":null,"id":"some-id",)"
               R"("createdAt":"2023-10-01T12:00:00.000Z","last6Chars":"2V2jNW","lastUsedAt":null},"success":true})");
}

BOOST_AUTO_TEST_CASE(whole_limits_are_written_as_whole_numbers)
{
    api_key key = sample_key();
    key.limits = consumption_limits{1e9, 9'999'999'999.0, 0.0};
    BOOST_TEST(update_body(key).find(R"({"usd":1000000000,"diem":9999999999,"vcu":0})") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back_as_it_was)
{
    const json::value body = json::parse(update_body(sample_key()));
    BOOST_TEST(body.at("data").at("description").as_string() == sample_key().description);
}

BOOST_AUTO_TEST_CASE(the_answer_to_a_creation_says_limit_in_the_singular_and_shows_the_secret)
{
    creation made;
    made.key = sample_key();
    made.secret = "SECRET";
    const json::object data = json::parse(creation_body(made)).at("data").as_object();
    BOOST_TEST(data.at("apiKey").as_string() == "SECRET");
    BOOST_TEST(data.contains("consumptionLimit"));
    for (const char* absent : {"consumptionLimits", "createdAt", "last6Chars", "lastUsedAt", "usage"})
        BOOST_TEST(!data.contains(absent), absent);
}

BOOST_AUTO_TEST_CASE(usage_is_in_decimal_texts_and_that_of_the_period_only_with_limits)
{
    stored_key stored{sample_key(), key_usage{102'424, 42'231, 7}, {}};
    const json::value with = json::parse(get_body(stored));
    BOOST_TEST(json::serialize(with.at("data").at("usage").at("trailingSevenDays")) ==
               R"({"usd":"10.2424","vcu":"0.0007","diem":"4.2231"})");
    BOOST_TEST(with.at("data").as_object().contains("currentPeriodUsage"));
    stored.key.limits = {};
    const json::value without = json::parse(get_body(stored));
    BOOST_TEST(!without.at("data").as_object().contains("currentPeriodUsage"));
}

BOOST_AUTO_TEST_CASE(a_list_holds_every_active_key_with_the_newest_first)
{
    key_store store{1, true};
    BOOST_TEST(list_body(store, noon) == R"({"object":"list","data":[]})");
    store.populate(3, noon);
    api_key expired;
    expired.expires_at = noon;
    BOOST_TEST(!store.add(expired, noon - 1h).empty());
    const json::array data = json::parse(list_body(store, noon)).at("data").as_array();
    BOOST_TEST_REQUIRE(data.size() == 3U);
    BOOST_TEST(data[0].at("description").as_string() == "key 3");
    BOOST_TEST(data[2].at("description").as_string() == "key 1");
    BOOST_TEST(data[2].at("createdAt").as_string() == "2023-10-01T11:59:59.998Z");
    BOOST_TEST(json::parse(list_body(store, noon - 1ms)).at("data").as_array().size() == 4U);
}

BOOST_AUTO_TEST_CASE(issues_are_told_as_a_list_and_as_a_tree)
{
    const reply answer = refusal({issue{{}, "a", "whole"}, issue{{"consumptionLimit", "usd"}, "b", "first"},
                                  issue{{"consumptionLimit", "usd"}, "c", "second"}, issue{{"id"}, "d", "third"}});
    BOOST_TEST(answer.status == 400U);
    const json::value body = json::parse(answer.body);
    BOOST_TEST(!body.at("error").as_string().empty());
    BOOST_TEST(json::serialize(body.at("details")) ==
               R"({"_errors":["whole"],"consumptionLimit":{"_errors":[],"usd":{"_errors":["first","second"]}},)"
               R"("id":{"_errors":["third"]}})");
    BOOST_TEST(json::serialize(body.at("issues").at(1)) ==
               R"({"code":"b","path":["consumptionLimit","usd"],"message":"first"})");
    BOOST_TEST(body.at("issues").as_array().size() == 4U);
}

BOOST_AUTO_TEST_CASE(an_answer_has_its_length_its_date_and_its_request_id)
{
    reply answer = success(R"({"a":1})");
    answer.request_id = "abc-EMU";
    const std::string text = bytes(answer);
    BOOST_TEST(text.starts_with("HTTP/1.1 200 OK\r\n"));
    BOOST_TEST(text.ends_with("\r\n\r\n{\"a\":1}"));
    BOOST_TEST(has_line(text, "Content-Length: 7"));
    BOOST_TEST(has_line(text, "Content-Type: application/json; charset=utf-8"));
    BOOST_TEST(has_line(text, "Date: Sun, 01 Oct 2023 12:00:00 GMT"));
    BOOST_TEST(has_line(text, "CF-RAY: abc-EMU"));
    BOOST_TEST(text.find("x-ratelimit") == std::string::npos);
    BOOST_TEST(text.find("Connection") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_rate_limit_is_told_in_six_fields)
{
    reply answer = success("{}");
    answer.rate = quota{500, 499, std::chrono::floor<std::chrono::seconds>(noon + 15s)};
    const std::string text = bytes(answer);
    BOOST_TEST(has_line(text, "x-ratelimit-limit-requests: 500"));
    BOOST_TEST(has_line(text, "x-ratelimit-remaining-requests: 499"));
    BOOST_TEST(has_line(text, "x-ratelimit-reset-requests: 1696161615000"));
    BOOST_TEST(has_line(text, "x-ratelimit-reset-tokens: 15"));
    BOOST_TEST(text.find("x-ratelimit-limit-tokens: ") != std::string::npos);
    BOOST_TEST(text.find("x-ratelimit-remaining-tokens: ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_error_budget_is_told_in_two_fields_of_its_own)
{
    reply answer = success("{}");
    answer.budget = budget_left{47, noon + 1ms};
    const std::string text = bytes(answer);
    BOOST_TEST(has_line(text, "x-ratelimit-remaining: 47"));
    BOOST_TEST(has_line(text, "x-ratelimit-resets: 1696161600001"));
    BOOST_TEST(text.find("-requests") == std::string::npos);
    BOOST_TEST(has_line(text, "x-venice-version: 20260821.193530"));
}

BOOST_AUTO_TEST_CASE(want_of_a_token_is_402_with_what_could_be_paid)
{
    const reply answer = payment_required();
    BOOST_TEST(answer.status == 402U);
    BOOST_TEST(json::parse(answer.body).at("x402Version").as_int64() == 2);
    BOOST_TEST(bytes(answer).find("\r\nPAYMENT-REQUIRED: eyJ4NDAyVmVyc2lvbiI6") != std::string::npos); // of the body
    BOOST_TEST(!answer.charged);
}

BOOST_AUTO_TEST_CASE(refusals_carry_the_fields_of_their_status)
{
    reply answer = refusal(429, "slow");
    answer.retry_after = "30";
    BOOST_TEST(has_line(bytes(answer), "Retry-After: 30"));
    BOOST_TEST(bytes(answer).starts_with("HTTP/1.1 429 Too Many Requests\r\n"));
    answer = refusal(405, "no");
    answer.allow = "GET";
    BOOST_TEST(has_line(bytes(answer), "Allow: GET"));
    BOOST_TEST(has_line(bytes(refusal(401, "no")), "WWW-Authenticate: Bearer"));
    BOOST_TEST(refusal(500, "a \"b\"").body == R"({"error":"a \"b\""})");
}

BOOST_AUTO_TEST_CASE(the_framing_follows_the_request)
{
    const reply answer = success("{}");
    BOOST_TEST(has_line(bytes(answer, reply_framing{false, false, false}), "Connection: close"));
    BOOST_TEST(has_line(bytes(answer, reply_framing{false, true, true}), "Connection: keep-alive"));
    const std::string head = bytes(answer, reply_framing{true, true, false});
    BOOST_TEST(head.ends_with("\r\n\r\n"));
    BOOST_TEST(has_line(head, "Content-Length: 2"));
    reply empty;
    empty.status = 204;
    BOOST_TEST(bytes(empty).find("Content-Length") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
