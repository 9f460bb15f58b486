#include "emulator/rate_limits.hpp"

#include "support/printing.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_rate_limits)

namespace {

using namespace std::chrono_literals;
using venice_keys::timestamp;
using venice_keys::emulation::limit_log;
using venice_keys::emulation::rate_limits_body;
using venice_keys::emulation::stored_key;

const timestamp noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;
const timestamp midnight = std::chrono::sys_days{2026y / 12 / 31};

std::string next_epoch(timestamp now)
{
    const boost::json::value body = boost::json::parse(rate_limits_body(1, nullptr, now));
    return std::string{body.at("data").at("nextEpochBegins").as_string()};
}

} // namespace

BOOST_AUTO_TEST_CASE(it_tells_tier_balances_and_the_limits_of_each_model)
{
    BOOST_TEST(rate_limits_body(500, nullptr, midnight) ==
               R"({"data":{"accessPermitted":true,"apiTier":{"id":"paid","isCharged":true},)"
               R"("balances":{"USD":50.23,"DIEM":100.023,"BUNDLED_CREDITS":12.5},"keyExpiration":null,)"
               R"("nextEpochBegins":"2027-01-01T00:00:00.000Z","rateLimits":[)"
               R"({"apiModelId":"emulated-text","rateLimits":[{"amount":500,"type":"RPM"},)"
               R"({"amount":1000000,"type":"TPM"}]},)"
               R"({"apiModelId":"emulated-image","rateLimits":[{"amount":500,"type":"RPM"}]}]}})");
}

BOOST_AUTO_TEST_CASE(without_requests_a_minute_it_tells_some)
{
    BOOST_TEST(rate_limits_body(0, nullptr, midnight) == rate_limits_body(500, nullptr, midnight));
}

BOOST_AUTO_TEST_CASE(balances_are_what_the_calling_key_may_still_spend)
{
    stored_key caller;
    caller.key.limits.usd = 10.0;
    caller.key.expires_at = midnight + 24h;
    caller.usage.usd = 7 * 20'000; // two a period
    const auto told = [&] {
        return boost::json::parse(rate_limits_body(0, &caller, midnight)).at("data");
    };
    BOOST_TEST(told().at("balances").at("USD").to_number<double>() == 8.0);
    BOOST_TEST(told().at("balances").at("BUNDLED_CREDITS").to_number<double>() == 8.0);
    BOOST_TEST(told().at("balances").at("DIEM").to_number<double>() == 100.023);
    BOOST_TEST(told().at("accessPermitted").as_bool());
    BOOST_TEST(told().at("keyExpiration").as_string() == "2027-01-01T00:00:00.000Z");
    caller.key.limits.usd = 1.0; // less than was used
    caller.key.limits.diem = 0.0;
    BOOST_TEST(told().at("balances").at("USD").to_number<double>() == 0.0);
    BOOST_TEST(!told().at("accessPermitted").as_bool());
}

BOOST_AUTO_TEST_CASE(the_next_epoch_begins_at_the_next_midnight_utc)
{
    BOOST_TEST(next_epoch(midnight - 1ms) == "2026-12-31T00:00:00.000Z");
    BOOST_TEST(next_epoch(midnight) == "2027-01-01T00:00:00.000Z");
    BOOST_TEST(next_epoch(midnight + 23h + 59min) == "2027-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(the_log_is_a_list_with_the_newest_first)
{
    limit_log log;
    BOOST_TEST(log.body() == R"({"object":"list","data":[]})");
    log.record(limit_log::limit::requests_per_minute, "first", noon);
    log.record(limit_log::limit::failures, "second", noon + 1s);
    BOOST_TEST(log.body() ==
               R"({"object":"list","data":[)"
               R"({"apiKeyId":"second","modelId":"emulated-text",)"
               R"("rateLimitTier":"paid","rateLimitType":"FAILED_REQUESTS","timestamp":"2026-11-23T12:00:01.000Z"},)"
               R"({"apiKeyId":"first","modelId":"emulated-text",)"
               R"("rateLimitTier":"paid","rateLimitType":"RPM","timestamp":"2026-11-23T12:00:00.000Z"}]})");
}

BOOST_AUTO_TEST_CASE(the_log_keeps_the_last_fifty)
{
    limit_log log;
    for (int i = 0; i < 60; ++i)
        log.record(limit_log::limit::requests_per_minute, "a", noon + std::chrono::seconds{i});
    const boost::json::array entries = boost::json::parse(log.body()).at("data").as_array();
    BOOST_TEST_REQUIRE(entries.size() == 50U);
    BOOST_TEST(entries.front().at("timestamp").as_string() == "2026-11-23T12:00:59.000Z");
    BOOST_TEST(entries.back().at("timestamp").as_string() == "2026-11-23T12:00:10.000Z");
}

BOOST_AUTO_TEST_SUITE_END()
