#include "model/endpoint.hpp"

#include "support/printing.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_endpoint)

using namespace venice_keys;
using namespace venice_keys::detail;

namespace {

std::string refusal(std::string_view url)
{
    const result<endpoint> where = parse_endpoint(url);
    if (where)
        return "accepted, host " + where->host;
    BOOST_TEST(where.error().code == errc::invalid_argument);
    return where.error().detail;
}

std::string host_of(std::string_view url)
{
    const result<endpoint> where = parse_endpoint(url);
    return where ? where->host : "refused: " + where.error().detail;
}

std::string path_of(std::string_view url)
{
    const result<endpoint> where = parse_endpoint(url);
    return where ? where->base_path : "refused: " + where.error().detail;
}

// What is said of a host or a port, and of one that may be part of a password.
std::string no_host(std::string_view host)
{
    return "base_url: the host '" + std::string(host) + "' is neither an address nor a host name";
}

std::string no_port(std::string_view port)
{
    return "base_url: the port '" + std::string(port) + "' is not a number in 1 … 65535";
}

constexpr std::string_view hidden_host = "base_url: the host is neither an address nor a host name";
constexpr std::string_view hidden_port = "base_url: the port is not a number in 1 … 65535";

} // namespace

BOOST_AUTO_TEST_CASE(the_services_own_address_is_taken_apart)
{
    const result<endpoint> where = parse_endpoint("https://api.venice.ai/api/v1");
    BOOST_TEST_REQUIRE(where);
    BOOST_TEST(where->host == "api.venice.ai");
    BOOST_TEST(where->port == 443);
    BOOST_TEST(where->base_path == "/api/v1");
    BOOST_TEST(where->authority == "api.venice.ai");
    BOOST_TEST(!where->is_ip_literal);
}

BOOST_AUTO_TEST_CASE(the_port_is_part_of_the_authority_unless_it_is_443)
{
    BOOST_TEST(parse_endpoint("https://localhost:8443").value().authority == "localhost:8443");
    BOOST_TEST(parse_endpoint("https://localhost:8443").value().port == 8443);
    BOOST_TEST(parse_endpoint("https://localhost:443").value().authority == "localhost");
    BOOST_TEST(parse_endpoint("https://localhost:").value().port == 443);
    BOOST_TEST(parse_endpoint("https://localhost:1").value().port == 1);
    BOOST_TEST(parse_endpoint("https://localhost:65535").value().port == 65535);
}

BOOST_AUTO_TEST_CASE(ports_out_of_range_are_refused)
{
    BOOST_TEST(refusal("https://localhost:0") == no_port("0"));
    BOOST_TEST(refusal("https://localhost:65536") == no_port("65536"));
    BOOST_TEST(refusal("https://localhost:4294967739") == no_port("4294967739"));
    BOOST_TEST(refusal("https://localhost:8443x") == hidden_port);
    BOOST_TEST(refusal("https://localhost:8443x/path") == hidden_port);
    BOOST_TEST(refusal("https://[::1]:8443x") == hidden_port);
    BOOST_TEST(refusal("https://localhost:https") == hidden_port);
    BOOST_TEST(refusal("https://localhost:-1") == hidden_port);
}

BOOST_AUTO_TEST_CASE(addresses_are_recognised)
{
    const endpoint v4 = parse_endpoint("https://127.0.0.1:8443/api").value();
    BOOST_TEST(v4.host == "127.0.0.1");
    BOOST_TEST(v4.authority == "127.0.0.1:8443");
    BOOST_TEST(v4.is_ip_literal);

    const endpoint v6 = parse_endpoint("https://[::1]:8443/api").value();
    BOOST_TEST(v6.host == "::1");
    BOOST_TEST(v6.authority == "[::1]:8443");
    BOOST_TEST(v6.is_ip_literal);
    BOOST_TEST(parse_endpoint("https://[2001:DB8::1]").value().authority == "[2001:db8::1]");
}

BOOST_AUTO_TEST_CASE(names_are_in_lower_case)
{
    BOOST_TEST(host_of("HTTPS://API.Venice.AI/") == "api.venice.ai");
    BOOST_TEST(host_of("https://10.0.0.1.nip.io/api") == "10.0.0.1.nip.io");
    BOOST_TEST(path_of("https://10.0.0.1.nip.io/api") == "/api");
    BOOST_TEST(!parse_endpoint("https://10.0.0.1.nip.io/api").value().is_ip_literal);
    BOOST_TEST(host_of("https://a_b-c.d2") == "a_b-c.d2");
    BOOST_TEST(host_of("https://xn--bcher-kva.example") == "xn--bcher-kva.example");
}

