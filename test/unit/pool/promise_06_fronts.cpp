// Promise 6, changes to one key go one after another: when the next change may go, and when not.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_promise_06_fronts)

using namespace venice_keys;
using namespace venice_keys::test;
using boost::test_tools::per_element;

BOOST_AUTO_TEST_CASE(an_abandoned_change_keeps_its_turn_until_its_answer_has_come)
{
    pool_bench it(test_pool_settings(1, 4));
    it.submit(1);
    it.come_up_and_prove(0);
    fake_call& first = it.add(policy::operation::update, "a");
    fake_call& second = it.add(policy::operation::remove, "a");
    fake_call& other = it.add(policy::operation::update, "b");
    it.pump();
    BOOST_TEST(it.unanswered(0) == (texts{"1", "3"}), per_element());
    it.net[0].finish_write();
    BOOST_TEST(!it.connections.withdraw(first));
    it.pump();
    BOOST_TEST(it.unanswered(0) == (texts{"1", "3"}), per_element());
    BOOST_TEST(second.at() == call::place::behind);
    BOOST_TEST(it.connections.wait_of(second, "") == "an earlier change to the same key");
    it.answer(0);
    BOOST_TEST(first.was_released());
    BOOST_TEST(it.unanswered(0) == (texts{"3", "2"}), per_element());
    it.answer(0, 2);
    BOOST_TEST(other.was_answered());
    BOOST_TEST(second.was_answered());
}

BOOST_AUTO_TEST_CASE(an_abandoned_change_passes_its_turn_on_when_its_connection_is_closed)
{
    pool_bench it(test_pool_settings(1, 4));
    it.submit(1);
    it.come_up_and_prove(0);
    fake_call& first = it.add(policy::operation::update, "a");
    it.add(policy::operation::update, "a");
    it.pump();
    BOOST_TEST(!it.connections.withdraw(first));
    it.net[0].end(false, boost::asio::error::connection_reset);
    BOOST_TEST(first.was_released());
    it.net[1].come_up();
    BOOST_TEST(it.unanswered(1) == texts{"2"}, per_element());
}

BOOST_AUTO_TEST_CASE(a_change_that_pauses_before_its_retry_keeps_its_turn)
{
    auto settings = test_pool_settings(1, 4);
    settings.retry.base_delay = 1s;
    pool_bench it(settings);
    it.submit(1);
    it.come_up_and_prove(0);
    it.add(policy::operation::update, "a");
    it.add(policy::operation::update, "a");
    it.add(policy::operation::update, "b");
    it.pump();
    it.net[0].finish_write();
    it.answer(0, 1, "Retry-After: 0\r\n", 500);
    BOOST_TEST(it.calls[1].at() == call::place::pause);
    BOOST_TEST(it.unanswered(0) == texts{"3"}, per_element()); // the other key goes on
    it.wait_until_due();
    BOOST_TEST(it.unanswered(0) == (texts{"3", "1"}), per_element());
    it.net[0].finish_write();
    it.answer(0, 2);
    BOOST_TEST(it.unanswered(0) == texts{"2"}, per_element());
}

BOOST_AUTO_TEST_SUITE_END()
