#include "policy/retry.hpp"

#include "support/printing.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_policy_retry)

using namespace venice_keys::policy;
using namespace std::chrono_literals;

namespace {

std::vector<std::chrono::microseconds> pauses(std::uint64_t seed)
{
    jitter pause(100ms, 5s, seed);
    std::vector<std::chrono::microseconds> all;
    for (unsigned failures = 1; failures <= 20; ++failures)
        all.push_back(pause.after(failures));
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_pause_is_within_a_range_that_doubles_with_each_failure_up_to_the_longest)
{
    jitter pause(100ms, 5s, 1);
    std::chrono::microseconds range = 100ms;
    for (unsigned failures = 1; failures < 80; ++failures) {
        for (int i = 0; i < 100; ++i) {
            const auto picked = pause.after(failures);
            BOOST_TEST_REQUIRE(picked >= 0us);
            BOOST_TEST_REQUIRE(picked <= range);
        }
        range = std::min<std::chrono::microseconds>(2 * range, 5s);
    }
}

BOOST_AUTO_TEST_CASE(pauses_are_spread_over_their_whole_range)
{
    for (const auto& [failures, range] : {std::pair{1U, 100ms}, {2U, 200ms}, {6U, 3'200ms}, {7U, 5'000ms}}) {
        jitter pause(100ms, 5s, failures);
        bool low = false;
        bool high = false;
        for (int i = 0; i < 1000; ++i) {
            const auto picked = pause.after(failures);
            low = low || picked < range / 20;
            high = high || picked > range / 20 * 19;
        }
        BOOST_TEST(low);
        BOOST_TEST(high);
    }
}

BOOST_AUTO_TEST_CASE(pauses_are_finer_than_a_millisecond)
{
    jitter pause(1ms, 1ms, 5);
    bool fraction = false;
    for (int i = 0; i < 100; ++i)
        fraction = fraction || pause.after(1) % 1ms != 0us;
    BOOST_TEST(fraction);
}

BOOST_AUTO_TEST_CASE(before_any_failure_the_range_is_that_of_the_first)
{
    jitter pause(100ms, 5s, 1);
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(pause.after(0) <= 100ms);
}

BOOST_AUTO_TEST_CASE(no_base_means_no_pause)
{
    jitter pause(0ms, 5s, 1);
    for (unsigned failures = 1; failures < 40; ++failures)
        BOOST_TEST(pause.after(failures) == 0us);
}

BOOST_AUTO_TEST_CASE(the_largest_settings_and_counts_do_not_overflow)
{
    jitter pause(24h, 24h, 1);
    for (const unsigned failures : {1U, 31U, 32U, 33U, 1'000U, std::numeric_limits<unsigned>::max()})
        for (int i = 0; i < 100; ++i) {
            const auto picked = pause.after(failures);
            BOOST_TEST(picked >= 0us);
            BOOST_TEST(picked <= 24h);
        }
}

BOOST_AUTO_TEST_CASE(one_seed_gives_one_series_of_pauses_and_another_gives_another)
{
    BOOST_TEST(pauses(7) == pauses(7));
    BOOST_TEST(pauses(7) != pauses(8));
}

BOOST_AUTO_TEST_CASE(only_a_loss_without_an_answer_costs_an_attempt)
{
    attempts count;
    for (int i = 0; i < 100; ++i)
        count.lost(loss::after_answers);
    BOOST_TEST(count.charged() == 0u);
    BOOST_TEST(count.left(1));
    count.lost(loss::no_answer);
    BOOST_TEST(count.charged() == 1u);
    BOOST_TEST(!count.left(1));
    BOOST_TEST(count.left(2));
    count.lost(loss::no_answer);
    BOOST_TEST(!count.left(2));
    BOOST_TEST(count.left(3));
}

BOOST_AUTO_TEST_CASE(a_refusal_costs_an_attempt_as_well)
{
    attempts count;
    count.refused();
    count.lost(loss::no_answer);
    count.refused();
    BOOST_TEST(count.charged() == 3u);
    BOOST_TEST(!count.left(3));
    BOOST_TEST(count.left(4));
}

BOOST_AUTO_TEST_CASE(a_budget_is_as_large_as_it_is_said_to_be)
{
    for (const unsigned size : {0u, 1u, 5u, 100u}) {
        retry_budget budget(size);
        for (unsigned i = 0; i < size; ++i)
            BOOST_TEST(budget.spend());
        BOOST_TEST(!budget.spend());
        BOOST_TEST(!budget.spend());
    }
}

BOOST_AUTO_TEST_CASE(a_retry_and_a_loss_without_an_answer_cost_the_same)
{
    retry_budget budget(2);
    BOOST_TEST(budget.spend());
    BOOST_TEST(budget.spend(loss::no_answer));
    BOOST_TEST(!budget.spend());
    BOOST_TEST(!budget.spend(loss::no_answer));
}

BOOST_AUTO_TEST_CASE(a_loss_after_answers_is_free_also_with_nothing_left)
{
    retry_budget budget(1);
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(budget.spend(loss::after_answers));
    BOOST_TEST(budget.spend());
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(budget.spend(loss::after_answers));
}

BOOST_AUTO_TEST_CASE(ten_successes_give_one_back)
{
    retry_budget budget(1);
    BOOST_TEST(budget.spend());
    for (int i = 0; i < 9; ++i)
        budget.succeeded();
    BOOST_TEST(!budget.spend());
    budget.succeeded();
    BOOST_TEST(budget.spend());
    BOOST_TEST(!budget.spend());
}

BOOST_AUTO_TEST_CASE(a_refused_spend_takes_nothing)
{
    retry_budget budget(1);
    BOOST_TEST(budget.spend());
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST(!budget.spend());
        budget.succeeded();
    }
    BOOST_TEST(budget.spend());
}

BOOST_AUTO_TEST_CASE(successes_fill_it_up_to_its_size_and_no_further)
{
    retry_budget budget(2);
    for (int i = 0; i < 1000; ++i)
        budget.succeeded();
    BOOST_TEST(budget.spend());
    BOOST_TEST(budget.spend());
    BOOST_TEST(!budget.spend());
}

BOOST_AUTO_TEST_CASE(the_largest_budget_does_not_overflow)
{
    retry_budget budget(1'000'000);
    for (int i = 0; i < 1'000'000; ++i)
        BOOST_TEST_REQUIRE(budget.spend());
    BOOST_TEST(!budget.spend());
}

BOOST_AUTO_TEST_SUITE_END()
