// Every kind of completion token, and what is associated with a handler.
#include "support/tracking_executor.hpp"
#include "support/world.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <array>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <variant>

namespace integration_tokens {

using namespace test;
using namespace std::chrono_literals;
using namespace boost::asio::experimental::awaitable_operators;

struct fixture : client_world {
    fixture() : client_world(3) { start(); }

    [[nodiscard]] vk::key_update change(std::size_t which, std::string text = "changed") const
    {
        return vk::key_update(ids[which]).description(std::move(text));
    }
};

} // namespace integration_tokens

BOOST_FIXTURE_TEST_SUITE(integration_tokens, fixture)

BOOST_AUTO_TEST_CASE(the_default_token_is_deferred_and_can_be_awaited)
{
    run(io, [&]() -> asio::awaitable<void> {
        updated_key key = co_await client->update_key(change(0));
        BOOST_TEST(key.value().id == ids[0]);
        key = co_await client->update_key(change(1), vk::call_options().timeout(5s));
        BOOST_TEST(key.value().id == ids[1]);
        key = co_await client->update_key(change(2), asio::deferred);
        BOOST_TEST(key.value().id == ids[2]);
    });
}

BOOST_AUTO_TEST_CASE(use_awaitable)
{
    run(io, [&]() -> asio::awaitable<void> {
        updated_key key = co_await client->update_key(change(0), asio::use_awaitable);
        BOOST_TEST(key.value().id == ids[0]);
    });
}

BOOST_AUTO_TEST_CASE(as_tuple)
{
    run(io, [&]() -> asio::awaitable<void> {
        auto [key] = co_await client->update_key(change(0), asio::as_tuple(asio::use_awaitable));
        BOOST_TEST(key.value().id == ids[0]);
    });
}

BOOST_AUTO_TEST_CASE(a_callback_that_can_only_be_moved)
{
    std::string got;
    client->update_key(change(0), [&got, movable = std::make_unique<int>(7)](updated_key key) {
        got = key.value().id + std::to_string(*movable);
    });
    BOOST_TEST(run_until(io, [&] { return !got.empty(); }));
    BOOST_TEST(got == ids[0] + "7");
}

BOOST_AUTO_TEST_CASE(detached)
{
    client->update_key(change(0), asio::detached);
    BOOST_TEST(run_until(io, [&] { return server->journal().size() == 1; }));
}

BOOST_AUTO_TEST_CASE(use_future_gives_the_result_to_another_thread)
{
    std::future<updated_key> future = client->update_key(change(0), asio::use_future);
    std::thread runner([&] { io.run(); });
    const bool came = future.wait_for(patience) == std::future_status::ready;
    std::string text;
    if (came)
        text = text_of(future.get());
    client.reset();
    runner.join();
    BOOST_REQUIRE(came);
    BOOST_TEST(text == "success");
}

BOOST_AUTO_TEST_CASE(a_deferred_operation_starts_when_it_is_told_to)
{
    auto later = client->update_key(change(0));
    std::string got;
    asio::steady_timer timer(io, 30ms);
    timer.async_wait([&](auto) {
        BOOST_TEST(server->stats().requests == 0U);
        std::move(later)([&](updated_key key) { got = key.value().id; });
    });
    BOOST_TEST(run_until(io, [&] { return !got.empty(); }));
    BOOST_TEST(got == ids[0]);
}

BOOST_AUTO_TEST_CASE(the_deadline_counts_from_the_start_of_a_deferred_operation)
{
    auto later = client->update_key(change(0), vk::call_options().timeout(400ms));
    asio::steady_timer timer(io, 500ms);
    std::optional<updated_key> got;
    timer.async_wait([&](auto) { std::move(later)([&](updated_key key) { got = std::move(key); }); });
    BOOST_TEST(run_until(io, [&] { return got.has_value(); }));
    BOOST_TEST(text_of(*got) == "success");
}

BOOST_AUTO_TEST_CASE(a_deferred_operation_that_is_never_started_does_nothing)
{
    {
        auto never = client->update_key(change(0));
        static_cast<void>(never);
    }
    client.reset();
    BOOST_TEST(run_out(io));
    BOOST_TEST(server->stats().connections == 0U);
}

BOOST_AUTO_TEST_CASE(a_deferred_operation_outlives_its_client_and_ends_as_closed)
{
    auto later = client->update_key(change(0));
    auto warm_up = client->warm_up(1);
    auto close = client->close(1s);
    client.reset();
    std::vector<vk::errc> codes;
    std::move(later)([&](updated_key key) { codes.push_back(code_of(key)); });
    std::move(warm_up)([&](vk::result<void> done) { codes.push_back(code_of(done)); });
    std::move(close)([&](vk::result<void> done) { codes.push_back(code_of(done)); });
    BOOST_TEST(codes.empty());
    BOOST_TEST(run_out(io));
    BOOST_TEST_REQUIRE(codes.size() == 3U);
    for (const vk::errc each : codes)
        BOOST_TEST(each == vk::errc::closed);
    BOOST_TEST(server->stats().connections == 0U);
}

