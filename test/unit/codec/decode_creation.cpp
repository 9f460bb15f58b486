#include "codec/decode.hpp"

#include "support/printing_values.hpp"
#include "unit/support/fault_of.hpp"

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_creation)

using namespace venice_keys;
using test::fault;

namespace {

result<created_key> decode(std::string_view body)
{
    return codec::decode_creation(body, secret{"the-token"}, 32);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_created_key_comes_with_its_secret)
{
    const result<created_key> key =
        decode(R"({"data":{"apiKey":"VENICE-KEY","apiKeyType":"ADMIN","consumptionLimit":{"usd":50,"diem":null},)"
               R"("limitPeriod":"EPOCH","modelPrivacy":"ALL","description":"d","expiresAt":"2030-01-31","id":"k"},)"
               R"("success":true})");
    BOOST_TEST_REQUIRE(key);
    created_key expected;
    expected.id = "k";
    expected.secret = secret{"VENICE-KEY"};
    expected.type = key_type::admin;
    expected.limits.usd = 50;
    expected.limit_period = limit_period::epoch;
    expected.model_privacy = model_privacy::all;
    expected.description = "d";
    expected.expires_at = parse_timestamp("2030-01-31");
    BOOST_TEST(*key == expected);
}

BOOST_AUTO_TEST_CASE(a_secret_may_be_escaped)
{
    BOOST_TEST(decode(R"({"data":{"id":"k","api\u004bey":"VENICE\u002dKEY\/"}})").value().secret.expose() ==
               "VENICE-KEY/");
}

BOOST_AUTO_TEST_CASE(nothing_costs_the_secret)
{
    for (const std::string_view rest :
         {"", R"(,"id":null)", R"(,"id":{})", R"(,"id":[1])", R"(,"apiKeyType":{},"consumptionLimit":"none")",
          R"(,"consumptionLimit":{"usd":"much"},"expiresAt":"soon","description":[])"}) {
        const result<created_key> key =
            decode(std::string{R"({"data":{"apiKey":"s")"}.append(rest).append(R"(},"success":"perhaps"})"));
        BOOST_REQUIRE_MESSAGE(key.has_value(), rest);
        BOOST_TEST(key->secret.expose() == "s");
        BOOST_TEST(key->id == "");
        const bool is_odd = rest.find_first_of("{[") != std::string_view::npos;
        BOOST_TEST(key->unread.empty() != is_odd, rest);
    }
    BOOST_TEST(is_unread(decode(R"({"data":{"id":{},"apiKey":"s"}})").value().unread, "id"));
}

BOOST_AUTO_TEST_CASE(a_secret_is_needed)
{
    BOOST_TEST(fault(decode(R"({"data":{"id":"k"},"success":true})")) == "data.apiKey is missing");
    BOOST_TEST(fault(decode(R"({"data":{"id":"k","apiKey":null}})")) == "data.apiKey is missing");
    BOOST_TEST(fault(decode(R"({"data":null,"success":true})")) == "data is missing");
    BOOST_TEST(fault(decode(R"({"success":true})")) == "data is missing");
}

BOOST_AUTO_TEST_CASE(a_secret_of_the_wrong_type_or_twice_is_malformed)
{
    BOOST_TEST(decode(R"({"data":{"id":7,"apiKey":1}})").value().secret.expose() == "1"); // rather than no key
    BOOST_TEST(fault(decode(R"({"data":{"id":"k","apiKey":{}}})")) == "data.apiKey is missing");
    BOOST_TEST(fault(decode(R"({"data":{"id":"k","apiKey":"s","apiKey":"t"}})")) == "data.apiKey appears twice");
    BOOST_TEST(fault(decode(R"({"data":["s"]})")) == "data is not an object");
    BOOST_TEST(fault(decode(R"({"data":{"id":"k","apiKey":"s","x":1e400}})")) == "a number is out of range");
}

BOOST_AUTO_TEST_CASE(a_failure_that_comes_as_a_success_is_rejected)
{
    const result<created_key> answer =
        decode(R"({"success":false,"error":"too many","issues":[{"path":["description"],"message":"taken"}]})");
    BOOST_TEST(fault(answer, errc::rejected) == "");
    BOOST_TEST(answer.error().server_text == "too many");
    BOOST_TEST(answer.error().issues == (std::vector<field_issue>{{"description", "taken"}}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
