// Whose tokens are let in, and to what.
#include "support/printing.hpp"
#include "unit/emulator/resource_fixture.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace unit_emulator_resource_tokens {

using namespace std::chrono_literals;
using namespace venice_keys;
using namespace venice_keys::emulation;
namespace json = boost::json;
using test::noon;

struct fixture : test::resource_fixture {
    // The secret of a new key.
    std::string create(const std::string& type, const std::string& more = {})
    {
        const reply made = answer(
            ask("POST", "/api/v1/api_keys", R"({"apiKeyType":")" + type + R"(","description":"d")" + more + '}'));
        return std::string{data_of(made).at("apiKey").as_string()};
    }
};

} // namespace unit_emulator_resource_tokens

BOOST_FIXTURE_TEST_SUITE(unit_emulator_resource_tokens, fixture)

BOOST_AUTO_TEST_CASE(only_tokens_of_keys_are_let_in)
{
    request asked = update();
    for (const char* bad : {"good", "Bearer", "Bearer ", "Bearer wrong", "Basic good", "Bearer good2", "Bearergood"}) {
        asked.authorization = bad;
        const reply refused = answer(asked);
        BOOST_TEST(refused.status == 401U, bad);
        BOOST_TEST(refused.body == R"({"error":"Authentication failed"})");
    }
    asked.authorization = "";
    const reply unpaid = answer(asked);
    BOOST_TEST(unpaid.status == 402U);
    BOOST_TEST(!unpaid.payment.empty());
    BOOST_TEST(service.store().journal().empty());
    asked.authorization = "bearer good";
    BOOST_TEST(answer(asked).status == 200U);
}

BOOST_AUTO_TEST_CASE(the_secret_of_a_created_key_is_a_token_at_once)
{
    const std::string admin = create("ADMIN");
    BOOST_TEST(answer(update(R"(,"description":"by the new one")", admin)).status == 200U);
    BOOST_TEST(answer(update()).status == 200U);
    BOOST_TEST(answer(ask("GET", "/api/v1/api_keys/rate_limits/log", {}, admin)).status == 200U);
    const json::value newest = data_of(answer(ask("GET", "/api/v1/api_keys"), noon + 5s)).at(0);
    BOOST_TEST(admin.ends_with(std::string_view{newest.at("last6Chars").as_string()}));
    BOOST_TEST(newest.at("lastUsedAt").as_string() == "2026-11-23T12:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(an_inference_key_is_good_for_its_limits_and_nothing_else)
{
    const std::string token = create("INFERENCE");
    BOOST_TEST(answer(ask("GET", "/api/v1/api_keys/rate_limits", {}, token)).status == 200U);
    for (const request& other :
         {update("", token), ask("GET", "/api/v1/api_keys", {}, token),
          ask("GET", "/api/v1/api_keys/" + id(), {}, token), ask("DELETE", "/api/v1/api_keys?id=" + id(), {}, token),
          ask("GET", "/api/v1/api_keys/rate_limits/log", {}, token)}) {
        const reply refused = answer(other);
        BOOST_TEST(refused.status == 401U);
        BOOST_TEST(refused.body == R"({"error":"Admin API key required"})");
    }
    BOOST_TEST(service.store().keys().size() == 3U);
    BOOST_TEST(answer(ask("GET", "/api/v1/api_keys/rate_limits", {}, token)).budget->remaining == 45U);
    BOOST_TEST(answer(update()).budget->remaining == 50U);
}

BOOST_AUTO_TEST_CASE(a_token_dies_with_its_key_or_at_its_expiry)
{
    const std::string expiring = create("ADMIN", R"(,"expiresAt":"2026-11-23T13:00:00Z")");
    BOOST_TEST(answer(update("", expiring), noon + 1h - 1ms).status == 200U);
    const reply late = answer(update("", expiring), noon + 1h);
    BOOST_TEST(late.status == 401U);
    BOOST_TEST(late.body == R"({"error":"Authentication failed"})");
    const std::string token = create("ADMIN");
    const std::string own{data_of(answer(ask("GET", "/api/v1/api_keys"))).at(0).at("id").as_string()};
    BOOST_TEST(answer(ask("DELETE", "/api/v1/api_keys?id=" + own, {}, token)).status == 200U);
    BOOST_TEST(answer(update("", token)).body == R"({"error":"Authentication failed"})");
}

BOOST_AUTO_TEST_CASE(the_limits_are_those_of_the_calling_key)
{
    const std::string token = create("INFERENCE", R"(,"consumptionLimit":{"usd":0,"diem":0},"expiresAt":"2026-12-01")");
    const json::value told = data_of(answer(ask("GET", "/api/v1/api_keys/rate_limits", {}, token)));
    BOOST_TEST(!told.at("accessPermitted").as_bool());
    BOOST_TEST(told.at("keyExpiration").as_string() == "2026-12-01T00:00:00.000Z");
    BOOST_TEST(data_of(answer(ask("GET", "/api/v1/api_keys/rate_limits"))).at("accessPermitted").as_bool());
}

BOOST_AUTO_TEST_CASE(a_spent_budget_is_logged_under_the_key_that_spent_it)
{
    const std::string token = create("INFERENCE");
    const std::string own{data_of(answer(ask("GET", "/api/v1/api_keys"))).at(0).at("id").as_string()};
    for (int i = 0; i < 52; ++i)
        answer(update("", token));
    const json::value log = data_of(answer(ask("GET", "/api/v1/api_keys/rate_limits/log")));
    BOOST_TEST_REQUIRE(log.as_array().size() == 1U);
    BOOST_TEST(log.at(0).at("apiKeyId").as_string() == own);
    BOOST_TEST(log.at(0).at("rateLimitType").as_string() == "FAILED_REQUESTS");
    BOOST_TEST(answer(ask("GET", "/api/v1/api_keys/rate_limits", {}, token)).status == 429U);
    BOOST_TEST(answer(update()).status == 200U);
}

BOOST_AUTO_TEST_CASE(another_token_takes_the_place_of_the_good_one)
{
    service.set_token("better");
    BOOST_TEST(service.token() == "better");
    BOOST_TEST(answer(update()).status == 401U);
    request asked = update();
    asked.authorization = "Bearer better";
    BOOST_TEST(answer(asked).status == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
