#include "codec/answer_decoder.hpp"

#include "unit/codec/update_answers.hpp"

#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_codec_answer_decoder)

using namespace venice_keys;
using namespace update_answers;

BOOST_AUTO_TEST_CASE(what_is_no_json_is_malformed_and_the_detail_says_where)
{
    BOOST_TEST(malformed("") == "the JSON ends too soon, at byte 0");
    BOOST_TEST(malformed("   ") == "the JSON ends too soon, at byte 3");
    BOOST_TEST(malformed("<html>") ==
               "the answer looks like a web page and is not JSON: check config::base_url (VENICE_BASE_URL)");
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
    BOOST_TEST(decode("{\"data\":{\"id\":\"k\"}}\r\n "));
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

BOOST_AUTO_TEST_CASE(half_of_a_surrogate_pair_costs_one_character)
{
    const result<api_key> key = decode_data(R"("description":"cut \ud83d","last6Chars":"\ude00\ud83d\ude00\uD83D",)"
                                            R"("consumptionLimits":{"usd":5},"other":["\ud800\ud800","\\ud83d"])");
    BOOST_TEST_REQUIRE(key);
    BOOST_TEST(key->description == "cut \uFFFD");
    BOOST_TEST(key->last6_chars == "\uFFFD😀\uFFFD");
    BOOST_TEST(key->limits.usd.value() == 5.0);
    BOOST_TEST(key->unread.empty());
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf_8_cost_one_character_each)
{
    for (const std::string_view bad : {"\xFF", "\xC3", "\x80"}) {
        const result<api_key> key = decode_data(std::string{R"("description":"a)"}.append(bad).append(R"(b")"));
        BOOST_TEST_REQUIRE(key);
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
        BOOST_TEST(*second == expected, first);
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
    BOOST_TEST_REQUIRE(decode(whole));
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
