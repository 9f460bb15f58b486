#include "codec/decode_update.hpp"

#include "codec/encode.hpp"
#include "unit/codec/update_answers.hpp"

#include <random>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_update)

using namespace venice_keys;
using namespace update_answers;

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
    BOOST_TEST_REQUIRE(key);
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
    BOOST_TEST(*key == expected);
}

BOOST_AUTO_TEST_CASE(an_id_is_all_that_is_needed)
{
    const result<api_key> key = decode(R"({"data":{"id":"k"}})");
    BOOST_TEST_REQUIRE(key);
    api_key expected;
    expected.id = "k";
    BOOST_TEST(*key == expected);
}

BOOST_AUTO_TEST_CASE(null_is_as_good_as_absent)
{
    const result<api_key> key = decode(R"({"data":{"id":"k","apiKeyType":null,"consumptionLimits":null,)"
                                       R"("consumptionLimit":null,"limitPeriod":null,"modelPrivacy":null,)"
                                       R"("description":null,"last6Chars":null,"createdAt":null,"expiresAt":null,)"
                                       R"("lastUsedAt":null},"success":null})");
    BOOST_TEST_REQUIRE(key);
    api_key expected;
    expected.id = "k";
    BOOST_TEST(*key == expected);
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
    BOOST_TEST(decode_data(R"("consumptionLimit":{"usd":1,"diem":3},"consumptionLimits":{"usd":2})").value().limits ==
               two);
    BOOST_TEST(decode_data(R"("consumptionLimits":{"usd":2},"consumptionLimit":{"usd":1,"diem":3})").value().limits ==
               two);
}

BOOST_AUTO_TEST_CASE(any_limit_that_was_sent_is_read_back_exactly)
{
    std::mt19937_64 random{17};
    for (int i = 0; i != 5'000; ++i) {
        const double limit = std::uniform_real_distribution<double>{0.0, 9'999'999'999.0}(random);
        std::string body = R"({"data":)";
        codec::encode_update(key_update{"k"}.usd(limit), body);
        const result<api_key> key = decode(body + "}");
        BOOST_TEST_REQUIRE(key);
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
        BOOST_TEST_REQUIRE(key);
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
    BOOST_TEST_REQUIRE(key);
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
    BOOST_TEST_REQUIRE(key);
    BOOST_TEST(key->id == "right");
    BOOST_TEST(key->limits.usd.value() == 5.0);
}

BOOST_AUTO_TEST_CASE(names_are_known_only_in_their_place)
{
    BOOST_TEST(decode_data(R"("usd":"x","data":"x","success":"x")").value().unread.empty());
    BOOST_TEST(decode(R"({"data":{"id":"k","consumptionLimits":{"id":1,"data":2}},"limitPeriod":1})"));
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
    BOOST_TEST(decode_data(R"("other":1,"other":2)"));
}

BOOST_AUTO_TEST_CASE(an_id_that_can_not_be_read_is_missing)
{
    for (const std::string_view id : {"{}", R"(["k"])", R"({"id":"k"})"}) {
        const std::string body = std::string{R"({"data":{"id":)"}.append(id).append("}}");
        BOOST_TEST(fault(decode(body), errc::reply_mismatch) == "the answer names no key: it has no data.id", body);
    }
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

BOOST_AUTO_TEST_CASE(an_answer_that_names_no_key_is_a_mismatch)
{
    for (const std::string_view body :
         {"{}", R"({"success":true})", R"({"data":null,"success":true})", R"({"data":{},"success":true})",
          R"({"data":{"id":null}})", R"({"data":{"ID":"k","description":"d"}})", R"({"id":"k"})"})
        BOOST_TEST(fault(decode(body), errc::reply_mismatch) == "the answer names no key: it has no data.id", body);
}

BOOST_AUTO_TEST_CASE(an_empty_id_is_an_id_for_the_caller_to_compare)
{
    BOOST_TEST(decode(R"({"data":{"id":""}})"));
}

BOOST_AUTO_TEST_SUITE_END()