BOOST_AUTO_TEST_CASE(bind_cancellation_slot_cancels_one_call)
{
    server->add_fault(vk::fault::stall());
    asio::cancellation_signal signal;
    std::optional<updated_key> got;
    client->update_key(change(0),
                       asio::bind_cancellation_slot(signal.slot(), [&](updated_key key) { got = std::move(key); }));
    BOOST_REQUIRE(run_until(io, [&] { return server->stats().faults == 1; }));
    BOOST_TEST(!got.has_value());
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(!got.has_value()); // not inline
    BOOST_TEST(run_until(io, [&] { return got.has_value(); }));
    BOOST_TEST(code_of(*got) == vk::errc::cancelled);
}

BOOST_AUTO_TEST_CASE(a_signal_that_comes_in_the_handler_or_later_cancels_nobody)
{
    asio::cancellation_signal signal;
    outcomes results(2);
    client->update_key(change(0), asio::bind_cancellation_slot(signal.slot(), [&](updated_key key) {
                           signal.emit(asio::cancellation_type::all);
                           results.handler(0)(std::move(key));
                           // The object behind the call may be used again for this one.
                           client->update_key(change(1), results.handler(1));
                           signal.emit(asio::cancellation_type::all);
                       }));
    BOOST_TEST(signal.slot().has_handler());
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(text_of(results[0]) == "success");
    BOOST_TEST(text_of(results[1]) == "success");
}

BOOST_AUTO_TEST_CASE(bind_executor_decides_where_the_handler_runs)
{
    const tracking_executor mine(io.get_executor(), 42);
    int seen = -1;
    client->update_key(change(0), asio::bind_executor(mine, [&](updated_key key) {
                           BOOST_TEST(key);
                           seen = tracked::current();
                       }));
    BOOST_TEST(run_until(io, [&] { return seen != -1; }));
    BOOST_TEST(seen == 42);
}

BOOST_AUTO_TEST_CASE(without_one_the_handler_runs_on_the_clients_executor)
{
    const tracking_executor mine(io.get_executor(), 43);
    vk::client other(mine, server.credentials(), server.config());
    BOOST_TEST((other.get_executor() == vk::client::executor_type(mine)));
    int seen = -1;
    other.update_key(change(0), [&](updated_key key) {
        BOOST_TEST(key);
        seen = tracked::current();
    });
    BOOST_TEST(run_until(io, [&] { return seen != -1; }));
    BOOST_TEST(seen == 43);
}

BOOST_AUTO_TEST_CASE(a_parallel_group_of_deferred_operations)
{
    run(io, [&]() -> asio::awaitable<void> {
        auto group = asio::experimental::make_parallel_group(client->update_key(change(0, "a")),
                                                             client->update_key(change(1, "b")));
        auto [order, first, second] =
            co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
        BOOST_TEST(first.value().description == "a");
        BOOST_TEST(second.value().description == "b");
    });
}

BOOST_AUTO_TEST_CASE(a_parallel_group_cancels_the_slower_one)
{
    server->add_fault(vk::fault::stall().only_for(ids[1]).times(0));
    run(io, [&]() -> asio::awaitable<void> {
        auto group =
            asio::experimental::make_parallel_group(client->update_key(change(0)), client->update_key(change(1)));
        auto [order, first, second] =
            co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
        BOOST_TEST(order[0] == 0U);
        BOOST_TEST(first);
        BOOST_TEST(code_of(second) == vk::errc::cancelled);
    });
}

BOOST_AUTO_TEST_CASE(two_awaitables_with_and)
{
    run(io, [&]() -> asio::awaitable<void> {
        auto [first, second] = co_await (client->update_key(change(0, "a"), asio::use_awaitable) &&
                                         client->update_key(change(1, "b"), asio::use_awaitable));
        BOOST_TEST(first.value().description == "a");
        BOOST_TEST(second.value().description == "b");
    });
}

BOOST_AUTO_TEST_CASE(an_update_or_a_timer)
{
    server->add_fault(vk::fault::stall());
    run(io, [&]() -> asio::awaitable<void> {
        asio::steady_timer timer(io, 100ms);
        const auto outcome =
            co_await (client->update_key(change(0), asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
        BOOST_TEST(outcome.index() == 1U);
        // The connection with the cancelled call still works for its neighbours, or another does.
        updated_key key = co_await client->update_key(change(1));
        BOOST_TEST(key.has_value(), text_of(key));
    });
}

BOOST_AUTO_TEST_CASE(a_failed_update_counts_as_an_outcome_of_or)
{
    run(io, [&]() -> asio::awaitable<void> {
        asio::steady_timer timer(io, 10s);
        const auto outcome = co_await (client->update_key(vk::key_update("no-such-key").usd(1), asio::use_awaitable) ||
                                       timer.async_wait(asio::use_awaitable));
        BOOST_TEST_REQUIRE(outcome.index() == 0U);
        BOOST_TEST(!std::get<0>(outcome).has_value());
    });
}

BOOST_AUTO_TEST_SUITE_END()
