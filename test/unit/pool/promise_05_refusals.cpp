// Promise 5, by status: what the server answered with is asked again after a pause, within the attempts of a call, the
// budget of all, and the call's deadline.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

#include <algorithm>
#include <array>

BOOST_AUTO_TEST_SUITE(unit_pool_promise_05_refusals)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

constexpr std::array repeatable{408U, 429U, 500U, 502U, 503U, 504U};

pool_settings with(unsigned attempts, unsigned budget = 100)
{
    auto settings = test_pool_settings(1);
    settings.retry.max_attempts = attempts;
    settings.retry.budget = budget;
    return settings;
}

// One connection that is up and has answered call 0.
struct refusing_bench {
    explicit refusing_bench(const pool_settings& settings = with(3)) : bench(settings)
    {
        bench.submit(1);
        bench.come_up_and_prove(0);
    }

    fake_call& ask(policy::operation what = policy::operation::get, std::string key = {},
                   time_point deadline = time_point::max())
    {
        fake_call& made = bench.add(what, std::move(key), deadline);
        bench.pump();
        return made;
    }
    // The answer to the oldest request.
    void answer_with(unsigned status, std::string_view fields = {})
    {
        if (net[0].writing())
            net[0].finish_write();
        bench.answer(0, 1, fields, status);
        if (net[0].open() && net[0].writing())
            net[0].finish_write();
    }
    [[nodiscard]] auto pause() { return bench.due() - net.now; }
    [[nodiscard]] std::size_t sent() { return net[0].requests().size() - 1; }
    [[nodiscard]] texts unanswered() { return bench.unanswered(0); }
    void wait(std::chrono::steady_clock::duration time) { bench.wait(time); }
    void wait_until_due() { bench.wait_until_due(); }

    pool_bench bench;
    fake_network& net = bench.net;
    pool& connections = bench.connections;
};

void check_refused(const fake_call& which, unsigned status, unsigned attempts)
{
    BOOST_TEST_REQUIRE(which.ends() == 1u);
    BOOST_TEST(which.was_answered());
    BOOST_TEST_REQUIRE(which.why().has_value());
    BOOST_TEST(which.why()->http_status == status);
    BOOST_TEST(which.attempts() == attempts);
    BOOST_TEST(which.delivery() == delivery::answered);
    BOOST_TEST(which.at() == call::place::nowhere);
}

} // namespace

