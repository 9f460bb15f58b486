// How a bulk update ends early, on whose executor its parts run, and what the caller's own exceptions do to it.
#include "support/bulk_watch.hpp"
#include "support/tracking_executor.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <future>
#include <random>
#include <ranges>
#include <stdexcept>
#include <thread>

namespace integration_bulk_ends {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;
using end = vk::bulk_summary::end;

struct fixture : client_world {
    fixture() : client_world(60) {}

    void finish(const bulk_watch& all)
    {
        BOOST_REQUIRE(run_until(io, [&all] { return all.ended(); }));
        all.check_account();
    }
};

struct thrown : std::runtime_error {
    thrown() : std::runtime_error("of the test") {}
};

} // namespace integration_bulk_ends

BOOST_FIXTURE_TEST_SUITE(integration_bulk_ends, fixture)

BOOST_AUTO_TEST_CASE(cancelled_at_any_moment_it_leaves_an_account_of_each_item_that_was_pulled)
{
    server->add_fault(vk::fault::delay(2ms).every(6).times(0));
    std::mt19937 random(7);
    std::size_t early = 0;
    for (const auto how :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total})
        for (const auto threads : {vk::threading::multi, vk::threading::single})
            for (int round = 0; round != 15; ++round) {
                settings.threading = threads;
                start();
                bulk_watch all(server.ids());
                asio::cancellation_signal stop;
                client->update_keys(all.range(), vk::bulk_options().max_in_flight(1 + random() % 12), all.sink(),
                                    asio::bind_cancellation_slot(stop.slot(), all.handler()));
                const std::size_t moment = random() % 50;
                for (std::size_t i = 0; i != moment && !all.ended(); ++i)
                    io.run_one_for(20ms);
                stop.emit(how);
                const bool over = all.ended();
                finish(all);
                if (!over && all.pulled() != all.size())
                    BOOST_TEST(all.summary().how == end::cancelled);
                early += all.pulled() < all.size() ? 1U : 0U;
                stop.emit(how); // nobody listens any more
                io.poll();
                all.check_account();
            }
    BOOST_TEST(early > 20U); // else the moments were badly chosen
}

BOOST_AUTO_TEST_CASE(a_total_cancellation_lets_go_on_what_was_written)
{
    settings.max_connections = 1;
    server->add_fault(vk::fault::delay(50ms).times(0));
    start();
    bulk_watch all(server.ids());
    asio::cancellation_signal stop;
    client->update_keys(all.range(), vk::bulk_options().max_in_flight(4), all.sink(),
                        asio::bind_cancellation_slot(stop.slot(), all.handler()));
    BOOST_REQUIRE(run_until(io, [this] { return client->stats().requests_written == 1; }));
    stop.emit(asio::cancellation_type::total);
    finish(all);
    BOOST_TEST(all.summary().how == end::cancelled);
    BOOST_TEST(all.summary().applied == 1U);
    BOOST_TEST(all.summary().not_sent == 3U);
    BOOST_TEST(all.pulled() == 4U);
}

BOOST_AUTO_TEST_CASE(a_client_that_is_destroyed_in_the_middle_ends_it_as_closed)
{
    for (const std::size_t most : {4U, 100U}) // with the whole range under way as well
        for (const auto threads : {vk::threading::multi, vk::threading::single}) {
            settings.threading = threads;
            server->clear_faults();
            server->add_fault(vk::fault::stall().after(2).times(0));
            start();
            bulk_watch all(server.ids());
            client->update_keys(all.range(), vk::bulk_options().max_in_flight(most), all.sink(), all.handler());
            BOOST_REQUIRE(run_until(io, [&all] { return all.handed() != 0; }));
            client.reset();
            finish(all);
            BOOST_TEST(all.summary().how == end::closed);
            BOOST_TEST(run_out(io));
        }
}

BOOST_AUTO_TEST_CASE(close_drains_what_is_under_way_and_ends_it_as_closed)
{
    server->add_fault(vk::fault::delay(2ms).times(0));
    start();
    bulk_watch all(server.ids());
    client->update_keys(all.range(), vk::bulk_options().max_in_flight(4), all.sink(), all.handler());
    BOOST_REQUIRE(run_until(io, [&all] { return all.handed() > 4; }));
    std::optional<vk::result<void>> closed;
    client->close(10s, [&closed](vk::result<void> with) { closed = std::move(with); });
    finish(all);
    BOOST_TEST(all.summary().how == end::closed);
    BOOST_TEST(all.summary().unknown == 0U);
    BOOST_TEST(all.summary().applied == server->journal().size());
    BOOST_TEST(run_out(io));
    BOOST_TEST(text_of(closed.value()) == "success");
}

BOOST_AUTO_TEST_CASE(a_sink_may_destroy_the_client)
{
    for (const auto threads : {vk::threading::multi, vk::threading::single}) {
        settings.threading = threads;
        start();
        bulk_watch all(server.ids());
        client->update_keys(
            all.range(), vk::bulk_options().max_in_flight(4),
            [&](std::size_t index, updated_key with) {
                all.sink()(index, std::move(with));
                if (index == 5)
                    client.reset();
            },
            all.handler());
        finish(all);
        BOOST_TEST(all.summary().how == end::closed);
        BOOST_TEST(all.pulled() < 30U);
        BOOST_TEST(run_out(io));
    }
}

