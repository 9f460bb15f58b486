// Promise 6, changes to one key apply in call order: against the emulator, whose journal knows what was applied, and
// whose faults lose, refuse and delay what they like.
#include "support/scripted_world.hpp"
#include "support/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/data/test_case.hpp>

#include <atomic>
#include <deque>
#include <future>
#include <map>
#include <optional>
#include <random>
#include <semaphore>
#include <set>

BOOST_AUTO_TEST_SUITE(integration_promise_06_order)

using namespace test;
using namespace std::chrono_literals;

namespace {

// What was applied to each key, as the numbers in the descriptions, without adjacent repeats.
std::map<std::string, std::vector<std::size_t>> applied(const vk::emulator& server)
{
    std::map<std::string, std::vector<std::size_t>> all;
    for (const vk::journal_entry& each : server.journal()) {
        auto& numbers = all[each.key.id];
        const std::size_t number = std::stoul(each.key.description);
        if (numbers.empty() || numbers.back() != number)
            numbers.push_back(number);
    }
    return all;
}

// Calls are numbered in the order in which they were started.
void check_order(const vk::emulator& server, const outcomes& results, const std::vector<std::string>& id_of_call)
{
    auto order = applied(server);
    for (const auto& [id, numbers] : order)
        BOOST_TEST(std::ranges::is_sorted(numbers, std::ranges::less_equal{}), "key " << id);
    BOOST_TEST(results.each_once());
    for (std::size_t i = 0; i != results.size(); ++i) {
        const auto& numbers = order[id_of_call[i]];
        const bool done = std::ranges::binary_search(numbers, i);
        if (results[i])
            BOOST_TEST(done, "call " << i << " succeeded and was not applied");
        else if (results[i].error().delivery == vk::delivery::not_sent)
            BOOST_TEST(!done, "call " << i << " was not sent and was applied");
    }
}

std::vector<std::string> spread(const std::vector<std::string>& ids, std::size_t count, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::vector<std::string> all;
    for (std::size_t i = 0; i != count; ++i)
        all.push_back(ids[random() % ids.size()]);
    return all;
}

vk::key_update numbered(const std::string& id, std::size_t number)
{
    return vk::key_update(id).description(std::to_string(number));
}

vk::config unbudgeted(vk::config settings)
{
    settings.error_budget.enabled = false; // faults of the server's own would make it wait for half a minute
    settings.retry.budget = 100'000;
    settings.retry.max_attempts = 10;
    settings.stall_timeout = 1s;  // far longer than a delay: what the client gives up must not be applied later
    settings.answer_timeout = 2s; // over HTTP/2 a stream that stalls keeps its key's turn for so long
    return settings;
}

// Every kind of fault that does not apply late.
void strike_at_random(vk::emulator& server, double often)
{
    using vk::fault;
    using apply = fault::apply;
    for (const apply when : {apply::never, apply::before}) {
        server.add_fault(vk::fault::close().applied(when).at_random(often).times(0));
        server.add_fault(vk::fault::reset().applied(when).at_random(often).times(0));
        server.add_fault(vk::fault::cut(150).applied(when).at_random(often).times(0));
        server.add_fault(vk::fault::answer(503).applied(when).at_random(often).times(0));
        server.add_fault(vk::fault::stall().applied(when).after(100).times(1));
    }
    server.add_fault(vk::fault::delay(3ms).at_random(often).times(0));
    // Over HTTP/1.1 the rest strikes nothing.
    for (const apply when : {apply::never, apply::before}) {
        server.add_fault(fault::refuse().applied(when).at_random(often).times(0));
        server.add_fault(fault::rst(fault::code::internal_error).applied(when).at_random(often).times(0));
    }
    server.add_fault(fault::rst(fault::code::cancel).after_part(fault::part::half).at_random(often).times(0));
    for (const auto last : {fault::last::none, fault::last::below, fault::last::at, fault::last::all})
        server.add_fault(fault::goaway(last).at_random(often).times(0));
    server.add_fault(fault::goaway(fault::last::below).then(fault::ending::close).at_random(often).times(0));
    for (const std::uint32_t streams : {0U, 1U, 3U})
        server.add_fault(fault::streams(streams).lasting(30ms).at_random(often / 4).times(0));
    server.add_fault(fault::window(0).lasting(20ms).at_random(often / 4).times(0));
}

} // namespace

