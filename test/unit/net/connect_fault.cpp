#include "net/connect_fault.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(unit_net_connect_fault)

namespace {

using boost::asio::ip::tcp;
using venice_keys::net::connect_fault;
namespace causes = boost::asio::error;

tcp::endpoint at(const char* address)
{
    return {boost::asio::ip::make_address(address), 8443};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_failure_says_what_failed_and_why)
{
    const boost::system::error_code reset = causes::connection_reset;
    BOOST_TEST(connect_fault("connecting to h:8443", reset) == "connecting to h:8443 failed: " + reset.message());
    BOOST_TEST(connect_fault("connecting to h:8443", reset, at("192.0.2.1"), false) ==
               "connecting to h:8443 failed: " + reset.message());
    BOOST_TEST(connect_fault("connecting to h:8443", {}) == "connecting to h:8443 failed");
}

BOOST_AUTO_TEST_CASE(a_refused_connection_asks_whether_anything_listens_at_the_address)
{
    const boost::system::error_code refused = causes::connection_refused;
    BOOST_TEST(connect_fault("connecting to h:8443", refused, at("192.0.2.1"), false) ==
               "connecting to h:8443 failed: " + refused.message() + " (does a server listen at 192.0.2.1:8443?)");
    BOOST_TEST(connect_fault("connecting to h:8443", refused, at("2001:db8::1"), false)
                   .ends_with("(does a server listen at [2001:db8::1]:8443?)"));
    BOOST_TEST(connect_fault("connecting to the proxy p:8443", refused, at("192.0.2.1"), true)
                   .ends_with("(does a proxy listen at 192.0.2.1:8443?)"));
}

BOOST_AUTO_TEST_SUITE_END()