BOOST_AUTO_TEST_CASE(started_on_a_client_that_is_gone_it_ends_as_closed)
{
    start();
    const vk::client_view view = *client;
    client.reset();
    bulk_watch all(server.ids());
    view.update_keys(all.range(), vk::bulk_options().max_in_flight(4), all.sink(), all.handler());
    BOOST_TEST(run_out(io));
    all.check_account();
    BOOST_TEST(all.summary().how == end::closed);
    BOOST_TEST(all.pulled() <= 4U);
}

BOOST_AUTO_TEST_CASE(what_a_sink_throws_comes_out_of_run_and_nothing_is_lost)
{
    for (const auto threads : {vk::threading::multi, vk::threading::single}) {
        settings.threading = threads;
        start();
        bulk_watch all(server.ids());
        client->update_keys(
            all.range(), vk::bulk_options().max_in_flight(8),
            [&all](std::size_t index, updated_key with) {
                all.sink()(index, std::move(with));
                if (index % 10 == 3)
                    throw thrown();
            },
            all.handler());
        int caught = 0;
        while (!all.ended() && caught < 100)
            try {
                BOOST_REQUIRE(run_until(io, [&all] { return all.ended(); }));
            } catch (const thrown&) {
                ++caught;
            }
        BOOST_TEST(caught == 6);
        all.check_account();
        BOOST_TEST(all.summary().how == end::finished);
        BOOST_TEST(all.summary().applied == 60U);
    }
}

BOOST_AUTO_TEST_CASE(what_a_range_throws_comes_out_of_run_and_it_is_not_asked_again)
{
    for (const std::size_t bad : {0U, 1U, 13U}) {
        start();
        std::size_t asked = 0;
        std::size_t handed = 0;
        std::optional<bulk_result> done;
        auto range = std::views::iota(std::size_t{0}, ids.size()) | std::views::transform([&](std::size_t which) {
                         ++asked;
                         if (which == bad)
                             throw thrown();
                         return vk::key_update(ids[which]).usd(1);
                     });
        client->update_keys(
            std::move(range), vk::bulk_options().max_in_flight(5),
            [&handed](std::size_t, const updated_key& with) { handed += with ? 1U : 0U; },
            [&done](bulk_result with) { done = std::move(with); });
        BOOST_CHECK_THROW(static_cast<void>(run_until(io, [&done] { return done.has_value(); })), thrown);
        BOOST_REQUIRE(run_until(io, [&done] { return done.has_value(); }));
        BOOST_TEST(asked == bad + 1);
        BOOST_TEST(handed == bad);
        BOOST_TEST(done->value().applied == bad);
        BOOST_TEST(done->value().how == vk::bulk_summary::end::stopped);
    }
}

BOOST_AUTO_TEST_CASE(range_sink_and_handler_run_on_the_handlers_executor)
{
    const tracking_executor executor(io.get_executor(), 7);
    bulk_watch all(server.ids());
    auto range = all.range() | std::views::transform([](vk::key_update each) {
                     BOOST_TEST(tracked::current() == 7);
                     return each;
                 });
    bool done = false;
    start().update_keys(
        std::move(range), vk::bulk_options().max_in_flight(9),
        [&all](std::size_t index, updated_key with) {
            BOOST_TEST(tracked::current() == 7);
            all.sink()(index, std::move(with));
        },
        asio::bind_executor(executor, [&](bulk_result with) {
            BOOST_TEST(tracked::current() == 7);
            all.handler()(std::move(with));
            done = true;
        }));
    BOOST_TEST(!done);
    BOOST_TEST(all.pulled() == 0U); // nothing happens inside the initiation
    finish(all);
}

BOOST_AUTO_TEST_CASE(on_many_threads_range_and_sink_are_used_by_one_at_a_time)
{
    asio::thread_pool pool(3);
    vk::client many(pool.get_executor(), server.credentials(), settings);
    bulk_watch all(server.ids());
    std::atomic<int> inside{0};
    std::atomic<bool> alone{true};
    const auto within = [&](auto&& what) {
        if (inside++ != 0)
            alone = false;
        std::this_thread::sleep_for(100us);
        what();
        --inside;
    };
    auto range = all.range() | std::views::transform([&](vk::key_update each) {
                     within([] {});
                     return each;
                 });
    std::promise<void> done;
    many.update_keys(
        std::move(range), vk::bulk_options().max_in_flight(16),
        [&](std::size_t index, updated_key with) { within([&] { all.sink()(index, std::move(with)); }); },
        [&](bulk_result with) {
            all.handler()(std::move(with));
            done.set_value();
        });
    BOOST_TEST_REQUIRE(done.get_future().wait_for(patience) == std::future_status::ready);
    BOOST_TEST(alone);
    all.check_account();
    BOOST_TEST(all.summary().applied == 60U);
    many.close(1s, [](const vk::result<void>&) {});
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_caller_on_a_context_of_its_own_keeps_the_clients_at_work)
{
    asio::io_context other;
    start();
    bulk_watch all(server.ids());
    client->update_keys(all.range(), {}, all.sink(), asio::bind_executor(other.get_executor(), [&](bulk_result with) {
                            all.handler()(std::move(with));
                            client->close(0ms, [](const vk::result<void>&) {});
                        }));
    std::thread caller([&other] {
        std::this_thread::sleep_for(50ms); // nothing is pulled, nor sent, and run() must not return for that
        other.run_for(5s);
    });
    io.run_for(patience);
    caller.join();
    all.check_account();
    BOOST_TEST(all.summary().applied == 60U);
}

BOOST_AUTO_TEST_SUITE_END()