BOOST_DATA_TEST_CASE(updates_started_at_once_apply_in_the_order_in_which_they_were_started, both_protocols, spoken)
{
    constexpr std::size_t count = 600;
    hosted_emulator server(5, spoken);
    asio::io_context io;
    vk::client client(io.get_executor(), server.credentials(), server.config());
    const auto key_of = spread(server.ids(), count, 1);
    outcomes results(count);
    for (std::size_t i = 0; i != count; ++i)
        client.update_key(numbered(key_of[i], i), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(results.succeeded() == count, results.summary());
    check_order(*server, results, key_of);
    BOOST_TEST(server->journal().size() == count);
}

BOOST_DATA_TEST_CASE(whatever_the_server_does_updates_apply_in_order, both_protocols, spoken)
{
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        constexpr std::size_t count = 400;
        vk::emulator_options options = without_limits(4 + 8 * (seed % 2), spoken);
        options.seed = seed;
        hosted_emulator server(options);
        strike_at_random(*server, 0.02);
        asio::io_context io;
        vk::config settings = unbudgeted(server.config());
        settings.max_connections = 1 + seed;
        vk::client client(io.get_executor(), server.credentials(), settings);
        const auto key_of = spread(server.ids(), count, seed);
        outcomes results(count);
        for (std::size_t i = 0; i != count; ++i)
            client.update_key(numbered(key_of[i], i), results.handler(i));
        BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
        check_order(*server, results, key_of);
        BOOST_TEST(results.succeeded() == count, results.summary());
        BOOST_TEST(server->stats().faults > 20U);
        BOOST_TEST(client.stats().replays > 20U);
    }
}

BOOST_DATA_TEST_CASE(updates_cancelled_or_out_of_time_at_any_moment_leave_the_others_in_order, both_protocols, spoken)
{
    constexpr std::size_t count = 500;
    hosted_emulator server(4, spoken);
    strike_at_random(*server, 0.01);
    asio::io_context io;
    vk::client client(io.get_executor(), server.credentials(), unbudgeted(server.config()));
    const auto key_of = spread(server.ids(), count, 7);
    outcomes results(count);
    std::deque<asio::cancellation_signal> signals(count);
    std::deque<asio::steady_timer> timers;
    std::mt19937_64 random(8);
    for (std::size_t i = 0; i != count; ++i) {
        vk::call_options options;
        switch (random() % 4) {
        case 0: {
            auto& timer = timers.emplace_back(io, std::chrono::microseconds(random() % 200'000));
            timer.async_wait([&, i](boost::system::error_code) { signals[i].emit(asio::cancellation_type::terminal); });
            break;
        }
        case 1:
            options.timeout(std::chrono::milliseconds(1 + random() % 200));
            break;
        default:
            break;
        }
        client.update_key(numbered(key_of[i], i), options,
                          asio::bind_cancellation_slot(signals[i].slot(), results.handler(i)));
        if (i % 50 == 49) // some find the connections busy, some find answers that nobody wants any more
            BOOST_REQUIRE(run_until(io, [&, until = std::chrono::steady_clock::now() + 10ms] {
                return std::chrono::steady_clock::now() >= until;
            }));
    }
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    // What was given up may still be under way; then its turn is, too.
    std::optional<vk::result<void>> closed;
    client.close(10s, [&closed](vk::result<void> how) { closed = std::move(how); });
    BOOST_REQUIRE(run_until(io, [&] { return closed.has_value(); }));
    check_order(*server, results, key_of);
    std::map<vk::errc, std::size_t> ends;
    for (std::size_t i = 0; i != count; ++i)
        ++ends[code_of(results[i])];
    for (const auto& [code, times] : ends)
        BOOST_TEST_MESSAGE(code << ": " << times);
    BOOST_TEST(ends[vk::errc{}] >= count / 2);
    BOOST_TEST(ends[vk::errc::cancelled] != 0U);
    BOOST_TEST(ends[vk::errc::deadline_exceeded] != 0U);
}

BOOST_DATA_TEST_CASE(the_order_holds_across_views, both_protocols, spoken)
{
    constexpr std::size_t count = 300;
    hosted_emulator server(3, spoken);
    strike_at_random(*server, 0.01);
    asio::io_context io;
    vk::client client(io.get_executor(), server.credentials(), unbudgeted(server.config()));
    const std::vector<vk::client_view> views{client, client.as(server.credentials()), client.as(server.credentials())};
    const auto key_of = spread(server.ids(), count, 9);
    outcomes results(count);
    for (std::size_t i = 0; i != count; ++i)
        views[i % views.size()].update_key(numbered(key_of[i], i), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(results.succeeded() == count, results.summary());
    check_order(*server, results, key_of);
}

BOOST_DATA_TEST_CASE(a_deletion_takes_its_turn_among_updates, both_protocols, spoken)
{
    hosted_emulator server(20, spoken);
    asio::io_context io;
    // The error budget would hold back the last deletions when the updates behind the first ones have failed.
    vk::client client(io.get_executor(), server.credentials(), unbudgeted(server.config()));
    const auto ids = server.ids();
    outcomes before(ids.size());
    outcomes after(ids.size());
    std::size_t deleted = 0;
    for (std::size_t i = 0; i != ids.size(); ++i) {
        client.update_key(numbered(ids[i], 1), before.handler(i));
        client.delete_key(ids[i], [&deleted](vk::result<void> how) { deleted += how ? 1U : 0U; });
        client.update_key(numbered(ids[i], 2), after.handler(i));
    }
    BOOST_REQUIRE(run_until(io, [&] { return before.all() && after.all() && deleted == ids.size(); }));
    BOOST_TEST(before.succeeded() == ids.size(), before.summary());
    for (std::size_t i = 0; i != ids.size(); ++i)
        BOOST_TEST(code_of(after[i]) == vk::errc::not_found, text_of(after[i]));
}

BOOST_AUTO_TEST_CASE(a_cancelled_update_that_was_written_keeps_its_turn_also_on_other_connections)
{
    gate answer;
    scripted_world world([&answer](scripted_connection& here) {
        while (const auto request = here.read_request()) {
            if (request->body.find("\"first\"") != std::string::npos)
                answer.wait();
            here.send(updated(request->id()));
        }
    });
    world.settings.max_connections = 4;
    vk::client& client = world.start();
    outcomes results(3);
    asio::cancellation_signal signal;
    client.update_key(vk::key_update("a").description("first"),
                      asio::bind_cancellation_slot(signal.slot(), results.handler(0)));
    BOOST_REQUIRE(run_until(world.io, [&] { return world.server.requests().size() == 1; }));
    signal.emit(asio::cancellation_type::terminal);
    BOOST_REQUIRE(run_until(world.io, [&] { return results.completed() == 1; }));
    BOOST_TEST(code_of(results[0]) == vk::errc::cancelled);
    client.update_key(vk::key_update("a").description("second"), results.handler(1));
    client.update_key(vk::key_update("b").description("other"), results.handler(2));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.completed() == 2; })); // the other key did not wait
    BOOST_TEST(code_of(results[2]) == vk::errc{});
    BOOST_TEST(!run_until(
        world.io, [&] { return world.server.requests().size() > 2; }, 200ms));
    answer.open();
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    BOOST_TEST(code_of(results[1]) == vk::errc{});
}

