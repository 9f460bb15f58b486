// Whether an HTTP/1.1 server pipelines is found out with one pair of updates.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_pipelining)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

pool_settings unknown(std::size_t connections = 1)
{
    pool_settings settings = test_pool_settings(connections);
    settings.pipelining = pipelining_state::unknown;
    return settings;
}

// Updates of different keys.
void update(pool_bench& it, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        it.add(operation::update, "key " + std::to_string(it.calls.size()));
    it.pump();
}

// One connection, which has answered, and has a pair of updates.
struct with_a_pair : pool_bench {
    explicit with_a_pair(std::size_t more = 10) : pool_bench(unknown())
    {
        update(*this, 1);
        come_up_and_prove(0);
        update(*this, 2 + more);
        net[0].finish_write();
        BOOST_TEST_REQUIRE(unanswered(0).size() == 2u);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(one_at_a_time_while_one_connection_tries_a_pair)
{
    pool_bench it(unknown(3));
    update(it, 3);
    it.prove_those_that_connect(3);
    update(it, 20);
    std::size_t pairs = 0;
    for (const std::size_t i : {0u, 1u, 2u}) {
        BOOST_TEST(it.unanswered(i).size() >= 1u);
        BOOST_TEST(it.unanswered(i).size() <= 2u);
        pairs += it.unanswered(i).size() == 2u ? 1u : 0u;
    }
    BOOST_TEST(pairs == 1u);
    BOOST_TEST(it.connections.pipelining() == pipelining_state::unknown);
}

BOOST_AUTO_TEST_CASE(a_connection_that_has_not_answered_tries_nothing)
{
    pool_bench it(unknown());
    update(it, 5);
    it.net[0].come_up();
    BOOST_TEST(it.unanswered(0).size() == 1u);
}

BOOST_AUTO_TEST_CASE(only_two_updates_make_a_pair)
{
    for (const operation other : {operation::get, operation::remove, operation::list}) {
        for (const bool first : {true, false}) {
            pool_bench it(unknown());
            update(it, 1);
            it.come_up_and_prove(0);
            it.add(first ? other : operation::update, first && other != operation::remove ? "" : "a");
            it.add(first ? operation::update : other, !first && other != operation::remove ? "" : "b");
            it.pump();
            BOOST_TEST(it.unanswered(0).size() == 1u);
        }
    }
}

BOOST_AUTO_TEST_CASE(two_updates_of_one_key_make_no_pair)
{
    pool_bench it(unknown());
    update(it, 1);
    it.come_up_and_prove(0);
    it.add(operation::update, "same");
    it.add(operation::update, "same");
    it.pump();
    BOOST_TEST(it.unanswered(0).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_pair_that_is_answered_means_that_it_works)
{
    with_a_pair it(40);
    it.answer(0);
    BOOST_TEST(it.unanswered(0).size() == 1u);
    it.answer(0);
    BOOST_TEST(it.connections.pipelining() == pipelining_state::works);
    BOOST_TEST(it.unanswered(0).size() == 16u);
}

BOOST_AUTO_TEST_CASE(a_server_that_closes_after_the_first_answer_does_not_and_that_costs_one_replay)
{
    with_a_pair it;
    it.answer(0);
    it.net[0].end();
    BOOST_TEST(it.connections.pipelining() == pipelining_state::fails);
    it.wait({});
    for (std::size_t i = 0; i < 9; ++i) {
        it.come_up_and_prove(1 + i);
        it.net[1 + i].finish_write();
        BOOST_TEST(it.unanswered(1 + i).size() == 1u); // and never two again
        it.net[1 + i].end();
        it.wait({});
    }
    BOOST_TEST(it.connections.counters().replays <= 10u);
}

BOOST_AUTO_TEST_CASE(a_server_that_says_close_with_the_first_answer_does_not)
{
    with_a_pair it;
    it.answer(0, 1, "Connection: close\r\n");
    BOOST_TEST(it.connections.pipelining() == pipelining_state::fails);
    BOOST_TEST(it.calls[1].was_answered());
    BOOST_TEST(it.calls[2].ends() == 0u);
}

BOOST_AUTO_TEST_CASE(a_400_that_closes_is_a_loss_of_both_and_no_refusal)
{
    with_a_pair it;
    it.answer(0, 1, "Connection: close\r\n", 400);
    BOOST_TEST(it.connections.pipelining() == pipelining_state::fails);
    BOOST_TEST(it.calls[1].ends() == 0u);
    BOOST_TEST(it.calls[2].ends() == 0u);
    it.wait_until_due();
    it.net[1].come_up();
    BOOST_TEST(it.unanswered(1) == std::vector<std::string>{"1"}, boost::test_tools::per_element());
    it.net[1].finish_write();
    it.answer(1, 1, "Connection: close\r\n", 400); // with nothing behind it, it is an answer
    BOOST_TEST(it.calls[1].was_answered());
    BOOST_TEST(it.calls[1].why()->http_status == 400u);
}

BOOST_AUTO_TEST_CASE(silence_after_the_first_answer_costs_a_second_and_not_the_time_of_a_stall)
{
    with_a_pair it;
    it.net.now += 100ms;
    it.answer(0);
    const time_point answered = it.net.now;
    it.wait(900ms);
    BOOST_TEST(it.net[0].open());
    it.wait_until_due();
    BOOST_TEST(it.net.now == answered + 1s);
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.connections.pipelining() == pipelining_state::fails);
    BOOST_TEST(it.calls[2].ends() == 0u);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.come_up_and_prove(1);
    BOOST_TEST(it.calls[2].was_answered());
}

BOOST_AUTO_TEST_CASE(a_mismatch_in_the_second_answer_means_that_it_does_not)
{
    with_a_pair it;
    it.answer(0);
    it.net[0].bring(answer_to("another's"));
    BOOST_TEST(it.connections.pipelining() == pipelining_state::fails);
    BOOST_TEST(it.calls[2].ends() == 0u);
}

BOOST_AUTO_TEST_CASE(a_refusal_as_the_second_answer_says_nothing)
{
    with_a_pair it;
    it.answer(0);
    it.answer(0, 1, {}, 404); // it could be anybody's
    BOOST_TEST(it.connections.pipelining() == pipelining_state::unknown);
    it.net[0].finish_write();
    BOOST_TEST(it.unanswered(0).size() == 2u); // the next pair
}

BOOST_AUTO_TEST_CASE(half_a_pair_that_is_cancelled_before_it_is_written_ends_the_trial)
{
    pool_bench it(unknown());
    update(it, 1);
    it.come_up_and_prove(0);
    update(it, 1);
    update(it, 3); // wait: the other is being written
    it.net[0].finish_write();
    it.answer(0);
    BOOST_TEST(it.unanswered(0).size() == 2u); // one turn made and wrote it
    BOOST_TEST(!it.connections.withdraw(it.calls[3]));
    it.net[0].finish_write();
    it.answer(0, 2);
    BOOST_TEST(it.connections.pipelining() == pipelining_state::unknown); // nobody looked at the second answer
    BOOST_TEST(it.calls[3].was_released());
}

BOOST_AUTO_TEST_CASE(what_failed_is_tried_again_after_minutes)
{
    with_a_pair it(0);
    it.answer(0);
    it.net[0].end();
    it.come_up_and_prove(1);
    it.wait(2min - 1ms);
    update(it, 1);
    it.come_up_and_prove(2);
    update(it, 2);
    it.net[2].finish_write();
    BOOST_TEST(it.unanswered(2).size() == 1u);
    it.answer(2);
    it.net.now += 1ms;
    update(it, 2);
    it.net[2].finish_write();
    it.answer(2);
    it.net[2].finish_write();
    BOOST_TEST(it.unanswered(2).size() == 2u);
    it.answer(2, 2);
    BOOST_TEST(it.connections.pipelining() == pipelining_state::works);
}

// It takes two requests that arrive together for a pipeline, and drops or closes on what comes later.
BOOST_AUTO_TEST_CASE(what_worked_with_a_pair_fails_when_single_requests_behind_others_get_no_answer)
{
    for (const bool closes : {true, false}) {
        pool_bench it(test_pool_settings(1));
        update(it, 1);
        it.come_up_and_prove(0);
        for (std::size_t i = 0; i < 2; ++i) {
            BOOST_TEST(it.connections.pipelining() == pipelining_state::works);
            update(it, 1);
            it.net[i].finish_write();
            update(it, 1); // behind it
            BOOST_TEST_REQUIRE(it.unanswered(i).size() == 2u);
            it.answer(i);
            if (closes)
                it.net[i].end();
            while (it.net[i].open())
                it.wait_until_due();
            while (it.net.made.size() == i + 1)
                it.wait_until_due();
            it.come_up_and_prove(i + 1);
        }
        BOOST_TEST(it.connections.pipelining() == pipelining_state::fails);
    }
}

BOOST_AUTO_TEST_CASE(a_depth_of_one_is_one_for_ever)
{
    auto settings = test_pool_settings(1, 1);
    settings.pipelining = pipelining_state::unknown;
    pool_bench it(settings);
    update(it, 20);
    it.net[0].come_up();
    for (int i = 0; i < 20; ++i) {
        it.net[0].finish_write();
        BOOST_TEST(it.unanswered(0).size() == 1u);
        it.answer(0);
    }
    BOOST_TEST(it.connections.pipelining() == pipelining_state::unknown);
}

BOOST_AUTO_TEST_SUITE_END()
