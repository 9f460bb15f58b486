#include "client/answer_error.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(unit_client_answer_error)

using namespace venice_keys;
using detail::parse_retry_after;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

// Sun, 06 Nov 1994 08:49:37 GMT.
constexpr std::chrono::sys_seconds now{784111777s};

void check(std::string_view text, std::optional<milliseconds> expected)
{
    BOOST_TEST_CONTEXT(text) BOOST_TEST((parse_retry_after(text, now) == expected));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_number_is_seconds)
{
    check("0", 0ms);
    check("1", 1s);
    check("120", 120s);
    check("007", 7s);
}

BOOST_AUTO_TEST_CASE(a_day_is_the_longest)
{
    check("86400", 24h);
    check("86401", 24h);
    check("9223372036854775807", 24h);
    check("99999999999999999999999999", 24h);
    check("Fri, 31 Dec 9999 23:59:59 GMT", 24h);
}

BOOST_AUTO_TEST_CASE(a_date_in_each_of_the_three_forms_is_a_time_from_now)
{
    check("Sun, 06 Nov 1994 08:50:37 GMT", 60s);
    check("Sunday, 06-Nov-94 08:50:37 GMT", 60s);
    check("Sun Nov  6 08:50:37 1994", 60s);
    check("Sun Nov 06 08:50:37 1994", 60s);
    check("Mon, 07 Nov 1994 08:49:37 GMT", 24h);
}

BOOST_AUTO_TEST_CASE(a_date_in_the_past_is_now)
{
    check("Sun, 06 Nov 1994 08:49:37 GMT", 0ms);
    check("Sun, 06 Nov 1994 08:49:36 GMT", 0ms);
    check("Thu, 01 Jan 1970 00:00:00 GMT", 0ms);
    check("Sunday, 06-Nov-93 08:49:37 GMT", 0ms);
}

// RFC 9110 section 5.6.7.
BOOST_AUTO_TEST_CASE(two_digits_of_a_year_are_at_most_fifty_years_ahead)
{
    check("Sunday, 06-Nov-44 08:49:37 GMT", 24h); // 2044
    check("Sunday, 06-Nov-45 08:49:37 GMT", 0ms); // 1945
    check("Sunday, 06-Nov-00 08:49:37 GMT", 24h); // 2000
    check("Sunday, 06-Nov-05 08:49:37 GMT", 24h); // 2005
}

BOOST_AUTO_TEST_CASE(a_leap_second_is_a_time)
{
    check("Sun, 06 Nov 1994 08:49:60 GMT", 23s);
}

BOOST_AUTO_TEST_CASE(anything_else_is_nothing)
{
    for (const char* text : {"",
                             " ",
                             "-1",
                             "+1",
                             "1.5",
                             "1s",
                             "soon",
                             "0x10",
                             "Sun, 06 Nov 1994 08:49:37",
                             "Sun, 06 Nov 1994 08:49:37 CET",
                             "Sun, 32 Nov 1994 08:49:37 GMT",
                             "Sun, 31 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nob 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 24:49:37 GMT",
                             "Sun, 06 Nov 1994 08:60:37 GMT",
                             "Sun, 06 Nov 1994 08:49:61 GMT",
                             "Sun, 06 Nov 1994 8:49:37 GMT",
                             "Sun, 06 Nov 1994 08-49-37 GMT",
                             "Sun, x6 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 08:49:37 GMT and more",
                             "1 2 3 4 5 6 7 8",
                             "Sun, 06 Nov 1994x 08:49:37 GMT",
                             "Sun, 00 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 99999999999 08:49:37 GMT"})
        check(text, std::nullopt);
}

BOOST_AUTO_TEST_CASE(a_year_that_no_calendar_has_is_nothing)
{
    for (const char* text : {"Sun, 06 Nov 32768 08:50:37 GMT", "Sun, 06 Nov 67530 08:50:37 GMT",
                             "Sun, 06 Nov 4294967295 08:50:37 GMT", "Sun Nov  6 08:50:37 67530"})
        check(text, std::nullopt);
}

BOOST_AUTO_TEST_CASE(a_refusal_gets_the_status_the_id_and_the_time_to_wait)
{
    wire::reply answer;
    answer.status = 429;
    answer.request_id = "8f2c-AMS";
    answer.retry_after = "3";
    error why{errc::rate_limited};
    detail::add_headers(why, answer, secret("t0ken"));
    BOOST_TEST(why.http_status == 429u);
    BOOST_TEST(why.request_id == "8f2c-AMS");
    BOOST_TEST((why.retry_after == std::optional<milliseconds>(3s)));
}

BOOST_AUTO_TEST_CASE(without_the_fields_there_is_nothing_to_add)
{
    wire::reply answer;
    answer.status = 500;
    error why{errc::server_error};
    detail::add_headers(why, answer, secret("t0ken"));
    BOOST_TEST(why.request_id.empty());
    BOOST_TEST(!why.retry_after.has_value());
}

BOOST_AUTO_TEST_CASE(a_request_id_is_short_and_printable_and_holds_no_token)
{
    wire::reply answer;
    answer.request_id = "id t0ken-of-mine \xFF" + std::string(1000, 'x');
    error why{errc::server_error};
    detail::add_headers(why, answer, secret("t0ken-of-mine"));
    BOOST_TEST(why.request_id.size() <= 128u);
    BOOST_TEST(why.request_id.find("t0ken") == std::string::npos);
    BOOST_TEST(why.request_id.find("id [redacted] ?") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
