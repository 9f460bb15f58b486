#include "codec/decode_update.hpp"

#include "codec/encode_update.hpp"
#include "unit/support/printing_values.hpp"

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_update)

using namespace venice_keys;
using codec::decode_update;

namespace {

constexpr std::size_t depth = 32;

result<api_key> decode(std::string_view body)
{
    return decode_update(body, secret{"the-token"}, depth);
}

// An answer with these members in `data`, besides the id.
result<api_key> decode_data(std::string_view members)
{
    return decode(std::string{R"({"data":{"id":"k",)"}.append(members).append(R"(},"success":true})"));
}

// The detail of the refusal, which must be of this kind.
std::string fault(const result<api_key>& answer, errc code)
{
    if (answer)
        return "accepted";
    BOOST_TEST(answer.error().code == code, answer.error());
    BOOST_TEST(answer.error().http_status == 200u);
    BOOST_TEST(answer.error().delivery == delivery::answered);
    return answer.error().detail;
}

std::string malformed(std::string_view body)
{
    return fault(decode(body), errc::malformed_reply);
}

std::string malformed_data(std::string_view members)
{
    // Without the byte, which the tests of positions look at.
    std::string detail = fault(decode_data(members), errc::malformed_reply);
    return detail.substr(0, detail.rfind(", at byte "));
}

std::optional<timestamp> at(std::string_view text)
{
    return parse_timestamp(text);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_example_of_the_specification)
{
    const result<api_key> key = decode(R"({
      "data": {
        "apiKeyType": "ADMIN",
        "consumptionLimits": { "usd": 50, "diem": 10, "vcu": 30 },
        "limitPeriod": "MONTH",
        "modelPrivacy": "ALL",
        "createdAt": "2023-10-01T12:00:00.000Z",
        "expiresAt": "2023-10-01T12:00:01Z",
        "id": "e28e82dc-9df2-4b47-b726-d0a222ef2ab5",
        "last6Chars": "2V2jNW",
        "lastUsedAt": "2023-10-02",
        "description": "Updated API Key"
      },
      "success": true
    })");
    BOOST_REQUIRE(key.has_value());
    api_key expected;
    expected.id = "e28e82dc-9df2-4b47-b726-d0a222ef2ab5";
    expected.type = key_type::admin;
    expected.limits = {50.0, 10.0, 30.0};
    expected.limit_period = limit_period::month;
    expected.model_privacy = model_privacy::all;
    expected.description = "Updated API Key";
    expected.last6_chars = "2V2jNW";
    expected.created_at = at("2023-10-01T12:00:00Z");
    expected.expires_at = at("2023-10-01T12:00:01Z");
    expected.last_used_at = at("2023-10-02");
    BOOST_TEST((*key == expected));
}

BOOST_AUTO_TEST_CASE(an_id_is_all_that_is_needed)
{
    const result<api_key> key = decode(R"({"data":{"id":"k"}})");
    BOOST_REQUIRE(key.has_value());
    api_key expected;
    expected.id = "k";
    BOOST_TEST((*key == expected));
}

BOOST_AUTO_TEST_CASE(null_is_as_good_as_absent)
{
    const result<api_key> key = decode(R"({"data":{"id":"k","apiKeyType":null,"consumptionLimits":null,)"
                                       R"("consumptionLimit":null,"limitPeriod":null,"modelPrivacy":null,)"
                                       R"("description":null,"last6Chars":null,"createdAt":null,"expiresAt":null,)"
                                       R"("lastUsedAt":null},"success":null})");
    BOOST_REQUIRE(key.has_value());
    api_key expected;
    expected.id = "k";
    BOOST_TEST((*key == expected));
}

BOOST_AUTO_TEST_CASE(what_is_no_date_is_no_date)
{
    for (const std::string_view date : {"{}", R"({"a":[1,{"id":"x"}]})", "[]", "[null]", "17", "1.5", "true",
                                        R"("soon")", R"("")", R"("2026-02-30")", "null"}) {
        const std::string members = std::string{R"("expiresAt":)"}
                                        .append(date)
                                        .append(R"(,"createdAt":)")
                                        .append(date)
                                        .append(R"(,"lastUsedAt":)")
                                        .append(date)
                                        .append(R"(,"description":"d")");
        const result<api_key> key = decode_data(members);
        BOOST_REQUIRE_MESSAGE(key.has_value(), date);
        BOOST_TEST(!key->expires_at);
        BOOST_TEST(!key->created_at);
        BOOST_TEST(!key->last_used_at);
        BOOST_TEST(key->description == "d");
    }
}

