// How calls are spread over connections, and how deep these get.
#include "pool/pool.hpp"

#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_pool)

using namespace venice_keys;
using namespace venice_keys::test;

BOOST_AUTO_TEST_CASE(nothing_opens_before_there_is_a_call)
{
    pool_bench it;
    it.pump();
    BOOST_TEST(it.net.made.empty());
    BOOST_TEST(it.connections.deadline() == time_point::max());
    it.submit(1);
    BOOST_TEST(it.net.made.size() == 1u);
}

BOOST_AUTO_TEST_CASE(connections_open_one_for_each_waiting_call_up_to_the_most)
{
    pool_bench it;
    it.submit(3);
    BOOST_TEST(it.net.made.size() == 3u);
    it.submit(7);
    BOOST_TEST(it.net.made.size() == 4u);
    BOOST_TEST(it.connections.waiting() == 10u);
}

BOOST_AUTO_TEST_CASE(a_connection_carries_one_request_until_its_first_answer)
{
    pool_bench it(test_pool_settings(1));
    it.submit(5);
    it.net[0].come_up();
    it.net[0].finish_write();
    BOOST_TEST(it.net[0].requests() == texts{"0"}, boost::test_tools::per_element());
    it.answer(0);
    BOOST_TEST(it.net[0].requests() == (texts{"0", "1", "2", "3", "4"}), boost::test_tools::per_element());
    BOOST_TEST(it.net[0].writes() == 2u); // the others in one
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_taken_before_another_is_opened)
{
    pool_bench it;
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(1);
    BOOST_TEST(it.net.made.size() == 1u);
    BOOST_TEST(it.net[0].requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(another_connection_is_opened_before_requests_stand_behind_others)
{
    pool_bench it(test_pool_settings(2));
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(1);
    it.net[0].finish_write();
    it.submit(1);
    BOOST_TEST(it.net.made.size() == 2u);
    it.submit(1);
    BOOST_TEST(it.net.made.size() == 2u);
}

BOOST_AUTO_TEST_CASE(calls_go_where_the_least_is_in_flight)
{
    pool_bench it(test_pool_settings(2));
    it.prove(2);
    it.submit(6);
    BOOST_TEST(it.unanswered(0).size() == 3u);
    BOOST_TEST(it.unanswered(1).size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_pipeline_is_not_deeper_than_it_may_be)
{
    pool_bench it(test_pool_settings(1, 3));
    it.submit(10);
    it.come_up_and_prove(0);
    BOOST_TEST(it.unanswered(0).size() == 3u);
    it.net[0].finish_write();
    it.answer(0, 2);
    BOOST_TEST(it.unanswered(0).size() == 3u);
    BOOST_TEST(it.connections.counters().deepest_pipeline == 3u);
}

BOOST_AUTO_TEST_CASE(a_depth_of_one_is_no_pipelining)
{
    pool_bench it(test_pool_settings(1, 1));
    it.submit(4);
    it.come_up_and_prove(0);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(it.unanswered(0).size() == 1u);
        it.net[0].finish_write();
        it.answer(0);
    }
    BOOST_TEST(it.calls.back().was_answered());
}

BOOST_AUTO_TEST_CASE(calls_are_sent_in_order)
{
    pool_bench it(test_pool_settings(1));
    it.submit(20);
    it.come_up_and_prove(0);
    it.net[0].finish_write();
    while (!it.unanswered(0).empty()) {
        it.answer(0, it.unanswered(0).size());
        if (it.net[0].writing())
            it.net[0].finish_write();
    }
    const texts sent = it.net[0].requests();
    BOOST_TEST_REQUIRE(sent.size() == 20u);
    for (std::size_t i = 0; i < 20; ++i)
        BOOST_TEST(sent[i] == std::to_string(i));
    for (const fake_call& each : it.calls) {
        BOOST_TEST(each.was_answered());
        BOOST_TEST(each.attempts() == 1u);
        BOOST_TEST(each.delivery() == delivery::answered);
    }
}

namespace {

// Of a connection that comes up now, once it has answered.
std::size_t depth_of(pool_bench& it, std::size_t which)
{
    it.come_up_and_prove(which);
    it.net[which].finish_write();
    return it.unanswered(which).size();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_server_that_closes_in_mid_pipeline_brings_the_depth_down_and_answers_bring_it_up)
{
    pool_bench it(test_pool_settings(1, 8));
    it.submit(1000);
    std::size_t which = 0;
    const auto depth_now = [&] {
        return depth_of(it, which);
    };
    BOOST_TEST(depth_now() == 8u);
    for (const std::size_t next : {4u, 2u, 1u, 1u}) {
        it.answer(which, std::min<std::size_t>(2, it.unanswered(which).size())); // the server does pipeline
        if (it.net[which].writing())
            it.net[which].finish_write();
        it.net[which++].end();
        BOOST_TEST(depth_now() == next);
    }
    std::size_t deepest = 1;
    for (int i = 0; i < 150 && deepest < 8; ++i) {
        it.answer(which, it.unanswered(which).size());
        it.net[which].finish_write();
        BOOST_TEST_REQUIRE(it.unanswered(which).size() <= deepest + 1); // by small steps
        deepest = std::max(deepest, it.unanswered(which).size());
    }
    BOOST_TEST(deepest == 8u);
}

BOOST_AUTO_TEST_CASE(two_connections_in_a_row_that_answer_nothing_behind_a_request_end_pipelining_for_minutes)
{
    pool_bench it(test_pool_settings(1, 8));
    it.submit(1000);
    std::size_t which = 0;
    const auto depth_now = [&] {
        return depth_of(it, which);
    };
    BOOST_TEST(depth_now() == 8u);
    it.net[which++].end();
    BOOST_TEST(depth_now() == 4u);
    it.net[which++].end();
    BOOST_TEST(it.connections.pipelining() == pipelining_state::fails);
    for (int i = 0; i < 50; ++i) {
        BOOST_TEST(depth_now() == 1u);
        it.net[which++].end();
    }
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_while_it_owes_one_answer_leaves_the_depth)
{
    pool_bench it(test_pool_settings(1, 8));
    it.submit(2);
    it.come_up_and_prove(0);
    it.net[0].end();
    it.come_up_and_prove(1);
    it.net[1].end();
    it.submit(9);
    it.come_up_and_prove(2);
    BOOST_TEST(it.unanswered(2).size() == 8u);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_that_ends_is_gone_before_the_next_call)
{
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    it.come_up_and_prove(0);
    it.net[0].end();
    BOOST_TEST(it.connections.connections() == 0u);
    BOOST_TEST(it.net.made.size() == 1u); // nobody waits
    it.submit(1);
    BOOST_TEST(it.net.made.size() == 2u); // at once: a connection that has answered and idled costs no back-off
    it.come_up_and_prove(1);
    BOOST_TEST(it.calls.back().attempts() == 1u);
    BOOST_TEST(it.connections.counters().connections_lost == 0u);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_when_its_time_is_over)
{
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    it.come_up_and_prove(0);
    BOOST_TEST(it.connections.deadline() == it.net.now + test_session_limits().idle_timeout);
    it.wait_until_due();
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.connections.connections() == 0u);
    BOOST_TEST(it.connections.deadline() == time_point::max());
}

BOOST_AUTO_TEST_CASE(the_deadline_is_the_earliest_of_all_connections)
{
    pool_bench it(test_pool_settings(2));
    it.submit(2);
    const auto began = it.net.now;
    BOOST_TEST(it.connections.deadline() == began + test_session_limits().connect_timeout);
    it.net.now += 1s;
    it.net[0].come_up(); // takes the first call
    BOOST_TEST(it.connections.deadline() == it.net.now + test_session_limits().stall_timeout);
    it.net[0].finish_write();
    it.answer(0);
    it.net.now += 1s;
    it.net[0].finish_write();
    it.answer(0);
    BOOST_TEST(it.due() == began + test_session_limits().connect_timeout);
}

BOOST_AUTO_TEST_CASE(what_is_staged_leaves_a_connection_that_takes_no_more_before_it_has_answered)
{
    pool_bench it(test_pool_settings(2));
    it.prove(2);
    it.submit(2); // being written
    it.submit(2); // staged
    BOOST_TEST_REQUIRE(it.calls[4].where() == wire::slot::state::staged);
    it.net[1].finish_write(boost::asio::error::broken_pipe);
    it.net[0].finish_write();
    const texts there = it.net[0].requests();
    BOOST_TEST(std::ranges::count(there, "4") == 1);
    BOOST_TEST(std::ranges::count(there, "5") == 1);
    BOOST_TEST(!it.net[1].closed()); // it may still answer what it has
    it.answer(1);
    BOOST_TEST(it.calls[2].was_answered());
    BOOST_TEST(it.net[1].closed());
}

BOOST_AUTO_TEST_SUITE_END()
