// Which servers are reached without a proxy: the rules of curl 7.86 and later, but for ports.
#include "model/no_proxy.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_no_proxy)

using namespace venice_keys;
using namespace venice_keys::detail;

namespace {

bool goes_direct(std::string_view host, std::string_view no_proxy)
{
    return is_reached_without_proxy(parse_endpoint("https://" + std::string(host)).value(), no_proxy);
}

struct row {
    std::string_view host;
    std::string_view no_proxy;
    bool direct;
};

// Of curl 7.88.1 each row was asked for as well, by
// `curl -x http://127.0.0.1:9 --noproxy "$no_proxy" --connect-to ::127.0.0.1:PORT "https://$host"`.
// It says the same, but that it compares IPv6 addresses letter by letter, against its documentation.
constexpr row as_curl_has_it[] = {
    {"example.org", "", false},
    {"example.org", "example.org", true},
    {"example.org", "EXAMPLE.org", true},
    {"www.example.org", "example.org", true},
    {"www.example.org", ".example.org", true},
    {"example.org", ".example.org", true},
    {"example.org", "example.org.", true},
    {"notexample.org", "example.org", false},
    {"example.org", "www.example.org", false},
    {"example.org", "org", true},
    {"example.org", "example", false},
    {"example.org", "*", true},
    {"192.0.2.1", "*", true},
    {"example.org", "*.example.org", false}, // no wildcards
    {"example.org", "*,example.com", false}, // it must be alone
    {"example.org", ".", false},
    {"example.org", ",,", false},
    {"example.org", "example.com,example.org", true},
    {"example.org", "example.com, example.org", true},
    {"example.org", "example.com , example.org", true},
    {"example.org", " \texample.com,\texample.org ", true},
    {"example.org", ",,example.org,,", true},
    {"example.org", "192.0.2.1", false},
    {"localhost", "", false},
    {"192.0.2.1", "192.0.2.1", true},
    {"192.0.2.1", "192.0.2.10", false},
    {"192.0.2.1", "192.0.2", false},
    {"192.0.2.1", ".2.1", false}, // addresses have no suffixes
    {"192.0.2.1", "192.0.2.0/24", true},
    {"192.0.3.1", "192.0.2.0/24", false},
    {"192.0.2.1", "192.0.2.1/32", true},
    {"192.0.2.129", "192.0.2.128/25", true},
    {"192.0.2.127", "192.0.2.128/25", false},
    {"192.0.2.77", "192.0.2.64/26", true},
    {"192.0.2.1", "192.0.2.0/33", false},
    {"192.0.2.1", "192.0.0.0/8,10.0.0.0/8", true},
    {"10.1.2.3", "192.0.0.0/8,10.0.0.0/8", true},
    {"[::1]", "::1", true},
    {"[2001:db8::1]", "2001:DB8:0::1", true},
    {"[2001:db8::1]", "2001:db8::2", false},
    {"[2001:db8::1]", "2001:db8::/32", true},
    {"[2001:db9::1]", "2001:db8::/32", false},
    {"[2001:db8:8000::1]", "2001:db8:8000::/33", true},
    {"[2001:db8::1]", "2001:db8:8000::/33", false},
    {"[::1]", "127.0.0.1", false},
    {"[::ffff:192.0.2.1]", "192.0.2.1", false},
};

} // namespace

BOOST_AUTO_TEST_CASE(it_is_read_as_curl_reads_it)
{
    for (const row& each : as_curl_has_it)
        BOOST_TEST(goes_direct(each.host, each.no_proxy) == each.direct,
                   each.host << " with NO_PROXY=" << each.no_proxy << " is not " << each.direct);
}

BOOST_AUTO_TEST_CASE(blanks_part_entries_too)
{
    BOOST_TEST(goes_direct("example.org", "example.com example.org"));
    BOOST_TEST(goes_direct("example.org", "example.com\texample.org example.net"));
    BOOST_TEST(goes_direct("example.org", " * "));
}

BOOST_AUTO_TEST_CASE(an_entry_without_a_port_counts_for_every_port)
{
    BOOST_TEST(goes_direct("example.org:8443", "example.org"));
    BOOST_TEST(goes_direct("192.0.2.1:8443", "192.0.2.0/24"));
    BOOST_TEST(goes_direct("[::1]:8443", "::1"));
}

BOOST_AUTO_TEST_CASE(an_entry_with_a_port_counts_for_that_port_alone)
{
    BOOST_TEST(goes_direct("example.org:8443", "example.org:8443"));
    BOOST_TEST(goes_direct("www.example.org:8443", ".example.org:8443"));
    BOOST_TEST(goes_direct("example.org", "example.org:443"));
    BOOST_TEST(!goes_direct("example.org", "example.org:8443"));
    BOOST_TEST(!goes_direct("example.org:8443", "example.org:443"));
    BOOST_TEST(!goes_direct("example.org:8443", "example.org:"));
    BOOST_TEST(!goes_direct("example.org:8443", "example.org:x"));
    BOOST_TEST(!goes_direct("example.org:8443", "example.org:73979")); // not 8443 + 65536
    BOOST_TEST(goes_direct("192.0.2.1:8443", "192.0.2.1:8443"));
    BOOST_TEST(!goes_direct("192.0.2.1:8443", "192.0.2.1:443"));
    BOOST_TEST(goes_direct("[::1]:8443", "[::1]:8443"));
    BOOST_TEST(!goes_direct("[::1]:8443", "[::1]:443"));
}

BOOST_AUTO_TEST_CASE(brackets_are_no_part_of_an_address)
{
    BOOST_TEST(goes_direct("[::1]", "[::1]"));
    BOOST_TEST(goes_direct("[2001:db8::1]", "[2001:db8::]/32"));
}

BOOST_AUTO_TEST_CASE(a_network_of_no_bits_is_every_address_of_its_family)
{
    BOOST_TEST(goes_direct("192.0.2.1", "0.0.0.0/0"));
    BOOST_TEST(!goes_direct("[::1]", "0.0.0.0/0"));
    BOOST_TEST(goes_direct("[2001:db8::1]", "::/0"));
    BOOST_TEST(!goes_direct("example.org", "0.0.0.0/0"));
}

BOOST_AUTO_TEST_CASE(what_is_no_entry_matches_nothing)
{
    for (const std::string_view list : {"/", "/24", "192.0.2.0/", "192.0.2.0/x", "192.0.2.0/-1", "[", "]", "[]", ":",
                                        "::", ":443", "[::1", "1.2.3.4.5", "192.0.2.0/24/24"}) {
        BOOST_TEST(!goes_direct("192.0.2.1", list), list);
        BOOST_TEST(!goes_direct("[2001:db8::1]", list), list);
        BOOST_TEST(!goes_direct("example.org", list), list);
    }
}

BOOST_AUTO_TEST_SUITE_END()
