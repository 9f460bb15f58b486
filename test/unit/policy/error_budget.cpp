#include "policy/error_budget.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_policy_error_budget)

using namespace venice_keys::policy;
using namespace std::chrono_literals;

namespace {

const time_point start{1h};

// Sends as many as it admits, at most `most`.
std::size_t fill(error_budget& budget, time_point now, std::size_t most = 1000)
{
    std::size_t count = 0;
    while (count < most && budget.admits(now)) {
        budget.sent();
        ++count;
    }
    return count;
}

void fail(error_budget& budget, time_point now, std::size_t count = 1)
{
    for (std::size_t i = 0; i < count; ++i) {
        budget.sent();
        budget.failed(now);
    }
}

void succeed(error_budget& budget, time_point now, std::size_t count = 1)
{
    for (std::size_t i = 0; i < count; ++i) {
        budget.sent();
        budget.succeeded(now);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(as_many_as_may_fail_may_be_in_flight_unproven)
{
    for (const std::size_t most : {1U, 2U, 16U, 20U}) {
        error_budget all({.most = most});
        BOOST_TEST(fill(all, start) == most);
        BOOST_TEST(all.in_flight() == most);
    }
}

BOOST_AUTO_TEST_CASE(a_success_makes_room_for_two)
{
    error_budget all({});
    fill(all, start);
    all.succeeded(start);
    BOOST_TEST(fill(all, start) == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_forgotten_makes_room_for_one)
{
    error_budget all({});
    fill(all, start);
    all.forgotten();
    BOOST_TEST(all.failures(start) == 0u);
    BOOST_TEST(fill(all, start) == 1u);
}

BOOST_AUTO_TEST_CASE(a_failure_makes_no_room)
{
    error_budget all({});
    fill(all, start);
    all.failed(start);
    BOOST_TEST(fill(all, start) == 0u);
    BOOST_TEST(all.failures(start) == 1u);
}

BOOST_AUTO_TEST_CASE(a_failure_takes_back_what_successes_gave)
{
    error_budget all({});
    succeed(all, start, 100);
    BOOST_TEST(fill(all, start) == 116u);
    for (int i = 0; i < 115; ++i)
        all.forgotten();
    all.failed(start);
    BOOST_TEST(fill(all, start) == 15u);
}

BOOST_AUTO_TEST_CASE(successes_give_less_as_failures_fill_the_window)
{
    const auto admitted = [](std::size_t failures) {
        error_budget all({});
        fail(all, start, failures);
        succeed(all, start, 256);
        return fill(all, start);
    };
    BOOST_TEST(admitted(0) == 16u + 256u);
    BOOST_TEST(admitted(8) == 8u + 64u);
    BOOST_TEST(admitted(12) == 4u + 16u);
    BOOST_TEST(admitted(15) == 1u + 1u);
    BOOST_TEST(admitted(16) == 0u);
}

BOOST_AUTO_TEST_CASE(successes_vouch_until_a_window_after_the_last_of_them)
{
    error_budget all({});
    succeed(all, start, 10);
    succeed(all, start + 29s, 10);
    error_budget later = all;
    BOOST_TEST(fill(all, start + 59s - 1ns) == 36u);
    BOOST_TEST(fill(later, start + 59s) == 16u);

    error_budget resumed({});
    succeed(resumed, start, 100);
    succeed(resumed, start + 30s);
    BOOST_TEST(fill(resumed, start + 30s) == 17u);
}

BOOST_AUTO_TEST_CASE(successes_without_end_do_not_overflow)
{
    error_budget all({.most = 20});
    for (int i = 0; i < 3'000'000; ++i)
        succeed(all, start);
    BOOST_TEST(fill(all, start, 100'000) == 100'000u);
}

BOOST_AUTO_TEST_CASE(strict_lets_successes_give_nothing)
{
    error_budget all({.strict = true});
    succeed(all, start, 1000);
    BOOST_TEST(fill(all, start) == 16u);
    all.succeeded(start);
    BOOST_TEST(fill(all, start) == 1u);
}

BOOST_AUTO_TEST_CASE(disabled_it_holds_nothing_back)
{
    error_budget all({.enabled = false});
    fail(all, start, 100);
    BOOST_TEST(fill(all, start) == 1000u);
    BOOST_TEST((all.opens_at(start) == time_point::max()));
    BOOST_TEST((all.wakes_at(start) == start));
}

BOOST_AUTO_TEST_CASE(a_failure_counts_until_just_before_its_window_is_over)
{
    error_budget all({});
    fail(all, start, 16);
    BOOST_TEST(all.failures(start) == 16u);
    BOOST_TEST(all.failures(start + 30s - 1ns) == 16u);
    BOOST_TEST(!all.admits(start + 30s - 1ns));
    BOOST_TEST(all.failures(start + 30s) == 0u);
    BOOST_TEST(fill(all, start + 30s) == 16u);
}

BOOST_AUTO_TEST_CASE(it_opens_when_the_oldest_failure_counts_no_more)
{
    error_budget all({});
    for (int i = 0; i < 16; ++i)
        fail(all, start + i * 1s);
    BOOST_TEST((all.opens_at(start + 15s) == start + 30s));
    BOOST_TEST((all.wakes_at(start + 15s) == start + 30s));
    BOOST_TEST(!all.admits(start + 30s - 1ns));
    BOOST_TEST(fill(all, start + 30s) == 1u);
}

BOOST_AUTO_TEST_CASE(it_leaves_to_answers_what_they_may_open)
{
    error_budget all({});
    fail(all, start, 10);
    fill(all, start);
    BOOST_TEST((all.opens_at(start) == time_point::max()));
    BOOST_TEST((all.wakes_at(start) == start + 30s)); // should no answer come
    error_budget fresh({});
    BOOST_TEST((fresh.wakes_at(start) == start));
    fill(fresh, start);
    BOOST_TEST((fresh.opens_at(start) == time_point::max()));
    BOOST_TEST((fresh.wakes_at(start) == time_point::max()));
}

BOOST_AUTO_TEST_CASE(it_wakes_when_enough_failures_have_passed_for_what_is_in_flight)
{
    error_budget all({});
    for (int i = 0; i < 3; ++i)
        all.sent();
    for (int i = 0; i < 16; ++i)
        fail(all, start + i * 1s);
    // Three in flight and one more want room for four.
    BOOST_TEST((all.wakes_at(start + 15s) == start + 33s));
    BOOST_TEST(!all.admits(start + 33s - 1ns));
    BOOST_TEST(all.admits(start + 33s));
}

BOOST_AUTO_TEST_CASE(it_counts_the_same_as_a_plain_list_however_many_have_failed)
{
    for (const std::size_t most : {1U, 2U, 3U, 16U, 20U}) {
        error_budget all({.most = most});
        std::vector<time_point> list;
        time_point now = start;
        std::uint32_t random = 12345;
        for (int step = 0; step < 2000; ++step) {
            random = random * 1664525U + 1013904223U;
            now += std::chrono::milliseconds((random >> 16) % (random % 7 == 0 ? 20'000 : 1'000));
            if (random % 3 != 0) {
                fail(all, now);
                list.push_back(now);
            }
            const auto counted = static_cast<std::size_t>(
                std::count_if(list.begin(), list.end(), [&](time_point when) { return when + 30s > now; }));
            BOOST_TEST_REQUIRE(all.failures(now) == std::min(counted, most));
            BOOST_TEST_REQUIRE(all.admits(now) == (counted < most));
            if (counted >= most)
                BOOST_TEST_REQUIRE((all.opens_at(now) == *(list.end() - static_cast<std::ptrdiff_t>(most)) + 30s));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
