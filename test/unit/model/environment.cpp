// A configuration out of the environment, which a test hands in: what the process has is not touched.
#include "model/environment.hpp"

#include "support/printing.hpp"
#include "unit/model/memory_watch.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_model_environment)

using namespace venice_keys;

namespace {

using variables = std::map<std::string, std::string>;

result<config> from(const variables& all)
{
    return detail::config_from([&all](const char* name) {
        const auto found = all.find(name);
        return found == all.end() ? nullptr : found->second.c_str();
    });
}

config made_from(const variables& all)
{
    result<config> made = from(all);
    if (!made)
        BOOST_TEST_MESSAGE(made.error().message());
    BOOST_TEST_REQUIRE(made);
    return *std::move(made);
}

proxy_config proxy_from(const std::string& url)
{
    return made_from({{"https_proxy", url}}).proxy;
}

std::string refusal(const variables& all)
{
    const result<config> made = from(all);
    if (made)
        return "accepted";
    BOOST_TEST(made.error().code == errc::invalid_argument);
    return made.error().detail;
}

} // namespace

BOOST_AUTO_TEST_CASE(without_variables_it_is_the_default)
{
    for (const variables& none : {variables{}, variables{{"VENICE_BASE_URL", ""},
                                                         {"VENICE_CA_FILE", ""},
                                                         {"https_proxy", ""},
                                                         {"HTTPS_PROXY", ""},
                                                         {"no_proxy", ""},
                                                         {"NO_PROXY", ""}}}) {
        const config made = made_from(none);
        BOOST_TEST(made.base_url == config{}.base_url);
        BOOST_TEST(made.tls.ca_file.empty());
        BOOST_TEST(made.proxy.url.empty());
        BOOST_TEST(made.proxy.no_proxy.empty());
    }
}

BOOST_AUTO_TEST_CASE(each_variable_has_its_field)
{
    const config made = made_from({{"VENICE_BASE_URL", "https://localhost:8443/api/v1"},
                                   {"VENICE_CA_FILE", "/etc/ours.pem"},
                                   {"HTTPS_PROXY", "http://proxy.example:3128"},
                                   {"NO_PROXY", "example.org,10.0.0.0/8"}});
    BOOST_TEST(made.base_url == "https://localhost:8443/api/v1");
    BOOST_TEST(made.tls.ca_file == "/etc/ours.pem");
    BOOST_TEST(made.proxy.url == "http://proxy.example:3128");
    BOOST_TEST(made.proxy.user.empty());
    BOOST_TEST(made.proxy.password.empty());
    BOOST_TEST(made.proxy.no_proxy == "example.org,10.0.0.0/8");
}

