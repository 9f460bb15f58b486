// Promise 10: the token never shows, whatever a server does with it.
#include "support/scripted_world.hpp"

#include <sstream>

BOOST_AUTO_TEST_SUITE(integration_promise_10_secrets)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

namespace {

// Every text of the error, and those that are made of it.
void check_silent(const vk::error& why, std::string_view token = the_token)
{
    std::ostringstream all;
    all << why << '\n' << why.message() << '\n' << why.detail << '\n' << why.server_text << '\n' << why.request_id;
    all << '\n' << why.cause.message() << '\n' << why.code.message() << '\n' << vk::request_failed(why).what();
    for (const vk::field_issue& each : why.issues)
        all << '\n' << each.path << '\n' << each.text;
    BOOST_TEST(all.str().find(token) == std::string::npos, all.str());
    // Nor a good part of it.
    BOOST_TEST(all.str().find(token.substr(0, token.size() - 4)) == std::string::npos, all.str());
}

vk::error refused(const std::string& bytes)
{
    scripted_world world(always(bytes));
    world.settings.retry.max_attempts = 1;
    updated_key key = world.update();
    BOOST_REQUIRE(!key.has_value());
    check_silent(key.error());
    return std::move(key).error();
}

std::string escaped(std::string_view text)
{
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out;
    for (const char each : text) {
        const auto byte = static_cast<unsigned char>(each);
        out += "\\u00";
        out += hex[byte >> 4U];
        out += hex[byte & 15U];
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_token_in_an_error_text_is_redacted)
{
    const vk::error why = refused(reply(401, R"({"error":"the token )" + the_token + R"( is bad"})"));
    BOOST_TEST(why.server_text == "the token [redacted] is bad");
    refused(reply(400, R"({"error":{"message":")" + the_token + R"(","param":")" + the_token + R"("}})"));
    refused(reply(500, the_token));
    refused(reply(502, "<html><title>" + the_token + "</title><body>" + the_token + "</body></html>"));
    refused(reply(200, R"({"success":false,"error":")" + the_token + R"("})"));
}

BOOST_AUTO_TEST_CASE(a_token_in_escapes_is_redacted)
{
    refused(reply(401, R"({"error":")" + escaped(the_token) + R"("})"));
    refused(reply(401, R"({"error":"said: {\"auth\":\")" + escaped(escaped(the_token)) + R"(\"}"})"));
}

BOOST_AUTO_TEST_CASE(a_token_among_the_issues_is_redacted)
{
    refused(reply(400, R"({"error":"x","details":{"description":{"_errors":["got )" + the_token + R"("]}},)" +
                           R"("issues":[{"path":[")" + the_token + R"("],"message":")" + the_token + R"("}]})"));
}

BOOST_AUTO_TEST_CASE(a_token_in_the_head_is_redacted)
{
    const vk::error why = refused(reply(
        403, "{}", "CF-RAY: " + the_token + "\r\nRetry-After: " + the_token + "\r\nX-Echo: " + the_token + "\r\n"));
    BOOST_TEST(why.request_id == "[redacted]");
    refused("HTTP/1.1 400 " + the_token + "\r\nContent-Length: 0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_token_in_place_of_an_id_is_redacted)
{
    const vk::error why = refused(reply(200, R"({"data":{"id":")" + the_token + R"("},"success":true})"));
    BOOST_TEST(why.code == errc::reply_mismatch);
    refused(reply(200, R"({"data":{"id":")" + escaped(the_token) + R"("},"success":true})"));
}

BOOST_AUTO_TEST_CASE(a_token_in_what_is_malformed_is_redacted)
{
    refused(reply(200, R"({"data":{"id":7,")" + the_token + R"(":{}},"success":true})"));
    refused(the_token + "\r\n\r\n");
    refused("HTTP/1.1 200 OK\r\n" + the_token + "\r\n\r\n");
    refused("HTTP/1.1 200 OK\r\nContent-Encoding: " + the_token + "\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_foreign_id_is_short_and_printable_in_the_message)
{
    const vk::error why =
        refused(reply(200, R"({"data":{"id":"\u0007\r\n)" + std::string(20'000, 'x') + R"("},"success":true})"));
    BOOST_TEST(why.code == errc::reply_mismatch);
    BOOST_TEST(why.message().size() < 1000U);
    BOOST_TEST(why.message().find_first_of("\r\n\a") == std::string::npos);
    BOOST_TEST(why.detail.find_first_of("\r\n\a") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_secret_is_not_printed)
{
    std::ostringstream out;
    out << vk::credentials(vk::secret(the_token)).token();
    BOOST_TEST(out.str() == "[redacted]");
}

BOOST_AUTO_TEST_CASE(a_token_that_could_smuggle_anything_in_is_refused_before_anything_is_sent)
{
    scripted_world world(answers_all());
    for (const std::string& bad :
         {std::string("a\r\nX-Evil: 1"), std::string("a\nb"), std::string("a\rb"), std::string("a\0b", 3),
          std::string("a b"), std::string("a\x7f"), std::string("\xc3\xa4"), std::string("a\tb"), std::string()}) {
        vk::client client(world.io.get_executor(), vk::credentials(vk::secret(bad)), world.settings);
        outcomes results(1);
        client.update_key(vk::key_update("k").usd(1), results.handler(0));
        BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
        BOOST_TEST(code_of(results[0]) == errc::invalid_argument);
        BOOST_TEST(text_of(results[0]).find("token") != std::string::npos);
        BOOST_TEST(results[0].error().delivery == vk::delivery::not_sent);
        BOOST_TEST(text_of(results[0]).find("Evil") == std::string::npos);
    }
    BOOST_TEST(world.server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(a_configuration_that_could_smuggle_anything_in_is_refused)
{
    for (const std::string& url : {std::string("https://localhost/api\r\nX: y"), std::string("https://local\r\nhost/"),
                                   std::string("https://localhost/a b"), std::string("https://u:p@localhost/")}) {
        vk::config settings;
        settings.base_url = url;
        asio::io_context io;
        BOOST_CHECK_THROW(vk::client(io.get_executor(), vk::credentials(vk::secret("t")), settings),
                          vk::request_failed);
    }
    vk::config settings;
    settings.user_agent = "x\r\nEvil: 1";
    BOOST_TEST(!settings.validate().has_value());
}

BOOST_AUTO_TEST_CASE(the_token_goes_to_the_server_and_nowhere_else)
{
    scripted_world world(answers_all());
    BOOST_TEST(text_of(world.update()) == "success");
    const auto requests = world.server.requests();
    BOOST_TEST_REQUIRE(requests.size() == 1U);
    BOOST_TEST(requests[0].head.find("Authorization: Bearer " + the_token + "\r\n") != std::string::npos);
    BOOST_TEST(requests[0].body.find(the_token) == std::string::npos);
    // Whom the certificate does not name gets nothing.
    certificate_wish wish;
    wish.names = {"DNS:example.org"};
    scripted_world thief([](scripted_connection& here) { here.wait_for_end(); }, {}, wish);
    BOOST_TEST(code_of(thief.update()) == errc::tls_failed);
    BOOST_TEST(thief.server.handshakes() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
