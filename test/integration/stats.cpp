// client::stats(): what it says after a script whose numbers are known, and while a client is at work.
#include "support/scripted_world.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>

namespace integration_stats {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

struct fixture : client_world {
    fixture() : client_world(40) {}

    void update_all(outcomes& results)
    {
        for (std::size_t i = 0; i != results.size(); ++i)
            client->update_key(vk::key_update(ids[i % ids.size()]).usd(1), results.handler(i));
        BOOST_REQUIRE(run_until(io, [&results] { return results.all(); }));
    }
};

} // namespace integration_stats

BOOST_FIXTURE_TEST_SUITE(integration_stats, fixture)

BOOST_AUTO_TEST_CASE(a_new_client_has_done_nothing)
{
    const vk::client_stats stats = start().stats();
    BOOST_TEST(stats.connections_opened + stats.requests_written + stats.replies + stats.calls_succeeded == 0U);
    BOOST_TEST(stats.latency.total() == 0U);
    const vk::client taken = std::move(*client);
    BOOST_TEST(client->stats().requests_written == 0U); // nor has one that was moved from
}

BOOST_AUTO_TEST_CASE(successes_and_failures_are_counted_each_once)
{
    settings.max_connections = 1;
    settings.pipeline_depth = 4;
    server->add_fault(vk::fault::answer(404).after(3).times(2));
    start();
    outcomes results(20);
    update_all(results);
    updated_key invalid;
    client->update_key(vk::key_update(""), [&invalid](updated_key with) { invalid = std::move(with); });
    BOOST_REQUIRE(run_until(io, [&invalid] { return code_of(invalid) == errc::invalid_argument; }));
    const vk::client_stats stats = client->stats();
    BOOST_TEST(stats.connections_opened == 1U);
    BOOST_TEST(stats.connections_lost == 0U);
    BOOST_TEST(stats.sessions_resumed == 0U);
    BOOST_TEST(stats.requests_written == 20U);
    BOOST_TEST(stats.replies == 20U);
    BOOST_TEST(stats.replays == 0U);
    BOOST_TEST(stats.calls_succeeded == 18U);
    BOOST_TEST(stats.calls_failed == 3U);
    BOOST_TEST(stats.deepest_pipeline == 4U);
    BOOST_TEST(stats.open_connections == 1U);
    BOOST_TEST(stats.waiting_calls == 0U);
    BOOST_TEST(stats.latency.total() == 18U);
}

BOOST_AUTO_TEST_CASE(a_lost_connection_and_what_is_sent_again_are_counted)
{
    scripted_world world([](scripted_connection& here) {
        const std::size_t answers = here.number() == 0 ? lessons : 100;
        for (std::size_t i = 0; i != answers; ++i) {
            const auto request = here.read_request();
            if (!request || !here.send(updated(request->id())))
                return;
        }
        std::vector<std::string> lost;
        if (here.read_requests(3, lost))
            here.close();
    });
    teach_pipelining(world.io, world.start());
    outcomes results(3);
    for (std::size_t i = 0; i != 3; ++i)
        world.client->update_key(vk::key_update("key" + std::to_string(i)).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(world.io, [&results] { return results.all(); }));
    const vk::client_stats stats = world.client->stats();
    BOOST_TEST(results.succeeded() == 3U, results.summary());
    BOOST_TEST(stats.connections_opened == 2U);
    BOOST_TEST(stats.sessions_resumed == 1U);
    BOOST_TEST(stats.connections_lost == 1U);
    BOOST_TEST(stats.requests_written == lessons + 3U + 3U);
    BOOST_TEST(stats.replies == lessons + 3U);
    BOOST_TEST(stats.replays == 3U);
    BOOST_TEST(stats.calls_succeeded == lessons + 3U);
    BOOST_TEST(stats.latency.total() == lessons + 3U);
}