BOOST_AUTO_TEST_CASE(nothing_else_is_read)
{
    std::vector<std::string> read;
    BOOST_TEST(detail::config_from([&read](const char* name) -> const char* {
        read.emplace_back(name);
        return nullptr;
    }));
    std::ranges::sort(read);
    const std::vector<std::string> wanted{"HTTPS_PROXY",    "NO_PROXY",    "VENICE_BASE_URL",
                                          "VENICE_CA_FILE", "https_proxy", "no_proxy"};
    BOOST_TEST(read == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_small_letters_come_first_as_with_curl)
{
    const config made = made_from({{"https_proxy", "http://small:1"},
                                   {"HTTPS_PROXY", "http://capital:1"},
                                   {"no_proxy", "small"},
                                   {"NO_PROXY", "capital"}});
    BOOST_TEST(made.proxy.url == "http://small:1");
    BOOST_TEST(made.proxy.no_proxy == "small");
    BOOST_TEST(made_from({{"https_proxy", ""}, {"HTTPS_PROXY", "http://capital:1"}}).proxy.url == "http://capital:1");
}

BOOST_AUTO_TEST_CASE(a_proxy_without_scheme_or_port_is_taken_as_curl_takes_it)
{
    BOOST_TEST(proxy_from("proxy.example:3128").url == "http://proxy.example:3128");
    BOOST_TEST(proxy_from("proxy.example").url == "http://proxy.example:1080");
    BOOST_TEST(proxy_from("http://proxy.example/").url == "http://proxy.example:1080");
    BOOST_TEST(proxy_from("http://[::1]").url == "http://[::1]:1080");
    BOOST_TEST(proxy_from("[::1]:3128").url == "http://[::1]:3128");
    BOOST_TEST(proxy_from("https://proxy.example").url == "https://proxy.example");
    BOOST_TEST(proxy_from("HTTPS://proxy.example:8443/").url == "https://proxy.example:8443");
    BOOST_TEST(proxy_from("Http://proxy.example").url == "http://proxy.example:1080");
}

BOOST_AUTO_TEST_CASE(credentials_are_taken_out_of_the_url_and_decoded)
{
    const proxy_config proxy = proxy_from("http://alice%40home:p%3aa%2Fss%40wort@proxy.example:3128");
    BOOST_TEST(proxy.url == "http://proxy.example:3128");
    BOOST_TEST(proxy.user == "alice@home");
    BOOST_TEST(proxy.password.expose() == "p:a/ss@wort");
    const proxy_config bare = proxy_from("alice:se:cret@proxy.example:3128");
    BOOST_TEST(bare.url == "http://proxy.example:3128");
    BOOST_TEST(bare.user == "alice");
    BOOST_TEST(bare.password.expose() == "se:cret");
    BOOST_TEST(proxy_from("http://a:b@c@proxy.example:1").password.expose() == "b@c"); // the last @ counts
    BOOST_TEST(proxy_from("http://alice@proxy.example:1").password.empty());
    BOOST_TEST(proxy_from("http://:secret@proxy.example:1").user.empty());
    BOOST_TEST(proxy_from("http://a:100%@proxy.example:1").password.expose() == "100%");
    BOOST_TEST(proxy_from("http://a:%4@proxy.example:1").password.expose() == "%4");
    BOOST_TEST(proxy_from("http://a:%41@proxy.example:1").password.expose() == "A");
}

BOOST_AUTO_TEST_CASE(a_value_that_can_not_be_used_is_refused_by_the_name_of_its_variable)
{
    BOOST_TEST(
        refusal({{"VENICE_BASE_URL", "http://localhost"}}) ==
        "VENICE_BASE_URL: begins with http://, but the token travels over TLS alone: write https:// and a port that "
        "speaks TLS");
    BOOST_TEST(refusal({{"VENICE_CA_FILE", "a\nb"}}) == "VENICE_CA_FILE: has a line feed (U+000A) at byte 1");
    BOOST_TEST(refusal({{"https_proxy", "socks5://p:1"}}) ==
               "https_proxy: begins with socks5://, not with http:// or https://");
    BOOST_TEST(refusal({{"HTTPS_PROXY", "http://p:0"}}) == "HTTPS_PROXY: the port '0' is not a number in 1 … 65535");
    BOOST_TEST(refusal({{"HTTPS_PROXY", "http://"}}).starts_with("HTTPS_PROXY: "));
    BOOST_TEST(refusal({{"HTTPS_PROXY", "http://p:1/path"}}) ==
               "HTTPS_PROXY: has a path; leave out what follows the port");
    BOOST_TEST(refusal({{"HTTPS_PROXY", "http://p:1?q"}}) ==
               "HTTPS_PROXY: has a query; leave out the ? and what follows it");
    BOOST_TEST(refusal({{"NO_PROXY", "a\nb"}}) == "NO_PROXY: has a line feed (U+000A) at byte 1");
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_repeat_a_password)
{
    for (const char* const url :
         {"socks5://alice:s3cret@p:1", "http://alice:s3cret@p:99999", "http://alice:s3cret%0a@p:1",
          "http://alice%3a:s3cret@p:1", "http://alice:s3cret/@p:1", "alice:s3cret@", "s3cret",
          "http://alice:s3cret@p:1/s3cret"}) {
        const std::string said = refusal({{"HTTPS_PROXY", url}});
        BOOST_TEST(said.find("s3cret") == std::string::npos, said);
        if (std::string_view(url) != "s3cret") // a host's name
            BOOST_TEST(said.starts_with("HTTPS_PROXY: "), url << ": " << said);
    }
}

BOOST_AUTO_TEST_CASE(a_password_of_a_proxy_leaves_nothing_in_memory)
{
    const std::string password(memory_watch::token);
    const variables good{{"HTTPS_PROXY", "http://alice:" + password + "@proxy.example:3128"}};
    const variables bad{{"HTTPS_PROXY", "socks5://alice:" + password + "@proxy.example:3128"}};
    const memory_watch::watch memory;
    {
        const config made = made_from(good);
        BOOST_TEST(made.proxy.password.expose() == password);
        const config copy = made;
        BOOST_TEST(copy.proxy.password == made.proxy.password);
    }
    BOOST_TEST(refusal(bad) == "HTTPS_PROXY: begins with socks5://, not with http:// or https://");
    BOOST_TEST(memory.leaked() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
