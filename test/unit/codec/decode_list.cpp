#include "codec/decode.hpp"

#include "support/printing_values.hpp"
#include "unit/support/fault_of.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_list)

using namespace venice_keys;
using test::fault;

namespace {

using keys = std::vector<key_details>;

result<keys> decode(std::string_view body)
{
    return codec::decode_list(body, secret{"the-token"}, 32);
}

result<keys> decode_elements(std::string_view elements)
{
    return decode(std::string{R"({"object":"list","data":[)"}.append(elements).append("]}"));
}

} // namespace

BOOST_AUTO_TEST_CASE(keys_come_in_their_order)
{
    const keys all =
        decode_elements(R"({"id":"a","limitPeriod":"MONTH"},{"id":"b","other":[{"id":"x"}]},{"id":"c"})").value();
    BOOST_TEST_REQUIRE(all.size() == 3u);
    BOOST_TEST(all[0].id == "a");
    BOOST_TEST(all[0].limit_period == limit_period::month);
    BOOST_TEST(all[1].id == "b");
    BOOST_TEST(all[1].limit_period == limit_period{});
    BOOST_TEST(all[2].id == "c");
}

BOOST_AUTO_TEST_CASE(a_list_may_be_empty_but_not_absent)
{
    BOOST_TEST(decode_elements("").value().empty());
    BOOST_TEST(decode(R"({"data":[],"object":"set of keys"})").value().empty());
    BOOST_TEST(fault(decode("{}")) == "data is missing");
    BOOST_TEST(fault(decode(R"({"data":null,"object":"list"})")) == "data is missing");
    BOOST_TEST(fault(decode(R"({"data":{"id":"k"}})")) == "data is not an array");
    BOOST_TEST(fault(decode(R"({"data":"k"})")) == "data is not an array");
}

BOOST_AUTO_TEST_CASE(a_fault_says_in_which_key_it_is)
{
    BOOST_TEST(fault(decode_elements(R"({"id":"a"},{"id":"b"},{"id":{}})")) == "data[2].id is missing");
    BOOST_TEST(fault(decode_elements(R"({"id":"a"},{"id":"b","id":"b"})")) == "data[1].id appears twice");
    for (const std::string_view element : {"null", "1", "\"a\"", "true", "[]"})
        BOOST_TEST(fault(decode_elements(std::string{R"({"id":"a"},)"}.append(element))).starts_with("data[1] is "),
                   element);
    BOOST_TEST(fault(decode_elements(R"({"id":"a","other":1e400})")) == "a number is out of range");
}

BOOST_AUTO_TEST_CASE(amounts_are_read_as_texts_and_as_numbers)
{
    const keys all =
        decode_elements(R"({"id":"a","usage":{"trailingSevenDays":{"usd":10.2424,"diem":"4.50","vcu":1e-7}},)"
                        R"("currentPeriodUsage":{"usd":0,"diem":"much"}},{"id":"b","usage":"none"})")
            .value();
    BOOST_TEST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].trailing_seven_days->usd->text() == "10.2424");
    BOOST_TEST(all[0].trailing_seven_days->diem->text() == "4.50");
    BOOST_TEST(all[0].trailing_seven_days->vcu->text() == "0.0000001");
    BOOST_TEST(all[0].current_period->usd->text() == "0");
    BOOST_TEST(!all[0].current_period->diem.has_value());
    BOOST_TEST(all[0].unread == (std::vector<unread_value>{{"currentPeriodUsage.diem", "much"}}),
               boost::test_tools::per_element());
    BOOST_TEST(all[1].unread == (std::vector<unread_value>{{"usage", "none"}}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_key_needs_an_id)
{
    BOOST_TEST(fault(decode_elements(R"({"id":"a"},{"description":"SENTINEL"},{})")) == "data[1].id is missing");
    BOOST_TEST(fault(decode_elements(R"({"id":null})")) == "data[0].id is missing");
    BOOST_TEST(fault(decode_elements(R"({},null)")) == "data[0].id is missing"); // the first that can't be right
}

BOOST_AUTO_TEST_CASE(a_failure_that_comes_as_a_success_is_rejected)
{
    for (const std::string_view body :
         {R"({"success":false,"error":"not the-token"})", R"({"data":{},"error":"not the-token","success":false})",
          R"({"data":[{}],"error":"not the-token","success":false})"}) {
        const result<keys> answer = decode(body);
        BOOST_TEST(fault(answer, errc::rejected) == "", body);
        BOOST_TEST(answer.error().server_text == "not [redacted]", body);
    }
}

BOOST_AUTO_TEST_CASE(five_hundred_keys_take_little_time)
{
    std::string elements;
    for (int i = 0; i != 500; ++i) {
        elements += i == 0 ? "" : ",";
        elements += R"({"apiKeyType":"INFERENCE","consumptionLimits":{"usd":50.25,"diem":10,"vcu":null},)"
                    R"("limitPeriod":"MONTH","modelPrivacy":"ALL","createdAt":"2023-10-01T12:00:00.000Z",)"
                    R"("description":"a description of a tenant","expiresAt":null,)"
                    R"("id":"e28e82dc-9df2-4b47-b726-)" +
                    std::to_string(100'000'000'000 + i) +
                    R"(","last6Chars":"2V2jNW","lastUsedAt":"2023-10-01T12:00:00.000Z","usage":{"trailingSevenDays":)"
                    R"({"usd":"10.2424","vcu":"42.2315","diem":"4.2231"}},"currentPeriodUsage":)"
                    R"({"usd":"5.1234","diem":"2.5000"}})";
    }
    const std::string body = R"({"object":"list","data":[)" + elements + "]}";
    auto best = std::chrono::steady_clock::duration::max();
    for (int i = 0; i != 5; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const result<keys> all = decode(body);
        best = std::min(best, std::chrono::steady_clock::now() - begin);
        BOOST_TEST_REQUIRE(all);
        BOOST_TEST_REQUIRE(all->size() == 500u);
        BOOST_TEST(all->back().id == "e28e82dc-9df2-4b47-b726-100000000499");
    }
    BOOST_TEST_MESSAGE("500 keys in " << std::chrono::duration_cast<std::chrono::microseconds>(best).count() << " us");
    // The goal is 5 ms; sanitizers are allowed their time.
    BOOST_TEST(best < std::chrono::seconds{1});
}

BOOST_AUTO_TEST_SUITE_END()
