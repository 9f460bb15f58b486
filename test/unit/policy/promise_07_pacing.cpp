// Promise 7: the rate-limit headers and Retry-After hold back what would be refused, and nothing for ever.
#include "policy/pacer.hpp"
#include "support/printing.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <queue>
#include <random>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_policy_promise_07_pacing)

using namespace venice_keys::policy;
using namespace std::chrono_literals;

namespace {

const time_point start{1h};
const std::chrono::sys_time<std::chrono::milliseconds> today{1'790'000'000'250ms};

} // namespace

BOOST_AUTO_TEST_CASE(a_reset_is_a_unix_time_in_seconds)
{
    BOOST_TEST(until_reset(1'790'000'001, today) == 750ms);
    BOOST_TEST(until_reset(1'790'000'060, today) == 59'750ms);
    BOOST_TEST(until_reset(1'790'086'400, today) == 86'399'750ms); // within a day
}

BOOST_AUTO_TEST_CASE(a_reset_is_a_unix_time_in_milliseconds)
{
    BOOST_TEST(until_reset(1'790'000'000'251, today) == 1ms);
    BOOST_TEST(until_reset(1'790'000'060'250, today) == 60s);
}

BOOST_AUTO_TEST_CASE(a_reset_is_a_duration_in_seconds)
{
    BOOST_TEST(until_reset(1, today) == 1s);
    BOOST_TEST(until_reset(60, today) == 60s);
    BOOST_TEST(until_reset(86'400, today) == 24h);
}

BOOST_AUTO_TEST_CASE(a_reset_that_is_not_ahead_means_nothing)
{
    BOOST_TEST(!until_reset(0, today));
    BOOST_TEST(!until_reset(1'790'000'000, today));
    BOOST_TEST(!until_reset(1'789'999'999, today));
    BOOST_TEST(!until_reset(1'000'000'000, today));
    BOOST_TEST(!until_reset(1'790'000'000'250, today));
    BOOST_TEST(!until_reset(100'000'000'000, today));
}

BOOST_AUTO_TEST_CASE(a_reset_more_than_a_day_ahead_means_nothing)
{
    for (const std::uint64_t reset :
         {86'401ULL, 999'999'999ULL, 1'790'086'401ULL, 99'999'999'999ULL, 1'790'086'400'251ULL, 99'999'999'999'999ULL,
          100'000'000'000'000ULL, 18'446'744'073'709'551'615ULL})
        BOOST_TEST(!until_reset(reset, today));
    BOOST_TEST(until_reset(1'790'086'400'250, today) == 24h);
}

BOOST_AUTO_TEST_CASE(never_more_are_in_flight_than_remain)
{
    for (const std::uint64_t remaining : {1U, 2U, 50U}) {
        pacer paced;
        paced.report(remaining, start + 60s, start);
        BOOST_TEST(paced.admits(remaining - 1, start));
        BOOST_TEST(!paced.admits(remaining, start));
        BOOST_TEST(!paced.admits(remaining + 1, start));
    }
}

BOOST_AUTO_TEST_CASE(with_none_remaining_it_waits_for_the_reset)
{
    pacer paced;
    paced.report(0, start + 60s, start);
    BOOST_TEST(!paced.admits(0, start));
    BOOST_TEST(!paced.admits(0, start + 60s - 1ns));
    BOOST_TEST(paced.opens_at(start) == start + 60s);
    BOOST_TEST(paced.wakes_at(0, start) == start + 60s);
    BOOST_TEST(paced.admits(0, start + 60s));
}

BOOST_AUTO_TEST_CASE(of_answers_out_of_order_the_smallest_number_counts)
{
    pacer paced;
    for (const std::uint64_t remaining : {9U, 5U, 8U, 6U, 7U})
        paced.report(remaining, start + 60s, start);
    BOOST_TEST(paced.admits(4, start));
    BOOST_TEST(!paced.admits(5, start));
}

BOOST_AUTO_TEST_CASE(a_reset_told_as_a_duration_wavers_without_beginning_a_window)
{
    pacer paced;
    paced.report(0, start + 60s, start);
    paced.report(9, start + 62s, start);
    paced.report(9, start + 58s, start);
    BOOST_TEST(paced.opens_at(start) == start + 60s);
}

BOOST_AUTO_TEST_CASE(a_later_reset_begins_another_window)
{
    pacer paced;
    paced.report(0, start + 10s, start);
    paced.report(40, start + 70s, start + 9s); // the service's clock is ahead of ours
    BOOST_TEST(paced.admits(39, start + 9s));
    BOOST_TEST(!paced.admits(40, start + 9s));
}

BOOST_AUTO_TEST_CASE(a_late_answer_of_the_window_before_means_nothing)
{
    pacer paced;
    paced.report(40, start + 70s, start);
    paced.report(0, start + 10s, start);
    BOOST_TEST(paced.admits(39, start));
}

BOOST_AUTO_TEST_CASE(a_window_that_slides_is_followed)
{
    pacer paced;
    for (int i = 0; i < 100; ++i) {
        const time_point now = start + i * 3s;
        const auto remaining = static_cast<std::uint64_t>(5 + i % 7);
        paced.report(remaining, now + 60s, now);
        BOOST_TEST_REQUIRE(paced.admits(remaining - 1, now));
        BOOST_TEST_REQUIRE(!paced.admits(remaining, now));
    }
}

BOOST_AUTO_TEST_CASE(after_a_reset_no_more_go_than_the_last_window_had_until_an_answer_tells)
{
    pacer paced;
    paced.report(7, start + 60s, start);
    paced.report(19, start + 60s, start); // late, and the first of its window
    paced.report(0, start + 60s, start);
    BOOST_TEST(paced.admits(18, start + 60s));
    BOOST_TEST(!paced.admits(19, start + 60s));
    paced.report(30, start + 120s, start + 61s);
    BOOST_TEST(paced.admits(29, start + 61s));
}

BOOST_AUTO_TEST_CASE(a_service_that_says_no_more_is_not_held_to_what_it_said_once)
{
    pacer paced;
    paced.report(0, start + 60s, start);
    BOOST_TEST(paced.admits(0, start + 60s));
    BOOST_TEST(!paced.admits(1, start + 60s));
    BOOST_TEST(!paced.admits(1, start + 120s - 1ns));
    BOOST_TEST(paced.admits(1'000, start + 120s));
}

BOOST_AUTO_TEST_CASE(retry_after_holds_everything_back_for_its_time)
{
    pacer paced;
    paced.report(100, start + 60s, start);
    paced.hold(start + 7s);
    BOOST_TEST(!paced.admits(0, start + 7s - 1ns));
    BOOST_TEST(paced.opens_at(start) == start + 7s);
    BOOST_TEST(paced.admits(99, start + 7s));
}

// A service with so many requests a window over connections of their own speeds: how many does it refuse?
BOOST_AUTO_TEST_CASE(a_service_that_counts_by_the_minute_refuses_nothing_after_it_has_told_its_limit)
{
    struct answer {
        time_point at;
        std::uint64_t remaining;
        time_point reset;
        bool operator>(const answer& other) const { return at > other.at; }
    };
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        std::mt19937_64 random(seed);
        const std::uint64_t limit = 17 + random() % 100;
        pacer paced;
        std::priority_queue<answer, std::vector<answer>, std::greater<>> in_flight;
        time_point now = start;
        time_point reset = start + 60s;
        std::uint64_t left = limit;
        std::size_t refused = 0;
        bool told = false;
        for (std::size_t sent = 0; sent < 1'000 || !in_flight.empty();) {
            // 16 at first, for the error budget lets no more go before anything is known.
            while (sent < 1'000 && in_flight.size() < (told ? 64U : 16U) && paced.admits(in_flight.size(), now)) {
                ++sent;
                if (now >= reset) {
                    reset = now + 60s;
                    left = limit;
                }
                if (left == 0)
                    ++refused;
                else
                    --left;
                in_flight.push({now + std::chrono::milliseconds(20 + random() % 200), left, reset});
            }
            time_point next = in_flight.empty() ? time_point::max() : in_flight.top().at;
            if (const time_point wakes = paced.wakes_at(in_flight.size(), now); sent < 1'000 && wakes > now)
                next = std::min(next, wakes);
            BOOST_TEST_REQUIRE(next != time_point::max()); // stuck
            now = next;
            for (; !in_flight.empty() && in_flight.top().at <= now; in_flight.pop()) {
                told = true;
                if (in_flight.top().reset > now)
                    paced.report(in_flight.top().remaining, in_flight.top().reset, now);
            }
        }
        BOOST_TEST(refused == 0u, "seed " << seed << ", limit " << limit << ": " << refused << " refused");
    }
}

BOOST_AUTO_TEST_SUITE_END()
