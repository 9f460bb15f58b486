#include "client/waiters.hpp"

#include "support/printing.hpp"
#include "unit/support/quiet_client.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <utility>

BOOST_AUTO_TEST_SUITE(unit_client_waiters)

using namespace venice_keys;
using namespace venice_keys::test;
using namespace std::chrono_literals;
using detail::waiters;
using goal = detail::waiters::goal;

namespace {

struct bench {
    waiters::list made(goal what, waiters::time_point deadline, std::size_t connections = 0)
    {
        waiters::list one;
        one.push_back({detail::completion<void>(ended.emplace_back().handler(), io.get_executor()), what,
                       ended.size() - 1, deadline, connections});
        return one;
    }
    void warm_up(std::size_t connections, waiters::time_point deadline = waiters::time_point::max())
    {
        all.add(made(goal::connections, deadline, connections));
    }
    void close(waiters::time_point deadline = waiters::time_point::max()) { all.add(made(goal::end, deadline)); }
    // Hands over to those that have ended.
    void hand_over()
    {
        while (all.any_ended()) {
            waiters::list one = all.take_ended();
            BOOST_TEST_REQUIRE(one.size() == 1U);
            one.front().to.complete(std::move(one.front().with));
        }
        io.poll();
        io.restart();
    }

    boost::asio::io_context io;
    std::deque<ends> ended; // in the order in which they were made
    waiters all;
    const waiters::time_point noon{12h};
};

} // namespace

BOOST_AUTO_TEST_CASE(a_warm_up_ends_when_as_many_connections_are_open_as_it_wants)
{
    bench it;
    it.warm_up(1);
    it.warm_up(3);
    BOOST_TEST(it.all.connections() == 3U);
    it.all.opened(0);
    it.hand_over();
    BOOST_TEST(it.ended[0].count == 0U);
    it.all.opened(2);
    it.hand_over();
    BOOST_TEST(it.ended[0].count == 1U);
    BOOST_TEST(it.ended[0].code == boost::system::error_code());
    BOOST_TEST(it.ended[1].count == 0U);
    it.all.opened(3);
    it.hand_over();
    BOOST_TEST(it.ended[1].count == 1U);
    BOOST_TEST(it.all.connections() == 0U);
    BOOST_TEST(!it.all.any());
}

BOOST_AUTO_TEST_CASE(one_that_is_out_of_time_ends_with_what_there_is_to_say)
{
    bench it;
    it.warm_up(1, it.noon + 1s);
    it.warm_up(1, it.noon);
    BOOST_TEST(it.all.deadline() == it.noon);
    it.all.expire(it.noon, {errc::deadline_exceeded, "too late"});
    it.hand_over();
    BOOST_TEST(it.ended[0].count == 0U);
    BOOST_TEST(it.ended[1].code == errc::deadline_exceeded);
    BOOST_TEST(it.ended[1].detail == "too late");
    BOOST_TEST(it.all.deadline() == it.noon + 1s);
}

BOOST_AUTO_TEST_CASE(who_waits_for_the_end_waits_for_no_connections)
{
    bench it;
    it.close(it.noon);
    BOOST_TEST(it.all.connections() == 0U);
    BOOST_TEST(it.all.deadline() == waiters::time_point::max()); // when to close is for the client to know
    it.all.opened(10);
    it.all.expire(it.noon + 1h, error(errc::deadline_exceeded));
    it.hand_over();
    BOOST_TEST(it.ended[0].count == 0U);
}

BOOST_AUTO_TEST_CASE(all_with_one_goal_end_alike)
{
    bench it;
    const error why(errc::tls_failed, "a wrong name");
    it.warm_up(1);
    it.close();
    it.warm_up(2);
    it.close();
    it.all.end_all(goal::connections, &why);
    it.hand_over();
    for (const std::size_t i : {0U, 2U}) {
        BOOST_TEST(it.ended[i].count == 1U);
        BOOST_TEST(it.ended[i].code == errc::tls_failed);
        BOOST_TEST(it.ended[i].detail == "a wrong name");
    }
    it.all.end_all(goal::end, nullptr);
    it.hand_over();
    for (const std::size_t i : {1U, 3U}) {
        BOOST_TEST(it.ended[i].count == 1U);
        BOOST_TEST(it.ended[i].code == boost::system::error_code());
    }
}

BOOST_AUTO_TEST_CASE(no_failure_says_that_a_request_was_not_sent)
{
    bench it;
    const error why(errc::closed, "it is closed");
    it.warm_up(1, it.noon);
    it.all.expire(it.noon, why);
    it.warm_up(1);
    it.all.end_all(goal::connections, &why);
    it.warm_up(1);
    it.all.cancel(2);
    it.all.refuse(it.made(goal::end, it.noon), why);
    for (std::size_t ended = 0; it.all.any_ended(); ++ended) {
        waiters::list one = it.all.take_ended();
        BOOST_TEST_REQUIRE(!one.front().with.has_value());
        BOOST_TEST(!one.front().with.error().sends, ended);
        one.front().to.complete(std::move(one.front().with));
    }
    it.io.poll();
}

BOOST_AUTO_TEST_CASE(one_that_is_cancelled_is_told_what_it_waited_for)
{
    bench it;
    it.warm_up(1);
    it.close();
    it.warm_up(2);
    it.all.cancel(0);
    it.all.cancel(1);
    it.all.cancel(0);  // it has ended
    it.all.cancel(99); // there is none
    it.hand_over();
    BOOST_TEST(it.ended[0].code == errc::cancelled);
    BOOST_TEST(it.ended[0].detail == "warm_up() was waiting for connections");
    BOOST_TEST(it.ended[1].code == errc::cancelled);
    BOOST_TEST(it.ended[1].detail == "close() was waiting for calls to end, and the client goes on closing");
    BOOST_TEST(it.ended[2].count == 0U);
    BOOST_TEST(it.all.connections() == 2U);
}

BOOST_AUTO_TEST_CASE(one_that_comes_too_late_never_waits)
{
    bench it;
    it.all.refuse(it.made(goal::end, it.noon), {errc::closed, "the client is gone"});
    BOOST_TEST(!it.all.any());
    it.hand_over();
    BOOST_TEST(it.ended[0].code == errc::closed);
}

BOOST_AUTO_TEST_CASE(those_that_are_let_go_are_destroyed_without_being_called)
{
    bench it;
    it.warm_up(1);
    it.close();
    it.all.cancel(0);
    BOOST_TEST(it.all.let_go().size() == 2U);
    BOOST_TEST(!it.all.any());
    BOOST_TEST(!it.all.any_ended());
    it.hand_over();
    BOOST_TEST(it.ended[0].count + it.ended[1].count == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