BOOST_AUTO_TEST_CASE(what_is_no_host_name_is_refused)
{
    for (const std::string_view url : {"https://a..b",
                                       "https://.a",
                                       "https://a.",
                                       "https://-a",
                                       "https://a-",
                                       "https://a%20b",
                                       "https://a%0d%0ab",
                                       "https://a%00",
                                       "https://a%2fb",
                                       "https://b%C3%BCcher.example",
                                       "https://a*b",
                                       "https://127.1",
                                       "https://2130706433",
                                       "https://1.2.3.4.5",
                                       "https://256.1.1.1",
                                       "https://[v1.x]",
                                       "https://ex%61mple.com",
                                       "https://[::1]x",
                                       "https://a[b",
                                       "https://[::g]",
                                       "https://[::1]]",
                                       "https://[]"})
        BOOST_TEST(refusal(url) == no_host(url.substr(8)), url);
    BOOST_TEST(refusal("https://a:b:80") == no_host("a:b"));
    BOOST_TEST(refusal("https://[::1]]:80") == no_host("[::1]]"));
    BOOST_TEST(refusal("https://us..er:word") == hidden_host); // it may be a user and a password
    BOOST_TEST(host_of("https://" + std::string(63, 'a')) == std::string(63, 'a'));
    BOOST_TEST(refusal("https://" + std::string(64, 'a')) == no_host(std::string(64, 'a')));
    const std::string label(61, 'a');
    const std::string longest = label + '.' + label + '.' + label + '.' + label + ".aaaaa";
    BOOST_TEST(longest.size() == 253u);
    BOOST_TEST(host_of("https://" + longest) == longest);
    BOOST_TEST(refusal("https://" + longest + "a") == no_host(longest + "a"));
}

BOOST_AUTO_TEST_CASE(the_path_loses_its_last_slashes)
{
    BOOST_TEST(path_of("https://h") == "");
    BOOST_TEST(path_of("https://h/") == "");
    BOOST_TEST(path_of("https://h//") == "");
    BOOST_TEST(path_of("https://h/api/v1/") == "/api/v1");
    BOOST_TEST(path_of("https://h/a%20b/c") == "/a%20b/c");
    BOOST_TEST(path_of("https://h/a/./b") == "refused: base_url: the path has a `.` or `..` in it; write it without");
    BOOST_TEST(path_of("https://h/a/..") == "refused: base_url: the path has a `.` or `..` in it; write it without");
    BOOST_TEST(path_of("https://h/a/%2e%2E/b") ==
               "refused: base_url: the path has a `.` or `..` in it; write it without");
    BOOST_TEST(path_of("https://h/a..b/.c") == "/a..b/.c");
}

BOOST_AUTO_TEST_CASE(only_https_is_taken)
{
    BOOST_TEST(refusal("http://api.venice.ai/api/v1") ==
               "base_url: begins with http://, but the token travels over TLS alone: write https:// and a port that "
               "speaks TLS");
    BOOST_TEST(refusal("wss://h") == "base_url: begins with wss://, not with https://");
    BOOST_TEST(refusal("httpsx://h") == "base_url: begins with httpsx://, not with https://");
}

BOOST_AUTO_TEST_CASE(parts_that_do_not_belong_are_refused)
{
    for (const std::string_view url : {"https://user@h/", "https://user:word@h/", "https://@h/"})
        BOOST_TEST(refusal(url) == "base_url: has user information; leave it out, and give the token as credentials "
                                   "(VENICE_API_KEY)");
    for (const std::string_view url : {"https://h/?a=b", "https://h/?"})
        BOOST_TEST(refusal(url) == "base_url: has a query; leave out the ? and what follows it");
    for (const std::string_view url : {"https://h/#top", "https://h/#"})
        BOOST_TEST(refusal(url) == "base_url: has a fragment; leave out the # and what follows it");
}

BOOST_AUTO_TEST_CASE(what_is_no_url_is_refused_with_what_is_wrong_in_it)
{
    const auto check = [](std::string_view reason, std::initializer_list<std::string_view> urls) {
        for (const std::string_view url : urls)
            BOOST_TEST(refusal(url) == "base_url: " + std::string(reason), url);
    };
    using namespace std::string_view_literals;
    check("has no host", {"https://", "https://:443", "https:///path"});
    check("is empty", {""});
    check("does not begin with https://", {"api.venice.ai", "/api/v1", "//h/", "https:/h/path", "https:h",
                                           "localhost:8443/api/v1", "ht_tps://h", "1https://h", ":"});
    check("ends with a line feed (U+000A); cut it off", {"https://h\n", "https://h/api\n"});
    check("ends with a carriage return (U+000D); cut it off", {"https://h/api\r\n"});
    check("ends with a space (U+0020); cut it off", {"https://h ", "https://h  \n"});
    check("begins with a space (U+0020); cut it off", {" https://h"});
    check("begins with a byte order mark (U+FEFF); cut it off", {"\uFEFFhttps://h"});
    check("has a space (U+0020) at byte 11", {"https://h/a b"});
    check("has a carriage return (U+000D) at byte 10", {"https://h/\r\nx: y"});
    check("ends with a control character (U+007F); cut it off", {"https://h/\x7F"});
    check("ends with a control character (U+0000); cut it off", {"https://h/\0"sv});
    check("is in quotation marks; leave them out", {"\"https://h\""});
    check("has a % without two hexadecimal digits behind it", {"https://h/%zz", "https://h/%2"});
    check("has a character that no URL has; write its bytes with %, as in %20",
          {"https://h/\xC3\xBC", "https://h/\"", "https://h/{id}"});
    check("the bracket around the IPv6 address is not closed, as in https://[::1]:8443", {"https://[::1"});
    check("the IPv6 address has a zone id, which no certificate can vouch for; leave out the % and the rest of it",
          {"https://[fe80::1%25eth0]/"});
    check("the path has a square bracket; write it as %5B or %5D", {"https://h/a[b]"});
}

