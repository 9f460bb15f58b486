#include "emulator/resource.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <set>
#include <string>
#include <string_view>

namespace {

using namespace std::chrono_literals;
using namespace venice_keys;
using namespace venice_keys::emulation;
namespace json = boost::json;

const timestamp noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;

struct fixture {
    fixture() { service.store().populate(2, noon); }

    [[nodiscard]] std::string id() const { return service.store().keys().begin()->second.key.id; }

    static request ask(std::string method, std::string target, std::string body = {})
    {
        request asked;
        asked.method = std::move(method);
        asked.target = std::move(target);
        asked.authorization = "Bearer good";
        asked.content_type = body.empty() ? "" : "application/json";
        asked.body = std::move(body);
        asked.peer = "192.0.2.1";
        return asked;
    }

    [[nodiscard]] request update(const std::string& more = R"(,"description":"new")") const
    {
        return ask("PATCH", "/api/v1/api_keys", R"({"id":")" + id() + '"' + more + '}');
    }

    reply answer(const request& asked, timestamp when = noon) { return service.answer(asked, when, effect::real); }

    resource service{resource_options{"good", 1, true, 1000}};
};

json::value data_of(const reply& answer)
{
    return json::parse(answer.body).at("data");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(unit_emulator_resource, fixture)

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

BOOST_AUTO_TEST_CASE(a_key_that_is_not_there_is_404_everywhere)
{
    BOOST_TEST(answer(ask("GET", "/api/v1/api_keys/none")).status == 404U);
    BOOST_TEST(answer(ask("DELETE", "/api/v1/api_keys?id=none")).status == 404U);
    const reply updated = answer(ask("PATCH", "/api/v1/api_keys", R"({"id":"none"})"));
    BOOST_TEST(updated.status == 404U);
    BOOST_TEST(updated.body == R"({"error":"API key not found"})");
}

BOOST_AUTO_TEST_CASE(an_invalid_body_is_400_with_details_and_changes_nothing)
{
    const reply refused = answer(update(R"(,"consumptionLimit":{"usd":-1})"));
    BOOST_TEST(refused.status == 400U);
    const json::value body = json::parse(refused.body);
    BOOST_TEST(body.at("details").at("consumptionLimit").at("usd").at("_errors").as_array().size() == 1U);
    BOOST_TEST(body.at("issues").as_array().size() == 1U);
    BOOST_TEST(answer(ask("PATCH", "/api/v1/api_keys", "{")).status == 400U);
    BOOST_TEST(answer(ask("POST", "/api/v1/api_keys", "{}")).status == 400U);
    BOOST_TEST(answer(ask("DELETE", "/api/v1/api_keys")).status == 400U);
    BOOST_TEST(answer(ask("PATCH", "/api/v1/api_keys", "{\"id\":\"\xFF\"}")).status == 400U);
    BOOST_TEST(service.store().journal().empty());
}

BOOST_AUTO_TEST_CASE(a_body_must_say_that_it_is_json)
{
    request asked = update();
    asked.content_type = "text/plain";
    BOOST_TEST(answer(asked).status == 415U);
    asked.content_type = "";
    BOOST_TEST(answer(asked).status == 415U);
    asked.content_type = "Application/JSON ; charset=utf-8";
    BOOST_TEST(answer(asked).status == 200U);
}

BOOST_AUTO_TEST_CASE(only_the_good_token_is_let_in)
{
    request asked = update();
    for (const char* bad :
         {"", "good", "Bearer", "Bearer ", "Bearer wrong", "Basic good", "Bearer good2", "Bearergood"}) {
        asked.authorization = bad;
        BOOST_TEST(answer(asked).status == 401U, bad);
    }
    BOOST_TEST(service.store().journal().empty());
    asked.authorization = "bearer good";
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

BOOST_AUTO_TEST_CASE(every_answer_has_a_request_id_of_its_own)
{
    std::set<std::string> ids;
    for (int i = 0; i < 10; ++i)
        ids.insert(answer(ask("GET", "/api/v1/api_keys")).request_id);
    BOOST_TEST(ids.size() == 10U);
    BOOST_TEST(!ids.contains(""));
}

BOOST_AUTO_TEST_CASE(more_than_20_failures_in_30_s_block_good_requests_too)
{
    const request bad = ask("GET", "/api/v1/api_keys/none");
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(answer(bad, noon + 1s * i).status == 404U);
    BOOST_TEST(answer(update(), noon + 20s).status == 200U);
    BOOST_TEST(answer(bad, noon + 20s).status == 404U);
    const reply blocked = answer(update(), noon + 21s);
    BOOST_TEST(blocked.status == 429U);
    BOOST_TEST(blocked.body.find("Too many failed attempts (> 20)") != std::string::npos);
    BOOST_TEST(blocked.retry_after == "29");
    BOOST_TEST(answer(update(), noon + 49s).status == 429U);
    BOOST_TEST(answer(update(), noon + 50s).status == 200U);
}

BOOST_AUTO_TEST_CASE(asking_while_blocked_does_not_make_it_longer)
{
    for (int i = 0; i < 21; ++i)
        answer(ask("GET", "/none"));
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(answer(update(), noon + 29s).status == 429U);
    BOOST_TEST(answer(update(), noon + 30s).status == 200U);
}

BOOST_AUTO_TEST_CASE(failures_with_a_bad_token_block_that_token_alone)
{
    request bad = update();
    bad.authorization = "Bearer wrong";
    for (int i = 0; i < 21; ++i)
        BOOST_TEST(answer(bad).status == 401U);
    BOOST_TEST(answer(bad).status == 429U);
    BOOST_TEST(answer(update()).status == 200U);
    bad.authorization = "";
    BOOST_TEST(answer(bad).status == 401U);
}

BOOST_AUTO_TEST_CASE(without_limits_nobody_is_blocked)
{
    resource free{resource_options{"good", 1, false, 3}};
    for (int i = 0; i < 50; ++i)
        BOOST_TEST(free.answer(ask("GET", "/none"), noon, effect::real).status == 404U);
    BOOST_TEST(free.answer(ask("GET", "/api/v1/api_keys"), noon, effect::real).status == 200U);
}

BOOST_AUTO_TEST_CASE(requests_over_the_rate_are_refused_until_the_minute_is_over)
{
    resource slow{resource_options{"good", 1, true, 3}};
    const request asked = ask("GET", "/api/v1/api_keys");
    for (unsigned left = 3; left-- > 0;) {
        const reply good = slow.answer(asked, noon + 10s, effect::real);
        BOOST_TEST(good.status == 200U);
        BOOST_TEST(good.rate->remaining == left);
    }
    const reply refused = slow.answer(asked, noon + 10s, effect::real);
    BOOST_TEST(refused.status == 429U);
    BOOST_TEST(refused.retry_after == "50");
    BOOST_TEST(refused.rate->remaining == 0U);
    BOOST_TEST(slow.answer(asked, noon + 60s, effect::real).status == 200U);
}

BOOST_AUTO_TEST_CASE(a_rate_of_zero_sends_no_rate_and_refuses_nothing)
{
    resource quiet{resource_options{"good", 1, true, 0}};
    const reply good = quiet.answer(ask("GET", "/api/v1/api_keys"), noon, effect::real);
    BOOST_TEST(good.status == 200U);
    BOOST_TEST(!good.rate.has_value());
}

BOOST_AUTO_TEST_CASE(creations_are_refused_over_20_a_minute_and_over_500_keys)
{
    const request create = ask("POST", "/api/v1/api_keys", R"({"apiKeyType":"ADMIN","description":"d"})");
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(answer(create).status == 200U);
    const reply refused = answer(create);
    BOOST_TEST(refused.status == 429U);
    BOOST_TEST(refused.retry_after == "60");
    service.store().populate(478, noon);
    BOOST_TEST(answer(create, noon + 2min).status == 400U);
}

BOOST_AUTO_TEST_CASE(an_answer_without_effect_looks_the_same_and_changes_nothing)
{
    const reply shown = service.answer(update(), noon, effect::none);
    BOOST_TEST(data_of(shown).at("description").as_string() == "new");
    BOOST_TEST(service.store().journal().empty());
    service.apply(update(), noon);
    BOOST_TEST(service.store().journal().size() == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_is_applied_for_a_bad_token_or_a_blocked_one)
{
    request bad = update();
    bad.authorization = "Bearer wrong";
    service.apply(bad, noon);
    BOOST_TEST(service.store().journal().empty());
    for (int i = 0; i < 21; ++i)
        answer(ask("GET", "/none"));
    service.apply(update(), noon);
    BOOST_TEST(service.store().journal().empty());
}

BOOST_AUTO_TEST_CASE(failures_that_faults_answer_count_like_any_others)
{
    for (int i = 0; i < 21; ++i)
        BOOST_TEST(service.answer_with(update(), 503, "", noon).status == 503U);
    BOOST_TEST(answer(update()).status == 429U);
}

BOOST_AUTO_TEST_CASE(the_limits_are_told_to_the_good_token_alone)
{
    const reply limits = answer(ask("GET", "/api/v1/api_keys/rate_limits"));
    BOOST_TEST(limits.status == 200U);
    BOOST_TEST(data_of(limits).at("nextEpochBegins").as_string() == "2026-11-24T00:00:00.000Z");
    BOOST_TEST(data_of(limits).at("rateLimits").at(0).at("rateLimits").at(0).at("amount").as_int64() == 1000);
    BOOST_TEST(answer(ask("HEAD", "/api/v1/api_keys/rate_limits")).body == limits.body);
    request stranger = ask("GET", "/api/v1/api_keys/rate_limits");
    stranger.authorization = "";
    BOOST_TEST(answer(stranger).status == 401U);
    stranger.target += "/log";
    BOOST_TEST(answer(stranger).status == 401U);
    for (const char* path : {"/api/v1/api_keys/rate_limits", "/api/v1/api_keys/rate_limits/log"}) {
        const reply wrong = answer(ask("POST", path, "{}"));
        BOOST_TEST(wrong.status == 405U, path);
        BOOST_TEST(wrong.allow == "GET, HEAD", path);
    }
}

BOOST_AUTO_TEST_CASE(what_the_account_exceeded_is_in_the_log)
{
    resource slow{resource_options{"good", 1, true, 21}};
    const request log = ask("GET", "/api/v1/api_keys/rate_limits/log");
    const auto types = [&](timestamp when) {
        std::string out;
        const json::value entries = data_of(slow.answer(log, when, effect::real));
        for (const json::value& each : entries.as_array())
            out += std::string{each.at("rateLimitType").as_string()} + ' ';
        return out;
    };
    BOOST_TEST(types(noon) == "");
    for (int i = 0; i < 22; ++i)
        slow.answer(ask("GET", "/api/v1/api_keys"), noon + 1s, effect::real);
    BOOST_TEST(types(noon + 1min) == "RPM RPM ");
    for (int i = 0; i < 21; ++i)
        slow.answer(ask("GET", "/none"), noon + 2min, effect::real);
    BOOST_TEST(types(noon + 3min) == "FAILED_REQUESTS RPM RPM ");
}

BOOST_AUTO_TEST_CASE(neither_a_stranger_nor_a_limit_that_is_not_enforced_gets_into_the_log)
{
    const request log = ask("GET", "/api/v1/api_keys/rate_limits/log");
    request stranger = update();
    stranger.authorization = "Bearer wrong";
    for (int i = 0; i < 21; ++i)
        answer(stranger);
    BOOST_TEST(service.lockouts() == 1U);
    BOOST_TEST(data_of(answer(log)).as_array().empty());
    resource free{resource_options{"good", 1, false, 2}};
    for (int i = 0; i < 30; ++i)
        free.answer(ask("GET", "/none"), noon, effect::real);
    BOOST_TEST(data_of(free.answer(log, noon, effect::real)).as_array().empty());
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

BOOST_AUTO_TEST_CASE(a_lock_out_is_counted_once_and_only_where_it_is_enforced)
{
    for (int i = 0; i < 50; ++i)
        answer(ask("GET", "/none"));
    BOOST_TEST(service.lockouts() == 1U);
    request stranger = update();
    stranger.authorization = "";
    for (int i = 0; i < 50; ++i)
        answer(stranger);
    BOOST_TEST(service.lockouts() == 2U);
    resource free{resource_options{"good", 1, false, 1000}};
    for (int i = 0; i < 50; ++i)
        free.answer(ask("GET", "/none"), noon, effect::real);
    BOOST_TEST(free.lockouts() == 0U);
}

BOOST_AUTO_TEST_CASE(an_answer_of_a_fault_carries_its_retry_after_and_the_rate)
{
    const reply answer = service.answer_with(update(), 429, "Sun, 06 Nov 1994 08:49:37 GMT", noon);
    BOOST_TEST(answer.retry_after == "Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_TEST(answer.rate->remaining == 999U);
    BOOST_TEST(service.answer_with(update(), 429, "", noon).retry_after.empty());
}

BOOST_AUTO_TEST_SUITE_END()
