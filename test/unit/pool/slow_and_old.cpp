// Connections that are silent for longer than is usual, and those that are old.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_slow_and_old)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

// A connection that has answered a few requests in 100 ms each.
struct used_to_100_ms : pool_bench {
    explicit used_to_100_ms(const pool_settings& settings) : pool_bench(settings)
    {
        submit(1);
        come_up_and_prove(0);
        for (int i = 0; i < 5; ++i) {
            submit(1);
            net[0].finish_write();
            net.now += 100ms;
            answer(0);
        }
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(one_slow_answer_costs_the_others_a_second)
{
    used_to_100_ms it(test_pool_settings(2));
    it.submit(1); // takes long
    it.net[0].finish_write();
    const time_point written = it.net.now;
    it.wait_until_due();
    BOOST_TEST(it.net.now == written + 1s);
    BOOST_TEST(it.net[0].open());
    it.submit(3); // not behind it, though there is room
    BOOST_TEST(it.unanswered(0).size() == 1u);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.come_up_and_prove(1);
    it.net[1].finish_write();
    it.answer(1, 2);
    BOOST_TEST(it.unanswered(0).size() == 1u);
    it.answer(0); // it has come after all
    BOOST_TEST(it.calls[6].was_answered());
    BOOST_TEST(it.calls[6].attempts() == 1u);
    it.submit(2);
    BOOST_TEST(!it.unanswered(0).empty()); // and is in use again
}

BOOST_AUTO_TEST_CASE(what_is_staged_behind_a_slow_answer_moves)
{
    used_to_100_ms it(test_pool_settings(2));
    it.submit(1); // being written
    it.submit(1); // opens another connection
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.submit(2); // staged behind the first
    BOOST_TEST(it.calls[7].where() == wire::slot::state::staged);
    it.wait(1s);
    BOOST_TEST(it.calls[7].where() != wire::slot::state::staged);
    it.come_up_and_prove(1);
    BOOST_TEST(it.calls[7].was_answered());
    BOOST_TEST(it.calls[6].ends() == 0u);
}

BOOST_AUTO_TEST_CASE(where_answers_take_long_nothing_is_slow)
{
    pool_bench it(test_pool_settings(2));
    it.submit(1);
    it.come_up_and_prove(0);
    for (int i = 0; i < 20; ++i) {
        it.submit(1);
        it.net[0].finish_write();
        it.net.now += 3s;
        it.answer(0);
    }
    it.submit(1);
    it.net[0].finish_write();
    it.wait(2900ms);
    it.submit(1);
    BOOST_TEST(it.net.made.size() == 2u); // another connection is better than a place behind one
    it.submit(1);
    BOOST_TEST(it.unanswered(0).size() >= 2u); // but it has one
}

BOOST_AUTO_TEST_CASE(a_creation_may_take_its_time)
{
    used_to_100_ms it(test_pool_settings(1));
    it.net.now += 100ms;
    it.add(policy::operation::create);
    it.pump();
    it.net[0].finish_write();
    it.wait(4s);
    it.answer(0);
    BOOST_TEST(it.calls.back().was_answered());
    it.submit(1);
    BOOST_TEST(it.unanswered(0).size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_old_connection_takes_nothing_more_and_keeps_what_it_owes)
{
    pool_bench it(growing_old(test_pool_settings(2)));
    it.submit(1);
    it.come_up_and_prove(0);
    const time_point opened = it.net.now;
    it.wait(9min - 1s);
    it.submit(1);
    it.net[0].finish_write();
    while (it.net.now < opened + 10min)
        it.wait(1s);
    it.submit(1);
    BOOST_TEST(it.unanswered(0).size() == 1u);
    BOOST_TEST(it.net.made.size() == 2u);
    BOOST_TEST(it.net[0].open()); // drained, not cut
    it.answer(0);
    BOOST_TEST(it.calls[1].was_answered());
    BOOST_TEST(it.net[0].closed());
}

BOOST_AUTO_TEST_CASE(an_old_connection_takes_nothing_more_also_between_two_answers)
{
    pool_bench it(growing_old(test_pool_settings(1)));
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(2);
    it.net[0].finish_write();
    for (int i = 0; i != 10 * 60; ++i)
        it.wait(1s);
    it.answer(0);
    it.submit(1);
    BOOST_TEST(it.unanswered(0).size() == 1u); // what it owed
    BOOST_TEST(it.net.made.size() == 1u);
    it.answer(0);
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.net.made.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_old_connection_that_owes_nothing_closes)
{
    auto settings = test_pool_settings(2);
    settings.session.idle_timeout = 24h;
    settings.max_connection_age = 10min;
    pool_bench it(settings);
    it.submit(1);
    it.come_up_and_prove(0);
    const time_point opened = it.net.now;
    it.wait_until_due();
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.net.now >= opened + 9min);
    BOOST_TEST(it.net.now <= opened + 10min);
    BOOST_TEST(it.due() == time_point::max());
}

BOOST_AUTO_TEST_SUITE_END()
