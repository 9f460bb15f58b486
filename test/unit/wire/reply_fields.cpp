#include "wire/reply_fields.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(unit_wire_reply_fields)

using namespace venice_keys;

BOOST_AUTO_TEST_CASE(names_count_in_any_case_of_letters)
{
    wire::reply reply;
    BOOST_TEST(wire::take_field("DATE", "today", reply));
    BOOST_TEST(wire::take_field("cf-RAY", "1-AMS", reply));
    BOOST_TEST(wire::take_field("X-RateLimit-Remaining", "3", reply));
    BOOST_TEST(wire::take_field("x-ratelimit-resets", "4", reply));
    BOOST_TEST(wire::take_field("x-ratelimit-remaining-requests", "5", reply));
    BOOST_TEST(wire::take_field("x-ratelimit-limit-requests", "6.5", reply));
    BOOST_TEST(wire::take_field("x-ratelimit-reset-requests", "7", reply));
    BOOST_TEST(reply.date == "today");
    BOOST_TEST(reply.request_id == "1-AMS");
    BOOST_TEST(reply.error_budget.remaining.value() == 3u);
    BOOST_TEST(reply.error_budget.resets.value() == 4u);
    BOOST_TEST(reply.requests.remaining.value() == 5u);
    BOOST_TEST(reply.requests.limit.value() == 6u);
    BOOST_TEST(reply.requests.reset.value() == 7u);
}

BOOST_AUTO_TEST_CASE(lines_of_one_name_are_a_list)
{
    wire::reply reply;
    BOOST_TEST(wire::take_field("Retry-After", "1", reply));
    BOOST_TEST(wire::take_field("retry-after", "2", reply));
    BOOST_TEST(reply.retry_after == "1, 2");
}

BOOST_AUTO_TEST_CASE(a_coding_that_was_not_asked_for_is_refused)
{
    wire::reply reply;
    BOOST_TEST(!wire::take_field("Content-Encoding", "gzip", reply));
    BOOST_TEST(wire::take_field("content-encoding", "identity", reply));
    BOOST_TEST(wire::take_field("content-encoding", "", reply));
}

BOOST_AUTO_TEST_CASE(other_fields_are_dropped)
{
    wire::reply reply;
    for (const char* name : {"", "x", "data", "dates", "retry-aftes", "x-ratelimit-remaininh", "content-length"})
        BOOST_TEST(wire::take_field(name, "1", reply));
    BOOST_TEST(reply.date.empty());
    BOOST_TEST(reply.retry_after.empty());
    BOOST_TEST(!reply.error_budget.remaining.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
