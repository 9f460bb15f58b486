#include "wire/retry_after.hpp"

#include "support/printing.hpp"

#include <string>

BOOST_AUTO_TEST_SUITE(unit_wire_retry_after)

using namespace venice_keys;
using wire::parse_retry_after;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

// Sun, 06 Nov 1994 08:49:37 GMT.
constexpr std::chrono::sys_seconds now{784111777s};

void check(std::string_view text, std::optional<milliseconds> expected)
{
    BOOST_TEST_CONTEXT(text) BOOST_TEST(parse_retry_after(text, now) == expected);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_number_is_seconds)
{
    check("0", 0ms);
    check("1", 1s);
    check("120", 120s);
    check("007", 7s);
}

BOOST_AUTO_TEST_CASE(a_fraction_is_rounded_up)
{
    check("1.5", 2s);
    check("1.0", 1s);
    check("1.000000000000001", 2s);
    check("0.000", 0ms);
    check("0.001", 1s);
    check(".5", 1s);
    check("5.", 5s);
    check("86399.5", 24h);
    check("18446744073709551616.5", 24h);
}

BOOST_AUTO_TEST_CASE(a_number_may_have_a_unit)
{
    for (const char* text : {"30s", "30 s", "30S", "30 sec", "30secs", "30 second", "30 Seconds", "30000ms",
                             "29500 milliseconds", "0.5 minutes", "0.5m", "29.5\tsec"})
        check(text, 30s);
    check("2 minutes", 120s);
    check("2min", 120s);
    check("1.5 hours", 90min);
    check("1h", 1h);
    check("1 day", 24h);
    check("2d", 24h);
    check("999999999999999999999 days", 24h);
    check("1 ms", 1s);
}

BOOST_AUTO_TEST_CASE(several_numbers_with_units_add_up)
{
    check("1m30s", 90s);
    check("1h 30m", 90min);
    check("1 minute 500 ms", 61s);
    check("20h 20h", 24h);
}

BOOST_AUTO_TEST_CASE(of_a_list_the_longest_that_can_be_read_counts)
{
    check("120, 60", 120s);
    check("60,120", 120s);
    check("60 , 2 minutes,1.5", 120s);
    check("soon, 60", 60s);
    check("60, soon", 60s);
    check("-1, 60", 60s);
    check(", 60,", 60s);
    check("Sun, 06 Nov 1994 08:50:37 GMT, 30", 60s);
    check("90, Sun, 06 Nov 1994 08:50:37 GMT", 90s);
    check("30, Sunday, 06-Nov-94 08:50:37 GMT, Sun Nov  6 08:50:47 1994", 70s);
    check("Sun, 06 Nov 1994 08:49:00 GMT, 0", 0ms);
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
                             "-1.5",
                             "- 1",
                             "+1.5",
                             "soon",
                             ".",
                             ",",
                             "s",
                             "1.2.3",
                             "1..5",
                             "1e3",
                             "1 2",
                             "1m30",
                             "30 30s",
                             "1 fortnight",
                             "30ss",
                             "30 s s",
                             "30s!",
                             "-1, -2",
                             "inf",
                             "nan",
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

namespace {

constexpr wire::server_clock::time local{784111777250ms}; // of Sun, 06 Nov 1994 08:49:37.250 GMT

} // namespace

BOOST_AUTO_TEST_CASE(a_server_whose_clock_is_right_has_ours)
{
    wire::server_clock clock;
    BOOST_TEST(clock.read("Sun, 06 Nov 1994 08:49:37 GMT", local) == local);
    BOOST_TEST(clock.read("Sun, 06 Nov 1994 08:49:39 GMT", local) == local); // near enough
}

BOOST_AUTO_TEST_CASE(a_server_whose_clock_is_another_is_believed)
{
    wire::server_clock clock;
    BOOST_TEST(clock.read("Sun, 06 Nov 1994 09:49:37 GMT", local) == local + 1h - 250ms);
    BOOST_TEST(clock.read("Sun, 06 Nov 1994 09:49:37 GMT", local + 100ms) == local + 1h - 150ms); // time goes on
    BOOST_TEST(clock.read("Sun, 06 Nov 1994 07:49:37 GMT", local) == local - 1h - 250ms);
    BOOST_TEST(clock.read("Sun, 06 Nov 1994 08:49:37 GMT", local) == local); // set right
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_date_keeps_what_was_known)
{
    wire::server_clock clock;
    BOOST_TEST(clock.read("", local) == local);
    (void)clock.read("Sun, 06 Nov 1994 09:49:37 GMT", local);
    BOOST_TEST(clock.read("", local) == local + 1h - 250ms);
    BOOST_TEST(clock.read("no date", local) == local);
}

BOOST_AUTO_TEST_SUITE_END()
