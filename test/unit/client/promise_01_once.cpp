// Promise 1, once: every call completes exactly once, on its handler's executor, never inside the function that starts
// it. Here for calls that end without a connection; those with one are in test/integration.
#include "support/printing.hpp"
#include "unit/support/quiet_client.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_client_promise_01_once)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
namespace asio = boost::asio;
using ::test::tracking_executor;

BOOST_AUTO_TEST_CASE(a_refused_call_completes_once_and_not_inside_the_initiation)
{
    for (const threading how : both) {
        asio::io_context io;
        client one(io.get_executor(), someone(), settings(how));
        ends it;
        bool inside = false;
        asio::post(io, [&] {
            one.update_key(bad_update(), it.handler());
            inside = it.count != 0;
        });
        io.run();
        BOOST_TEST(!inside);
        BOOST_TEST(it.count == 1u);
        BOOST_TEST(it.code == errc::invalid_argument);
    }
}

BOOST_AUTO_TEST_CASE(a_handler_runs_on_its_own_executor)
{
    for (const threading how : both) {
        asio::io_context ours;
        asio::io_context theirs;
        client one(tracking_executor(ours.get_executor(), 1), someone(), settings(how));
        ends bound;
        ends plain;
        one.update_key(bad_update(), asio::bind_executor(tracking_executor(theirs.get_executor(), 2), bound.handler()));
        one.update_key(bad_update(), plain.handler());
        ours.run();
        BOOST_TEST(bound.count == 0u);
        BOOST_TEST(plain.count == 1u);
        BOOST_TEST(plain.mark == 1);
        theirs.run();
        BOOST_TEST(bound.count == 1u);
        BOOST_TEST(bound.mark == 2);
    }
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_costs_the_others_nothing)
{
    for (const threading how : both) {
        asio::io_context io;
        client one(io.get_executor(), someone(), settings(how));
        std::vector<ends> all(10);
        for (std::size_t i = 0; i < all.size(); ++i)
            one.update_key(bad_update(), [note = all[i].handler(), i](result<api_key> with) mutable {
                note(std::move(with));
                if (i % 3 == 0)
                    throw std::runtime_error("a handler's own trouble");
            });
        unsigned thrown = 0; // Asio makes one exception of those that come in one turn
        for (bool more = true; more;) {
            try {
                io.run();
                more = false;
            } catch (const std::exception&) {
                ++thrown;
            }
        }
        BOOST_TEST(thrown >= 1u);
        for (const ends& each : all)
            BOOST_TEST(each.count == 1u);
    }
}

BOOST_AUTO_TEST_CASE(handlers_run_in_the_order_of_their_calls)
{
    for (const threading how : both) {
        asio::io_context io;
        client one(io.get_executor(), someone(), settings(how));
        std::vector<int> order;
        for (int i = 0; i < 100; ++i)
            one.update_key(bad_update(), [&order, i](result<api_key>) { order.push_back(i); });
        io.run();
        BOOST_TEST_REQUIRE(order.size() == 100u);
        for (int i = 0; i < 100; ++i)
            BOOST_TEST(order[static_cast<std::size_t>(i)] == i);
    }
}

BOOST_AUTO_TEST_CASE(a_call_may_be_started_inside_a_handler)
{
    for (const threading how : both) {
        asio::io_context io;
        client one(io.get_executor(), someone(), settings(how));
        int left = 100;
        std::function<void(result<api_key>)> again = [&](result<api_key>) {
            if (--left != 0)
                one.update_key(bad_update(), [&](result<api_key> with) { again(std::move(with)); });
        };
        one.update_key(bad_update(), [&](result<api_key> with) { again(std::move(with)); });
        io.run();
        BOOST_TEST(left == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_cancellation_at_any_time_changes_nothing_for_a_call_that_is_over)
{
    for (const threading how : both) {
        asio::io_context io;
        client one(io.get_executor(), someone(), settings(how));
        asio::cancellation_signal signal;
        ends first;
        ends second;
        one.update_key(bad_update(), asio::bind_cancellation_slot(
                                         signal.slot(), [&, note = first.handler()](result<api_key> with) mutable {
                                             signal.emit(asio::cancellation_type::all);
                                             note(std::move(with));
                                         }));
        signal.emit(asio::cancellation_type::terminal); // it is refused all the same
        io.run();
        BOOST_TEST(first.code == errc::invalid_argument);
        one.update_key(bad_update(), second.handler()); // in the same place in memory
        signal.emit(asio::cancellation_type::terminal);
        io.restart();
        io.run();
        BOOST_TEST(first.count == 1u);
        BOOST_TEST(second.count == 1u);
        BOOST_TEST(second.code == errc::invalid_argument);
    }
}

BOOST_AUTO_TEST_CASE(calls_from_many_threads_complete_once_each)
{
    asio::io_context io;
    auto work = std::make_optional(asio::make_work_guard(io));
    client one(io.get_executor(), someone(), settings());
    constexpr unsigned callers = 4;
    constexpr unsigned each = 500;
    std::atomic<unsigned> done{0};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 2; ++i)
        threads.emplace_back([&] { io.run(); });
    for (unsigned i = 0; i < callers; ++i)
        threads.emplace_back([&] {
            for (unsigned k = 0; k < each; ++k)
                one.update_key(bad_update(), [&](result<api_key>) {
                    if (++done == callers * each)
                        work.reset();
                });
        });
    for (std::thread& thread : threads)
        thread.join();
    BOOST_TEST(done == callers * each);
}

BOOST_AUTO_TEST_SUITE_END()
