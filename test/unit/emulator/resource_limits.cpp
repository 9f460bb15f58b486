// The limits of the resource: the error budget, requests and creations a minute, and the log.
#include "support/printing.hpp"
#include "unit/emulator/resource_fixture.hpp"

#include <chrono>
#include <string>

namespace unit_emulator_resource_limits {

using namespace std::chrono_literals;
using namespace venice_keys;
using namespace venice_keys::emulation;
namespace json = boost::json;
using test::noon;

} // namespace unit_emulator_resource_limits

BOOST_FIXTURE_TEST_SUITE(unit_emulator_resource_limits, test::resource_fixture)

BOOST_AUTO_TEST_CASE(more_than_50_client_errors_block_whatever_is_asked_with_that_key)
{
    const request bad = ask("GET", "/api/v1/api_keys/none");
    for (unsigned i = 0; i < 50; ++i) {
        const reply refused = answer(bad, noon + 100ms * i);
        BOOST_TEST(refused.status == 400U);
        BOOST_TEST(refused.budget->remaining == 49 - i);
        BOOST_TEST(refused.budget->resets == noon + 30s);
    }
    const reply good = answer(update(), noon + 20s);
    BOOST_TEST(good.status == 200U);
    BOOST_TEST(good.budget->remaining == 0U);
    BOOST_TEST(answer(bad, noon + 20s).status == 400U);
    const reply blocked = answer(update(), noon + 21s);
    BOOST_TEST(blocked.status == 429U);
    BOOST_TEST(blocked.body.find("Too many failed attempts (> 50) resulting in a non-success status code. Please wait "
                                 "30 seconds and try again.") != std::string::npos);
    BOOST_TEST(blocked.retry_after.empty());
    BOOST_TEST(blocked.budget->resets == noon + 30s);
    BOOST_TEST(answer(update(), noon + 30s - 1ms).status == 429U);
    BOOST_TEST(answer(update(), noon + 30s).status == 200U);
    BOOST_TEST(answer(update(), noon + 30s).budget->remaining == 50U);
}

BOOST_AUTO_TEST_CASE(what_is_no_client_error_of_the_key_costs_nothing)
{
    service.answer_with(update(), {500, "", ""}, noon);
    service.answer_with(update(), {503, "", ""}, noon);
    service.answer_with(update(), {429, "", ""}, noon);
    request plain = update();
    plain.content_type = "text/plain";
    answer(plain);
    answer(ask("PATCH", "/api/v1/api_keys", "{"));
    request nobody = update();
    nobody.authorization = "";
    answer(nobody);
    BOOST_TEST(answer(update()).budget->remaining == 50U);
    service.answer_with(update(), {404, "", ""}, noon);
    BOOST_TEST(answer(update()).budget->remaining == 49U);
}

