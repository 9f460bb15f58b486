#include "bench/line/delay.hpp"

#include "support/printing.hpp"

#include <chrono>
#include <string>

BOOST_AUTO_TEST_SUITE(bench_line_delay)

namespace {

using namespace std::chrono_literals;
using line::clock;

constexpr clock::time_point start{1h};

} // namespace

BOOST_AUTO_TEST_CASE(bytes_come_out_after_the_way_and_not_before)
{
    line::delay way(20ms, start);
    BOOST_TEST(!way.next().has_value());
    way.put(start, "abc");
    BOOST_TEST(way.next() == start + 20ms);
    BOOST_TEST(way.take(start + 19ms) == "");
    BOOST_TEST(way.under_way() == 3U);
    BOOST_TEST(way.take(start + 20ms) == "abc");
    BOOST_TEST(way.under_way() == 0U);
    BOOST_TEST(!way.next().has_value());
}

BOOST_AUTO_TEST_CASE(what_has_arrived_comes_out_in_order_and_at_once)
{
    line::delay way(20ms, start);
    way.put(start, "a");
    way.put(start + 1ms, "b");
    way.put(start + 5ms, "c");
    BOOST_TEST(way.take(start + 21ms) == "ab");
    BOOST_TEST(way.next() == start + 25ms);
}

BOOST_AUTO_TEST_CASE(what_is_sent_before_the_connection_is_established_goes_off_then)
{
    line::delay way(20ms, start + 40ms);
    way.put(start, "hello");
    BOOST_TEST(way.next() == start + 60ms);
    way.put(start + 41ms, "later");
    BOOST_TEST(way.take(start + 60ms) == "hello");
    BOOST_TEST(way.next() == start + 61ms);
}

BOOST_AUTO_TEST_CASE(the_end_takes_its_way_too_and_overtakes_nothing)
{
    line::delay way(20ms, start);
    way.put(start, "last");
    way.put_end(start);
    BOOST_TEST(!way.at_end(start + 20ms));
    BOOST_TEST(way.take(start + 20ms) == "last");
    BOOST_TEST(way.at_end(start + 20ms));
    BOOST_TEST(!way.at_end(start + 19ms));
    BOOST_TEST(way.next() == start + 20ms);
}

BOOST_AUTO_TEST_SUITE_END()