BOOST_DATA_TEST_CASE(the_order_is_that_of_happens_before_across_threads, both_protocols, spoken)
{
    constexpr std::size_t rounds = 400;
    hosted_emulator server(2, spoken);
    strike_at_random(*server, 0.005);
    asio::thread_pool pool(2);
    vk::client client(pool.get_executor(), server.credentials(), unbudgeted(server.config()));
    const auto ids = server.ids();
    std::atomic<std::size_t> succeeded{0};
    std::atomic<std::size_t> failed{0};
    std::counting_semaphore<> to_even(1);
    std::counting_semaphore<> to_odd(0);
    const auto start = [&](std::size_t number) {
        client.update_key(numbered(ids[number % 4 < 2 ? 0 : 1], number),
                          [&](updated_key key) { ++(key ? succeeded : failed); });
    };
    // Each starts its call after the other one has started the one before, and waits for no answer.
    std::thread odd([&] {
        for (std::size_t number = 1; number < rounds; number += 2) {
            to_odd.acquire();
            start(number);
            to_even.release();
        }
    });
    for (std::size_t number = 0; number < rounds; number += 2) {
        to_even.acquire();
        start(number);
        to_odd.release();
    }
    odd.join();
    const auto until = std::chrono::steady_clock::now() + patience;
    while (succeeded + failed < rounds && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(1ms);
    BOOST_TEST(succeeded == rounds);
    std::promise<void> closed;
    client.close(5s, [&](vk::result<void>) { closed.set_value(); });
    closed.get_future().wait();
    pool.join();
    std::size_t seen = 0;
    for (const auto& [id, numbers] : applied(*server)) {
        BOOST_TEST(std::ranges::is_sorted(numbers, std::ranges::less_equal{}), "key " << id);
        seen += numbers.size();
    }
    BOOST_TEST(seen == rounds);
}

BOOST_AUTO_TEST_SUITE_END()
