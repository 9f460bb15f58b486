// Promise 7, it paces itself: what the answers say of the times to come holds back what would be refused.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

#include <map>
#include <random>

BOOST_AUTO_TEST_SUITE(unit_pool_promise_07_pacing)

using namespace venice_keys;
using namespace venice_keys::test;
using boost::test_tools::per_element;

namespace {

// As a Unix time, which is told in milliseconds here: the bench lives in a year whose seconds pass for a duration.
constexpr std::uint64_t at(std::uint64_t second)
{
    return second * 1'000;
}

pool_settings one_connection()
{
    return test_pool_settings(1);
}

void check_ended(const fake_call& which, errc code, std::chrono::milliseconds retry_after)
{
    BOOST_TEST_REQUIRE(which.ends() == 1u);
    BOOST_TEST_REQUIRE(which.why().has_value());
    BOOST_TEST(which.why()->code == code, which.why()->message());
    BOOST_TEST_REQUIRE(which.why()->retry_after.has_value());
    BOOST_TEST(*which.why()->retry_after == retry_after);
    BOOST_TEST(which.why()->delivery == delivery::not_sent);
    BOOST_TEST(which.why()->attempts == 0u);
}

} // namespace

BOOST_AUTO_TEST_CASE(never_more_are_in_flight_than_remain)
{
    pool_bench it(one_connection());
    it.submit(20);
    it.come_up_and_prove(0, quota(3, at(wall_at_start + 60)));
    BOOST_TEST(it.unanswered(0) == (texts{"1", "2", "3"}), per_element());
    it.net[0].finish_write();
    it.answer(0, 1, quota(2, at(wall_at_start + 60)));
    BOOST_TEST(it.unanswered(0) == (texts{"2", "3"}), per_element());
    it.answer(0, 1, quota(1, at(wall_at_start + 60)));
    it.answer(0, 1, quota(0, at(wall_at_start + 60)));
    BOOST_TEST(it.unanswered(0).empty());
    BOOST_TEST(it.connections.wait_of(it.calls[4], "") == "the service to accept more requests");
    it.wait(59'999ms);
    BOOST_TEST(it.net.made.back()->requests().size() == 4u);
    it.wait(1ms);
    BOOST_TEST(it.net.made.size() == 2u); // the first was idle for too long
    it.net[1].come_up();
    it.net[1].finish_write();
    it.answer(1); // it says nothing, so that no more go than the last window had
    BOOST_TEST(it.unanswered(1) == (texts{"5", "6", "7"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_reset_may_be_told_as_a_duration)
{
    pool_bench it(one_connection());
    it.submit(2);
    it.come_up_and_prove(0, quota(0, 7));
    BOOST_TEST(it.unanswered(0).empty());
    it.wait(6'999ms);
    BOOST_TEST(it.unanswered(0).empty());
    it.wait_until_due();
    BOOST_TEST(it.unanswered(0) == texts{"1"}, per_element());
}

BOOST_AUTO_TEST_CASE(a_reset_in_the_past_means_nothing)
{
    pool_bench it(one_connection());
    it.submit(5);
    it.come_up_and_prove(0, quota(0, at(wall_at_start)));
    BOOST_TEST(it.unanswered(0).size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_quota_without_a_reset_means_nothing)
{
    pool_bench it(one_connection());
    it.submit(5);
    it.come_up_and_prove(0, "x-ratelimit-remaining-requests: 0\r\n");
    BOOST_TEST(it.unanswered(0).size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_server_whose_clock_is_off_by_an_hour_is_understood_by_its_date)
{
    struct off {
        std::string_view date;
        std::uint64_t server_now;
    };
    for (const off& each : {off{"Date: Sun, 06 Nov 1994 09:49:37 GMT\r\n", wall_at_start + 3'600},
                            off{"Date: Sun, 06 Nov 1994 07:49:37 GMT\r\n", wall_at_start - 3'600}}) {
        pool_bench it(one_connection());
        it.submit(2);
        it.come_up_and_prove(0, std::string(each.date) + quota(0, at(each.server_now + 10)));
        BOOST_TEST(it.unanswered(0).empty());
        it.wait(9'999ms);
        BOOST_TEST(it.unanswered(0).empty());
        it.wait(1ms);
        BOOST_TEST(it.unanswered(0) == texts{"1"}, per_element());
    }
}

BOOST_AUTO_TEST_CASE(retry_after_holds_the_account_and_no_other)
{
    for (const auto& [status, fields] :
         {std::pair(429U, "Retry-After: 5\r\n"), std::pair(503U, "Retry-After: 5\r\n"),
          std::pair(429U, "Retry-After: Sun, 06 Nov 1994 08:49:42 GMT\r\n"),
          std::pair(429U, "Date: Sun, 06 Nov 1994 09:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 09:49:42 GMT\r\n")}) {
        account_queues other;
        pool_bench it(one_connection());
        it.connections.use_token(other, secret("other"));
        it.submit(3);
        it.come_up_and_prove(0, fields, status);
        BOOST_TEST(it.unanswered(0).empty());
        it.add_for(other);
        it.pump();
        BOOST_TEST(it.unanswered(0) == texts{"3"}, per_element());
        it.net[0].finish_write();
        it.answer(0);
        it.wait(4'999ms);
        BOOST_TEST(it.unanswered(0).empty());
        it.wait(1ms);
        BOOST_TEST(it.unanswered(0) == (texts{"0", "1", "2"}), per_element()); // who was refused goes first
    }
}

BOOST_AUTO_TEST_CASE(a_fraction_in_retry_after_is_waited_for_too)
{
    for (const unsigned status : {429U, 503U}) {
        pool_bench it(one_connection());
        it.submit(2);
        it.come_up_and_prove(0, "Retry-After: 1.5\r\n", status);
        BOOST_TEST(it.unanswered(0).empty());
        it.wait(1'499ms);
        BOOST_TEST(it.unanswered(0).empty());
        it.wait_until_due();
        BOOST_TEST(it.unanswered(0) == (texts{"0", "1"}), per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_without_retry_after_holds_nothing)
{
    pool_bench it(one_connection());
    it.submit(3);
    it.come_up_and_prove(0, "", 429);
    BOOST_TEST(it.unanswered(0) == (texts{"1", "2"}), per_element());
}

BOOST_AUTO_TEST_CASE(retry_after_to_a_creation_holds_creations_only)
{
    account_queues other;
    pool_bench it(one_connection());
    it.connections.use_token(other, secret("other"));
    it.add(operation::create);
    it.pump();
    it.come_up_and_prove(0, "Retry-After: 5\r\n", 429);
    it.add(operation::create);
    it.add();
    it.add_for(other, operation::create);
    it.pump();
    BOOST_TEST(it.unanswered(0) == texts{"2"}, per_element()); // after a creation the others come first
    it.net[0].finish_write();
    it.answer(0);
    BOOST_TEST(it.unanswered(0) == texts{"3"}, per_element()); // alone, another account's
    it.net[0].finish_write();
    it.answer(0);
    it.wait(4'999ms);
    BOOST_TEST(it.net[0].requests().size() == 3u);
    it.wait(1ms); // it has idled for too long to take a creation
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].come_up();
    it.net[1].finish_write();
    BOOST_TEST(it.unanswered(1) == texts{"0"}, per_element());
    it.answer(1);
    BOOST_TEST(it.unanswered(1) == texts{"1"}, per_element());
}

BOOST_AUTO_TEST_CASE(who_cannot_be_served_before_its_deadline_fails_at_once)
{
    pool_bench it(one_connection());
    it.submit(1);
    it.add(operation::get, {}, it.net.now + 60s);     // 1: at the very reset, which is too late
    it.add(operation::get, {}, it.net.now + 61s);     // 2
    it.add(operation::update, "a", it.net.now + 5s);  // 3
    it.add(operation::update, "a", it.net.now + 6s);  // 4
    it.add(operation::remove, "a", it.net.now + 90s); // 5
    it.come_up_and_prove(0, quota(0, at(wall_at_start + 60)));
    for (const std::size_t i : {1u, 3u, 4u})
        check_ended(it.calls[i], errc::rate_limited, 60s);
    it.wait(10s);
    it.add(operation::get, {}, it.net.now + 10s); // 6: comes when it is known
    it.pump();
    check_ended(it.calls[6], errc::rate_limited, 50s);
    BOOST_TEST(it.connections.waiting() == 2u);
    it.wait(50s);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].come_up();
    it.net[1].finish_write();
    it.answer(1, 1, quota(9, at(wall_at_start + 120)));
    BOOST_TEST(it.unanswered(1) == texts{"5"}, per_element());
}

BOOST_AUTO_TEST_CASE(who_waits_behind_a_change_with_more_time_fails_at_once_too)
{
    account_queues other;
    pool_bench it(one_connection());
    it.connections.use_token(other, secret("other"));
    it.submit(1);
    it.add(operation::update, "a");
    it.add(operation::update, "a", it.net.now + 5s);
    it.come_up_and_prove(0, "Retry-After: 60\r\n", 429);
    check_ended(it.calls[2], errc::rate_limited, 60s);
    it.add_for(other, operation::update, "a", it.net.now + 5s); // its own account may send
    it.add(operation::update, "a", it.net.now + 59s);
    it.pump();
    check_ended(it.calls[4], errc::rate_limited, 60s);
    BOOST_TEST(it.calls[1].ends() == 0u);
}

// A service that counts by the minute, over connections of their own speeds: what does it refuse?
BOOST_AUTO_TEST_CASE(a_service_that_counts_by_the_minute_refuses_nothing)
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        std::mt19937_64 random(seed);
        const std::uint64_t limit = 10 + random() % 40;
        pool_bench it(test_pool_settings(1 + seed % 4));
        it.submit(100);
        const time_point begin = it.net.now;
        std::uint64_t window = 0;
        std::uint64_t left = 0;
        std::size_t refused = 0;
        std::map<std::size_t, std::vector<std::string>> answers; // by connection, in the order of arrival
        const auto now_at_the_server = [&] {
            return wall_at_start + static_cast<std::uint64_t>((it.net.now - begin) / 1s);
        };
        const auto arrive = [&](std::size_t i) {
            if (const auto minute = now_at_the_server() / 60; minute != window) {
                window = minute;
                left = limit;
            }
            refused += left == 0 ? 1 : 0;
            left -= left == 0 ? 0 : 1;
            answers[i].push_back(quota(left, at((window + 1) * 60)));
        };
        const auto done = [&] {
            return std::ranges::all_of(it.calls, [](const fake_call& each) { return each.was_answered(); });
        };
        for (int step = 0; !done(); ++step) {
            BOOST_TEST_REQUIRE(step < 100'000);
            bool moved = false;
            for (std::size_t i = 0; i < it.net.made.size(); ++i) {
                fake_transport& link = it.net[i];
                if (link.connecting()) {
                    link.come_up();
                    moved = true;
                }
                if (!link.open())
                    continue;
                if (link.writing())
                    link.finish_write();
                moved = moved || !it.unanswered(i).empty();
                if (answers[i].size() < link.requests().size() && random() % 2 == 0)
                    arrive(i);
                else if (it.answered_on.size() > i && it.answered_on[i] < answers[i].size() && random() % 2 == 0)
                    it.answer(i, 1, answers[i][it.answered_on[i]]);
            }
            if (!moved)
                it.wait_until_due();
            else if (random() % 4 == 0)
                it.wait(10ms);
        }
        BOOST_TEST(refused == 0u, "seed " << seed << ": " << refused << " of a limit of " << limit);
        BOOST_TEST((it.net.now - begin) <= (100 / limit + 1) * 60s);
    }
}

BOOST_AUTO_TEST_SUITE_END()
