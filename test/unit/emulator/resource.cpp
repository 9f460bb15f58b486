#include "unit/emulator/resource_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <set>
#include <string>

namespace unit_emulator_resource {

using namespace std::chrono_literals;
using namespace venice_keys;
using namespace venice_keys::emulation;
namespace json = boost::json;
using test::noon;

} // namespace unit_emulator_resource

BOOST_FIXTURE_TEST_SUITE(unit_emulator_resource, test::resource_fixture)

BOOST_AUTO_TEST_CASE(list_get_create_update_and_delete_answer_as_the_service_does)
{
    const reply list = answer(ask("GET", "/api/v1/api_keys"));
    BOOST_TEST(list.status == 200U);
    BOOST_TEST(data_of(list).as_array().size() == 2U);

    const reply got = answer(ask("GET", "/api/v1/api_keys/" + id()));
    BOOST_TEST(got.status == 200U);
    BOOST_TEST(data_of(got).at("id").as_string() == id());
    BOOST_TEST(data_of(got).as_object().contains("usage"));

    const reply made = answer(ask("POST", "/api/v1/api_keys", R"({"apiKeyType":"INFERENCE","description":"d"})"));
    BOOST_TEST(made.status == 200U);
    BOOST_TEST(data_of(made).at("apiKey").as_string().starts_with("VENICE_INFERENCE_KEY_"));
    BOOST_TEST(service.store().keys().size() == 3U);

    const reply updated = answer(update());
    BOOST_TEST(updated.status == 200U);
    BOOST_TEST(data_of(updated).at("description").as_string() == "new");
    BOOST_TEST(!data_of(updated).as_object().contains("usage"));
    BOOST_TEST(json::parse(updated.body).at("success").as_bool());

    const reply removed = answer(ask("DELETE", "/api/v1/api_keys?id=" + id()));
    BOOST_TEST(removed.status == 200U);
    BOOST_TEST(service.store().keys().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_there_is_400_with_the_text_of_its_operation)
{
    const auto said = [&](std::string method, const std::string& target, std::string body = {}) {
        const reply refused = answer(ask(std::move(method), target, std::move(body)));
        return std::to_string(refused.status) + ' ' + refused.body;
    };
    api_key expired;
    expired.id = "expired";
    expired.expires_at = noon;
    service.store().add(expired, noon - 1h);
    for (const std::string& gone : {std::string{"none"}, expired.id}) {
        BOOST_TEST(said("GET", "/api/v1/api_keys/" + gone) == R"(400 {"error":"API key not found"})");
        BOOST_TEST(said("PATCH", "/api/v1/api_keys", R"({"id":")" + gone + R"("})") ==
                   R"(400 {"error":"API key not found or expired"})");
        BOOST_TEST(said("DELETE", "/api/v1/api_keys?id=" + gone) == R"(400 {"error":"API key could not be found"})");
    }
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_there_may_be_404)
{
    resource other{resource_options{.token = "good", .unknown_key_status = 404}};
    const reply refused = other.answer(ask("GET", "/api/v1/api_keys/none"), noon, effect::real);
    BOOST_TEST(refused.status == 404U);
    BOOST_TEST(refused.body == R"({"error":"API key not found"})");
}

BOOST_AUTO_TEST_CASE(an_invalid_body_is_400_with_details_and_changes_nothing)
{
    const reply refused = answer(update(R"(,"consumptionLimit":{"usd":-1})"));
    BOOST_TEST(refused.status == 400U);
    const json::value body = json::parse(refused.body);
    BOOST_TEST(body.at("details").at("consumptionLimit").at("usd").at("_errors").as_array().size() == 1U);
    BOOST_TEST(body.at("issues").as_array().size() == 1U);
    BOOST_TEST(answer(ask("POST", "/api/v1/api_keys", "{}")).status == 400U);
    BOOST_TEST(answer(ask("DELETE", "/api/v1/api_keys")).status == 400U);
    BOOST_TEST(service.store().journal().empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_json_or_not_said_to_be_is_400_and_costs_nothing)
{
    request asked = update();
    for (const char* type : {"text/plain", ""}) {
        asked.content_type = type;
        const reply refused = answer(asked);
        BOOST_TEST(refused.status == 400U);
        BOOST_TEST(refused.body == R"({"error":"'Content-Type' must be 'application/json'"})");
    }
    for (const char* body : {"{", "{\"id\":\"\xFF\"}", "{} {}"}) {
        const reply refused = answer(ask("PATCH", "/api/v1/api_keys", body));
        BOOST_TEST(refused.status == 400U);
        BOOST_TEST(refused.body == R"({"error":"Invalid JSON request"})");
        BOOST_TEST(refused.budget->remaining == 50U);
    }
    asked.content_type = "Application/JSON ; charset=utf-8";
    BOOST_TEST(answer(asked).status == 200U);
}

BOOST_AUTO_TEST_CASE(other_paths_are_404_and_other_methods_405)
{
    for (const char* path : {"/", "/api/v1", "/api/v1/api_keysx", "/api/v1/api_keys/", "/api/v2/api_keys"})
        BOOST_TEST(answer(ask("GET", path)).status == 404U, path);
    BOOST_TEST(answer(ask("PUT", "/api/v1/api_keys")).status == 405U);
    BOOST_TEST(answer(ask("DELETE", "/api/v1/api_keys/" + id())).status == 405U);
}

BOOST_AUTO_TEST_CASE(an_id_in_a_target_may_be_percent_encoded)
{
    std::string encoded = id();
    encoded.replace(8, 1, "%2d");
    BOOST_TEST(answer(ask("GET", "/api/v1/api_keys/" + encoded)).status == 200U);
    BOOST_TEST(answer(ask("DELETE", "/api/v1/api_keys?x=1&id=" + encoded)).status == 200U);
}

BOOST_AUTO_TEST_CASE(the_id_to_delete_may_be_in_a_body)
{
    BOOST_TEST(answer(ask("DELETE", "/api/v1/api_keys", R"({"id":"none"})")).body ==
               R"({"error":"API key could not be found"})");
    BOOST_TEST(answer(ask("DELETE", "/api/v1/api_keys", R"(["id"])")).status == 400U);
    BOOST_TEST(answer(ask("DELETE", "/api/v1/api_keys", R"({"id":7})")).status == 400U);
    BOOST_TEST(service.store().keys().size() == 2U);
    BOOST_TEST(answer(ask("DELETE", "/api/v1/api_keys", R"({"id":")" + id() + R"("})")).status == 200U);
    BOOST_TEST(service.store().keys().size() == 1U);
}

BOOST_AUTO_TEST_CASE(every_answer_has_a_request_id_of_its_own)
{
    std::set<std::string> ids;
    for (int i = 0; i < 10; ++i)
        ids.insert(answer(ask("GET", "/api/v1/api_keys")).request_id);
    BOOST_TEST(ids.size() == 10U);
    BOOST_TEST(!ids.contains(""));
}

BOOST_AUTO_TEST_CASE(an_answer_without_effect_looks_the_same_and_changes_nothing)
{
    const reply shown = service.answer(update(), noon, effect::none);
    BOOST_TEST(data_of(shown).at("description").as_string() == "new");
    BOOST_TEST(service.store().journal().empty());
    service.apply(update(), noon);
    BOOST_TEST(service.store().journal().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_of_a_fault_carries_its_retry_after_and_the_rate)
{
    const reply answer = service.answer_with(update(), {429, "", "Sun, 06 Nov 1994 08:49:37 GMT"}, noon);
    BOOST_TEST(answer.retry_after == "Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_TEST(answer.rate->remaining == 999U);
    BOOST_TEST(service.answer_with(update(), {429, "", ""}, noon).retry_after.empty());
}

BOOST_AUTO_TEST_CASE(an_answer_of_a_fault_says_what_it_is_told_to)
{
    const reply passing = service.answer_with(update(), {400, "Could not verify wallet signature", ""}, noon);
    BOOST_TEST(passing.body == R"({"error":"Could not verify wallet signature"})");
    const json::value own = json::parse(service.answer_with(update(), {503, "", ""}, noon).body);
    BOOST_TEST(own.at("request_id").as_string().starts_with("req-"));
}

BOOST_AUTO_TEST_SUITE_END()
