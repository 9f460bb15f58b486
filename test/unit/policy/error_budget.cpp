#include "policy/error_budget.hpp"

#include "support/printing.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
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
        budget.failed(false, now);
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

BOOST_AUTO_TEST_CASE(a_machine_that_has_just_booted_makes_no_difference)
{
    const time_point early = time_point(5s); // steady clocks begin with the machine
    BOOST_TEST(error_budget({}).allowed(early) == error_budget({}).allowed(start));
}

BOOST_AUTO_TEST_CASE(a_third_of_what_may_fail_may_be_in_flight_without_credit)
{
    for (const auto& [most, third] : {std::pair(1U, 1U), std::pair(2U, 1U), std::pair(16U, 6U), std::pair(50U, 17U)}) {
        error_budget all({.most = most});
        BOOST_TEST(fill(all, start) == third);
        BOOST_TEST(all.in_flight() == third);
    }
}

BOOST_AUTO_TEST_CASE(a_success_makes_room_for_three_and_the_first_six_for_four)
{
    error_budget all({});
    fill(all, start);
    for (int i = 0; i < 6; ++i) {
        all.succeeded(start);
        BOOST_TEST(fill(all, start) == 4u);
    }
    BOOST_TEST(all.in_flight() == 24u);
    all.succeeded(start);
    BOOST_TEST(fill(all, start) == 3u);
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
    all.failed(false, start);
    BOOST_TEST(fill(all, start) == 0u);
    BOOST_TEST(all.failures(start) == 1u);
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_bad_from_its_start_fails_sixteen_times)
{
    error_budget all({});
    std::size_t failed = 0;
    while (const std::size_t more = fill(all, start)) {
        for (std::size_t i = 0; i < more; ++i)
            all.failed(false, start);
        failed += more;
    }
    BOOST_TEST(failed == 16u);
}

BOOST_AUTO_TEST_CASE(a_failure_takes_back_what_successes_gave)
{
    error_budget all({});
    succeed(all, start, 100);
    BOOST_TEST(fill(all, start) == 212u);
    for (int i = 0; i < 211; ++i)
        all.forgotten();
    all.failed(false, start);
    BOOST_TEST(fill(all, start) == 5u);
}

BOOST_AUTO_TEST_CASE(successes_give_less_as_failures_fill_the_window)
{
    const auto admitted = [](std::size_t failures) {
        error_budget all({});
        fail(all, start, failures);
        succeed(all, start, 256);
        return fill(all, start);
    };
    BOOST_TEST(admitted(0) == 6u + 518u);
    BOOST_TEST(admitted(8) == 3u + 64u);
    BOOST_TEST(admitted(12) == 2u + 8u);
    BOOST_TEST(admitted(15) == 1u + 0u);
    BOOST_TEST(admitted(16) == 0u);
}

BOOST_AUTO_TEST_CASE(successes_give_credit_until_a_window_after_the_last_of_them)
{
    error_budget all({});
    succeed(all, start, 10);
    succeed(all, start + 29s, 10);
    error_budget later = all;
    BOOST_TEST(fill(all, start + 59s - 1ns) == 52u);
    BOOST_TEST(fill(later, start + 59s) == 6u);

    error_budget resumed({});
    succeed(resumed, start, 100);
    succeed(resumed, start + 30s);
    BOOST_TEST(fill(resumed, start + 30s) == 9u);
}

BOOST_AUTO_TEST_CASE(successes_without_end_do_not_overflow)
{
    error_budget all({.most = 50});
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
    BOOST_TEST(all.opens_at(start) == time_point::max());
    BOOST_TEST(all.wakes_at(start) == start);
}

BOOST_AUTO_TEST_CASE(a_failure_counts_until_just_before_its_window_is_over)
{
    error_budget all({});
    fail(all, start, 16);
    BOOST_TEST(all.failures(start) == 16u);
    BOOST_TEST(all.failures(start + 30s - 1ns) == 16u);
    BOOST_TEST(!all.admits(start + 30s - 1ns));
    BOOST_TEST(all.failures(start + 30s) == 0u);
    BOOST_TEST(fill(all, start + 30s) == 6u);
}

BOOST_AUTO_TEST_CASE(it_opens_when_the_oldest_failure_counts_no_more)
{
    error_budget all({});
    for (int i = 0; i < 16; ++i)
        fail(all, start + i * 1s);
    BOOST_TEST(all.opens_at(start + 15s) == start + 30s);
    BOOST_TEST(all.wakes_at(start + 15s) == start + 30s);
    BOOST_TEST(!all.admits(start + 30s - 1ns));
    BOOST_TEST(fill(all, start + 30s) == 1u);
}

