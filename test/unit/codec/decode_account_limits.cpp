#include "codec/decode_account_limits.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_account_limits)

using namespace venice_keys;

namespace {

result<account_limits> decode(std::string_view body)
{
    return codec::decode_account_limits(body, secret{"the-token"}, 32);
}

std::string fault(const result<account_limits>& answer, errc code = errc::malformed_reply)
{
    if (answer)
        return "accepted";
    BOOST_TEST((answer.error().code == code), answer.error());
    BOOST_TEST(answer.error().http_status == 200u);
    BOOST_TEST(answer.error().delivery == delivery::answered);
    return answer.error().detail.substr(0, answer.error().detail.rfind(", at byte "));
}

} // namespace

BOOST_AUTO_TEST_CASE(everything_is_read)
{
    const result<account_limits> answer = decode(
        R"({"data":{"accessPermitted":true,"apiTier":{"id":"paid","isCharged":true},)"
        R"("balances":{"USD":50.23,"DIEM":"100.023","BUNDLED_CREDITS":7.5,"EUR":1},"keyExpiration":"2025-06-01T00:00:00Z",)"
        R"("nextEpochBegins":"2025-05-07","rateLimits":[{"apiModelId":"m","rateLimits":[)"
        R"({"amount":100,"type":"RPM"},{"amount":1.5,"type":"NEW"}]},{"rateLimits":[]}]}})");
    BOOST_REQUIRE(answer.has_value());
    account_limits expected;
    expected.access_permitted = true;
    expected.tier_id = "paid";
    expected.tier_is_charged = true;
    expected.usd_balance = 50.23;
    expected.diem_balance = 100.023;
    expected.bundled_credits = 7.5;
    expected.key_expires_at = parse_timestamp("2025-06-01");
    expected.next_epoch_begins = parse_timestamp("2025-05-07");
    expected.models = {{"m", {{100, "RPM"}, {1.5, "NEW"}}}, {"", {}}};
    BOOST_TEST((*answer == expected));
}

BOOST_AUTO_TEST_CASE(what_is_null_or_absent_is_empty)
{
    account_limits expected;
    for (const std::string_view rest :
         {"", R"(,"apiTier":null,"balances":null,"keyExpiration":null,"nextEpochBegins":{},"rateLimits":null)",
          R"(,"apiTier":{},"balances":{"USD":null},"rateLimits":[])"}) {
        const result<account_limits> answer =
            decode(std::string{R"({"data":{"accessPermitted":false)"}.append(rest).append("}}"));
        BOOST_REQUIRE_MESSAGE(answer.has_value(), rest);
        BOOST_TEST((*answer == expected), rest);
    }
}

BOOST_AUTO_TEST_CASE(what_must_be_there_is_missed)
{
    BOOST_TEST(fault(decode("{}")) == "data is missing");
    BOOST_TEST(fault(decode(R"({"data":{"apiTier":{}}})")) == "data.accessPermitted is missing");
    const auto limit = [](std::string_view text) {
        return fault(decode(
            std::string{R"({"data":{"accessPermitted":true,"rateLimits":[{},{"rateLimits":[)"}.append(text).append(
                "]}]}}")));
    };
    BOOST_TEST(limit(R"({"amount":1,"type":"RPM"})") == "accepted");
    BOOST_TEST(limit(R"({"amount":1,"type":"RPM"},{"amount":1})") ==
               "data.rateLimits[1].rateLimits[1].type is missing");
    BOOST_TEST(limit(R"({"type":"RPM"})") == "data.rateLimits[1].rateLimits[0].amount is missing");
}

BOOST_AUTO_TEST_CASE(a_fault_says_where_it_is)
{
    const auto with = [](std::string_view members) {
        return fault(decode(std::string{R"({"data":{"accessPermitted":true,)"}.append(members).append("}}")));
    };
    BOOST_TEST(with(R"("balances":{"USD":1,"USD":2})") == "data.balances.USD appears twice");
    BOOST_TEST(with(R"("balances":{"USD":1e400})") == "a number out of range");
    BOOST_TEST(with(R"("rateLimits":[{"rateLimits":[{"amount":"many","type":"RPM"}]}])") ==
               "data.rateLimits[0].rateLimits[0].amount is missing");
    BOOST_TEST(with(R"("rateLimits":[{"rateLimits":[null]}])") == "data.rateLimits[0].rateLimits[0] is null");
    BOOST_TEST(with(R"("accessPermitted":true)") == "data.accessPermitted appears twice");
}

BOOST_AUTO_TEST_CASE(what_can_not_be_read_costs_no_more_than_itself)
{
    const account_limits got =
        decode(R"({"data":{"accessPermitted":"true","apiTier":{"id":7,"isCharged":"yes"},)"
               R"("balances":{"USD":"plenty","DIEM":"2.5"},"keyExpiration":"soon","rateLimits":{}}})")
            .value();
    BOOST_TEST(got.access_permitted);
    BOOST_TEST(got.tier_id == "7");
    BOOST_TEST((!got.usd_balance && got.diem_balance == 2.5 && !got.bundled_credits && !got.key_expires_at));
    const std::vector<unread_value> expected{{"apiTier.isCharged", "yes"},
                                             {"balances.USD", "plenty"},
                                             {"keyExpiration", "soon"},
                                             {"rateLimits", "an object"}};
    BOOST_TEST((got.unread == expected));
    BOOST_TEST(fault(decode(R"({"data":{"accessPermitted":"yes"}})")) == "data.accessPermitted is missing");
}

BOOST_AUTO_TEST_CASE(a_failure_is_rejected)
{
    const result<account_limits> answer = decode(R"({"success":false,"error":"not with the-token"})");
    BOOST_TEST(fault(answer, errc::rejected) == "");
    BOOST_TEST(answer.error().server_text == "not with [redacted]");
}

BOOST_AUTO_TEST_SUITE_END()
