#include "client/executors.hpp"

#include "support/printing.hpp"
#include "unit/support/quiet_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_client_executors)

using namespace venice_keys;
using namespace venice_keys::test;
namespace asio = boost::asio;
using detail::executors;
using ::test::tracked;
using ::test::tracking_executor;

BOOST_AUTO_TEST_CASE(with_one_thread_a_turn_may_begin_inside_of_another_and_with_many_it_waits)
{
    for (const threading how : both) {
        asio::io_context io;
        executors by(io.get_executor(), how);
        BOOST_TEST((by.turns().executor() == by.callers()));
        std::string seen;
        by.turns().in_turn<>([&] {
            by.turns().in_turn<>([&] { seen += 'i'; })();
            seen += 'o';
        })();
        io.run();
        BOOST_TEST(seen == (how == threading::single ? "io" : "oi"));
    }
}

BOOST_AUTO_TEST_CASE(a_turn_that_is_posted_runs_once_and_not_inside_the_call)
{
    for (const threading how : both) {
        asio::io_context io;
        executors by(tracking_executor(io.get_executor(), 1), how);
        unsigned runs = 0;
        int mark = 0;
        const auto turn = [&] {
            ++runs;
            mark = tracked::current();
        };
        by.post([&] {
            by.post(turn);
            BOOST_TEST(by.post_anyway([&] { return turn; }));
            BOOST_TEST(runs == 0U);
        });
        io.run();
        BOOST_TEST(runs == 2U);
        BOOST_TEST(mark == 1);
    }
}

BOOST_AUTO_TEST_CASE(with_one_thread_a_handler_is_called_inside_the_turn)
{
    asio::io_context io;
    executors by(io.get_executor(), threading::single);
    ends it;
    bool inside = false;
    by.post([&] {
        by.complete(detail::completion<void>(it.handler(), by.home()), result<void>::success());
        inside = it.count == 1;
    });
    io.run();
    BOOST_TEST(inside);
    BOOST_TEST(it.count == 1U);
}

BOOST_AUTO_TEST_CASE(with_many_threads_a_handler_is_called_outside_of_the_turn)
{
    asio::io_context io;
    executors by(tracking_executor(io.get_executor(), 1), threading::multi);
    ends it;
    bool inside = false;
    by.post([&] {
        by.complete(detail::completion<void>(it.handler(), by.home()), result<void>(error(errc::closed)));
        inside = it.count == 1;
    });
    io.run();
    BOOST_TEST(!inside);
    BOOST_TEST(it.count == 1U);
    BOOST_TEST(it.mark == 1);
    BOOST_TEST(*it.code == errc::closed);
}

BOOST_AUTO_TEST_CASE(turns_that_wait_when_the_context_ends_are_let_go)
{
    asio::io_context io;
    executors by(io.get_executor(), threading::multi);
    const auto held = std::make_shared<int>(0);
    by.post([held] { ++*held; });
    by.let_go();
    BOOST_TEST(held.use_count() == 1L);
    io.run();
    BOOST_TEST(*held == 0);
}

BOOST_AUTO_TEST_SUITE_END()