BOOST_AUTO_TEST_CASE(what_waits_is_counted_as_long_as_it_waits)
{
    settings.max_connections = 1;
    settings.pipeline_depth = 1;
    server->add_fault(vk::fault::delay(60ms));
    start();
    outcomes results(11);
    for (std::size_t i = 0; i != 10; ++i)
        client->update_key(vk::key_update(ids[i % 2]).usd(1),
                           results.handler(i)); // most of them behind another change to their key
    BOOST_REQUIRE(run_until(io, [this] { return client->stats().requests_written == 1; }));
    BOOST_TEST(client->stats().waiting_calls == 9U);
    client->update_key(vk::key_update(ids[5]).usd(1), results.handler(10));
    BOOST_REQUIRE(run_until(io, [this] { return client->stats().waiting_calls == 10U; }));
    BOOST_REQUIRE(run_until(io, [&results] { return results.all(); }));
    BOOST_TEST(client->stats().waiting_calls == 0U);
    client->close(1s, [](const vk::result<void>&) {});
    BOOST_TEST(run_out(io));
    BOOST_TEST(client->stats().open_connections == 0U);
}

BOOST_AUTO_TEST_CASE(quantiles_lie_where_the_calls_do)
{
    settings.max_connections = 1;
    settings.pipeline_depth = 1;
    server->add_fault(vk::fault::delay(40ms).after(10).times(10));
    start();
    std::vector<std::chrono::nanoseconds> took;
    for (std::size_t i = 0; i != 20; ++i) { // one after the other
        bool done = false;
        const auto begin = std::chrono::steady_clock::now();
        client->update_key(vk::key_update(ids[i]).usd(1), [&](const updated_key& with) { done = with.has_value(); });
        BOOST_REQUIRE(run_until(io, [&done] { return done; }));
        took.push_back(std::chrono::steady_clock::now() - begin);
    }
    std::ranges::sort(took);
    const vk::latency_histogram latency = client->stats().latency;
    BOOST_TEST(latency.total() == 20U);
    BOOST_TEST(latency.quantile(0.9) >= 40ms);
    // A bucket's bound is at most 12.5 % too long, and what is measured here takes a little longer.
    for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
        const auto index = static_cast<std::size_t>(std::max(0.0, share * 20 - 1));
        BOOST_TEST(latency.quantile(share) <= took[index] + took[index] / 7 + 2us);
    }
    BOOST_TEST(latency.quantile(0) <= latency.quantile(0.5));
    BOOST_TEST(latency.quantile(0.5) <= latency.quantile(1));
}

BOOST_AUTO_TEST_CASE(another_thread_may_read_while_the_client_is_at_work)
{
    asio::thread_pool pool(2);
    vk::client many(pool.get_executor(), server.credentials(), settings);
    std::atomic<std::size_t> succeeded{0};
    std::atomic<bool> stop{false};
    std::atomic<std::size_t> steps_back{0};
    std::thread reader([&] {
        vk::client_stats before;
        while (!stop) {
            const vk::client_stats now = many.stats();
            for (const auto member : {&vk::client_stats::requests_written, &vk::client_stats::replies,
                                      &vk::client_stats::calls_succeeded, &vk::client_stats::connections_opened})
                steps_back += now.*member < before.*member ? 1U : 0U;
            steps_back += now.latency.total() < before.latency.total() ? 1U : 0U;
            before = now;
        }
    });
    constexpr std::size_t calls = 1000;
    for (std::size_t i = 0; i != calls; ++i)
        many.update_key(vk::key_update(ids[i % ids.size()]).usd(1),
                        [&](const updated_key& with) { succeeded += with ? 1U : 0U; });
    const auto until = std::chrono::steady_clock::now() + patience;
    while (succeeded != calls && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(1ms);
    stop = true;
    reader.join();
    many.close(5s, [](const vk::result<void>&) {});
    pool.join();
    BOOST_TEST(succeeded == calls);
    BOOST_TEST(steps_back == 0U);
    BOOST_TEST(many.stats().calls_succeeded == calls);
    BOOST_TEST(many.stats().latency.total() == calls);
    BOOST_TEST(many.stats().replies == calls);
}

BOOST_AUTO_TEST_SUITE_END()
