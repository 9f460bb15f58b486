#include "emulator/limits.hpp"

#include "support/printing.hpp"

#include <chrono>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_limits)

namespace {

using namespace std::chrono_literals;
using venice_keys::timestamp;
using venice_keys::emulation::error_budget;
using venice_keys::emulation::request_meter;

const timestamp noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;

} // namespace

BOOST_AUTO_TEST_CASE(the_failure_after_the_last_forgiven_one_spends_it_until_the_window_is_over)
{
    error_budget budget{20};
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(!budget.charge("a", noon + std::chrono::seconds{i}));
    BOOST_TEST(!budget.spent("a", noon + 19s));
    BOOST_TEST(budget.charge("a", noon + 20s));
    BOOST_TEST(budget.spent("a", noon + 20s));
    BOOST_TEST(budget.spent("a", noon + 30s - 1ms));
    BOOST_TEST(!budget.spent("a", noon + 30s));
}

BOOST_AUTO_TEST_CASE(what_is_left_and_until_when_is_told)
{
    error_budget budget{3};
    BOOST_TEST(budget.left("a", noon).remaining == 3U);
    BOOST_TEST(budget.left("a", noon).resets == noon + 30s);
    budget.charge("a", noon + 5s);
    budget.charge("a", noon + 10s);
    BOOST_TEST(budget.left("a", noon + 12s).remaining == 1U);
    BOOST_TEST(budget.left("a", noon + 12s).resets == noon + 35s);
    for (int i = 0; i < 5; ++i)
        budget.charge("a", noon + 13s);
    BOOST_TEST(budget.left("a", noon + 14s).remaining == 0U);
    BOOST_TEST(budget.left("a", noon + 35s).remaining == 3U);
}

BOOST_AUTO_TEST_CASE(after_a_window_the_count_begins_anew)
{
    error_budget budget{20};
    for (int i = 0; i < 21; ++i)
        budget.charge("a", noon);
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(!budget.charge("a", noon + 30s));
    BOOST_TEST(!budget.spent("a", noon + 30s));
    BOOST_TEST(budget.charge("a", noon + 31s));
}

BOOST_AUTO_TEST_CASE(only_the_failure_that_spends_it_says_so)
{
    error_budget budget{20};
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(!budget.charge("a", noon));
    BOOST_TEST(budget.charge("a", noon));
    for (int i = 0; i < 42; ++i)
        BOOST_TEST(!budget.charge("a", noon + 1s));
}

BOOST_AUTO_TEST_CASE(one_token_does_not_spend_anothers)
{
    error_budget budget{20};
    for (int i = 0; i < 21; ++i)
        budget.charge("a", noon);
    BOOST_TEST(budget.spent("a", noon));
    BOOST_TEST(!budget.spent("b", noon));
    BOOST_TEST(budget.left("b", noon).remaining == 20U);
}

BOOST_AUTO_TEST_CASE(a_flood_of_tokens_does_not_free_a_blocked_one)
{
    error_budget budget{20};
    for (int i = 0; i < 21; ++i)
        budget.charge("a", noon);
    for (int i = 0; i < 3000; ++i)
        budget.charge("flood " + std::to_string(i), noon + 1s);
    BOOST_TEST(budget.spent("a", noon + 2s));
}

BOOST_AUTO_TEST_CASE(the_meter_counts_down_and_begins_anew_each_minute)
{
    request_meter meter{2};
    auto left = meter.take(noon + 10s);
    BOOST_TEST(!left.exceeded);
    BOOST_TEST(left.limit == 2U);
    BOOST_TEST(left.remaining == 1U);
    BOOST_TEST(left.reset == std::chrono::floor<std::chrono::seconds>(noon + 60s));
    left = meter.take(noon + 20s);
    BOOST_TEST(!left.exceeded);
    BOOST_TEST(left.remaining == 0U);
    left = meter.take(noon + 59s);
    BOOST_TEST(left.exceeded);
    BOOST_TEST(left.remaining == 0U);
    left = meter.take(noon + 60s);
    BOOST_TEST(!left.exceeded);
    BOOST_TEST(left.remaining == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
