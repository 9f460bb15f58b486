#include "session/read_coalescing.hpp"

#include "unit/support/session_bench.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(unit_session_read_coalescing)

using namespace venice_keys;
using namespace venice_keys::test;
using namespace std::chrono_literals;
using bench = session_bench;

constexpr auto none = 0us;
constexpr auto moment = read_coalescing::moment;
constexpr auto enough = read_coalescing::enough_owed;
constexpr auto apart = read_coalescing::close_together;

struct timeline {
    read_coalescing it;
    time_point now{1h};

    // After the time that passed.
    std::chrono::microseconds answers(std::size_t count, std::size_t owed, std::chrono::nanoseconds after)
    {
        now += after;
        return it.pause_after(count, owed, now);
    }
};

BOOST_AUTO_TEST_CASE(answers_close_behind_each_other_are_waited_for)
{
    timeline line;
    BOOST_TEST(line.answers(1, enough, 0us).count() == none.count()); // nothing is known of the first
    BOOST_TEST(line.answers(1, enough, apart).count() == moment.count());
    BOOST_TEST(line.answers(1, enough, apart + 1ns).count() == none.count());
    BOOST_TEST(line.answers(1, enough, 1us).count() == moment.count());
}

BOOST_AUTO_TEST_CASE(several_of_one_read_share_the_time_between)
{
    timeline line;
    (void)line.answers(1, enough, 0us);
    BOOST_TEST(line.answers(3, enough, 3 * apart).count() == moment.count());
    BOOST_TEST(line.answers(3, enough, 3 * apart + 1ns).count() == none.count());
}

BOOST_AUTO_TEST_CASE(a_server_that_would_run_out_of_work_is_not_waited_for)
{
    timeline line;
    (void)line.answers(1, enough, 0us);
    BOOST_TEST(line.answers(1, enough - 1, 1us).count() == none.count());
    BOOST_TEST(line.answers(1, 0, 1us).count() == none.count());
    BOOST_TEST(line.answers(1, enough, 1us).count() == moment.count());
}

BOOST_AUTO_TEST_CASE(a_part_of_an_answer_is_none)
{
    timeline line;
    (void)line.answers(1, enough, 0us);
    BOOST_TEST(line.answers(0, enough, apart / 2).count() == none.count());
    BOOST_TEST(line.answers(1, enough, apart / 2).count() == moment.count()); // since the last whole one
}

BOOST_AUTO_TEST_CASE(a_session_asks_its_transport_for_the_pause)
{
    bench it(enough + 3);
    it.wire().come_up();
    for (std::size_t i = 0; i < enough + 3; ++i)
        it.submit(i);
    it.flush();
    it.wire().bring(reply_to(0));
    BOOST_TEST(it.wire().pause().count() == none.count());
    it.net.now += 10us;
    it.wire().bring(reply_to(1) + reply_to(2).substr(0, 10));
    BOOST_TEST(it.wire().pause().count() == moment.count());
    it.net.now += 10us;
    it.wire().bring(reply_to(2).substr(10));
    BOOST_TEST(it.wire().pause().count() == moment.count());
    it.net.now += 10us;
    it.wire().bring(reply_to(3));
    BOOST_TEST(it.wire().pause().count() == none.count()); // too few are owed by now
}

BOOST_AUTO_TEST_CASE(a_session_that_closed_asks_for_nothing)
{
    bench it(enough + 3);
    it.wire().come_up();
    for (std::size_t i = 0; i < enough + 3; ++i)
        it.submit(i);
    it.flush();
    it.wire().bring(reply_to(0));
    it.net.now += 1us;
    it.wire().bring(reply_to(1) + "nonsense\r\n\r\n"); // the fake would not have it asked
    BOOST_TEST(it.wire().closed());
    BOOST_TEST(it.wire().pause().count() == none.count());
}

BOOST_AUTO_TEST_SUITE_END()
