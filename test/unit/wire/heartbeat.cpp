#include "wire/heartbeat.hpp"

#include "support/printing.hpp"

BOOST_AUTO_TEST_SUITE(unit_wire_heartbeat)

using namespace venice_keys;
using namespace std::chrono_literals;

namespace {

constexpr wire::heartbeat::time_point start{1h};

}

BOOST_AUTO_TEST_CASE(half_a_period_of_silence_asks_and_a_whole_one_after_that_is_the_end)
{
    wire::heartbeat heart(10s);
    heart.alive(start);
    BOOST_TEST(heart.next() == start + 5s);
    BOOST_TEST(!heart.should_ask(start + 4'999ms));
    BOOST_TEST(heart.should_ask(start + 5s));
    BOOST_TEST(!heart.gone(start + 1h)); // nothing was asked
    heart.asked(start + 5s);
    BOOST_TEST(!heart.should_ask(start + 5s));
    BOOST_TEST(heart.next() == start + 15s);
    heart.sent(start + 7s);
    heart.sent(start + 8s); // another write
    BOOST_TEST(heart.next() == start + 17s);
    BOOST_TEST(!heart.gone(start + 16'999ms));
    BOOST_TEST(heart.gone(start + 17s));
    BOOST_TEST(heart.quiet_since() == start);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_sent_counts_from_the_last_byte)
{
    wire::heartbeat heart(10s);
    heart.alive(start);
    heart.asked(start + 9s);
    BOOST_TEST(!heart.gone(start + 14'999ms));
    BOOST_TEST(heart.gone(start + 15s));
}

BOOST_AUTO_TEST_CASE(a_byte_is_life_and_the_next_question_waits_its_turn)
{
    wire::heartbeat heart(10s);
    heart.alive(start);
    heart.asked(start + 5s);
    heart.sent(start + 5s);
    heart.alive(start + 6s);
    BOOST_TEST(!heart.gone(start + 1h));
    BOOST_TEST(heart.next() == start + 15s); // a period after the last one
    heart.alive(start + 14s);
    BOOST_TEST(heart.next() == start + 19s);
    heart.sent(start + 15s); // nothing was asked
    BOOST_TEST(heart.next() == start + 19s);
}

BOOST_AUTO_TEST_SUITE_END()
