#include "emulator/limit_log.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_limit_log)

namespace {

using namespace std::chrono_literals;
using venice_keys::timestamp;
using venice_keys::emulation::limit_log;

const timestamp noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;

} // namespace

BOOST_AUTO_TEST_CASE(it_is_a_list_with_the_newest_first)
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

BOOST_AUTO_TEST_CASE(it_keeps_the_last_fifty)
{
    limit_log log;
    for (int i = 0; i < 60; ++i)
        log.record(limit_log::limit::requests_per_minute, "a", noon + std::chrono::seconds{i});
    const boost::json::array entries = boost::json::parse(log.body()).at("data").as_array();
    BOOST_REQUIRE(entries.size() == 50U);
    BOOST_TEST(entries.front().at("timestamp").as_string() == "2026-11-23T12:00:59.000Z");
    BOOST_TEST(entries.back().at("timestamp").as_string() == "2026-11-23T12:00:10.000Z");
}

BOOST_AUTO_TEST_SUITE_END()