BOOST_AUTO_TEST_CASE(what_may_pass_is_asked_again_after_a_pause)
{
    for (const unsigned status : repeatable) {
        BOOST_TEST_CONTEXT("status " << status)
        {
            refusing_bench it;
            fake_call& which = it.ask();
            it.answer_with(status);
            BOOST_TEST(which.ends() == 0u);
            BOOST_TEST(which.at() == call::place::pause);
            BOOST_TEST(it.pause() > 0ms);
            BOOST_TEST(it.pause() <= 100ms);
            BOOST_TEST(it.sent() == 1u);
            it.wait(it.pause() - 1ns);
            BOOST_TEST(it.sent() == 1u);
            it.wait(1ns);
            BOOST_TEST(it.sent() == 2u);
            it.answer_with(200);
            BOOST_TEST(which.was_answered());
            BOOST_TEST(!which.why());
            BOOST_TEST(which.attempts() == 2u);
            BOOST_TEST(which.delivery() == delivery::answered);
            BOOST_TEST(it.connections.waiting() == 0u);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_would_be_refused_again_is_not_asked_again)
{
    for (const unsigned status : {400U, 401U, 402U, 403U, 404U, 409U, 413U, 415U, 418U, 422U, 301U, 501U, 505U}) {
        BOOST_TEST_CONTEXT("status " << status)
        {
            refusing_bench it;
            const fake_call& which = it.ask();
            it.answer_with(status);
            check_refused(which, status, 1);
            it.wait(30s);
            BOOST_TEST(it.sent() == 1u);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_pauses_are_spread_over_the_whole_range)
{
    std::vector<std::chrono::steady_clock::duration> pauses;
    refusing_bench it(with(2, 1'000));
    for (int i = 0; i < 300; ++i) {
        it.ask();
        it.answer_with(503);
        pauses.push_back(it.pause());
        it.wait_until_due();
        it.answer_with(200);
    }
    const auto [least, most] = std::ranges::minmax(pauses);
    BOOST_TEST(least < 5ms);
    BOOST_TEST(most > 95ms);
    BOOST_TEST(most <= 100ms);
    std::ranges::sort(pauses);
    BOOST_TEST(pauses[150] > 35ms);
    BOOST_TEST(pauses[150] < 65ms);
}

BOOST_AUTO_TEST_CASE(each_pause_may_be_twice_the_one_before_up_to_a_longest)
{
    auto settings = with(100, 10'000);
    settings.retry.base_delay = 10ms;
    settings.retry.max_delay = 300ms;
    std::array<std::chrono::steady_clock::duration, 9> most{};
    refusing_bench it(settings);
    for (int round = 0; round < 60; ++round) {
        it.ask();
        it.answer_with(500);
        for (std::size_t i = 0; i < most.size(); ++i) {
            most[i] = std::max(most[i], it.pause());
            it.wait_until_due();
            it.answer_with(i + 1 < most.size() ? 500 : 200);
        }
    }
    auto range = 10ms;
    for (const auto each : most) {
        BOOST_TEST(each <= range);
        BOOST_TEST(each > range * 3 / 4);
        range = std::min(range * 2, 300ms);
    }
}

BOOST_AUTO_TEST_CASE(the_attempts_of_a_call_are_limited_and_the_last_answer_is_its_error)
{
    for (const unsigned attempts : {1U, 2U, 5U}) {
        refusing_bench it(with(attempts));
        const fake_call& which = it.ask();
        for (unsigned i = 1; i < attempts; ++i) {
            it.answer_with(503);
            BOOST_TEST_REQUIRE(which.ends() == 0u);
            it.wait_until_due();
        }
        it.answer_with(502);
        check_refused(which, 502, attempts);
        it.wait(30s);
        BOOST_TEST(it.sent() == attempts);
    }
}

BOOST_AUTO_TEST_CASE(the_budget_limits_what_all_calls_together_ask_again)
{
    refusing_bench it(with(3, 2));
    for (int i = 0; i < 4; ++i)
        it.ask();
    for (int i = 0; i < 4; ++i)
        it.answer_with(503);
    BOOST_TEST(it.sent() == 4u);
    it.wait(1s);
    BOOST_TEST(it.sent() == 6u);
    std::size_t ended = 0;
    for (const fake_call& each : it.bench.calls)
        if (each.why() && each.ends() == 1) {
            check_refused(each, 503, 1);
            ++ended;
        }
    BOOST_TEST(ended == 2u);
}

BOOST_AUTO_TEST_CASE(the_budget_is_asked_when_the_pause_is_over)
{
    for (const std::size_t successes : {9u, 10u}) {
        refusing_bench it(with(3, 1));
        it.ask();
        it.answer_with(503);
        it.wait_until_due(); // spends it
        it.answer_with(404);
        const fake_call& which = it.ask();
        it.answer_with(503);
        BOOST_TEST_REQUIRE(which.ends() == 0u);
        for (std::size_t i = 0; i < successes; ++i) { // ten give one back
            it.ask();
            it.answer_with(200);
        }
        it.wait_until_due();
        if (successes == 9)
            check_refused(which, 503, 1);
        else
            BOOST_TEST(it.unanswered() == texts{"2"}, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(retry_after_in_seconds_is_heeded)
{
    for (const unsigned status : repeatable) {
        refusing_bench it;
        const fake_call& which = it.ask();
        it.answer_with(status, "Retry-After: 7\r\n");
        BOOST_TEST(it.pause() == 7s);
        it.wait(7s - 1ms);
        BOOST_TEST(it.sent() == 1u);
        it.wait(1ms);
        BOOST_TEST(it.sent() == 2u);
        it.answer_with(200);
        BOOST_TEST(which.was_answered());
    }
}

BOOST_AUTO_TEST_CASE(a_retry_after_that_is_shorter_than_the_pause_or_no_time_changes_nothing)
{
    refusing_bench plain;
    plain.ask();
    plain.answer_with(503);
    for (const std::string_view value : {"0", "soon", "-1", "", "Sun, 06 Nov 1994 08:49:30 GMT"}) {
        refusing_bench it; // of the same seed
        it.ask();
        it.answer_with(503, "Retry-After: " + std::string(value) + "\r\n");
        BOOST_TEST(it.pause() == plain.pause(), value);
    }
}

BOOST_AUTO_TEST_CASE(retry_after_as_a_date_is_heeded)
{
    refusing_bench it; // at 08:49:37
    it.ask();
    it.answer_with(503, "Retry-After: Sun, 06 Nov 1994 08:49:47 GMT\r\n");
    BOOST_TEST(it.pause() == 10s);
    it.wait_until_due();
    it.answer_with(503, "Retry-After: Sunday, 06-Nov-94 08:50:00 GMT\r\n");
    BOOST_TEST(it.pause() == 13s);
}

BOOST_AUTO_TEST_CASE(a_date_is_read_by_the_clock_of_the_server)
{
    for (const std::string hour : {"07", "09"}) {
        const std::string begin = "Sun, 06 Nov 1994 " + hour + ":49:";
        refusing_bench it; // at 08:49:37
        it.ask();
        it.answer_with(503, "Date: " + begin + "37 GMT\r\nRetry-After: " + begin + "57 GMT\r\n");
        BOOST_TEST(it.pause() == 20s);
        it.wait_until_due();
        // Later answers need not say it again.
        it.answer_with(503, "Retry-After: Sun, 06 Nov 1994 " + hour + ":50:00 GMT\r\n");
        BOOST_TEST(it.pause() == 3s);
    }
}

BOOST_AUTO_TEST_CASE(what_can_not_be_asked_again_in_its_time_ends_at_once_as_the_server_said)
{
    for (const auto limit : {5'000ms, 5'001ms}) {
        refusing_bench it;
        const fake_call& which = it.ask(policy::operation::get, {}, it.net.now + limit);
        it.answer_with(503, "Retry-After: 5\r\n");
        if (limit == 5s) {
            check_refused(which, 503, 1);
            BOOST_TEST(which.why()->retry_after == 5s);
            BOOST_TEST(it.connections.waiting() == 0u);
        } else {
            BOOST_TEST(which.ends() == 0u);
            it.wait_until_due();
            it.answer_with(503, "Retry-After: 1\r\n");
            check_refused(which, 503, 2);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_last_refusal_is_the_cause_when_something_else_ends_the_call)
{
    refusing_bench it(with(2));
    const fake_call& which = it.ask();
    it.answer_with(503);
    const error late = it.connections.out_of_time(which);
    BOOST_TEST(late.code == errc::deadline_exceeded);
    BOOST_TEST(late.cause == errc::unavailable);
    BOOST_TEST(late.detail == "the last attempt ended with: service unavailable: status 503; the time ran out while "
                              "waiting for the time of its next attempt");
    it.wait_until_due();
    it.net[0].end(); // it was no fault of the call, so that it is sent once more
    it.net[1].come_up();
    it.net[1].end();
    BOOST_TEST_REQUIRE(which.ends() == 1u);
    BOOST_TEST(which.why()->code == errc::connection_lost);
    BOOST_TEST(which.last_code() == errc::connection_lost); // the loss came after the refusal
    BOOST_TEST(which.why()->delivery == delivery::sent_unanswered);
    BOOST_TEST(which.why()->attempts == 3u);
    BOOST_TEST(it.connections.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(a_creation_is_asked_again_after_429_alone)
{
    for (const auto what : {policy::operation::create, policy::operation::web3_create})
        for (const unsigned status : repeatable) {
            BOOST_TEST_CONTEXT("status " << status)
            {
                refusing_bench it;
                const fake_call& which = it.ask(what);
                it.answer_with(status);
                if (status != 429) {
                    check_refused(which, status, 1);
                    continue;
                }
                BOOST_TEST(which.ends() == 0u);
                it.wait_until_due();
                BOOST_TEST(it.sent() == 2u);
                it.answer_with(200);
                BOOST_TEST(which.was_answered());
            }
        }
}

BOOST_AUTO_TEST_CASE(a_change_keeps_the_turn_of_its_key_while_it_pauses)
{
    for (const auto what : {policy::operation::update, policy::operation::remove}) {
        refusing_bench it;
        it.ask(what, "key");
        it.answer_with(503);
        it.ask(policy::operation::update, "key");
        it.ask(policy::operation::update, "another");
        BOOST_TEST(it.unanswered() == texts{"3"}, boost::test_tools::per_element());
        it.answer_with(200);
        it.wait_until_due();
        BOOST_TEST(it.unanswered() == texts{"1"}, boost::test_tools::per_element());
        it.answer_with(200);
        BOOST_TEST(it.unanswered() == texts{"2"}, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_call_that_ends_in_its_pause_passes_the_turn_on)
{
    for (const bool withdrawn : {false, true}) {
        refusing_bench it(with(3, 0)); // no budget
        fake_call& first = it.ask(policy::operation::update, "key");
        it.answer_with(503);
        const fake_call& second = it.ask(policy::operation::update, "key");
        BOOST_TEST(second.at() == call::place::behind);
        if (withdrawn) {
            BOOST_TEST(it.connections.withdraw(first));
            it.bench.pump();
            BOOST_TEST(first.ends() == 0u);
        } else {
            it.wait_until_due();
            check_refused(first, 503, 1);
        }
        BOOST_TEST(it.unanswered() == texts{"2"}, boost::test_tools::per_element());
        it.wait(30s);
        BOOST_TEST(it.sent() == 2u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
