#include <venice_keys/emulator.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_options)

namespace {

using namespace std::chrono_literals;
using venice_keys::emulator_options;

std::string complaint(const emulator_options& options)
{
    const auto verdict = options.validate();
    return verdict ? std::string{} : verdict.error().detail;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_defaults_and_the_ends_of_every_range_are_good)
{
    emulator_options options;
    BOOST_TEST(complaint(options) == "");
    options.initial_keys = 1'000'000;
    options.service_time = 1h;
    options.error_budget = 1U;
    options.unknown_key_status = 404U;
    options.max_streams = options.initial_window = 0;
    BOOST_TEST(complaint(options) == "");
    options.max_streams = options.initial_window = 0x7FFF'FFFF;
    BOOST_TEST(complaint(options) == "");
}

BOOST_AUTO_TEST_CASE(what_is_out_of_its_range_is_named_with_its_value)
{
    emulator_options options;
    options.initial_keys = static_cast<std::size_t>(-5);
    BOOST_TEST(complaint(options) == "initial_keys: 18446744073709551611 is not in 0 … 1000000");
    options = {};
    options.service_time = -1ms;
    BOOST_TEST(complaint(options) == "service_time: -1 ms is not in 0 ms … 1 h");
    options = {};
    options.max_streams = 0x8000'0000;
    BOOST_TEST(complaint(options) == "max_streams: 2147483648 is not in 0 … 2147483647");
    options = {};
    options.initial_window = 0xFFFF'FFFF;
    BOOST_TEST(complaint(options) == "initial_window: 4294967295 is not in 0 … 2147483647");
    options = {};
    options.error_budget = 0U;
    BOOST_TEST(complaint(options) == "error_budget: 0 is not in 1 … 1000000");
    options = {};
    options.unknown_key_status = 410U;
    BOOST_TEST(complaint(options) == "unknown_key_status: 410 is neither 400 nor 404");
    options = {};
    options.private_key_file = "key.pem";
    BOOST_TEST(complaint(options).starts_with("certificate_file and private_key_file"));
}

BOOST_AUTO_TEST_SUITE_END()
