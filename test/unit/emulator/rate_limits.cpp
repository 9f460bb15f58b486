#include "emulator/rate_limits.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace {

using namespace std::chrono_literals;
using venice_keys::timestamp;
using venice_keys::emulation::rate_limits_body;

const timestamp midnight = std::chrono::sys_days{2026y / 12 / 31};

std::string next_epoch(timestamp now)
{
    const boost::json::value body = boost::json::parse(rate_limits_body(1, now));
    return std::string{body.at("data").at("nextEpochBegins").as_string()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(unit_emulator_rate_limits)

BOOST_AUTO_TEST_CASE(it_tells_tier_balances_and_the_limits_of_each_model)
{
    BOOST_TEST(rate_limits_body(500, midnight) ==
               R"({"data":{"accessPermitted":true,"apiTier":{"id":"paid","isCharged":true},)"
               R"("balances":{"USD":50.23,"DIEM":100.023},"keyExpiration":null,)"
               R"("nextEpochBegins":"2027-01-01T00:00:00.000Z","rateLimits":[)"
               R"({"apiModelId":"emulated-text","rateLimits":[{"amount":500,"type":"RPM"},)"
               R"({"amount":1000000,"type":"TPM"}]},)"
               R"({"apiModelId":"emulated-image","rateLimits":[{"amount":500,"type":"RPM"}]}]}})");
}

BOOST_AUTO_TEST_CASE(without_requests_a_minute_there_is_no_such_limit)
{
    const std::string body = rate_limits_body(0, midnight);
    BOOST_TEST(body.find("RPM") == std::string::npos);
    const boost::json::value parsed = boost::json::parse(body);
    BOOST_TEST(parsed.at("data").at("rateLimits").at(0).at("rateLimits").as_array().size() == 1U);
    BOOST_TEST(parsed.at("data").at("rateLimits").at(1).at("rateLimits").as_array().empty());
}

BOOST_AUTO_TEST_CASE(the_next_epoch_begins_at_the_next_midnight_utc)
{
    BOOST_TEST(next_epoch(midnight - 1ms) == "2026-12-31T00:00:00.000Z");
    BOOST_TEST(next_epoch(midnight) == "2027-01-01T00:00:00.000Z");
    BOOST_TEST(next_epoch(midnight + 23h + 59min) == "2027-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_SUITE_END()