BOOST_AUTO_TEST_CASE(by_the_older_rules_20_failures_of_any_status_are_forgiven)
{
    resource older{resource_options{.token = "good", .error_budget = 20, .every_failure_counts = true}};
    BOOST_TEST(older.answer(ask("PATCH", "/api/v1/api_keys", "{"), noon, effect::real).status == 400U);
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(older.answer_with(update(), {503, "", ""}, noon).status == 503U);
    const reply blocked = older.answer(update(), noon, effect::real);
    BOOST_TEST(blocked.status == 429U);
    BOOST_TEST(blocked.body.find("(> 20)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_budget_is_told_where_a_known_token_is_needed_and_only_if_wanted)
{
    BOOST_TEST(answer(ask("GET", "/api/v1/api_keys/rate_limits")).budget.has_value());
    BOOST_TEST(!answer(ask("GET", "/api/v1/api_keys/generate_web3_key")).budget.has_value());
    BOOST_TEST(!answer(update("", "wrong")).budget.has_value());
    resource quiet{resource_options{.token = "good", .budget_headers = false}};
    BOOST_TEST(!quiet.answer(ask("GET", "/api/v1/api_keys"), noon, effect::real).budget.has_value());
    resource free{resource_options{.token = "good", .enforce_limits = false}};
    BOOST_TEST(!free.answer(ask("GET", "/api/v1/api_keys"), noon, effect::real).budget.has_value());
}

BOOST_AUTO_TEST_CASE(asking_while_blocked_does_not_make_it_longer)
{
    for (int i = 0; i < 51; ++i)
        answer(ask("GET", "/none"));
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(answer(update(), noon + 29s).status == 429U);
    BOOST_TEST(answer(update(), noon + 30s).status == 200U);
}

BOOST_AUTO_TEST_CASE(failures_with_a_bad_token_block_that_token_alone)
{
    request bad = update();
    bad.authorization = "Bearer wrong";
    for (int i = 0; i < 51; ++i)
        BOOST_TEST(answer(bad).status == 401U);
    BOOST_TEST(answer(bad).status == 429U);
    BOOST_TEST(answer(update()).status == 200U);
    bad.authorization = "";
    BOOST_TEST(answer(bad).status == 402U);
}

BOOST_AUTO_TEST_CASE(without_limits_nobody_is_blocked)
{
    resource free{resource_options{"good", 1, false, 3}};
    for (int i = 0; i < 60; ++i)
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
    const reply full = answer(create, noon + 2min);
    BOOST_TEST(full.status == 400U);
    BOOST_TEST(json::parse(full.body).at("issues").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_is_applied_for_a_bad_token_or_a_blocked_one)
{
    request bad = update();
    bad.authorization = "Bearer wrong";
    service.apply(bad, noon);
    BOOST_TEST(service.store().journal().empty());
    for (int i = 0; i < 51; ++i)
        answer(ask("GET", "/none"));
    service.apply(update(), noon);
    BOOST_TEST(service.store().journal().empty());
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
    BOOST_TEST(answer(stranger).status == 402U);
    stranger.target += "/log";
    BOOST_TEST(answer(stranger).status == 402U);
    for (const char* path : {"/api/v1/api_keys/rate_limits", "/api/v1/api_keys/rate_limits/log"}) {
        const reply wrong = answer(ask("POST", path, "{}"));
        BOOST_TEST(wrong.status == 405U, path);
        BOOST_TEST(wrong.allow == "GET, HEAD", path);
    }
}

BOOST_AUTO_TEST_CASE(what_the_account_exceeded_is_in_the_log)
{
    resource slow{resource_options{"good", 1, true, 60}};
    const request log = ask("GET", "/api/v1/api_keys/rate_limits/log");
    const auto types = [&](timestamp when) {
        std::string out;
        const json::value entries = data_of(slow.answer(log, when, effect::real));
        for (const json::value& each : entries.as_array())
            out += std::string{each.at("rateLimitType").as_string()} + ' ';
        return out;
    };
    BOOST_TEST(types(noon) == "");
    for (int i = 0; i < 61; ++i)
        slow.answer(ask("GET", "/api/v1/api_keys"), noon + 1s, effect::real);
    BOOST_TEST(types(noon + 1min) == "RPM RPM ");
    for (int i = 0; i < 51; ++i)
        slow.answer(ask("GET", "/none"), noon + 2min, effect::real);
    BOOST_TEST(types(noon + 3min) == "FAILED_REQUESTS RPM RPM ");
}

BOOST_AUTO_TEST_CASE(neither_a_stranger_nor_a_limit_that_is_not_enforced_gets_into_the_log)
{
    const request log = ask("GET", "/api/v1/api_keys/rate_limits/log");
    request stranger = update();
    stranger.authorization = "Bearer wrong";
    for (int i = 0; i < 51; ++i)
        answer(stranger);
    BOOST_TEST(service.lockouts() == 1U);
    BOOST_TEST(data_of(answer(log)).as_array().empty());
    resource free{resource_options{"good", 1, false, 2}};
    for (int i = 0; i < 60; ++i)
        free.answer(ask("GET", "/none"), noon, effect::real);
    BOOST_TEST(data_of(free.answer(log, noon, effect::real)).as_array().empty());
}

BOOST_AUTO_TEST_CASE(a_lock_out_is_counted_once_and_only_where_it_is_enforced)
{
    for (int i = 0; i < 100; ++i)
        answer(ask("GET", "/none"));
    BOOST_TEST(service.lockouts() == 1U);
    for (int i = 0; i < 100; ++i)
        answer(update("", "wrong"));
    BOOST_TEST(service.lockouts() == 2U);
    resource free{resource_options{"good", 1, false, 1000}};
    for (int i = 0; i < 100; ++i)
        free.answer(ask("GET", "/none"), noon, effect::real);
    BOOST_TEST(free.lockouts() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
