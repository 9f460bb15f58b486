// Promise 2, never someone else's reply: a connection that gives one is not believed any further.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_promise_02_no_foreign_reply)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

pool_bench& three_in_flight(pool_bench& it)
{
    it.submit(4);
    it.come_up_and_prove(0);
    it.net[0].finish_write();
    BOOST_TEST_REQUIRE(it.unanswered(0).size() == 3u);
    return it;
}

void check_poisoned(pool_bench& it)
{
    BOOST_TEST(it.net[0].closed());
    it.wait_until_due(); // a server that errs is not asked again at once
    it.net[1].come_up();
    while (it.net[1].writing()) {
        it.net[1].finish_write();
        it.answer(1, it.unanswered(1).size());
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(swapped_answers_reach_nobody)
{
    pool_bench bench(test_pool_settings(1));
    pool_bench& it = three_in_flight(bench);
    it.net[0].bring(answer_to("2") + answer_to("1") + answer_to("3"));
    for (std::size_t i = 1; i < 4; ++i)
        BOOST_TEST(it.calls[i].ends() == 0u);
    check_poisoned(it);
    for (std::size_t i = 1; i < 4; ++i) {
        BOOST_TEST(it.calls[i].was_answered());
        BOOST_TEST(it.calls[i].delivery() == delivery::sent_unanswered);
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_answer_to_an_abandoned_call_poisons_too)
{
    pool_bench bench(test_pool_settings(1));
    pool_bench& it = three_in_flight(bench);
    BOOST_TEST(!it.connections.withdraw(it.calls[1]));
    it.net[0].bring(answer_to("2") + answer_to("2"));
    BOOST_TEST(it.calls[1].was_released());
    BOOST_TEST(it.calls[2].ends() == 0u);
    check_poisoned(it);
    BOOST_TEST(it.calls[2].was_answered());
    BOOST_TEST(it.calls[3].was_answered());
    BOOST_TEST(it.calls[1].ends() == 0u);
}

BOOST_AUTO_TEST_CASE(what_was_answered_before_the_mismatch_stays_answered)
{
    pool_bench bench(test_pool_settings(1));
    pool_bench& it = three_in_flight(bench);
    it.net[0].bring(answer_to("1") + answer_to("3") + answer_to("2"));
    BOOST_TEST(it.calls[1].was_answered());
    BOOST_TEST(it.calls[1].attempts() == 1u);
    check_poisoned(it);
    BOOST_TEST(it.calls[2].attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(a_surplus_answer_closes_the_connection_before_another_call_gets_it)
{
    pool_bench bench(test_pool_settings(1));
    pool_bench& it = three_in_flight(bench);
    it.net[0].bring(answer_to("1") + answer_to("2") + answer_to("3") + answer_to("4"));
    BOOST_TEST(it.net[0].closed());
    it.submit(1);
    BOOST_TEST(it.net[0].requests().size() == 4u);
    BOOST_TEST(it.calls[4].ends() == 0u);
    it.wait_until_due();
    it.come_up_and_prove(1);
    BOOST_TEST(it.calls[4].attempts() == 1u);
}

BOOST_AUTO_TEST_CASE(bytes_on_an_idle_connection_close_it)
{
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    it.come_up_and_prove(0);
    it.net[0].bring("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.connections.connections() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
