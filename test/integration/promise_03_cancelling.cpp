// Promise 3: cancelling shifts nothing. What was not written the server never sees; what was written keeps its place
// and swallows its answer; the others never notice.
#include "support/scripted_server.hpp"
#include "support/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/data/test_case.hpp>

#include <atomic>
#include <deque>
#include <optional>
#include <random>

namespace integration_promise_03_cancelling {

using namespace test;
using namespace std::chrono_literals;
using asio::cancellation_type;

const std::vector<cancellation_type> all_types{cancellation_type::terminal, cancellation_type::partial,
                                               cancellation_type::total};

struct fixture : client_world {
    outcomes results{12};
    std::deque<asio::cancellation_signal> signals{12};

    fixture() : client_world(12) { settings.max_connections = 1; }

    void update(std::size_t which)
    {
        started().update_key(vk::key_update(ids[which]).usd(1),
                             asio::bind_cancellation_slot(signals[which].slot(), results.handler(which)));
    }

    void wait_for(std::size_t completed)
    {
        BOOST_REQUIRE(run_until(io, [&] { return results.completed() >= completed; }));
    }

    void wait_until_written(std::size_t count)
    {
        BOOST_REQUIRE(run_until(io, [&] { return client->stats().requests_written == count; }));
    }
};

} // namespace integration_promise_03_cancelling

BOOST_FIXTURE_TEST_SUITE(integration_promise_03_cancelling, fixture)

