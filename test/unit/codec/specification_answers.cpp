// What the codec reads, against the published specification (version 20260821.193530): the examples that it gives for
// the members of its answers, put together to whole answers.
#include "codec/decode.hpp"
#include "codec/decode_refusal.hpp"
#include "codec/decode_update.hpp"

#include "support/printing_values.hpp"

#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_codec_specification_answers)

using namespace venice_keys;

namespace {

constexpr std::size_t depth = 32;
const secret token{"the-token"};
const std::string id = "e28e82dc-9df2-4b47-b726-d0a222ef2ab5";
const auto noon = parse_timestamp("2023-10-01T12:00:00Z");

// The members that all answers about a key share but for their limits.
std::string common(std::string_view description)
{
    return R"("apiKeyType":"ADMIN","limitPeriod":"MONTH","modelPrivacy":"ALL","expiresAt":"2023-10-01T12:00:00Z","id":")" +
           id + R"(","description":")" + std::string{description} + "\"";
}

constexpr std::string_view rest_of_a_key =
    R"(,"consumptionLimits":{"usd":50,"diem":10,"vcu":30},"createdAt":"2023-10-01T12:00:00Z","last6Chars":"2V2jNW",)"
    R"("lastUsedAt":"2023-10-01T12:00:00Z")";

constexpr std::string_view usage =
    R"(,"usage":{"trailingSevenDays":{"usd":"10.2424","vcu":"42.2315","diem":"4.2231"}},)"
    R"("currentPeriodUsage":{"usd":"5.1234","diem":"2.5000"})";

template <class Key>
Key expected_key(std::string description)
{
    Key key;
    key.id = id;
    key.type = key_type::admin;
    key.limits = {50.0, 10.0, 30.0};
    key.limit_period = limit_period::month;
    key.model_privacy = model_privacy::all;
    key.description = std::move(description);
    key.last6_chars = "2V2jNW";
    key.created_at = key.expires_at = key.last_used_at = noon;
    return key;
}

key_details expected_details()
{
    auto key = expected_key<key_details>("Example API Key");
    key.trailing_seven_days = {decimal::parse("10.2424"), decimal::parse("4.2231"), decimal::parse("42.2315")};
    key.current_period = {decimal::parse("5.1234"), decimal::parse("2.5"), {}};
    return key;
}

std::string example_details()
{
    return "{" + common("Example API Key").append(rest_of_a_key).append(usage) + "}";
}

} // namespace

BOOST_AUTO_TEST_CASE(an_update)
{
    const std::string body = R"({"data":{)" + common("Updated API Key").append(rest_of_a_key) + R"(},"success":true})";
    BOOST_TEST(codec::decode_update(body, token, depth).value() == expected_key<api_key>("Updated API Key"));
}

BOOST_AUTO_TEST_CASE(a_list)
{
    const std::string body = R"({"data":[)" + example_details() + "," + example_details() + R"(],"object":"list"})";
    const std::vector<key_details> expected(2, expected_details());
    BOOST_TEST(codec::decode_list(body, token, depth).value() == expected);
}

BOOST_AUTO_TEST_CASE(one_key)
{
    const std::string body = R"({"data":)" + example_details() + "}";
    BOOST_TEST(codec::decode_details(body, token, depth).value() == expected_details());
}

BOOST_AUTO_TEST_CASE(one_key_as_the_example_of_the_whole_body_has_it)
{
    const std::string body =
        R"({"data":{"apiKeyType":"ADMIN","consumptionLimits":{"usd":50,"diem":10},"limitPeriod":"MONTH",)"
        R"("modelPrivacy":"ALL","createdAt":{},"description":"Example API Key","expiresAt":{},"id":")" +
        id +
        R"(","last6Chars":"2V2jNW","lastUsedAt":{},"usage":{"trailingSevenDays":)"
        R"({"usd":"10.2424","vcu":"42.2315","diem":"4.2231"}}}})";
    key_details expected = expected_details();
    expected.limits.vcu.reset();
    expected.created_at = expected.expires_at = expected.last_used_at = {};
    expected.current_period.reset();
    BOOST_TEST(codec::decode_details(body, token, depth).value() == expected);
}

BOOST_AUTO_TEST_CASE(a_creation)
{
    const std::string body = R"({"data":{"apiKey":"the new key",)" + common("Example API Key") +
                             R"(,"consumptionLimit":{"usd":50,"diem":10,"vcu":30}},"success":true})";
    auto expected = expected_key<created_key>("Example API Key");
    expected.last6_chars.clear();
    expected.created_at = expected.last_used_at = {};
    expected.secret = secret{"the new key"};
    BOOST_TEST(codec::decode_creation(body, token, depth).value() == expected);
}

BOOST_AUTO_TEST_CASE(a_deletion)
{
    BOOST_TEST(codec::decode_deletion(R"({"success":true})", token, depth));
}

BOOST_AUTO_TEST_CASE(the_limits_of_the_account)
{
    const account_limits limits =
        codec::decode_account_limits(
            R"({"data":{"accessPermitted":true,"apiTier":{"id":"paid","isCharged":true},)"
            R"("balances":{"USD":50.23,"DIEM":100.023},"keyExpiration":"2025-06-01T00:00:00Z",)"
            R"("nextEpochBegins":"2025-05-07T00:00:00.000Z","rateLimits":[{"apiModelId":"zai-org-glm-5-1",)"
            R"("rateLimits":[{"amount":100,"type":"RPM"}]}]}})",
            token, depth)
            .value();
    const account_limits expected{true,
                                  "paid",
                                  true,
                                  50.23,
                                  100.023,
                                  parse_timestamp("2025-06-01"),
                                  parse_timestamp("2025-05-07"),
                                  {{"zai-org-glm-5-1", {{100, "RPM"}}}}};
    BOOST_TEST(limits == expected);
}

BOOST_AUTO_TEST_CASE(the_log_of_exceeded_limits)
{
    const std::string event = R"({"apiKeyId":")" + id +
                              R"(","modelId":"zai-org-glm-5-1","rateLimitTier":"paid","rateLimitType":"RPM",)"
                              R"("timestamp":"2023-10-01T12:00:00Z"})";
    const auto events =
        codec::decode_rate_limit_log(R"({"object":"list","data":[)" + event + "]}", token, depth).value();
    BOOST_TEST(events == (std::vector<rate_limit_event>{{id, "zai-org-glm-5-1", "paid", "RPM", noon}}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_challenge)
{
    const std::string jwt = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwi"
                            "aWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
    const std::string body = R"({"data":{"token":")" + jwt + R"("},"success":true})";
    BOOST_TEST(codec::decode_challenge(body, token, depth).value().expose() == jwt);
}

BOOST_AUTO_TEST_CASE(a_refusal_with_details)
{
    const error why = codec::decode_refusal(
        400, R"({"details":{"_errors":[],"field":{"_errors":["Field is required"]}},"error":"Invalid request"})", token,
        depth);
    BOOST_TEST(why.server_text == "Invalid request");
    BOOST_TEST(why.issues == (std::vector<field_issue>{{"field", "Field is required"}}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
