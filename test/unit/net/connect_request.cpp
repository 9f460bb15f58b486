// What is said to a proxy, and what is made of its answer: the bytes alone.
#include "net/connect_request.hpp"

#include "support/printing.hpp"

#include <array>
#include <ostream>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_net_connect_request)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::net;
using outcome = connect_answer::outcome;

namespace {

std::string target_of(std::string_view url)
{
    return connect_target(parse_endpoint(url).value());
}

struct heard {
    outcome how = outcome::unfinished;
    unsigned status = 0;
    std::size_t taken = 0;
    bool takes_basic = false;

    friend bool operator==(const heard&, const heard&) = default;
    friend std::ostream& operator<<(std::ostream& out, const heard& it)
    {
        return out << printing::enumerator(it.how) << ", status " << it.status << ", took " << it.taken
                   << (it.takes_basic ? ", takes Basic" : "");
    }
};

// The bytes in two parts, cut there.
heard hear(std::string_view bytes, std::size_t cut)
{
    connect_answer answer;
    std::size_t taken = answer.take(bytes.substr(0, cut));
    if (answer.state() == outcome::unfinished) {
        BOOST_TEST(taken == cut);
        taken += answer.take(bytes.substr(cut));
    }
    return {answer.state(), answer.status(), taken, answer.takes_basic()};
}

heard hear(std::string_view bytes)
{
    const heard whole = hear(bytes, bytes.size());
    for (std::size_t cut = 0; cut != bytes.size(); ++cut)
        BOOST_TEST(hear(bytes, cut) == whole, "cut at " << cut);
    return whole;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_target_always_has_its_port)
{
    BOOST_TEST(target_of("https://api.venice.ai/api/v1") == "api.venice.ai:443");
    BOOST_TEST(target_of("https://localhost:8443") == "localhost:8443");
    BOOST_TEST(target_of("https://192.0.2.1") == "192.0.2.1:443");
    BOOST_TEST(target_of("https://[::1]:8443") == "[::1]:8443");
}

BOOST_AUTO_TEST_CASE(the_request_is_one_head_with_a_host_and_no_more)
{
    BOOST_TEST(std::string_view(connect_request("a.example:443", secret{})) ==
               "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(credentials_are_sent_as_basic)
{
    // RFC 7617 section 2
    const secret value = basic_authorization("Aladdin", secret("open sesame"));
    BOOST_TEST(value.expose() == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    BOOST_TEST(basic_authorization("", secret{}).expose() == "Basic Og==");
    BOOST_TEST(basic_authorization("a", secret("b")).expose() == "Basic YTpi");
    BOOST_TEST(std::string_view(connect_request("a.example:443", value)) ==
               "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n"
               "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(any_2xx_opens_the_tunnel_and_what_is_behind_its_head_is_left)
{
    for (const std::string_view head :
         {"HTTP/1.1 200 Connection established\r\n\r\n", "HTTP/1.0 200 Connection established\r\n\r\n",
          "HTTP/1.1 204 \r\n\r\n", "HTTP/1.1 299\r\n\r\n", "HTTP/1.1 200 OK\nVia: x\n\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
        const heard bare = hear(head);
        BOOST_TEST(bare.how == outcome::established, head);
        BOOST_TEST(bare.taken == head.size());
        const heard more = hear(std::string(head) + "\x16\x03\x03 of TLS");
        BOOST_TEST(more.how == outcome::established, head);
        BOOST_TEST(more.taken == head.size());
    }
}

BOOST_AUTO_TEST_CASE(any_other_status_refuses)
{
    for (const unsigned status : {101U, 301U, 400U, 403U, 407U, 429U, 502U, 503U, 504U, 999U}) {
        const heard got = hear("HTTP/1.1 " + std::to_string(status) + " No\r\nContent-Length: 2\r\n\r\nno");
        BOOST_TEST(got.how == outcome::refused, status);
        BOOST_TEST(got.status == status);
    }
}

BOOST_AUTO_TEST_CASE(interim_answers_are_passed_over)
{
    const heard got =
        hear("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nTLS");
    BOOST_TEST(got.how == outcome::established);
    BOOST_TEST(got.status == 200U);
}

BOOST_AUTO_TEST_CASE(what_is_not_http_is_told_as_soon_as_it_shows)
{
    for (const std::string_view bytes :
         {"SSH-2.0-OpenSSH_9.2", "\x15\x03\x01", "<html>", "\n", "HTTP/2 200 OK\r\n", "HTTX", "http/1.1 200",
          "HTTP/1.1 20 OK\r\n", "HTTP/1.1 2000 OK\r\n", "HTTP/1.1  200 OK\r\n", "HTTP/1.1 0200 OK\r\n",
          "HTTP/1.2 200 OK\r\n", "HTTP/1.1 099 OK\r\n", "HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\nno field\r\n"}) {
        const heard got = hear(bytes);
        BOOST_TEST(got.how == outcome::malformed, bytes);
    }
    BOOST_TEST(hear("\x15").how == outcome::malformed); // an alert of TLS
}

BOOST_AUTO_TEST_CASE(a_head_without_end_is_given_up_at_its_bound)
{
    const std::string begin = "HTTP/1.1 200 OK\r\nX: ";
    const std::string end = "\r\n\r\n";
    const auto answer_of = [&](std::size_t size) {
        return begin + std::string(size - begin.size() - end.size(), 'x') + end;
    };
    const auto hear_once = [](const std::string& bytes) {
        return hear(bytes, bytes.size());
    };
    BOOST_TEST(hear_once(answer_of(connect_answer::most_bytes)).how == outcome::established);
    BOOST_TEST(hear_once(answer_of(connect_answer::most_bytes + 1)).how == outcome::too_large);
    std::string interim;
    while (interim.size() <= connect_answer::most_bytes)
        interim += "HTTP/1.1 100 Continue\r\n\r\n";
    BOOST_TEST(hear_once(interim).how == outcome::too_large);
}

BOOST_AUTO_TEST_CASE(a_407_tells_whether_basic_is_good)
{
    const auto takes_basic = [](std::string_view fields) {
        return hear("HTTP/1.1 407 No\r\n" + std::string(fields) + "\r\n").takes_basic;
    };
    BOOST_TEST(takes_basic("Proxy-Authenticate: Basic realm=\"x\"\r\n"));
    BOOST_TEST(takes_basic("proxy-authenticate:basic\r\n"));
    BOOST_TEST(takes_basic("Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm=x\r\n"));
    BOOST_TEST(takes_basic("Proxy-Authenticate: Negotiate, Basic realm=x\r\n"));
    BOOST_TEST(takes_basic("")); // it does not say
    BOOST_TEST(!takes_basic("Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n"));
    BOOST_TEST(!takes_basic("Proxy-Authenticate: Digest realm=\"Basic\"\r\n"));
    BOOST_TEST(!takes_basic("Proxy-Authenticate: Basically realm=x\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
