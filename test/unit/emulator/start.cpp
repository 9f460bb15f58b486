// What an emulator starts with: addresses and tokens.
#include "emulator/start.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_emulator_start)

using namespace venice_keys::emulation;

BOOST_AUTO_TEST_CASE(a_failure_is_one_plain_line)
{
    BOOST_CHECK_NO_THROW(throw_if({}, "nothing"));
    BOOST_CHECK_EXCEPTION(throw_if(boost::asio::error::access_denied, "cannot listen"), boost::system::system_error,
                          [](const boost::system::system_error& thrown) {
                              BOOST_TEST(std::string_view(thrown.what()) == "cannot listen: Permission denied");
                              return thrown.code() == boost::asio::error::access_denied;
                          });
}

BOOST_AUTO_TEST_CASE(an_address_that_is_none_is_named)
{
    BOOST_TEST(read_address("192.0.2.1").to_string() == "192.0.2.1");
    BOOST_CHECK_EXCEPTION(
        (void)read_address("localhost"), boost::system::system_error, [](const boost::system::system_error& thrown) {
            return std::string_view(thrown.what()).starts_with("the address 'localhost' can't be read: ");
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