BOOST_AUTO_TEST_CASE(a_url_has_at_most_2048_bytes)
{
    const std::string longest = "https://h/" + std::string(2'038, 'a');
    BOOST_TEST(parse_endpoint(longest));
    BOOST_TEST(refusal(longest + "a") == "base_url: has 2049 bytes, at most 2048");
}

BOOST_AUTO_TEST_CASE(a_refusal_never_quotes_what_may_be_a_secret)
{
    for (const std::string_view url :
         {"https://user:pass1234@h/", "https://h/?token=pass1234", "http://pass1234", "pass1234",
          "https://pass1234:x/y@h", "https://user:pass1234/y@h", "https://user:pass1234#y@h", "https://user:pass1234",
          "https://pa ss1234@h", "https://pa|pass1234@h", "pass1234:x@h", "https://VENICE_ADMIN_KEY_pass1234..x"}) {
        BOOST_TEST(refusal(url).find("pass1234") == std::string::npos, refusal(url));
        const std::string of_proxy = parse_proxy(url).error().detail;
        BOOST_TEST(of_proxy.find("pass1234") == std::string::npos, of_proxy);
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_is_http_or_https_and_no_more_than_a_place)
{
    const auto words = [](std::string_view url) {
        const result<proxy_endpoint> made = parse_proxy(url);
        if (!made)
            return made.error().detail;
        return std::string(made->encrypted ? "TLS " : "plain ") + made->where.host + " " +
               std::to_string(made->where.port);
    };
    BOOST_TEST(words("http://proxy.example:3128") == "plain proxy.example 3128");
    BOOST_TEST(words("HTTP://Proxy.Example:80/") == "plain proxy.example 80");
    BOOST_TEST(words("http://[::1]:3128") == "plain ::1 3128");
    BOOST_TEST(words("https://proxy.example") == "TLS proxy.example 443");
    BOOST_TEST(words("https://192.0.2.1:8443/") == "TLS 192.0.2.1 8443");
    BOOST_TEST(words("http://proxy.example") == "proxy.url: has no port; write it, as in http://proxy.example:3128");
    BOOST_TEST(words("http://proxy.example:") == "proxy.url: has no port; write it, as in http://proxy.example:3128");
    BOOST_TEST(words("http://[::1]") == "proxy.url: has no port; write it, as in http://proxy.example:3128");
    BOOST_TEST(words("proxy.example:3128") == "proxy.url: does not begin with http:// or https://");
    BOOST_TEST(words("socks5://proxy.example:1080") ==
               "proxy.url: begins with socks5://, not with http:// or https://");
    BOOST_TEST(words("") == "proxy.url: is empty");
    BOOST_TEST(words("http:proxy.example:3128") == "proxy.url: does not begin with http:// or https://");
    BOOST_TEST(words("http://a@proxy.example:1") ==
               "proxy.url: has user information; give it as proxy.user and proxy.password");
    BOOST_TEST(words("http://proxy.example:1/x") == "proxy.url: has a path; leave out what follows the port");
    BOOST_TEST(words("http://proxy.example:1?x") == "proxy.url: has a query; leave out the ? and what follows it");
    BOOST_TEST(words("http://proxy.example:1#x") == "proxy.url: has a fragment; leave out the # and what follows it");
    BOOST_TEST(words("http://proxy.example:65536") == "proxy.url: the port '65536' is not a number in 1 … 65535");
    BOOST_TEST(words("http://pro xy:1") == "proxy.url: has a space (U+0020) at byte 10");
    BOOST_TEST(words("http://proxy.example:1\n") == "proxy.url: ends with a line feed (U+000A); cut it off");
    BOOST_TEST(words("http://p:1/" + std::string(2'048, '/')) == "proxy.url: has 2059 bytes, at most 2048");
}

BOOST_AUTO_TEST_SUITE_END()
