// Promise 3, cancelling shifts nothing: a call is taken out of the pool in every state that it can be in.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_promise_03_cancelling)

using namespace venice_keys;
using namespace venice_keys::test;
using state = wire::slot::state;

namespace {

void check_gone(const fake_call& which)
{
    BOOST_TEST(!which.wire::slot::is_linked());
    BOOST_TEST(which.ends() == 0u);
    BOOST_TEST(!which.was_released());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_call_that_waits_is_withdrawn_and_the_server_never_sees_it)
{
    pool_bench it(test_pool_settings(1));
    it.add_many(3);
    BOOST_TEST(it.connections.withdraw(it.calls[0])); // before anything
    it.pump();
    BOOST_TEST(it.connections.withdraw(it.calls[1])); // while a connection is made
    it.come_up_and_prove(0);
    BOOST_TEST(it.net[0].requests() == texts{"2"}, boost::test_tools::per_element());
    check_gone(it.calls[0]);
    check_gone(it.calls[1]);
    BOOST_TEST(it.calls[1].delivery() == delivery::not_sent);
    BOOST_TEST(it.calls[1].attempts() == 0u);
}

BOOST_AUTO_TEST_CASE(a_staged_call_is_withdrawn_and_the_server_never_sees_it)
{
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(1);
    it.submit(2);
    BOOST_TEST_REQUIRE(it.calls[2].where() == state::staged);
    BOOST_TEST(it.connections.withdraw(it.calls[2]));
    it.net[0].finish_write();
    BOOST_TEST(it.net[0].requests() == (texts{"0", "1", "3"}), boost::test_tools::per_element());
    it.answer(0, 2);
    BOOST_TEST(it.calls[3].was_answered());
    check_gone(it.calls[2]);
}

BOOST_AUTO_TEST_CASE(a_written_call_stays_to_swallow_its_answer)
{
    pool_bench it(test_pool_settings(1));
    it.submit(4);
    it.come_up_and_prove(0);
    BOOST_TEST(!it.connections.withdraw(it.calls[2]));
    BOOST_TEST(it.calls[2].delivery() == delivery::sent_unanswered);
    BOOST_TEST(it.calls[2].attempts() == 1u);
    it.answer(0, 3);
    BOOST_TEST(it.calls[1].was_answered());
    BOOST_TEST(it.calls[3].was_answered());
    BOOST_TEST(it.calls[2].ends() == 0u);
    BOOST_TEST(it.calls[2].releases() == 1u);
}

BOOST_AUTO_TEST_CASE(an_abandoned_call_keeps_its_place_in_the_pipelines_depth)
{
    pool_bench it(test_pool_settings(1, 2));
    it.submit(4);
    it.come_up_and_prove(0);
    it.net[0].finish_write();
    (void)it.connections.withdraw(it.calls[1]);
    it.pump();
    BOOST_TEST(it.unanswered(0) == (texts{"1", "2"}), boost::test_tools::per_element());
    it.answer(0);
    BOOST_TEST(it.unanswered(0) == (texts{"2", "3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_call_that_waits_for_its_replay_is_withdrawn_and_says_that_it_was_sent)
{
    pool_bench it(test_pool_settings(1));
    it.submit(2);
    it.net[0].come_up();
    it.net[0].end();
    BOOST_TEST(it.calls[0].where() == state::waiting);
    BOOST_TEST(it.connections.withdraw(it.calls[0]));
    check_gone(it.calls[0]);
    BOOST_TEST(it.calls[0].delivery() == delivery::sent_unanswered);
    BOOST_TEST(it.calls[0].attempts() == 1u);
    it.wait_until_due();
    it.come_up_and_prove(1);
    BOOST_TEST(it.net[1].requests() == texts{"1"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_replayed_call_in_flight_is_abandoned_and_let_go_with_its_answer)
{
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    it.net[0].come_up();
    it.net[0].end();
    it.wait_until_due();
    it.net[1].come_up();
    BOOST_TEST(!it.connections.withdraw(it.calls[0]));
    BOOST_TEST(it.calls[0].attempts() == 2u);
    it.answer(1);
    BOOST_TEST(it.calls[0].releases() == 1u);
    BOOST_TEST(it.calls[0].ends() == 0u);
}

BOOST_AUTO_TEST_CASE(an_abandoned_call_is_let_go_when_its_connection_stalls)
{
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    it.net[0].come_up();
    (void)it.connections.withdraw(it.calls[0]);
    it.wait(test_session_limits().stall_timeout);
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.calls[0].releases() == 1u);
    BOOST_TEST(it.net.made.size() == 1u); // nobody wants another
}

BOOST_AUTO_TEST_SUITE_END()
