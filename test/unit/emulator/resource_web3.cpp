// How the resource makes keys for wallets.
#include "emulator/resource.hpp"
#include "support/printing.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace unit_emulator_resource_web3 {

using namespace std::chrono_literals;
using namespace venice_keys;
using namespace venice_keys::emulation;
namespace json = boost::json;

const timestamp noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;

// Without authorization.
request ask(std::string method, std::string body = {})
{
    request asked;
    asked.method = std::move(method);
    asked.target = "/api/v1/api_keys/generate_web3_key";
    asked.content_type = body.empty() ? "" : "application/json";
    asked.body = std::move(body);
    return asked;
}

request create(const std::string& token)
{
    return ask("POST", R"({"apiKeyType":"INFERENCE","address":"0x45B73055F3aDcC4577Bb709db10B19d11b5c94eE",)"
                       R"("signature":"0xbb5ff2","token":")" +
                           token + R"("})");
}

struct fixture {
    reply answer(const request& asked, timestamp when = noon) { return service.answer(asked, when, effect::real); }

    std::string challenge(timestamp when = noon)
    {
        const json::value body = json::parse(answer(ask("GET"), when).body);
        return std::string{body.at("data").at("token").as_string()};
    }

    resource service{resource_options{"good", 1, true, 1000}};
};

} // namespace unit_emulator_resource_web3

BOOST_FIXTURE_TEST_SUITE(unit_emulator_resource_web3, fixture)

BOOST_AUTO_TEST_CASE(a_challenge_makes_one_key_without_any_authorization)
{
    const std::string token = challenge();
    const reply made = answer(create(token));
    BOOST_TEST(made.status == 200U);
    BOOST_TEST(!made.rate.has_value());
    const json::value body = json::parse(made.body);
    BOOST_TEST(body.at("success").as_bool());
    BOOST_TEST(body.at("data").at("apiKey").as_string().starts_with("VENICE_INFERENCE_KEY_"));
    BOOST_TEST(body.at("data").at("description").as_string() == "Web3 API Key");
    BOOST_TEST_REQUIRE(service.store().journal().size() == 1U);
    BOOST_TEST(service.store().journal()[0].what == journal_entry::change::created);
    BOOST_TEST(answer(create(token)).status == 400U);
    BOOST_TEST(service.store().keys().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_no_challenge_is_400)
{
    BOOST_TEST(answer(create("invented")).status == 400U);
    const std::string old = challenge();
    BOOST_TEST(answer(create(old), noon + 15min).status == 400U);
    // Not even with the good token.
    request asked = create("invented");
    asked.authorization = "Bearer good";
    BOOST_TEST(answer(asked).status == 400U);
    BOOST_TEST(service.store().journal().empty());
}

BOOST_AUTO_TEST_CASE(a_bad_body_is_refused_and_uses_no_challenge_up)
{
    const std::string token = challenge();
    BOOST_TEST(answer(ask("POST", "{}")).status == 400U);
    BOOST_TEST(answer(ask("POST", "{")).status == 400U);
    request plain = create(token);
    plain.content_type = "text/plain";
    BOOST_TEST(answer(plain).status == 400U);
    BOOST_TEST(answer(create(token)).status == 200U);
}

BOOST_AUTO_TEST_CASE(head_is_answered_as_get_and_other_methods_are_405)
{
    BOOST_TEST(answer(ask("HEAD")).status == 200U);
    BOOST_TEST(answer(ask("HEAD")).body.size() == answer(ask("GET")).body.size());
    const reply wrong = answer(ask("DELETE"));
    BOOST_TEST(wrong.status == 405U);
    BOOST_TEST(wrong.allow == "GET, HEAD, POST");
}

BOOST_AUTO_TEST_CASE(keys_for_wallets_count_for_the_limits_of_creation)
{
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(answer(create(challenge())).status == 200U);
    const std::string token = challenge();
    const reply refused = answer(create(token));
    BOOST_TEST(refused.status == 429U);
    BOOST_TEST(refused.retry_after == "60");
    // What made no key is good for another try.
    BOOST_TEST(answer(create(token), noon + 1min).status == 200U);
    service.store().populate(479, noon);
    BOOST_TEST(answer(create(challenge(noon + 3min)), noon + 3min).status == 400U);
}

BOOST_AUTO_TEST_CASE(failures_without_a_token_cost_no_key_anything)
{
    for (int i = 0; i < 60; ++i)
        BOOST_TEST(answer(create("invented")).status == 400U);
    BOOST_TEST(answer(ask("GET")).status == 200U);
    BOOST_TEST(service.lockouts() == 0U);
}

BOOST_AUTO_TEST_CASE(a_message_is_asked_for_with_an_address_and_good_for_that_alone)
{
    const std::string address = "0x45B73055F3aDcC4577Bb709db10B19d11b5c94eE";
    resource other{resource_options{.token = "good", .wallets = wallet_form::message}};
    request asked = ask("GET");
    BOOST_TEST(other.answer(asked, noon, effect::real).status == 400U);
    asked.target += "?address=" + address;
    const json::value told = json::parse(other.answer(asked, noon, effect::real).body).at("data");
    BOOST_TEST(told.at("expiresAt").as_string() == "2026-11-23T12:15:00.000Z");
    const auto body = [&](std::string_view whose) {
        return ask("POST", json::serialize(json::object{{"apiKeyType", "ADMIN"},
                                                        {"address", whose},
                                                        {"signature", "0xbb5f"},
                                                        {"message", told.at("message")}}));
    };
    BOOST_TEST(other.answer(body("0x" + std::string(40, 'a')), noon, effect::real).status == 400U);
    BOOST_TEST(other.answer(create("token"), noon, effect::real).status == 400U);
    BOOST_TEST(other.answer(body("0x45b73055f3adcc4577bb709db10b19d11b5c94ee"), noon, effect::real).status == 200U);
    BOOST_TEST(other.answer(body(address), noon, effect::real).status == 400U);
}

BOOST_AUTO_TEST_CASE(the_good_token_counts_for_its_rate_here_too)
{
    request asked = ask("GET");
    BOOST_TEST(!answer(asked).rate.has_value());
    asked.authorization = "Bearer good";
    BOOST_TEST(answer(asked).rate->remaining == 999U);
}

BOOST_AUTO_TEST_CASE(without_effect_a_challenge_is_not_used_up)
{
    const std::string token = challenge();
    BOOST_TEST(service.answer(create(token), noon, effect::none).status == 200U);
    BOOST_TEST(service.store().journal().empty());
    service.apply(create(token), noon);
    BOOST_TEST(service.store().journal().size() == 1U);
    service.apply(create(token), noon);
    BOOST_TEST(service.store().journal().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
