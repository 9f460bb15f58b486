// Promise 5, replay only when it is right.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

#include <algorithm>

BOOST_AUTO_TEST_SUITE(unit_pool_promise_05_replay)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

pool_settings with(std::size_t connections, std::size_t depth, unsigned attempts, unsigned budget)
{
    auto settings = test_pool_settings(connections, depth);
    settings.retry.max_attempts = attempts;
    settings.retry.budget = budget;
    return settings;
}

// The last connection comes up, takes what it may, and dies without an answer.
void lose_one(pool_bench& it)
{
    it.net.made.back()->come_up();
    it.net.made.back()->end();
}

void check_lost(const fake_call& which, unsigned attempts)
{
    BOOST_TEST_REQUIRE(which.ends() == 1u);
    BOOST_TEST_REQUIRE(which.why().has_value());
    BOOST_TEST(which.why()->code == errc::connection_lost, which.why()->message());
    BOOST_TEST(which.why()->delivery == delivery::sent_unanswered);
    BOOST_TEST(which.why()->attempts == attempts);
}

} // namespace

BOOST_AUTO_TEST_CASE(what_a_stalled_connection_owed_is_replayed_in_order_and_in_front)
{
    pool_bench it(test_pool_settings(1, 4));
    it.submit(8);
    it.come_up_and_prove(0);
    BOOST_TEST(it.unanswered(0).size() == 4u);
    it.wait(test_session_limits().stall_timeout);
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].come_up();
    it.net[1].finish_write();
    BOOST_TEST(it.net[1].requests() == texts{"1"}, boost::test_tools::per_element()); // one until it answers
    while (!it.unanswered(1).empty()) {
        it.answer(1);
        if (it.net[1].writing())
            it.net[1].finish_write();
    }
    BOOST_TEST(it.net[1].requests() == (texts{"1", "2", "3", "4", "5", "6", "7"}), boost::test_tools::per_element());
    for (const fake_call& each : it.calls) {
        BOOST_TEST(each.was_answered());
        const bool twice = each.number() >= 1 && each.number() <= 4;
        BOOST_TEST(each.attempts() == (twice ? 2u : 1u));
        BOOST_TEST(each.delivery() == (twice ? delivery::sent_unanswered : delivery::answered));
    }
    BOOST_TEST(it.connections.counters().replays == 4u);
    BOOST_TEST(it.connections.counters().connections_lost == 1u);
}

