#include "codec/decode.hpp"

#include "support/printing_values.hpp"
#include "unit/support/fault_of.hpp"

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_details)

using namespace venice_keys;
using test::fault;

namespace {

result<key_details> decode(std::string_view body)
{
    return codec::decode_details(body, secret{"the-token"}, 32);
}

// An answer with these members in `data`, besides the id.
result<key_details> decode_data(std::string_view members)
{
    return decode(std::string{R"({"data":{"id":"k",)"}.append(members).append("}}"));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_key_is_read_with_what_it_used)
{
    const key_details key =
        decode_data(R"("description":"d","consumptionLimits":{"usd":1},"usage":{"trailingSevenDays":)"
                    R"({"usd":"10.2424","vcu":"42.2315","diem":"-4.50"}},"currentPeriodUsage":{"usd":"0","diem":null})")
            .value();
    BOOST_TEST(key.id == "k");
    BOOST_TEST(key.description == "d");
    BOOST_TEST(key.limits == (consumption_limits{1.0, {}, {}}));
    BOOST_REQUIRE(key.trailing_seven_days.has_value());
    BOOST_TEST(key.trailing_seven_days ==
               (usage_amounts{decimal::parse("10.2424"), decimal::parse("-4.5"), decimal::parse("42.2315")}));
    BOOST_TEST(key.trailing_seven_days->diem->text() == "-4.50");
    BOOST_TEST(key.current_period == (usage_amounts{decimal{}, {}, {}}));
}

BOOST_AUTO_TEST_CASE(usage_may_be_absent_null_or_empty)
{
    for (const std::string_view members :
         {R"("description":"")", R"("usage":null,"currentPeriodUsage":null)", R"("usage":{})",
          R"("usage":{"trailingSevenDays":null})", R"("usage":{"trailingYear":{"usd":1}})"}) {
        const result<key_details> key = decode_data(members);
        BOOST_REQUIRE_MESSAGE(key.has_value(), members);
        BOOST_TEST(!key->trailing_seven_days, members);
        BOOST_TEST(!key->current_period, members);
    }
    const key_details empty = decode_data(R"("usage":{"trailingSevenDays":{}},"currentPeriodUsage":{})").value();
    BOOST_TEST(empty.trailing_seven_days == usage_amounts{});
    BOOST_TEST(empty.current_period == usage_amounts{});
}

BOOST_AUTO_TEST_CASE(an_amount_is_a_decimal_in_a_string_or_a_number)
{
    const auto amount = [](std::string_view text) {
        return fault(decode_data(std::string{R"("usage":{"trailingSevenDays":{"usd":)"}.append(text).append("}}")));
    };
    for (const std::string_view text : {R"("1\u002e5")", "1.5", "true", "{}", "[]", R"("much")"})
        BOOST_TEST(amount(text) == "accepted", text);
    const key_details odd =
        decode_data(R"("usage":{"trailingSevenDays":{"usd":true,"diem":{},"vcu":1.50}},"currentPeriodUsage":"1")")
            .value();
    BOOST_TEST(!odd.trailing_seven_days->usd);
    BOOST_TEST(!odd.trailing_seven_days->diem);
    BOOST_TEST(!odd.current_period);
    BOOST_TEST(odd.trailing_seven_days->vcu->text() == "1.50");
    BOOST_TEST(odd.unread.size() == 3u);
    BOOST_TEST(is_unread(odd.unread, "usage.trailingSevenDays.usd"));
}

// A report of what was used is no reason to disbelieve the answer that it came in.
BOOST_AUTO_TEST_CASE(an_amount_that_is_written_otherwise_counts_as_not_told)
{
    for (const std::string text : {"", "1e5", "SENTINEL", "1,5", " 1"}) {
        const key_details key =
            decode_data(R"("usage":{"trailingSevenDays":{"usd":")" + text + R"(","diem":"1.5"}})").value();
        BOOST_TEST(key.trailing_seven_days == (usage_amounts{{}, decimal::parse("1.5"), {}}), text);
    }
}

BOOST_AUTO_TEST_CASE(a_member_that_is_read_must_not_come_twice)
{
    BOOST_TEST(fault(decode_data(R"("usage":{},"usage":{})")) == "data.usage appears twice");
    BOOST_TEST(fault(decode_data(R"("usage":{"trailingSevenDays":{"usd":"1","usd":"2"}})")) ==
               "data.usage.trailingSevenDays.usd appears twice");
    BOOST_TEST(fault(decode_data(R"("currentPeriodUsage":{},"currentPeriodUsage":null)")) ==
               "data.currentPeriodUsage appears twice");
    BOOST_TEST(fault(decode_data(R"("id":"l")")) == "data.id appears twice");
}

BOOST_AUTO_TEST_CASE(an_answer_that_names_no_key_is_a_mismatch)
{
    for (const std::string_view body :
         {"{}", R"({"data":null})", R"({"data":{}})", R"({"data":{"id":null}})", R"({"id":"k"})"})
        BOOST_TEST(fault(decode(body), errc::reply_mismatch) == "the answer names no key: it has no data.id", body);
}

BOOST_AUTO_TEST_CASE(an_answer_that_says_success_false_is_rejected)
{
    const result<key_details> answer =
        decode(R"({"success":false,"error":"no the-token here","issues":[{"path":["id"],"message":"unknown"}]})");
    BOOST_TEST(fault(answer, errc::rejected) == "");
    BOOST_TEST(answer.error().server_text == "no [redacted] here");
    BOOST_TEST(answer.error().issues == (std::vector<field_issue>{{"id", "unknown"}}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(infinity_and_wrong_shapes_are_malformed)
{
    BOOST_TEST(fault(decode_data(R"("other":1e400)")) == "a number is out of range");
    BOOST_TEST(fault(decode(R"({"data":[]})")) == "data is not an object");
    BOOST_TEST(fault(decode("[]")) == "the answer is not an object");
    BOOST_TEST(fault(decode(R"({"data":{"id":"k"}}x)")) == "something follows the JSON");
}

BOOST_AUTO_TEST_SUITE_END()