BOOST_AUTO_TEST_CASE(a_call_in_the_queue_is_withdrawn_by_any_kind)
{
    settings.pipeline_depth = 1;
    server->add_fault(vk::fault::delay(150ms));
    for (std::size_t i = 0; i != 5; ++i)
        update(i);
    wait_until_written(1);
    for (std::size_t i = 0; i != 3; ++i)
        signals[i + 1].emit(all_types[i]);
    wait_for(3);
    for (std::size_t i = 1; i != 4; ++i) {
        BOOST_TEST(code_of(results[i]) == vk::errc::cancelled);
        BOOST_TEST(results[i].error().delivery == vk::delivery::not_sent);
        BOOST_TEST(results[i].error().attempts == 0U);
    }
    wait_for(5);
    BOOST_TEST(results[0].value().id == ids[0]);
    BOOST_TEST(results[4].value().id == ids[4]);
    BOOST_TEST(server->stats().requests == 2U);
    BOOST_TEST(changes(*server, {ids[1], ids[2], ids[3]}) == std::vector<std::size_t>(3, 0),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_call_that_waits_for_a_connection_is_withdrawn)
{
    scripted_server mute(
        {}, [](scripted_connection& here) { here.wait_for_end(); }, in_clear());
    settings.base_url = mute.base_url();
    for (std::size_t i = 0; i != 3; ++i)
        update(i);
    BOOST_REQUIRE(run_until(io, [&] { return mute.handshakes() == 1; }));
    for (std::size_t i = 0; i != 3; ++i)
        signals[i].emit(all_types[i]);
    wait_for(3);
    for (std::size_t i = 0; i != 3; ++i) {
        BOOST_TEST(code_of(results[i]) == vk::errc::cancelled);
        BOOST_TEST(results[i].error().delivery == vk::delivery::not_sent);
    }
}

BOOST_AUTO_TEST_CASE(a_call_cancelled_before_the_clients_first_turn_is_withdrawn)
{
    update(0);
    signals[0].emit(cancellation_type::terminal);
    update(1);
    wait_for(2);
    BOOST_TEST(code_of(results[0]) == vk::errc::cancelled);
    BOOST_TEST(results[0].error().delivery == vk::delivery::not_sent);
    BOOST_TEST(text_of(results[1]) == "success");
    BOOST_TEST(server->stats().requests == 1U);
}

BOOST_AUTO_TEST_CASE(staged_calls_behind_a_write_that_is_stuck_are_withdrawn)
{
    // The server answers one request and then reads nothing, so that the next write does not end. Each request is made
    // large by its User-Agent.
    const authority trusted;
    gate read_on;
    server_options small;
    small.receive_buffer = 4096;
    scripted_server slow(
        trusted.issue(),
        [&](scripted_connection& here) {
            auto request = here.teach() ? here.read_request() : std::nullopt;
            if (!request || !here.send(updated(request->id())) || !read_on.wait())
                return;
            while ((request = here.read_request()))
                if (!here.send(updated(request->id())))
                    return;
        },
        small);
    vk::config large = quick_config(slow.base_url(), trusted.pem());
    large.max_connections = 1;
    large.pipeline_depth = 1000;
    large.error_budget.enabled = false; // so many at once, after one success
    large.user_agent = std::string(30'000, 'x');
    vk::client here(io.get_executor(), vk::credentials(vk::secret("t")), large);
    constexpr std::size_t stuck = 400;
    outcomes many(1 + stuck + 9);
    std::deque<asio::cancellation_signal> stops(many.size());
    const auto start = [&](std::size_t which) {
        here.update_key(vk::key_update("key-" + std::to_string(which)).usd(1),
                        asio::bind_cancellation_slot(stops[which].slot(), many.handler(which)));
    };
    teach_pipelining(io, here);
    start(0);
    BOOST_REQUIRE(run_until(io, [&] { return many.completed() == 1; }));
    for (std::size_t i = 1; i <= stuck; ++i)
        start(i);
    BOOST_REQUIRE(run_until(io, [&] { return here.stats().requests_written == lessons + 1 + stuck; }));
    for (std::size_t i = stuck + 1; i != many.size(); ++i)
        start(i);
    BOOST_REQUIRE(run_until(io, [&] { return here.stats().deepest_pipeline == stuck + 9; }));
    BOOST_TEST(here.stats().requests_written == lessons + 1 + stuck); // the nine are staged
    for (std::size_t i = 0; i != 6; ++i)
        stops[stuck + 2 + i].emit(all_types[i % 3]);
    BOOST_REQUIRE(run_until(io, [&] { return many.completed() == 7; }));
    read_on.open();
    BOOST_REQUIRE(run_until(io, [&] { return many.all(); }));
    for (std::size_t i = 0; i != many.size(); ++i) {
        const bool cancelled = i >= stuck + 2 && i < stuck + 8;
        if (cancelled) {
            BOOST_TEST(code_of(many[i]) == vk::errc::cancelled);
            BOOST_TEST(many[i].error().delivery == vk::delivery::not_sent);
        } else {
            BOOST_TEST_REQUIRE(many[i]);
            BOOST_TEST(many[i]->id == "key-" + std::to_string(i));
        }
    }
    BOOST_TEST(slow.requests().size() == lessons + many.size() - 6);
    BOOST_TEST(slow.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_written_call_is_given_up_by_terminal_and_partial_and_goes_on_with_total)
{
    update(0);
    wait_for(1);
    teach_pipelining(io, *client, ids); // the connection may be deep now
    server->add_fault(vk::fault::delay(150ms));
    for (std::size_t i = 1; i != 8; ++i)
        update(i);
    wait_until_written(lessons + 8);
    signals[2].emit(cancellation_type::terminal);
    signals[3].emit(cancellation_type::partial);
    signals[4].emit(cancellation_type::total);
    signals[5].emit(cancellation_type::terminal | cancellation_type::total);
    wait_for(4);
    for (const std::size_t i : {2U, 3U, 5U}) {
        BOOST_TEST(code_of(results[i]) == vk::errc::cancelled);
        BOOST_TEST(results[i].error().delivery == vk::delivery::sent_unanswered);
        BOOST_TEST(results[i].error().maybe_applied());
    }
    wait_for(8);
    for (const std::size_t i : {0U, 1U, 4U, 6U, 7U}) {
        BOOST_TEST_REQUIRE(results[i]);
        BOOST_TEST(results[i]->id == ids[i]);
    }
    BOOST_TEST(server->stats().connections == 1U);
    BOOST_TEST(server->journal().size() == lessons + 8U); // what was written was applied
}

BOOST_AUTO_TEST_CASE(when_all_written_calls_are_cancelled_the_connection_serves_the_next_ones)
{
    server->add_fault(vk::fault::delay(100ms));
    update(0);
    wait_until_written(1);
    signals[0].emit(cancellation_type::terminal);
    wait_for(1);
    for (std::size_t i = 1; i != 4; ++i)
        update(i);
    wait_for(4);
    for (std::size_t i = 1; i != 4; ++i) {
        BOOST_TEST_REQUIRE(results[i]);
        BOOST_TEST(results[i]->id == ids[i]);
    }
    BOOST_TEST(server->stats().connections == 1U);
}

BOOST_AUTO_TEST_CASE(a_cancelled_written_call_is_not_replayed_when_its_connection_is_lost)
{
    update(0);
    wait_for(1);
    server->add_fault(vk::fault::stall());
    for (std::size_t i = 2; i != 5; ++i)
        update(i);
    wait_until_written(4);
    signals[3].emit(cancellation_type::terminal);
    wait_for(2);
    BOOST_REQUIRE(run_until(io, [this] { return server->stats().faults == 1U; })); // else nothing is stalled yet
    server->drop_connections();
    wait_for(4);
    BOOST_TEST(text_of(results[2]) == "success");
    BOOST_TEST(text_of(results[4]) == "success");
    BOOST_TEST(code_of(results[3]) == vk::errc::cancelled);
    BOOST_TEST(changes(*server, {ids[2], ids[3], ids[4]}) == (std::vector<std::size_t>{1, 0, 1}),
               boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(a_storm_of_cancellations_leaves_every_call_with_one_result_of_its_own, both_protocols, spoken)
{
    constexpr std::size_t count = 500;
    const unsigned seed = 20'260'821;
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    hosted_emulator busy(count, spoken);
    vk::config many = busy.config();
    many.max_connections = 3;
    vk::client here(io.get_executor(), busy.credentials(), many);
    const auto all = busy.ids();
    outcomes storm(count);
    std::deque<asio::cancellation_signal> stops(count);
    std::size_t started = 0;
    // A few calls at a time, and between them cancellations of any call so far, finished ones too.
    while (!storm.all()) {
        for (int i = 0; i != 5 && started != count; ++i, ++started)
            here.update_key(vk::key_update(all[started]).description("number " + std::to_string(started)),
                            asio::bind_cancellation_slot(stops[started].slot(), storm.handler(started)));
        for (int i = 0; i != 2; ++i)
            stops[random() % started].emit(all_types[random() % 3]);
        const std::size_t before = storm.completed();
        const bool last = started == count;
        BOOST_REQUIRE(run_until(io, [&] { return storm.completed() > before || storm.all() || !last; }));
        io.poll();
    }
    here.close(5s, [](vk::result<void> done) { BOOST_TEST(text_of(done) == "success"); });
    BOOST_REQUIRE(run_out(io));
    BOOST_TEST(storm.each_once());
    const auto applied = changes(*busy, all);
    std::size_t cancelled = 0;
    for (std::size_t i = 0; i != count; ++i) {
        if (storm[i]) {
            BOOST_TEST(storm[i]->id == all[i]);
            BOOST_TEST(storm[i]->description == "number " + std::to_string(i));
            BOOST_TEST(applied[i] == 1U);
            continue;
        }
        ++cancelled;
        BOOST_TEST(code_of(storm[i]) == vk::errc::cancelled);
        if (storm[i].error().delivery == vk::delivery::not_sent)
            BOOST_TEST(applied[i] == 0U);
        else
            BOOST_TEST(applied[i] <= 1U);
    }
    BOOST_TEST_MESSAGE(cancelled << " of " << count << " were cancelled");
    BOOST_TEST(cancelled > 10U);
    BOOST_TEST(cancelled < count - 10);
    BOOST_TEST(busy->stats().connections <= 3U);
}

BOOST_DATA_TEST_CASE(cancelling_on_other_threads_is_safe_with_threading_multi, both_protocols, spoken)
{
    constexpr std::size_t count = 300;
    hosted_emulator busy(count, spoken);
    const auto all = busy.ids();
    vk::client here(io.get_executor(), busy.credentials(), busy.config());
    struct one_call {
        std::optional<asio::strand<asio::io_context::executor_type>> strand;
        asio::cancellation_signal signal;
        std::atomic<unsigned> times{0};
        updated_key result;
    };
    std::deque<one_call> calls(count);
    std::atomic<std::size_t> completed{0};
    auto work = asio::make_work_guard(io);
    std::vector<std::thread> runners;
    for (int i = 0; i != 3; ++i)
        runners.emplace_back([&] { io.run(); });
    for (std::size_t i = 0; i != count; ++i) {
        one_call& each = calls[i];
        each.strand.emplace(asio::make_strand(io));
        asio::post(*each.strand, [&, i] {
            here.update_key(vk::key_update(all[i]).usd(1),
                            asio::bind_cancellation_slot(each.signal.slot(),
                                                         asio::bind_executor(*each.strand, [&](updated_key key) {
                                                             each.result = std::move(key);
                                                             ++each.times;
                                                             ++completed;
                                                         })));
        });
        // A signal belongs to its handler's executor; which thread that is on is left to chance.
        if (const std::size_t behind = i % 3 == 0 ? 40 : 1; i >= behind && i % 2 == 0)
            asio::post(*calls[i - behind].strand,
                       [&stop = calls[i - behind].signal, i] { stop.emit(all_types[i % all_types.size()]); });
        if (i % 20 == 0)
            std::this_thread::sleep_for(500us);
    }
    const auto until = std::chrono::steady_clock::now() + patience;
    while (completed != count && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(1ms);
    here.close(5s, [&](vk::result<void>) { work.reset(); });
    for (std::thread& each : runners)
        each.join();
    BOOST_TEST(completed == count);
    std::size_t cancelled = 0;
    for (std::size_t i = 0; i != count; ++i) {
        BOOST_TEST(calls[i].times == 1U);
        if (calls[i].result)
            BOOST_TEST(calls[i].result->id == all[i]);
        else
            BOOST_TEST(code_of(calls[i].result) == vk::errc::cancelled);
        cancelled += calls[i].result ? 0U : 1U;
    }
    BOOST_TEST_MESSAGE(cancelled << " of " << count << " were cancelled");
}

BOOST_AUTO_TEST_SUITE_END()
