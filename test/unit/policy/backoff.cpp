#include "policy/backoff.hpp"

#include "support/printing.hpp"

#include <vector>

BOOST_AUTO_TEST_SUITE(unit_policy_backoff)

using namespace venice_keys::policy;
using namespace std::chrono_literals;

namespace {

const time_point now{1h};

std::vector<std::chrono::microseconds> delays(std::uint64_t seed, std::size_t count)
{
    backoff wait(100ms, 5s, seed);
    std::vector<std::chrono::microseconds> all;
    for (std::size_t i = 0; i < count; ++i) {
        wait.failed(now);
        all.push_back(std::chrono::duration_cast<std::chrono::microseconds>(wait.not_before() - now));
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(without_a_failure_there_is_no_wait)
{
    const backoff wait(100ms, 5s, 1);
    BOOST_TEST(!wait.waiting());
    BOOST_TEST(wait.not_before() <= now);
}

BOOST_AUTO_TEST_CASE(a_wait_is_within_a_range_that_doubles_up_to_its_cap)
{
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        std::chrono::microseconds range = 100ms;
        for (const auto delay : delays(seed, 80)) {
            BOOST_TEST(delay >= 0us);
            BOOST_TEST(delay <= range);
            range = std::min<std::chrono::microseconds>(2 * range, 5s);
        }
    }
}

BOOST_AUTO_TEST_CASE(waits_are_spread_over_their_whole_range)
{
    constexpr std::size_t many = 1000;
    std::chrono::microseconds first{0};
    std::chrono::microseconds tenth{0};
    bool low = false;
    bool high = false;
    for (std::uint64_t seed = 0; seed < many; ++seed) {
        const auto all = delays(seed, 10);
        first += all[0];
        tenth += all[9];
        low = low || all[9] < 100ms;
        high = high || all[9] > 4900ms;
    }
    BOOST_TEST((first / many) > 45ms);
    BOOST_TEST((first / many) < 55ms); // around half of it
    BOOST_TEST((tenth / many) > 2300ms);
    BOOST_TEST((tenth / many) < 2700ms);
    BOOST_TEST(low);
    BOOST_TEST(high);
}

BOOST_AUTO_TEST_CASE(one_seed_gives_one_series_and_another_gives_another)
{
    BOOST_TEST(delays(7, 20) == delays(7, 20));
    BOOST_TEST(delays(7, 20) != delays(8, 20));
}

BOOST_AUTO_TEST_CASE(a_success_ends_the_wait_and_starts_the_range_anew)
{
    backoff wait(100ms, 5s, 3);
    for (int i = 0; i < 10; ++i)
        wait.failed(now);
    BOOST_TEST(wait.waiting());
    wait.succeeded();
    BOOST_TEST(!wait.waiting());
    BOOST_TEST(wait.not_before() <= now);
    for (int i = 0; i < 100; ++i) {
        wait.failed(now);
        BOOST_TEST(wait.not_before() <= now + 100ms);
        wait.succeeded();
    }
}

BOOST_AUTO_TEST_CASE(a_base_above_the_cap_is_cut_to_it)
{
    backoff wait(24h, 1ms, 3);
    for (int i = 0; i < 100; ++i) {
        wait.failed(now);
        BOOST_TEST(wait.not_before() <= now + 1ms);
    }
}

BOOST_AUTO_TEST_CASE(the_largest_settings_do_not_overflow)
{
    backoff wait(24h, 24h, 3);
    for (int i = 0; i < 100; ++i) {
        wait.failed(now);
        BOOST_TEST(wait.not_before() >= now);
        BOOST_TEST(wait.not_before() <= now + 24h);
    }
}

BOOST_AUTO_TEST_SUITE_END()
