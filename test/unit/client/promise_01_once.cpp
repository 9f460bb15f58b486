// Promise 1, once: every call completes exactly once, on its handler's executor, never inside the function that starts
// it. Here for calls that end without a connection; those with one are in test/integration.
#include "support/certificates.hpp"
#include "support/tracking_executor.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_client_promise_01_once)

using namespace venice_keys;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::tracked;
using test::tracking_executor;

namespace {

constexpr auto both = {threading::multi, threading::single};

// Nothing listens there, and no test gets so far as to try.
config settings(threading how = threading::multi)
{
    static const std::string root = test::authority().pem(); // the system's store takes longer than all the rest
    config made;
    made.tls.ca_pem = root;
    made.base_url = "https://192.0.2.1:1";
    made.threading = how;
    return made;
}

credentials someone(std::string token = "t0ken")
{
    return credentials{secret(std::move(token))};
}

// Refused before it is sent.
key_update bad_update()
{
    return key_update("");
}

struct ends {
    unsigned count = 0;
    std::optional<boost::system::error_code> code;
    std::string detail;
    int mark = 0;

    auto handler()
    {
        return [this](auto with) {
            ++count;
            mark = tracked::current();
            code = with ? boost::system::error_code() : with.error().code;
            if (!with)
                detail = with.error().detail;
        };
    }
};

} // namespace

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
        BOOST_TEST((it.code == errc::invalid_argument));
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

BOOST_AUTO_TEST_CASE(a_token_that_can_not_be_sent_ends_the_call)
{
    for (const char* token : {"", "a b", "a\r\nX: y", "caf\xC3\xA9"}) {
        asio::io_context io;
        client one(io.get_executor(), someone(token), settings());
        ends it;
        one.update_key(key_update("id").usd(1), it.handler());
        io.run();
        BOOST_TEST((it.code == errc::invalid_argument));
        BOOST_TEST(it.detail.find("credentials") == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_timeout_out_of_range_ends_the_call)
{
    for (const auto timeout : {0ms, -1ms, std::chrono::milliseconds::min(), std::chrono::milliseconds::max(),
                               std::chrono::milliseconds(24h) + 1ms}) {
        asio::io_context io;
        client one(io.get_executor(), someone(), settings());
        ends it;
        one.update_key(key_update("id").usd(1), call_options().timeout(timeout), it.handler());
        io.run();
        BOOST_TEST((it.code == errc::invalid_argument));
        BOOST_TEST(it.detail.find("call_options::timeout") == 0u);
    }
}

BOOST_AUTO_TEST_CASE(closing_with_nothing_under_way_is_a_success_and_later_calls_are_closed)
{
    for (const threading how : both) {
        asio::io_context io;
        client one(io.get_executor(), someone(), settings(how));
        ends closed;
        one.close(0ms, closed.handler());
        io.run();
        BOOST_TEST(closed.count == 1u);
        BOOST_TEST((closed.code == boost::system::error_code()));
        ends update;
        ends warm;
        ends again;
        one.update_key(key_update("id").usd(1), update.handler());
        one.warm_up(2, warm.handler());
        one.close(1s, again.handler());
        io.restart();
        io.run();
        BOOST_TEST((update.code == errc::closed));
        BOOST_TEST((warm.code == errc::closed));
        BOOST_TEST((again.code == boost::system::error_code()));
        BOOST_TEST(update.count + warm.count + again.count == 3u);
    }
}

BOOST_AUTO_TEST_CASE(a_call_started_before_the_end_of_its_client_is_closed)
{
    for (const threading how : both) {
        asio::io_context io;
        ends update;
        ends refused;
        {
            client one(io.get_executor(), someone(), settings(how));
            one.close(0ms, [](result<void>) {});
            one.update_key(key_update("id").usd(1), update.handler());
            one.update_key(bad_update(), refused.handler());
        }
        io.run();
        BOOST_TEST(update.count == 1u);
        BOOST_TEST((update.code == errc::closed));
        BOOST_TEST((refused.code == errc::invalid_argument));
    }
}

BOOST_AUTO_TEST_CASE(an_operation_started_after_the_end_of_its_client_is_closed)
{
    asio::io_context io;
    std::optional<client> one(std::in_place, io.get_executor(), someone(), settings());
    auto update = one->update_key(key_update("id").usd(1));
    auto warm = one->warm_up(1);
    auto close = one->close(1s);
    one.reset();
    io.run();
    io.restart();
    ends first;
    ends second;
    ends third;
    std::move(update)(first.handler());
    std::move(warm)(second.handler());
    std::move(close)(third.handler());
    BOOST_TEST(first.count + second.count + third.count == 0u);
    io.run();
    for (const ends* each : {&first, &second, &third}) {
        BOOST_TEST(each->count == 1u);
        BOOST_TEST((each->code == errc::closed));
    }
}

BOOST_AUTO_TEST_CASE(a_client_may_be_destroyed_inside_one_of_its_handlers)
{
    for (const threading how : both) {
        asio::io_context io;
        std::optional<client> one(std::in_place, io.get_executor(), someone(), settings(how));
        ends later;
        bool reached = false;
        one->update_key(bad_update(), [&](result<api_key>) {
            one.reset();
            reached = true;
        });
        one->update_key(bad_update(), later.handler());
        io.run();
        BOOST_TEST(reached);
        BOOST_TEST(later.count == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_is_moved_takes_its_calls_with_it)
{
    asio::io_context io;
    ends it;
    client one(io.get_executor(), someone(), settings());
    one.update_key(bad_update(), it.handler());
    client other(std::move(one));
    io.run();
    BOOST_TEST((it.code == errc::invalid_argument));
    other = client(io.get_executor(), someone(), settings());
    ends again;
    other.update_key(bad_update(), again.handler());
    io.restart();
    io.run();
    BOOST_TEST(again.count == 1u);
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
        BOOST_TEST((first.code == errc::invalid_argument));
        one.update_key(bad_update(), second.handler()); // in the same place in memory
        signal.emit(asio::cancellation_type::terminal);
        io.restart();
        io.run();
        BOOST_TEST(first.count == 1u);
        BOOST_TEST(second.count == 1u);
        BOOST_TEST((second.code == errc::invalid_argument));
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

BOOST_AUTO_TEST_CASE(a_context_with_an_idle_client_runs_out_of_work)
{
    asio::io_context io;
    client one(io.get_executor(), someone(), settings());
    ends it;
    one.update_key(bad_update(), it.handler());
    io.run();
    BOOST_TEST(io.stopped());
    BOOST_TEST(it.count == 1u);
}

BOOST_AUTO_TEST_CASE(settings_that_are_not_valid_throw_and_name_the_field)
{
    asio::io_context io;
    config wrong = settings();
    wrong.pipeline_depth = 0;
    BOOST_CHECK_EXCEPTION(client(io.get_executor(), someone(), wrong), request_failed, [](const request_failed& why) {
        return why.error().code == errc::invalid_argument && why.error().detail.find("pipeline_depth") == 0;
    });
    wrong = settings();
    wrong.tls.ca_file = "/no/such/file.pem";
    BOOST_CHECK_EXCEPTION(client(io.get_executor(), someone(), wrong), request_failed,
                          [](const request_failed& why) { return why.error().detail.find("tls.ca_file") == 0; });
}

BOOST_AUTO_TEST_SUITE_END()
