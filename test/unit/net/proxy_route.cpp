// Which way leads to a server, and what is made of a proxy's answer.
#include "net/proxy_route.hpp"

#include "support/printing.hpp"

#include <boost/system/errc.hpp>

#include <memory>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_net_proxy_route)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::net;
namespace causes = boost::system::errc;

namespace {

using route_ptr = std::shared_ptr<const proxy_route>;

result<route_ptr> route_by(const std::string& url, const std::string& no_proxy = {}, const std::string& user = {})
{
    config settings;
    settings.proxy.url = url;
    settings.proxy.no_proxy = no_proxy;
    settings.proxy.user = user;
    return proxy_route::make(settings, parse_endpoint("https://api.example").value());
}

connect_failure refusal_of(std::string_view answer, const std::string& user = {})
{
    connect_answer heard;
    (void)heard.take(answer);
    return route_by("http://proxy.example:3128", {}, user).value()->refusal(heard, "the proxy proxy.example:3128");
}

connect_failure refusal_of(unsigned status)
{
    return refusal_of("HTTP/1.1 " + std::to_string(status) + " secret words\r\n\r\n");
}

} // namespace

BOOST_AUTO_TEST_CASE(without_a_proxy_there_is_no_route)
{
    BOOST_TEST(route_by("").value() == nullptr);
    BOOST_TEST(route_by("http://proxy.example:3128", "api.example").value() == nullptr);
    BOOST_TEST(route_by("http://proxy.example:3128", "other.example").value() != nullptr);
}

BOOST_AUTO_TEST_CASE(a_route_names_the_proxy_and_the_server)
{
    const route_ptr clear = route_by("http://proxy.example:3128").value();
    BOOST_TEST(clear->proxy.host == "proxy.example");
    BOOST_TEST(clear->proxy.port == 3128);
    BOOST_TEST(clear->target == "api.example:443");
    BOOST_TEST(clear->words() == "the proxy proxy.example:3128");
    BOOST_TEST(clear->tls == nullptr, "an http:// proxy is spoken to in clear");
    BOOST_TEST(clear->authorization.empty());
    BOOST_TEST(route_by("http://proxy.example:3128", {}, "user").value()->authorization.expose() == "Basic dXNlcjo=");
}

BOOST_AUTO_TEST_CASE(a_url_that_is_none_is_refused_by_name)
{
    const auto made = route_by("ftp://proxy.example");
    BOOST_TEST_REQUIRE(!made.has_value());
    BOOST_TEST(made.error().code == errc::invalid_argument);
    BOOST_TEST(made.error().detail.find("proxy.url") != std::string::npos, made.error().detail);
}

BOOST_AUTO_TEST_CASE(what_may_be_otherwise_the_next_time_is_tried_again)
{
    for (const unsigned status : {408U, 425U, 429U, 500U, 502U, 503U, 504U, 599U})
        BOOST_TEST(refusal_of(status).next == outlook::passing, status);
    for (const unsigned status : {302U, 400U, 401U, 403U, 404U, 405U, 407U, 501U, 505U})
        BOOST_TEST(refusal_of(status).next == outlook::permanent, status);
}

BOOST_AUTO_TEST_CASE(a_refusal_says_who_refuses_what_and_the_status)
{
    const connect_failure forbidden = refusal_of(403);
    BOOST_TEST(forbidden.why.code == errc::connect_failed);
    BOOST_TEST(forbidden.why.cause == make_error_code(causes::permission_denied));
    BOOST_TEST(forbidden.why.detail ==
               "the proxy proxy.example:3128 refuses to connect to api.example:443 (status 403)");
    const connect_failure unreachable = refusal_of(502);
    BOOST_TEST(unreachable.why.cause == make_error_code(causes::host_unreachable));
    BOOST_TEST(unreachable.why.detail ==
               "the proxy proxy.example:3128 could not connect to api.example:443 now (status 502)");
    BOOST_TEST(refusal_of(429).why.detail ==
               "the proxy proxy.example:3128 does not connect to api.example:443 now (status 429)");
}

BOOST_AUTO_TEST_CASE(a_proxy_that_wants_credentials_is_told_apart_from_one_that_does_not_like_them)
{
    constexpr std::string_view basic = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n";
    constexpr std::string_view other = "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\n\r\n";
    BOOST_TEST(refusal_of(basic).why.detail.find("set config::proxy.user and proxy.password (HTTPS_PROXY, ") !=
               std::string::npos);
    BOOST_TEST(refusal_of(basic, "user").why.detail.find("does not accept the credentials") != std::string::npos);
    BOOST_TEST(refusal_of(other, "user").why.detail.find("not Basic ones") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_of_a_proxy_is_a_breach_of_the_protocol)
{
    const connect_failure garbage = refusal_of("SSH-2.0-OpenSSH_9.2\r\n");
    BOOST_TEST(garbage.why.cause == make_error_code(causes::protocol_error));
    BOOST_TEST(garbage.why.detail.find("config::proxy.url (HTTPS_PROXY)") != std::string::npos, garbage.why.detail);
    BOOST_TEST(garbage.next == outlook::passing);
    const connect_failure large = refusal_of("HTTP/1.1 200 OK\r\nX: " + std::string(connect_answer::most_bytes, 'x'));
    BOOST_TEST(large.why.detail.find("more than 16 KiB") != std::string::npos, large.why.detail);
}

BOOST_AUTO_TEST_CASE(nothing_of_the_answers_own_text_is_repeated)
{
    for (unsigned status = 300; status != 600; ++status)
        BOOST_TEST(refusal_of(status).why.detail.find("secret") == std::string::npos, status);
}

BOOST_AUTO_TEST_SUITE_END()