BOOST_AUTO_TEST_CASE(connections_that_are_dropped_one_by_one_before_they_answered_cost_one_attempt)
{
    pool_bench it(with(4, 1, 2, 100));
    it.connections.warm_up(4);
    it.pump();
    for (std::size_t i = 0; i != 4; ++i)
        it.net[i].come_up();
    it.submit(1);
    const auto asked = std::ranges::find_if(it.net.made, [](const auto& each) { return each->writing(); });
    BOOST_TEST_REQUIRE((asked != it.net.made.end()));
    (*asked)->finish_write();
    (*asked)->end(); // the others are about to end as well
    for (std::size_t i = 0; i != 4; ++i)
        BOOST_TEST(it.net[i].closed());
    BOOST_TEST(it.calls[0].ends() == 0u);
    it.wait_until_due();
    BOOST_TEST_REQUIRE(it.net.made.size() == 5u);
    it.come_up_and_prove(4);
    BOOST_TEST(it.calls[0].was_answered());
    BOOST_TEST(it.calls[0].attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_answered_nothing_costs_an_attempt)
{
    pool_bench it(with(1, 16, 3, 100));
    it.submit(1);
    for (unsigned attempt = 1; attempt <= 3; ++attempt) {
        BOOST_TEST(it.calls[0].ends() == 0u);
        lose_one(it);
        if (attempt != 3)
            it.wait_until_due();
    }
    check_lost(it.calls[0], 3);
}

BOOST_AUTO_TEST_CASE(a_connection_that_had_answered_costs_none)
{
    constexpr std::size_t count = 12;
    pool_bench it(with(count, 1, 1, 0));
    it.prove(count);
    it.submit(1);
    const fake_call& unlucky = it.calls.back();
    const auto where_it_is = [&] {
        std::size_t found = count;
        for (std::size_t i = 0; i < count; ++i)
            if (it.net[i].open() && !it.unanswered(i).empty())
                found = i;
        return found;
    };
    for (std::size_t lost = 1; lost < count; ++lost) {
        BOOST_TEST_REQUIRE(where_it_is() != count);
        it.net[where_it_is()].end(false, boost::asio::error::connection_reset);
        BOOST_TEST(unlucky.ends() == 0u);
    }
    it.answer(where_it_is());
    BOOST_TEST(unlucky.was_answered());
    BOOST_TEST(unlucky.attempts() == count);
    BOOST_TEST(unlucky.delivery() == delivery::sent_unanswered); // the worst of its attempts
}

BOOST_AUTO_TEST_CASE(without_a_budget_there_is_no_replay)
{
    pool_bench it(with(1, 16, 3, 0));
    it.submit(1);
    lose_one(it);
    check_lost(it.calls[0], 1);
}

BOOST_AUTO_TEST_CASE(the_budget_is_everyones_and_ten_answers_give_one_back)
{
    pool_bench it(with(1, 1, 100, 2));
    it.submit(1);
    lose_one(it);
    it.wait_until_due();
    lose_one(it);
    it.wait_until_due();
    BOOST_TEST(it.calls[0].ends() == 0u);
    lose_one(it);
    check_lost(it.calls[0], 3);

    it.submit(10);
    it.wait_until_due();
    it.net.made.back()->come_up();
    for (std::size_t i = 0; i < 10; ++i) {
        it.net.made.back()->finish_write();
        it.answer(it.net.made.size() - 1);
    }
    it.net.made.back()->end();
    it.submit(1);
    lose_one(it);
    BOOST_TEST(it.calls.back().ends() == 0u);
    it.wait_until_due();
    lose_one(it);
    check_lost(it.calls.back(), 2);
}

BOOST_AUTO_TEST_CASE(what_was_not_sent_goes_elsewhere_at_no_cost)
{
    pool_bench it(with(1, 16, 1, 0));
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(1);
    it.submit(1);
    it.submit(1);
    BOOST_TEST(it.calls[2].where() == wire::slot::state::staged); // behind a write under way
    it.net[0].end();
    it.net[1].come_up();
    BOOST_TEST(it.net[1].requests() == texts{"1"}, boost::test_tools::per_element());
    it.net[1].finish_write();
    it.answer(1);
    it.net[1].finish_write();
    it.answer(1, 2);
    BOOST_TEST(it.calls[2].was_answered());
    BOOST_TEST(it.calls[2].attempts() == 1u);
    BOOST_TEST(it.calls[2].delivery() == delivery::answered);
    BOOST_TEST(it.calls[3].was_answered());
}

BOOST_AUTO_TEST_CASE(a_call_with_a_new_effect_is_not_repeated_once_it_was_sent)
{
    for (const bool proven : {false, true}) {
        pool_bench it(test_pool_settings(1));
        if (proven) {
            it.submit(1);
            it.come_up_and_prove(0);
        }
        fake_call& create = it.add(policy::operation::create);
        it.pump();
        if (!proven)
            it.net[0].come_up();
        it.net[0].end();
        check_lost(create, 1);
        BOOST_TEST(it.connections.waiting() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(an_abandoned_call_is_let_go_and_not_replayed)
{
    pool_bench it(test_pool_settings(1, 4));
    it.submit(4);
    it.come_up_and_prove(0);
    BOOST_TEST(!it.connections.withdraw(it.calls[2]));
    it.net[0].end();
    BOOST_TEST(it.calls[2].was_released());
    BOOST_TEST(it.calls[2].ends() == 0u);
    it.come_up_and_prove(1);
    it.net[1].finish_write();
    it.answer(1);
    BOOST_TEST(it.net[1].requests() == (texts{"1", "3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_too_large_is_not_asked_for_again)
{
    auto settings = test_pool_settings(1, 4);
    settings.session.reply.body_bytes = 100;
    for (const bool by_buffer : {false, true}) {
        pool_bench it(settings);
        it.submit(3);
        it.come_up_and_prove(0);
        if (by_buffer)
            it.net[0].overflow();
        else
            it.net[0].bring("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n");
        BOOST_TEST_REQUIRE(it.calls[1].ends() == 1u);
        BOOST_TEST(it.calls[1].why()->code == errc::reply_too_large);
        BOOST_TEST(it.calls[1].why()->delivery == delivery::sent_unanswered);
        BOOST_TEST(it.calls[2].ends() == 0u); // it only lost its connection
        it.wait_until_due();
        it.come_up_and_prove(1);
        BOOST_TEST(it.calls[2].was_answered());
    }
}

BOOST_AUTO_TEST_CASE(a_mismatch_is_the_trouble_of_the_one_in_front_and_a_loss_to_the_others)
{
    pool_bench it(with(1, 4, 1, 0));
    it.submit(4);
    it.come_up_and_prove(0);
    it.net[0].bring(answer_to("somebody else's"));
    BOOST_TEST_REQUIRE(it.calls[1].ends() == 1u);
    BOOST_TEST(it.calls[1].why()->code == errc::reply_mismatch);
    BOOST_TEST(it.calls[1].why()->delivery == delivery::sent_unanswered);
    for (const std::size_t i : {2u, 3u}) {
        BOOST_TEST(it.calls[i].ends() == 0u); // asked for again elsewhere
        BOOST_TEST(it.calls[i].last_code() == errc::connection_lost);
        // What ended the connection is told, and not how far another call got.
        BOOST_TEST(it.calls[i].last_trouble().find("somebody else's") != std::string::npos);
        BOOST_TEST(it.calls[i].last_trouble().find("not sent") == std::string::npos, it.calls[i].last_trouble());
    }
}

BOOST_AUTO_TEST_CASE(a_mismatched_update_is_asked_again_elsewhere)
{
    pool_bench it(test_pool_settings(1));
    it.submit(2);
    it.come_up_and_prove(0);
    it.net[0].bring(answer_to("0"));
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.calls[1].ends() == 0u);
    it.wait_until_due();
    it.come_up_and_prove(1);
    BOOST_TEST(it.calls[1].was_answered());
    BOOST_TEST(it.calls[1].delivery() == delivery::sent_unanswered);
}

BOOST_AUTO_TEST_CASE(a_mismatch_costs_an_attempt_also_on_a_connection_that_had_answered)
{
    pool_bench it(with(1, 16, 2, 100));
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(1);
    it.net[0].bring(answer_to("wrong"));
    BOOST_TEST(it.calls[1].ends() == 0u);
    it.wait_until_due();
    it.net[1].come_up();
    it.net[1].bring(answer_to("wrong again"));
    BOOST_TEST_REQUIRE(it.calls[1].ends() == 1u);
    BOOST_TEST(it.calls[1].why()->code == errc::reply_mismatch);
    BOOST_TEST(it.calls[1].why()->attempts == 2u);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_that_is_there_takes_the_replay_at_once)
{
    pool_bench it(test_pool_settings(2, 1));
    it.prove(2);
    it.submit(1);
    BOOST_TEST_REQUIRE(it.unanswered(1).size() == 1u); // the last to be used
    it.net[1].end();
    BOOST_TEST(it.unanswered(0) == texts{"2"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(after_connection_close_the_unanswered_ones_are_replayed)
{
    pool_bench it(test_pool_settings(1, 4));
    it.submit(4);
    it.come_up_and_prove(0);
    it.net[0].finish_write();
    it.answer(0, 1, "Connection: close\r\n");
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.calls[1].was_answered());
    it.come_up_and_prove(1);
    it.net[1].finish_write();
    it.answer(1);
    BOOST_TEST(it.calls[2].was_answered());
    BOOST_TEST(it.calls[3].was_answered());
}

BOOST_AUTO_TEST_SUITE_END()
