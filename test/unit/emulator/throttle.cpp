#include "emulator/throttle.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace {

using namespace std::chrono_literals;
using venice_keys::timestamp;
using venice_keys::emulation::lockout;
using venice_keys::emulation::request_meter;

const timestamp noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;

} // namespace

BOOST_AUTO_TEST_SUITE(unit_emulator_throttle)

BOOST_AUTO_TEST_CASE(the_meter_counts_down_and_begins_anew_each_minute)
{
    request_meter meter{2};
    bool refused = true;
    auto left = meter.take(noon + 10s, refused);
    BOOST_TEST(!refused);
    BOOST_TEST(left.limit == 2U);
    BOOST_TEST(left.remaining == 1U);
    BOOST_TEST((left.reset == std::chrono::floor<std::chrono::seconds>(noon + 60s)));
    left = meter.take(noon + 20s, refused);
    BOOST_TEST(!refused);
    BOOST_TEST(left.remaining == 0U);
    left = meter.take(noon + 59s, refused);
    BOOST_TEST(refused);
    BOOST_TEST(left.remaining == 0U);
    left = meter.take(noon + 60s, refused);
    BOOST_TEST(!refused);
    BOOST_TEST(left.remaining == 1U);
}

BOOST_AUTO_TEST_CASE(twenty_failures_are_forgiven_and_the_next_blocks_for_30_s)
{
    lockout gate;
    for (int i = 0; i < 20; ++i)
        gate.failed("a", noon + std::chrono::seconds{i});
    BOOST_TEST(!gate.blocked("a", noon + 19s).has_value());
    gate.failed("a", noon + 20s);
    BOOST_TEST((gate.blocked("a", noon + 20s) == 30s));
    BOOST_TEST((gate.blocked("a", noon + 49s + 1ms) == 1s));
    BOOST_TEST(!gate.blocked("a", noon + 50s).has_value());
}

BOOST_AUTO_TEST_CASE(failures_of_more_than_30_s_ago_do_not_count)
{
    lockout gate;
    for (int i = 0; i < 20; ++i)
        gate.failed("a", noon);
    gate.failed("a", noon + 30s);
    BOOST_TEST(!gate.blocked("a", noon + 30s).has_value());
    lockout other;
    for (int i = 0; i < 20; ++i)
        other.failed("a", noon);
    other.failed("a", noon + 29s + 999ms);
    BOOST_TEST(other.blocked("a", noon + 30s).has_value());
}

BOOST_AUTO_TEST_CASE(after_a_block_the_count_begins_anew)
{
    lockout gate;
    for (int i = 0; i < 21; ++i)
        gate.failed("a", noon);
    for (int i = 0; i < 20; ++i)
        gate.failed("a", noon + 31s);
    BOOST_TEST(!gate.blocked("a", noon + 31s).has_value());
}

BOOST_AUTO_TEST_CASE(a_failure_during_a_block_does_not_make_it_longer)
{
    lockout gate;
    for (int i = 0; i < 21; ++i)
        gate.failed("a", noon);
    gate.failed("a", noon + 10s);
    BOOST_TEST(!gate.blocked("a", noon + 30s).has_value());
}

BOOST_AUTO_TEST_CASE(only_the_failure_that_blocks_says_so)
{
    lockout gate;
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(!gate.failed("a", noon));
    BOOST_TEST(gate.failed("a", noon));
    for (int i = 0; i < 42; ++i)
        BOOST_TEST(!gate.failed("a", noon + 1s));
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(!gate.failed("a", noon + 2min));
    BOOST_TEST(gate.failed("a", noon + 2min));
}

BOOST_AUTO_TEST_CASE(one_caller_does_not_block_another)
{
    lockout gate;
    for (int i = 0; i < 21; ++i)
        gate.failed("a", noon);
    BOOST_TEST(gate.blocked("a", noon).has_value());
    BOOST_TEST(!gate.blocked("b", noon).has_value());
}

BOOST_AUTO_TEST_CASE(a_flood_of_callers_does_not_free_a_blocked_one)
{
    lockout gate;
    for (int i = 0; i < 21; ++i)
        gate.failed("a", noon);
    for (int i = 0; i < 3000; ++i)
        gate.failed("flood " + std::to_string(i), noon + 1s);
    BOOST_TEST(gate.blocked("a", noon + 2s).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
