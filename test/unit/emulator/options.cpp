#include "emulator/options.hpp"

#include <venice_keys/emulator.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_emulator_options)

namespace {

using namespace std::chrono_literals;
using namespace venice_keys::emulation;
using venice_keys::emulator_options;

std::string complaint(const emulator_options& options)
{
    const auto valid = options.validate();
    return valid ? std::string{} : valid.error().detail;
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

BOOST_AUTO_TEST_CASE(a_failure_is_one_plain_line)
{
    BOOST_CHECK_NO_THROW(throw_if({}, "nothing"));
    BOOST_CHECK_EXCEPTION(throw_if(boost::asio::error::access_denied, "cannot listen"), boost::system::system_error,
                          [](const boost::system::system_error& thrown) {
                              BOOST_TEST(std::string_view(thrown.what()) == "cannot listen: Permission denied");
                              return thrown.code() == boost::asio::error::access_denied;
                          });
}

BOOST_AUTO_TEST_CASE(a_port_that_can_not_be_had_comes_with_what_to_do)
{
    namespace causes = boost::asio::error;
    BOOST_CHECK_EXCEPTION(throw_if(causes::address_in_use, "cannot listen", advice_for(causes::address_in_use)),
                          boost::system::system_error, [](const boost::system::system_error& thrown) {
                              BOOST_TEST(std::string_view(thrown.what()) ==
                                         "cannot listen: Address already in use; give another port, or 0 for a free "
                                         "one");
                              return true;
                          });
    BOOST_TEST(advice_for(causes::access_denied) == "give a port above 1023, or 0 for a free one");
    BOOST_TEST(advice_for(make_error_code(boost::system::errc::address_not_available)) ==
               "give an address of this machine");
    BOOST_TEST(advice_for(causes::no_descriptors) == "");
}

BOOST_AUTO_TEST_CASE(an_address_that_is_none_is_named)
{
    BOOST_TEST(read_address("192.0.2.1").to_string() == "192.0.2.1");
    BOOST_CHECK_EXCEPTION(
        (void)read_address("localhost"), boost::system::system_error, [](const boost::system::system_error& thrown) {
            return std::string_view(thrown.what()).starts_with("address: 'localhost' is not an IP address: ");
        });
}

BOOST_AUTO_TEST_CASE(an_address_of_this_machine_is_local)
{
    for (const std::string text : {"127.0.0.1", "127.0.0.2", "::1", "0.0.0.0", "::"})
        BOOST_TEST(is_local(read_address(text)), text);
    for (const std::string text : {"192.0.2.1", "2001:db8::1"})
        BOOST_TEST(!is_local(read_address(text)), text);
}

BOOST_AUTO_TEST_CASE(an_address_of_ipv6_stands_in_brackets_in_a_url)
{
    BOOST_TEST(in_url(read_address("127.0.0.1")) == "127.0.0.1");
    BOOST_TEST(in_url(read_address("::1")) == "[::1]");
}

BOOST_AUTO_TEST_CASE(tokens_look_as_the_services_do_and_differ)
{
    const std::string one = make_token();
    BOOST_TEST(one.find("VENICE_ADMIN_KEY_") == 0u);
    BOOST_TEST(one.find_first_not_of("0123456789abcdef", std::string_view("VENICE_ADMIN_KEY_").size()) ==
               std::string::npos);
    BOOST_TEST(one.size() > 17U + 20U);
    BOOST_TEST(one != make_token());
}

BOOST_AUTO_TEST_SUITE_END()