BOOST_AUTO_TEST_CASE(it_leaves_to_answers_what_they_may_open)
{
    error_budget all({});
    fail(all, start, 10);
    fill(all, start);
    BOOST_TEST(all.opens_at(start) == time_point::max());
    BOOST_TEST(all.wakes_at(start) == start + 30s); // should no answer come
    error_budget fresh({});
    BOOST_TEST(fresh.wakes_at(start) == start);
    fill(fresh, start);
    BOOST_TEST(fresh.opens_at(start) == time_point::max());
    BOOST_TEST(fresh.wakes_at(start) == time_point::max());
}

BOOST_AUTO_TEST_CASE(it_wakes_when_enough_failures_have_passed_for_what_is_in_flight)
{
    error_budget all({.strict = true});
    for (int i = 0; i < 3; ++i)
        all.sent();
    for (int i = 0; i < 16; ++i)
        fail(all, start + i * 1s);
    // Three in flight and one more want room for four.
    BOOST_TEST(all.wakes_at(start + 15s) == start + 33s);
    BOOST_TEST(!all.admits(start + 33s - 1ns));
    BOOST_TEST(all.admits(start + 33s));
}

BOOST_AUTO_TEST_CASE(it_counts_the_same_as_a_plain_list_however_many_have_failed)
{
    for (const std::size_t most : {1U, 2U, 3U, 16U, 50U}) {
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
                BOOST_TEST_REQUIRE(all.opens_at(now) == *(list.end() - static_cast<std::ptrdiff_t>(most)) + 30s);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_the_service_says_is_left_takes_the_place_of_what_is_known_here)
{
    error_budget all({});
    fail(all, start, 16);
    BOOST_TEST(!all.admits(start));
    all.report(34, start + 20s, start);
    BOOST_TEST(all.reported(start));
    BOOST_TEST(all.remaining() == 34u);
    BOOST_TEST(fill(all, start) == 2u); // an eighth of 16: some have failed
    BOOST_TEST(!all.reported(start + 20s));
    BOOST_TEST(!all.admits(start + 20s)); // what failed here counts until 30 s
}

BOOST_AUTO_TEST_CASE(what_others_spend_counts)
{
    error_budget all({});
    succeed(all, start, 1000);
    all.report(9, start + 20s, start);
    BOOST_TEST(fill(all, start) == 1u + 2000 * 5 * 5 * 5 / (16 * 16 * 16));
    all.report(4, start + 20s, start);
    BOOST_TEST(!all.admits(start));
    BOOST_TEST(all.opens_at(start) == start + 20s);
    BOOST_TEST(all.allowed(start + 20s - 1ns) == 0u);
    BOOST_TEST(all.allowed(start + 20s) > 0u);
}

BOOST_AUTO_TEST_CASE(a_number_that_becomes_smaller_takes_back_what_successes_gave)
{
    error_budget all({});
    all.report(50, start + 20s, start);
    succeed(all, start, 100);
    BOOST_TEST(all.allowed(start) == 6u + 206u);
    all.report(49, start + 20s, start); // another client of the key has failed
    BOOST_TEST(all.allowed(start) == 2u);
    succeed(all, start, 100);
    BOOST_TEST(all.allowed(start) == 2u + 100u); // one for each, for two windows
    all.report(49, start + 70s, start + 50s);
    succeed(all, start + 59s, 100);
    BOOST_TEST(all.allowed(start + 59s) == 2u + 100u);
    BOOST_TEST(all.allowed(start + 60s) == 6u + 206u);
}

BOOST_AUTO_TEST_CASE(a_service_that_allows_less_than_twice_sixteen_is_approached_with_care)
{
    const auto allowed = [](std::uint64_t remaining, std::size_t successes) {
        error_budget all({});
        all.report(remaining, start + 20s, start);
        succeed(all, start, successes);
        return all.allowed(start);
    };
    BOOST_TEST(allowed(36, 0) == 6u); // the reserve is 4
    BOOST_TEST(allowed(36, 10) == 6u + 26u);
    BOOST_TEST(allowed(35, 0) == 2u);
    BOOST_TEST(allowed(35, 10) == 2u + 20u);
    BOOST_TEST(allowed(20, 10) == 2u + 20u);
}

BOOST_AUTO_TEST_CASE(it_wakes_when_the_window_before_counts_no_more)
{
    error_budget all({});
    all.report(4, start + 20s, start);
    BOOST_TEST(fill(all, start + 20s) == 1u);
    BOOST_TEST(all.wakes_at(start + 20s) == start + 50s); // should no answer come
    BOOST_TEST(!all.admits(start + 50s - 1ns));
    BOOST_TEST(all.admits(start + 50s));
}

BOOST_AUTO_TEST_CASE(successes_give_no_credit_in_a_window_that_follows_a_spent_one)
{
    error_budget all({});
    succeed(all, start + 5s, 100);
    all.report(4, start + 30s, start + 5s); // others had spent it: no failure was seen here
    BOOST_TEST(all.allowed(start + 30s - 1ns) == 0u);
    BOOST_TEST(all.allowed(start + 30s) == 1u);
}

BOOST_AUTO_TEST_CASE(the_latest_reset_of_a_window_is_heeded)
{
    error_budget all({});
    all.report(5, start + 30s, start);
    all.report(4, start + 31s, start + 1s); // the window began with the first failure, after the answer before
    BOOST_TEST(all.allowed(start + 31s - 1ns) == 0u);
    BOOST_TEST(all.opens_at(start + 2s) == start + 31s);
}

BOOST_AUTO_TEST_CASE(the_reserve_is_never_spent)
{
    for (const std::size_t reserve : {0U, 4U, 50U})
        for (std::uint64_t remaining = 0; remaining <= 60; ++remaining) {
            error_budget all({.reserve = reserve});
            all.report(remaining, start + 20s, start);
            BOOST_TEST((all.allowed(start) != 0) == (remaining > reserve));
            BOOST_TEST(all.allowed(start) <= remaining);
        }
}

BOOST_AUTO_TEST_CASE(of_answers_out_of_order_the_smallest_number_of_a_window_counts)
{
    error_budget all({});
    for (const std::uint64_t remaining : {40U, 38U, 39U, 37U, 38U})
        all.report(remaining, start + 20s, start);
    BOOST_TEST(all.remaining() == 37u);
    all.report(45, start + 21s, start); // the server's clock is known to a second
    BOOST_TEST(all.remaining() == 37u);
    all.report(50, start + 50s, start + 19s); // another window
    BOOST_TEST(all.remaining() == 50u);
    all.report(30, start + 20s, start + 19s); // late, of the window before
    BOOST_TEST(all.remaining() == 50u);
}

BOOST_AUTO_TEST_CASE(a_failure_that_tells_nothing_counts_here)
{
    error_budget all({});
    all.report(20, start + 20s, start);
    fail(all, start, 3);
    BOOST_TEST(all.remaining() == 17u);
    all.sent();
    all.report(16, start + 20s, start);
    all.failed(true, start);
    BOOST_TEST(all.remaining() == 16u);
}

BOOST_AUTO_TEST_CASE(after_the_reset_it_begins_as_carefully_as_it_ended_until_an_answer_tells)
{
    error_budget spent({});
    spent.report(4, start + 20s, start);
    error_budget again = spent;
    error_budget forgotten = spent;
    BOOST_TEST(fill(spent, start + 20s) == 1u);
    again.report(50, start + 50s, start + 20s);
    BOOST_TEST(fill(again, start + 20s) == 6u);
    BOOST_TEST(fill(forgotten, start + 50s) == 6u); // a service that says no more is not held to what it said once
    error_budget rich({});
    rich.report(50, start + 20s, start);
    BOOST_TEST(fill(rich, start + 20s) == 6u);
}

BOOST_AUTO_TEST_CASE(strict_holds_to_the_smaller_of_both)
{
    error_budget all({.strict = true});
    succeed(all, start, 1000);
    all.report(50, start + 20s, start);
    BOOST_TEST(all.allowed(start) == 16u);
    all.report(10, start + 20s, start);
    BOOST_TEST(all.allowed(start) == 6u);
    fail(all, start, 12);
    all.report(10, start + 60s, start);
    BOOST_TEST(all.allowed(start) == 4u);
    fail(all, start, 4);
    BOOST_TEST(all.opens_at(start) == start + 30s);
    all.report(0, start + 100s, start);
    BOOST_TEST(all.opens_at(start) == start + 100s);
}

BOOST_AUTO_TEST_CASE(a_spent_budget_opens_at_its_time)
{
    error_budget all({});
    succeed(all, start, 100);
    all.spent(start + 30s);
    all.spent(start + 20s);
    BOOST_TEST(all.allowed(start) == 0u);
    BOOST_TEST(all.opens_at(start) == start + 30s);
    BOOST_TEST(all.wakes_at(start) == start + 30s);
    BOOST_TEST(!all.admits(start + 30s - 1ns));
    BOOST_TEST(fill(all, start + 30s) == 6u);
}

BOOST_AUTO_TEST_CASE(a_number_beyond_all_limits_overflows_nothing)
{
    error_budget all({});
    all.report(std::numeric_limits<std::uint64_t>::max(), start + 20s, start);
    BOOST_TEST(fill(all, start) == 6u);
    for (int i = 0; i < 200'000; ++i)
        succeed(all, start);
    BOOST_TEST(fill(all, start, 100'000) == 100'000u);
}

BOOST_AUTO_TEST_SUITE_END()
