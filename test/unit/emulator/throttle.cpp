#include "emulator/throttle.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

BOOST_AUTO_TEST_SUITE(unit_emulator_throttle)

namespace {

using namespace std::chrono_literals;
using venice_keys::timestamp;
using venice_keys::emulation::request_meter;

const timestamp noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;

} // namespace

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

BOOST_AUTO_TEST_SUITE_END()
