#include "codec/decode.hpp"

#include "support/printing_values.hpp"
#include "unit/support/fault_of.hpp"

#include <optional>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_account_limits)

using namespace venice_keys;
using test::fault;

namespace {

result<account_limits> decode(std::string_view body)
{
    return codec::decode_account_limits(body, secret{"the-token"}, 32);
}

} // namespace

BOOST_AUTO_TEST_CASE(everything_is_read)
{
    const result<account_limits> answer = decode(
        R"({"data":{"accessPermitted":true,"apiTier":{"id":"paid","isCharged":true},)"
        R"("balances":{"USD":50.23,"DIEM":"100.023","BUNDLED_CREDITS":7.5,"EUR":1},"keyExpiration":"2025-06-01T00:00:00Z",)"
        R"("nextEpochBegins":"2025-05-07","rateLimits":[{"apiModelId":"m","rateLimits":[)"
        R"({"amount":100,"type":"RPM"},{"amount":1.5,"type":"NEW"}]},{"rateLimits":[]}]}})");
    BOOST_TEST_REQUIRE(answer);
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
    BOOST_TEST(*answer == expected);
}

BOOST_AUTO_TEST_CASE(what_is_null_or_absent_is_empty)
{
    account_limits expected;
    expected.access_permitted = false;
    for (const std::string_view rest :
         {"", R"(,"apiTier":null,"balances":null,"keyExpiration":null,"nextEpochBegins":{},"rateLimits":null)",
          R"(,"apiTier":{},"balances":{"USD":null},"rateLimits":[])"}) {
        const result<account_limits> answer =
            decode(std::string{R"({"data":{"accessPermitted":false)"}.append(rest).append("}}"));
        BOOST_REQUIRE_MESSAGE(answer.has_value(), rest);
        BOOST_TEST(*answer == expected, rest);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_to_this_question_is_malformed)
{
    BOOST_TEST(fault(decode("{}")) == "data is missing");
    BOOST_TEST(fault(decode(R"({"data":null})")) == "data is missing");
    BOOST_TEST(fault(decode(R"({"data":[]})")) == "data is not an object");
    BOOST_TEST(fault(decode(R"({"data":{}})")) == "data.accessPermitted is missing");
    // An answer to an update.
    BOOST_TEST(fault(decode(R"({"data":{"id":"k","description":"d"},"success":true})")) ==
               "data.accessPermitted is missing");
    // Any one member tells that it is the right one.
    for (const std::string_view member :
         {R"("accessPermitted":null)", R"("apiTier":{})", R"("balances":null)", R"("keyExpiration":"soon")",
          R"("nextEpochBegins":null)", R"("rateLimits":[])"})
        BOOST_TEST(fault(decode(std::string{R"({"data":{)"}.append(member).append("}}"))) == "accepted", member);
}

BOOST_AUTO_TEST_CASE(a_member_of_a_limit_costs_no_more_than_itself)
{
    const auto limits = [](std::string_view elements) {
        return decode(
                   std::string{R"({"data":{"accessPermitted":true,"rateLimits":[{},{"apiModelId":"m","rateLimits":[)"}
                       .append(elements)
                       .append(R"(]},{"apiModelId":"last"}]}})"))
            .value();
    };
    const auto expect = [&](std::string_view elements, const std::vector<rate_limit>& all,
                            const std::vector<unread_value>& unread) {
        const account_limits got = limits(elements);
        BOOST_TEST_REQUIRE(got.models.size() == 3u);
        BOOST_TEST(got.models[1].limits == all, elements);
        BOOST_TEST(got.unread == unread, elements);
        BOOST_TEST(got.access_permitted);
        BOOST_TEST(got.models[2].model_id == "last");
    };
    const std::string_view place = "rateLimits[1].rateLimits[0]";
    expect(R"({"amount":null,"type":"RPM"})", {{{}, "RPM"}}, {});
    expect(R"({"type":"RPM"})", {{{}, "RPM"}}, {});
    expect(R"({"amount":"100","type":7})", {{100, "7"}}, {});
    expect(R"({"amount":"many","type":"RPM"},{"amount":1,"type":"RPD"})", {{{}, "RPM"}, {1, "RPD"}},
           {{std::string{place} + ".amount", "many"}});
    expect(R"({"amount":true,"type":{}})", {{{}, ""}},
           {{std::string{place} + ".amount", "true"}, {std::string{place} + ".type", "an object"}});
    expect(R"({"amount":1,"type":null},{"amount":1},{})", {{1, ""}, {1, ""}, {}}, {});
    expect(R"(null,{"amount":1,"type":"RPD"})", {{}, {1, "RPD"}}, {});
    expect(R"("100 RPM",{"amount":1,"type":"RPD"},[1,{}])", {{}, {1, "RPD"}, {}},
           {{std::string{place}, "100 RPM"}, {"rateLimits[1].rateLimits[2]", "an array"}});
    const account_limits odd = limits("5");
    BOOST_TEST(is_unread(odd.unread, "rateLimits[1].rateLimits[0].amount")); // in what could not be read
    BOOST_TEST(!is_unread(odd.unread, "rateLimits[1].apiModelId"));
}

BOOST_AUTO_TEST_CASE(a_model_that_can_not_be_read_keeps_its_place)
{
    const account_limits got =
        decode(R"({"data":{"rateLimits":[null,"m",{"apiModelId":"n","rateLimits":"none"},{"apiModelId":[]}]}})")
            .value();
    BOOST_TEST_REQUIRE(got.models.size() == 4u);
    BOOST_TEST(got.models[2].model_id == "n");
    const std::vector<unread_value> expected{
        {"rateLimits[1]", "m"}, {"rateLimits[2].rateLimits", "none"}, {"rateLimits[3].apiModelId", "an array"}};
    BOOST_TEST(got.unread == expected);
    BOOST_TEST(is_unread(got.unread, "rateLimits[2].rateLimits[0].amount"));
}

BOOST_AUTO_TEST_CASE(no_word_on_access_is_neither_yes_nor_no)
{
    const auto access = [](std::string_view members) {
        return decode(std::string{R"({"data":{"apiTier":{"id":"t"},)"}.append(members).append("}}")).value();
    };
    for (const std::string_view absent : {R"("accessPermitted":null)", R"("other":1)"}) {
        const account_limits got = access(absent);
        BOOST_TEST(!got.access_permitted.told());
        BOOST_TEST(!got.access_permitted.no());
        BOOST_TEST(!got.access_permitted);
        BOOST_TEST(got.unread.empty());
        BOOST_TEST(!got.tier_is_charged.told());
    }
    const account_limits odd = access(R"("accessPermitted":"soon")");
    BOOST_TEST(!odd.access_permitted.told());
    BOOST_TEST(odd.unread == (std::vector<unread_value>{{"accessPermitted", "soon"}}),
               boost::test_tools::per_element());
    BOOST_TEST(access(R"("accessPermitted":false)").access_permitted.no());
    BOOST_TEST(access(R"("accessPermitted":"false")").access_permitted.no());
    BOOST_TEST(access(R"("accessPermitted":1)").access_permitted.yes());
}

BOOST_AUTO_TEST_CASE(a_fault_says_where_it_is)
{
    const auto with = [](std::string_view members) {
        return fault(decode(std::string{R"({"data":{"accessPermitted":true,)"}.append(members).append("}}")));
    };
    BOOST_TEST(with(R"("balances":{"USD":1,"USD":2})") == "data.balances.USD appears twice");
    BOOST_TEST(with(R"("balances":{"USD":1e400})") == "a number is out of range");
    BOOST_TEST(with(R"("rateLimits":[{"rateLimits":[5,{"type":"a","type":"b"}]}])") ==
               "data.rateLimits[0].rateLimits[1].type appears twice");
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
    BOOST_TEST(!got.usd_balance);
    BOOST_TEST(got.diem_balance == 2.5);
    BOOST_TEST(!got.bundled_credits);
    BOOST_TEST(!got.key_expires_at);
    const std::vector<unread_value> expected{{"apiTier.isCharged", "yes"},
                                             {"balances.USD", "plenty"},
                                             {"keyExpiration", "soon"},
                                             {"rateLimits", "an object"}};
    BOOST_TEST(got.unread == expected);
}

BOOST_AUTO_TEST_CASE(a_failure_is_rejected)
{
    const result<account_limits> answer = decode(R"({"success":false,"error":"not with the-token"})");
    BOOST_TEST(fault(answer, errc::rejected) == "");
    BOOST_TEST(answer.error().server_text == "not with [redacted]");
}

BOOST_AUTO_TEST_SUITE_END()
