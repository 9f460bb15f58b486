#include "emulator/fault_access.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

BOOST_AUTO_TEST_SUITE(unit_emulator_fault_access)

namespace {

using namespace std::chrono_literals;
using venice_keys::fault;
using venice_keys::fault_access;

} // namespace

BOOST_AUTO_TEST_CASE(a_value_out_of_its_range_is_told)
{
    BOOST_TEST(fault_access{fault::streams(0x8000'0000)}.complaint() ==
               "fault: 2147483648 streams or bytes are not in 0 … 2147483647");
    BOOST_TEST(fault_access{fault::window(1).lasting(25h)}.complaint() ==
               "fault: a time of 90000000 ms is not in 0 ms … 24 h");

    BOOST_TEST(fault_access{fault::delay(24h)}.complaint() == "");
    BOOST_TEST(fault_access{fault::delay(-1ms)}.complaint() == "fault: a time of -1 ms is not in 0 ms … 24 h");
    BOOST_TEST(fault_access{fault::answer(600)}.complaint() ==
               "fault: the status 600 of an answer is not in 200 … 599");
    BOOST_TEST(fault_access{fault::close().at_random(1.5)}.complaint() ==
               "fault: a probability of 1.500000 is not in 0 … 1");
}

BOOST_AUTO_TEST_CASE(a_retry_after_can_not_break_out_of_its_field)
{
    const fault rule = fault::answer(503).retry_after("2\r\nX-Evil: 1\x7F");
    BOOST_TEST(fault_access(rule)->retry_after == "2X-Evil: 1");
}

BOOST_AUTO_TEST_SUITE_END()
