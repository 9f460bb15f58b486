#include "client/executors.hpp"

#include "support/printing.hpp"
#include "unit/support/quiet_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>

BOOST_AUTO_TEST_SUITE(unit_client_executors)

using namespace venice_keys;
using namespace venice_keys::test;
namespace asio = boost::asio;
using detail::executors;
using ::test::tracked;
using ::test::tracking_executor;

BOOST_AUTO_TEST_CASE(turns_run_on_the_callers_executor_with_one_thread_and_on_a_strand_of_it_with_many)
{
    asio::io_context io;
    const executors single(io.get_executor(), threading::single);
    BOOST_TEST((single.turns() == single.callers()));
    const executors multi(io.get_executor(), threading::multi);
    BOOST_TEST((multi.turns() != multi.callers()));
    BOOST_TEST(multi.turns().target<asio::strand<asio::io_context::executor_type>>() != nullptr);
    asio::thread_pool threads(1);
    const executors pooled(threads.get_executor(), threading::multi);
    BOOST_TEST(pooled.turns().target<asio::strand<asio::thread_pool::executor_type>>() != nullptr);
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
        asio::post(by.turns(), [&] {
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

BOOST_AUTO_TEST_SUITE_END()