BOOST_AUTO_TEST_CASE(limits_may_be_empty_null_or_partial)
{
    BOOST_TEST(decode_data(R"("consumptionLimits":{})").value().limits == consumption_limits{});
    BOOST_TEST(decode_data(R"("consumptionLimits":{"usd":null,"diem":0})").value().limits ==
               (consumption_limits{{}, 0.0, {}}));
    BOOST_TEST(decode_data(R"("consumptionLimits":{"vcu":-1.5e2,"other":{"usd":7}})").value().limits ==
               (consumption_limits{{}, {}, -150.0}));
}

BOOST_AUTO_TEST_CASE(the_singular_name_serves_when_there_is_no_plural)
{
    BOOST_TEST(decode_data(R"("consumptionLimit":{"usd":1})").value().limits == (consumption_limits{1.0, {}, {}}));
    const consumption_limits two{2.0, {}, {}};
    BOOST_TEST(
        (decode_data(R"("consumptionLimit":{"usd":1,"diem":3},"consumptionLimits":{"usd":2})").value().limits == two));
    BOOST_TEST(
        (decode_data(R"("consumptionLimits":{"usd":2},"consumptionLimit":{"usd":1,"diem":3})").value().limits == two));
}

BOOST_AUTO_TEST_CASE(numbers_are_read_exactly)
{
    const auto limit = [](std::string_view number) {
        return decode_data(std::string{R"("consumptionLimits":{"usd":)"}.append(number).append("}")).value().limits.usd;
    };
    BOOST_TEST(limit("50").value() == 50.0);
    BOOST_TEST(limit("50.0").value() == 50.0);
    BOOST_TEST(limit("5e1").value() == 50.0);
    BOOST_TEST(limit("0.1").value() == 0.1);
    BOOST_TEST(limit("-0.5").value() == -0.5);
    BOOST_TEST(limit("9999999999").value() == 9'999'999'999.0);
    BOOST_TEST(limit("9007199254740993").value() == 9'007'199'254'740'992.0);
    BOOST_TEST(limit("18446744073709551615").value() == 18'446'744'073'709'551'615.0);
    BOOST_TEST(limit("123456789012345678901234567890").value() == 123'456'789'012'345'678'901'234'567'890.0);
    BOOST_TEST(limit("1.7976931348623157e308").value() == 1.7976931348623157e308);
    BOOST_TEST(limit("1e-400").value() == 0.0);
    BOOST_TEST(limit("8.2345678901234567").value() == 8.2345678901234567);
}

BOOST_AUTO_TEST_CASE(any_limit_that_was_sent_is_read_back_exactly)
{
    std::mt19937_64 random{17};
    for (int i = 0; i != 5'000; ++i) {
        const double limit = std::uniform_real_distribution<double>{0.0, 9'999'999'999.0}(random);
        std::string body = R"({"data":)";
        codec::encode_update(key_update{"k"}.usd(limit), body);
        const result<api_key> key = decode(body + "}");
        BOOST_REQUIRE(key.has_value());
        BOOST_REQUIRE_EQUAL(key->limits.usd.value(), limit);
    }
}

BOOST_AUTO_TEST_CASE(any_text_that_was_sent_is_read_back)
{
    std::mt19937 random{19};
    const auto below = [&random](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
    };
    codec::update_decoder decoder{depth};
    for (int i = 0; i != 5'000; ++i) {
        std::string text;
        for (std::size_t n = below(40); n != 0; --n)
            text += below(8) == 0 ? std::string{"€"} : std::string(1, static_cast<char>(below(0x80)));
        std::string body = R"({"data":)";
        codec::encode_update(key_update{"k" + text}.description(text).limit_period(limit_period{"p" + text}), body);
        const result<api_key> key = decoder.decode(body + "}", secret{});
        BOOST_REQUIRE(key.has_value());
        BOOST_REQUIRE_EQUAL(key->id, "k" + text);
        BOOST_REQUIRE_EQUAL(key->description, text);
        BOOST_REQUIRE_EQUAL(key->limit_period.text(), "p" + text);
    }
}

BOOST_AUTO_TEST_CASE(names_and_values_may_be_escaped)
{
    const result<api_key> key =
        decode(R"({"d\u0061ta":{"\u0069d":"\u006b\n\ud83d\ude00","limit\u0050eriod":"\u004dONTH",)"
               R"("expiresAt":"2023-10-0\u0031","last6\u0043hars":"ab\"cde"},"suc\u0063ess":true})");
    BOOST_REQUIRE(key.has_value());
    BOOST_TEST(key->id == "k\n😀");
    BOOST_TEST(key->limit_period == limit_period::month);
    BOOST_TEST(key->expires_at == at("2023-10-01"));
    BOOST_TEST(key->last6_chars == "ab\"cde");
}

BOOST_AUTO_TEST_CASE(unknown_enumeration_values_keep_their_text)
{
    const api_key key =
        decode_data(R"("apiKeyType":"ROBOT","limitPeriod":"FORT\u004eIGHT","modelPrivacy":"SOME")").value();
    BOOST_TEST(key.type.text() == "ROBOT");
    BOOST_TEST(key.limit_period.text() == "FORTNIGHT");
    BOOST_TEST(key.model_privacy.text() == "SOME");
    BOOST_TEST(key.type == key_type::other);
}

BOOST_AUTO_TEST_CASE(unknown_members_are_passed_over_wherever_they_are)
{
    const result<api_key> key = decode(R"({"version":3,"meta":{"data":{"id":"wrong"},"success":false,"list":[[{}],1]},)"
                                       R"("data":{"usage":{"trailingSevenDays":{"usd":"10.2424","id":"wrong"}},)"
                                       R"("new":null,"tags":["id",{"id":"wrong"},[[]]],"id":"right","flag":true,)"
                                       R"("consumptionLimits":{"eur":{"usd":9},"usd":5,"list":[{"usd":9}]},)"
                                       R"("a name that is longer than any of ours and has an escape \u0041 in it":1},)"
                                       R"("success":true,"id":17,"usd":"x","description":[]})");
    BOOST_REQUIRE(key.has_value());
    BOOST_TEST(key->id == "right");
    BOOST_TEST(key->limits.usd.value() == 5.0);
}

BOOST_AUTO_TEST_CASE(names_are_known_only_in_their_place)
{
    BOOST_TEST(decode_data(R"("usd":"x","data":"x","success":"x")").value().unread.empty());
    BOOST_TEST(decode(R"({"data":{"id":"k","consumptionLimits":{"id":1,"data":2}},"limitPeriod":1})").has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_malformed_and_the_detail_says_where)
{
    BOOST_TEST(malformed("") == "the JSON ends too soon, at byte 0");
    BOOST_TEST(malformed("   ") == "the JSON ends too soon, at byte 3");
    BOOST_TEST(malformed("<html>") == "the answer is not JSON, at byte 0");
    BOOST_TEST(malformed(R"({"data":{"id":"k"})") == "the JSON ends too soon, at byte 18");
    BOOST_TEST(malformed(R"({"data":{"id":"k)") == "the JSON ends too soon, at byte 16");
    BOOST_TEST(malformed(R"({"data":{"id":"k"},})") == "the answer is not JSON, at byte 19");
    BOOST_TEST(malformed(R"({"data":{"id":'k'}})") == "the answer is not JSON, at byte 14");
    BOOST_TEST(malformed(R"({data:1})") == "the answer is not JSON, at byte 1");
    BOOST_TEST(malformed(R"(/**/{"data":{"id":"k"}})") == "the answer is not JSON, at byte 0");
    BOOST_TEST(malformed("\xEF\xBB\xBFx") == "the answer is not JSON, at byte 0");
    BOOST_TEST(malformed("\xEF\xBB\xBF\xEF\xBB\xBF{}") == "the answer is not JSON, at byte 0");
}

BOOST_AUTO_TEST_CASE(what_the_text_may_not_hold_is_malformed)
{
    for (const std::string_view bad :
         {"\"\n\"", R"("\x")", R"("\u00g0")", R"("\ud800\u00g0")", "\"\xFF", "\"\xFF\n\"", "\xFF", "01", "1.", ".5",
          "+1", "1e", "NaN", "Infinity", "nul", "TRUE", "[1,]", "{\"a\":1,}"})
        BOOST_TEST(malformed_data(std::string{R"("other":)"}.append(bad)) == "the answer is not JSON", bad);
}

BOOST_AUTO_TEST_CASE(anything_behind_the_json_is_malformed)
{
    BOOST_TEST(malformed(R"({"data":{"id":"k"}}x)") == "something follows the JSON, at byte 19");
    BOOST_TEST(malformed(R"({"data":{"id":"k"}} {})") == "something follows the JSON, at byte 20");
    BOOST_TEST(malformed(std::string(R"({"data":{"id":"k"}})") + '\0') == "something follows the JSON, at byte 19");
    BOOST_TEST(decode("{\"data\":{\"id\":\"k\"}}\r\n ").has_value());
}

BOOST_AUTO_TEST_CASE(a_document_that_is_no_object_is_malformed)
{
    for (const std::string_view body : {"[]", "[{\"data\":{\"id\":\"k\"}}]", "\"data\"", "17", "1.5", "true", "null"})
        BOOST_TEST(malformed(body).starts_with("the answer is not an object, at byte "), body);
}

BOOST_AUTO_TEST_CASE(numbers_that_no_double_holds_are_malformed_wherever_they_are)
{
    for (const std::string_view number : {"1e400", "-1e400", "1e99999999999", "1.8e308"}) {
        BOOST_TEST(malformed_data(std::string{R"("consumptionLimits":{"usd":)"}.append(number).append("}")) ==
                       "a number is out of range",
                   number);
        BOOST_TEST(malformed_data(std::string{R"("other":[)"}.append(number).append("]")) == "a number is out of range",
                   number);
    }
}

BOOST_AUTO_TEST_CASE(a_member_that_is_read_must_not_come_twice)
{
    BOOST_TEST(malformed(R"({"data":{"id":"k"},"data":{"id":"l"}})") == "data appears twice, at byte 24");
    BOOST_TEST(malformed(R"({"success":true,"data":{"id":"k"},"success":true})").starts_with("success appears twice"));
    BOOST_TEST(malformed_data(R"("id":"k")") == "data.id appears twice");
    BOOST_TEST(malformed_data(R"("\u0069d":"l")") == "data.id appears twice");
    BOOST_TEST(malformed_data(R"("expiresAt":null,"expiresAt":null)") == "data.expiresAt appears twice");
    for (const std::string_view name : {"apiKeyType", "limitPeriod", "modelPrivacy", "description", "last6Chars",
                                        "createdAt", "lastUsedAt", "consumptionLimits", "consumptionLimit"}) {
        const std::string member = std::string{"\""}.append(name).append("\":null");
        BOOST_TEST(malformed_data(member + "," + member) == std::string{"data."}.append(name) + " appears twice");
    }
    for (const std::string_view name : {"usd", "diem", "vcu"}) {
        const std::string member = std::string{"\""}.append(name).append("\":1");
        BOOST_TEST(malformed_data(R"("consumptionLimits":{)" + member + "," + member + "}") ==
                   std::string{"data.consumptionLimits."}.append(name) + " appears twice");
        BOOST_TEST(malformed_data(R"("consumptionLimit":{)" + member + "," + member + "}") ==
                   std::string{"data.consumptionLimit."}.append(name) + " appears twice");
    }
    BOOST_TEST(decode_data(R"("other":1,"other":2)").has_value());
}

BOOST_AUTO_TEST_CASE(an_id_that_can_not_be_read_is_missing)
{
    for (const std::string_view id : {"{}", R"(["k"])", R"({"id":"k"})"}) {
        const std::string body = std::string{R"({"data":{"id":)"}.append(id).append("}}");
        BOOST_TEST(fault(decode(body), errc::reply_mismatch) == "the answer names no key: it has no data.id", body);
    }
}

BOOST_AUTO_TEST_CASE(numbers_and_booleans_serve_as_texts)
{
    BOOST_TEST(decode(R"({"data":{"id":17}})").value().id == "17");
    const api_key key = decode_data(R"("apiKeyType":1,"limitPeriod":-1.50,"modelPrivacy":true,"description":1e3,)"
                                    R"("last6Chars":123456)")
                            .value();
    BOOST_TEST(key.type.text() == "1");
    BOOST_TEST(key.limit_period.text() == "-1.50");
    BOOST_TEST(key.model_privacy.text() == "true");
    BOOST_TEST(key.description == "1e3");
    BOOST_TEST(key.last6_chars == "123456");
    BOOST_TEST(key.unread.empty());
}

BOOST_AUTO_TEST_CASE(texts_serve_as_numbers)
{
    const api_key key = decode_data(R"("consumptionLimits":{"usd":"50.25","diem":"1\u0030","vcu":"5e1"})").value();
    BOOST_TEST(key.limits == (consumption_limits{50.25, 10.0, 50.0}));
    BOOST_TEST(key.unread.empty());
    for (const std::string_view limit : {R"("none")", R"("")", R"("5 USD")", R"("0x10")", R"("inf")", R"("nan")",
                                         R"("1e999")", "true", "{}", R"({"a":1})", "[]", R"([["x"],{"usd":1}])"}) {
        const api_key odd = decode_data(std::string{R"("consumptionLimits":{"usd":)"}.append(limit).append(
                                            R"(,"diem":7},"description":"d")"))
                                .value();
        BOOST_TEST(odd.limits == (consumption_limits{{}, 7.0, {}}), limit);
        BOOST_TEST(odd.description == "d");
        BOOST_TEST_REQUIRE(odd.unread.size() == 1u); // so that it does not look like no limit
        BOOST_TEST(odd.unread[0].name == "consumptionLimits.usd");
        BOOST_TEST(is_unread(odd.unread, "consumptionLimits.usd"));
        BOOST_TEST(!is_unread(odd.unread, "consumptionLimits.diem"));
    }
}

BOOST_AUTO_TEST_CASE(what_says_success_is_read_where_it_is_certain)
{
    for (const std::string_view yes : {"true", "1", R"("true")", R"("1")", R"("maybe")", "{}", "[]", "17"})
        BOOST_TEST(decode(std::string{R"({"data":{"id":"k"},"success":)"}.append(yes).append("}")).has_value(), yes);
    for (const std::string_view no : {"false", "0", R"("false")", R"("FALSE")"})
        BOOST_TEST(
            fault(decode(std::string{R"({"data":{"id":"k"},"success":)"}.append(no).append("}")), errc::rejected) == "",
            no);
}

BOOST_AUTO_TEST_CASE(what_can_not_be_read_leaves_its_field_empty_and_is_told)
{
    const api_key key = decode_data(R"("consumptionLimits":"none","description":{"a":1},"limitPeriod":[1],)"
                                    R"("createdAt":"soon","expiresAt":{"x":{}},"lastUsedAt":true)")
                            .value();
    const std::vector<unread_value> expected{{"consumptionLimits", "none"}, {"description", "an object"},
                                             {"limitPeriod", "an array"},   {"createdAt", "soon"},
                                             {"expiresAt", "an object"},    {"lastUsedAt", "true"}};
    BOOST_TEST(key.unread == expected);
    BOOST_TEST(is_unread(key.unread, "consumptionLimits.usd")); // in what could not be read
    BOOST_TEST(!is_unread(key.unread, "id"));
    const api_key long_one = decode_data(R"("expiresAt":"a\u0000b\n)" + std::string(1'000, 'x') + "\"").value();
    BOOST_TEST_REQUIRE(long_one.unread.size() == 1u);
    BOOST_TEST(long_one.unread[0].text.size() == 64u);
    BOOST_TEST(long_one.unread[0].text.starts_with("a b xxx"));
}

BOOST_AUTO_TEST_CASE(a_date_that_can_not_be_read_is_not_never)
{
    const auto expires = [](std::string_view date) {
        return decode_data(std::string{R"("expiresAt":)"}.append(date)).value();
    };
    for (const std::string_view never : {"null", "{}", "{ }", R"("")"}) {
        BOOST_TEST(!expires(never).expires_at.has_value(), never);
        BOOST_TEST(expires(never).unread.empty(), never);
    }
    for (const std::string_view odd : {R"("2026-02-30")", R"("2026-01-01T00:00:00")", R"("next week")", "17", "1.5",
                                       "-1", "1e300", "true", "[]", R"({"a":1})"}) {
        BOOST_TEST(!expires(odd).expires_at.has_value(), odd);
        BOOST_TEST(is_unread(expires(odd).unread, "expiresAt"), odd);
    }
    BOOST_TEST(expires(R"("2026-02-30")").unread[0].text == "2026-02-30");
    for (const std::string_view date : {R"("2030-01-01T02:00:00+02:00")", R"("2029-12-31T23:00:00.0000001-0100")",
                                        "1893456000000", "1893456000", "1893456000.0001", R"("1893456000000")"}) {
        BOOST_TEST(expires(date).expires_at == at("2030-01-01"), date);
        BOOST_TEST(expires(date).unread.empty(), date);
    }
}

BOOST_AUTO_TEST_CASE(half_of_a_surrogate_pair_costs_one_character)
{
    const result<api_key> key = decode_data(R"("description":"cut \ud83d","last6Chars":"\ude00\ud83d\ude00\uD83D",)"
                                            R"("consumptionLimits":{"usd":5},"other":["\ud800\ud800","\\ud83d"])");
    BOOST_REQUIRE(key.has_value());
    BOOST_TEST(key->description == "cut \uFFFD");
    BOOST_TEST(key->last6_chars == "\uFFFD😀\uFFFD");
    BOOST_TEST(key->limits.usd.value() == 5.0);
    BOOST_TEST(key->unread.empty());
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf_8_cost_one_character_each)
{
    for (const std::string_view bad : {"\xFF", "\xC3", "\x80"}) {
        const result<api_key> key = decode_data(std::string{R"("description":"a)"}.append(bad).append(R"(b")"));
        BOOST_REQUIRE(key.has_value());
        BOOST_TEST(key->description == "a\uFFFDb");
    }
    BOOST_TEST(decode_data("\"description\":\"\xED\xA0\x80\"").value().description == "\uFFFD\uFFFD\uFFFD");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_passed_over)
{
    BOOST_TEST(decode("\xEF\xBB\xBF{\"data\":{\"id\":\"k\"}}").value().id == "k");
}

BOOST_AUTO_TEST_CASE(data_that_is_no_object_is_malformed)
{
    for (const std::string_view data : {"\"k\"", "17", "true", "[{\"id\":\"k\"}]"}) {
        const std::string body = std::string{R"({"data":)"}.append(data).append("}");
        BOOST_TEST(malformed(body) == "data is not an object", data);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_names_no_key_is_a_mismatch)
{
    for (const std::string_view body :
         {"{}", R"({"success":true})", R"({"data":null,"success":true})", R"({"data":{},"success":true})",
          R"({"data":{"id":null}})", R"({"data":{"ID":"k","description":"d"}})", R"({"id":"k"})"})
        BOOST_TEST(fault(decode(body), errc::reply_mismatch) == "the answer names no key: it has no data.id", body);
}

BOOST_AUTO_TEST_CASE(an_empty_id_is_an_id_for_the_caller_to_compare)
{
    BOOST_TEST(decode(R"({"data":{"id":""}})").has_value());
}

BOOST_AUTO_TEST_CASE(a_failure_that_comes_as_a_success_is_rejected)
{
    for (const std::string_view body :
         {R"({"success":false,"error":"not today"})", R"({"success":false,"message":"not today"})",
          R"({"error":{"message":"not today"},"data":{"id":"k"},"success":false})",
          R"({"data":null,"error":"not today","success":false})",
          R"({"data":[],"error":"not today","success":false})"}) {
        const result<api_key> answer = decode(body);
        BOOST_TEST(fault(answer, errc::rejected) == "", body);
        BOOST_TEST(answer.error().server_text == "not today", body);
    }
    const result<api_key> bare = decode(R"({"success":false})");
    BOOST_TEST(fault(bare, errc::rejected) == "");
    BOOST_TEST(bare.error().server_text == ""); // nothing of a success is shown but the reason that it gives
}

BOOST_AUTO_TEST_CASE(a_rejection_keeps_the_issues)
{
    const result<api_key> answer =
        decode(R"({"success":false,"error":"bad","issues":[{"path":["description"],"message":"too long"}]})");
    BOOST_TEST(fault(answer, errc::rejected) == "");
    BOOST_TEST(answer.error().issues == (std::vector<field_issue>{{"description", "too long"}}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_detail_quotes_the_body)
{
    for (const std::string_view body :
         {R"({"data":{"id":"k","description":"SENTINEL"},"data":1})", R"(SENTINEL)", R"({"SENTINEL")",
          R"({"data":{"id":{"SENTINEL":"SENTINEL"}}})", R"({"data":"SENTINEL"})", R"({"data":{"SENTINEL":1}})"}) {
        const result<api_key> answer = decode(body);
        BOOST_REQUIRE(!answer);
        BOOST_TEST(answer.error().message().find("SENTINEL") == std::string::npos, answer.error());
    }
}

BOOST_AUTO_TEST_CASE(a_decoder_forgets_the_answer_before)
{
    codec::update_decoder decoder{depth};
    const secret none;
    const std::string full =
        R"({"data":{"id":"a","description":"d","consumptionLimit":{"usd":1},"limitPeriod":"MONTH",)"
        R"("expiresAt":"2030-01-01"},"success":true})";
    const std::string_view bare = R"({"data":{"id":"b"}})";
    for (const std::string_view first :
         {std::string_view{full}, std::string_view{R"({"success":false})"}, std::string_view{R"({"data":{"id":"c)"},
          std::string_view{R"({"data":{"id":1}})"}, std::string_view{R"({"data":[[[[1)"}, std::string_view{"17"},
          std::string_view{R"({"data":{"limitPeriod":"\u0041)"}, std::string_view{R"({"da\u0074)"}}) {
        (void)decoder.decode(first, none);
        const result<api_key> second = decoder.decode(bare, none);
        BOOST_REQUIRE_MESSAGE(second.has_value(), first);
        api_key expected;
        expected.id = "b";
        BOOST_TEST((*second == expected), first);
    }
    const result<api_key> nameless = decoder.decode("{}", none); // though the answer before named a key
    BOOST_TEST(fault(nameless, errc::reply_mismatch) == "the answer names no key: it has no data.id");
    codec::update_decoder moved = std::move(decoder);
    BOOST_TEST(moved.decode(full, none).value().description == "d");
}

BOOST_AUTO_TEST_CASE(an_answer_cut_anywhere_is_malformed)
{
    const std::string whole = R"({"data":{"apiKeyType":"ADMIN","consumptionLimits":{"usd":50.5,"diem":null},)"
                              R"("id":"k\u0041","createdAt":{},"tags":[1,2]},"success":true})";
    BOOST_REQUIRE(decode(whole).has_value());
    for (std::size_t size = 0; size != whole.size(); ++size)
        BOOST_TEST(malformed(whole.substr(0, size)) == "the JSON ends too soon, at byte " + std::to_string(size));
}

BOOST_AUTO_TEST_CASE(an_answer_with_one_byte_changed_never_does_harm)
{
    const std::string whole = R"({"data":{"apiKeyType":"ADMIN","consumptionLimits":{"usd":50.5,"diem":null},)"
                              R"("id":"k\u0041","createdAt":{},"tags":[1,2]},"success":true})";
    std::mt19937 random{23};
    codec::update_decoder decoder{depth};
    for (int i = 0; i != 20'000; ++i) {
        std::string body = whole;
        for (int n = std::uniform_int_distribution<int>{1, 3}(random); n != 0; --n)
            body[std::uniform_int_distribution<std::size_t>{0, body.size() - 1}(random)] =
                static_cast<char>(std::uniform_int_distribution<int>{0, 255}(random));
        const result<api_key> answer = decoder.decode(body, secret{"t"});
        if (!answer)
            BOOST_TEST_REQUIRE((answer.error().code == errc::malformed_reply ||
                                answer.error().code == errc::reply_mismatch || answer.error().code == errc::rejected),
                               answer.error() << " for " << body);
    }
}

BOOST_AUTO_TEST_SUITE_END()
