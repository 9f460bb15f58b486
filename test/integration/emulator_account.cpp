// What belongs to the account and not to one of its keys, over real sockets: limits, the log, keys for a wallet.
#include <venice_keys/emulator.hpp>

#include "integration/plain_client.hpp"
#include "integration/served_emulator.hpp"
#include "support/printing.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace integration_emulator_account {

namespace json = boost::json;
namespace vk = venice_keys;
using test::plain_client;
using test::served;

struct fixture {
    test::plain_reply ask(const std::string& bytes, bool head = false)
    {
        BOOST_REQUIRE(client.send(bytes));
        auto reply = client.read_reply(head);
        BOOST_REQUIRE(reply.has_value());
        return *reply;
    }

    static vk::emulator_options with_a_rate()
    {
        vk::emulator_options options = test::with_keys(3);
        options.requests_per_minute = 1000;
        return options;
    }

    served here{with_a_rate()};
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
};

} // namespace integration_emulator_account

BOOST_FIXTURE_TEST_SUITE(integration_emulator_account, fixture)

BOOST_AUTO_TEST_CASE(the_limits_are_told_with_the_header_that_they_speak_of)
{
    const auto reply = ask(here.request("GET", "/api/v1/api_keys/rate_limits"));
    BOOST_TEST(reply.status == 200U);
    const json::value body = json::parse(reply.body);
    BOOST_TEST(body.at("data").at("accessPermitted").as_bool());
    const json::value& limit = body.at("data").at("rateLimits").at(0).at("rateLimits").at(0);
    BOOST_TEST(std::to_string(limit.at("amount").as_int64()) == reply.fields.at("x-ratelimit-limit-requests"));
    const auto head = ask(here.request("HEAD", "/api/v1/api_keys/rate_limits"), true);
    BOOST_TEST(head.status == 200U);
    BOOST_TEST(head.fields.at("content-length") == reply.fields.at("content-length"));
    const auto wrong = ask(here.request("DELETE", "/api/v1/api_keys/rate_limits"));
    BOOST_TEST(wrong.status == 405U);
    BOOST_TEST(wrong.fields.at("allow") == "GET, HEAD");
}

BOOST_AUTO_TEST_CASE(the_log_is_a_list)
{
    const auto reply = ask(here.request("GET", "/api/v1/api_keys/rate_limits/log"));
    BOOST_TEST(reply.status == 200U);
    BOOST_TEST(reply.body == R"({"object":"list","data":[]})");
}

BOOST_AUTO_TEST_CASE(a_wallet_gets_a_key_for_its_challenge_and_only_one)
{
    const std::string path = "/api/v1/api_keys/generate_web3_key";
    const auto challenge = ask("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST(challenge.status == 200U);
    const std::string token{json::parse(challenge.body).at("data").at("token").as_string()};
    const std::string body = R"({"apiKeyType":"INFERENCE","address":"0x45B73055F3aDcC4577Bb709db10B19d11b5c94eE",)"
                             R"("signature":"0xbb5f","token":")" +
                             token + R"("})";
    const std::string creation =
        "POST " + path +
        " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
    const auto made = ask(creation);
    BOOST_TEST(made.status == 200U);
    BOOST_TEST(json::parse(made.body).at("success").as_bool());
    BOOST_TEST_REQUIRE(here.emulator.journal().size() == 1U);
    BOOST_TEST(here.emulator.journal()[0].what == vk::journal_entry::change::created);
    BOOST_TEST(here.emulator.keys().size() == 4U);
    const auto again = ask(creation);
    BOOST_TEST(again.status == 400U);
    BOOST_TEST(here.emulator.stats().failures == 1U);
    BOOST_TEST(ask(here.request("DELETE", path)).fields.at("allow") == "GET, HEAD, POST");
}

BOOST_AUTO_TEST_SUITE_END()
