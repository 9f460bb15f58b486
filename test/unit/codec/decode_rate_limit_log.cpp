#include "codec/decode.hpp"

#include "support/printing_values.hpp"
#include "unit/support/fault_of.hpp"

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_rate_limit_log)

using namespace venice_keys;
using test::fault;

namespace {

result<std::vector<rate_limit_event>> decode(std::string_view body)
{
    return codec::decode_rate_limit_log(body, secret{"the-token"}, 32);
}

} // namespace

BOOST_AUTO_TEST_CASE(events_come_in_their_order)
{
    const auto events = decode(R"({"object":"list","data":[{"apiKeyId":"k","modelId":"m","rateLimitTier":"paid",)"
                               R"("rateLimitType":"RPM","timestamp":"2023-10-01T12:00:00Z"},)"
                               R"({"rateLimitType":"NEW","timestamp":{},"other":1},{"apiKeyId":null}]})")
                            .value();
    const std::vector<rate_limit_event> expected{
        {"k", "m", "paid", "RPM", parse_timestamp("2023-10-01T12:00:00Z")}, {"", "", "", "NEW", {}}, {}};
    BOOST_TEST(events == expected);
}

BOOST_AUTO_TEST_CASE(a_log_may_be_empty_but_not_absent)
{
    BOOST_TEST(decode(R"({"object":"list","data":[]})").value().empty());
    BOOST_TEST(fault(decode(R"({"object":"list"})")) == "data is missing");
    BOOST_TEST(fault(decode(R"({"data":{}})")) == "data is not an array");
}

BOOST_AUTO_TEST_CASE(a_fault_says_in_which_event_it_is)
{
    BOOST_TEST(fault(decode(R"({"data":[{},{"modelId":1}]})")) == "accepted");
    BOOST_TEST(fault(decode(R"({"data":[{"modelId":"a","modelId":"b"}]})")) == "data[0].modelId appears twice");
    BOOST_TEST(fault(decode(R"({"data":[{"x":1e400}]})")) == "a number is out of range");
}

BOOST_AUTO_TEST_CASE(an_event_that_can_not_be_read_costs_no_more_than_itself)
{
    const auto events =
        decode(R"({"data":[{"modelId":"a","timestamp":"soon"},5,null,"text",[{"modelId":"no"}],{"modelId":{}},)"
               R"({"modelId":"z"}]})")
            .value();
    BOOST_TEST_REQUIRE(events.size() == 7u);
    using values = std::vector<unread_value>;
    BOOST_TEST(events[0].model_id == "a");
    BOOST_TEST(events[0].unread == (values{{"timestamp", "soon"}}), boost::test_tools::per_element());
    BOOST_TEST(events[1].unread == (values{{"", "5"}}), boost::test_tools::per_element());
    BOOST_TEST(events[2] == rate_limit_event{});
    BOOST_TEST(events[3].unread == (values{{"", "text"}}), boost::test_tools::per_element());
    BOOST_TEST(events[4].unread == (values{{"", "an array"}}), boost::test_tools::per_element());
    BOOST_TEST(events[4].model_id == "");
    BOOST_TEST(events[5].unread == (values{{"modelId", "an object"}}), boost::test_tools::per_element());
    BOOST_TEST(events[6].model_id == "z");
    BOOST_TEST(is_unread(events[1].unread, "timestamp")); // nothing of it was read
    BOOST_TEST(!is_unread(events[2].unread, "timestamp"));
}

BOOST_AUTO_TEST_CASE(a_failure_is_rejected)
{
    const auto answer = decode(R"({"success":false,"error":"not with the-token"})");
    BOOST_TEST(fault(answer, errc::rejected) == "");
    BOOST_TEST(answer.error().server_text == "not with [redacted]");
}

BOOST_AUTO_TEST_SUITE_END()
