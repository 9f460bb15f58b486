#include "policy/silence.hpp"

#include "support/printing.hpp"

BOOST_AUTO_TEST_SUITE(unit_policy_silence)

using namespace std::chrono_literals;
using venice_keys::policy::silence;

BOOST_AUTO_TEST_CASE(it_is_the_longest_as_long_as_nothing_was_seen)
{
    BOOST_TEST(silence(10s).limit() == 10s);
}

BOOST_AUTO_TEST_CASE(it_is_a_second_at_least)
{
    silence usual(10s);
    for (int i = 0; i < 20; ++i)
        usual.ended_after(5ms);
    BOOST_TEST(usual.limit() == 1s);
}

BOOST_AUTO_TEST_CASE(it_is_the_mean_and_four_deviations)
{
    silence usual(60s);
    usual.ended_after(2s); // RFC 6298 (2.2): 2 s + 4 * 1 s
    BOOST_TEST(usual.limit() == 6s);
    usual.ended_after(2s); // (2.3): the deviation falls by a quarter
    BOOST_TEST(usual.limit() == 5s);
    for (int i = 0; i < 100; ++i)
        usual.ended_after(2s);
    BOOST_TEST(usual.limit() >= 2s);
    BOOST_TEST(usual.limit() < 2s + 1ms);
}

BOOST_AUTO_TEST_CASE(a_wide_spread_makes_it_long_and_the_longest_bounds_it)
{
    silence usual(10s);
    for (int i = 0; i < 20; ++i)
        usual.ended_after(i % 2 == 0 ? 100ms : 3s);
    BOOST_TEST(usual.limit() > 5s);
    for (int i = 0; i < 20; ++i)
        usual.ended_after(i % 2 == 0 ? 100ms : 30s);
    BOOST_TEST(usual.limit() == 10s);
}

BOOST_AUTO_TEST_SUITE_END()
