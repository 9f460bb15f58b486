// Promise 7, it paces itself: what the server's answers say of the times to come keeps it from refusing anything.
#include "support/scripted_world.hpp"
#include "support/world.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

BOOST_AUTO_TEST_SUITE(integration_promise_07_pacing)

using namespace test;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds short_time{4};

// The emulator counts by the minute of the clock. Waits until so much of one is left.
void begin_within_a_minute()
{
    const auto now = std::chrono::system_clock::now();
    const auto left = std::chrono::floor<std::chrono::minutes>(now) + 1min - now;
    if (left < short_time + 4s)
        std::this_thread::sleep_for(left + 10ms);
}

vk::emulator_options limited(unsigned per_minute, std::size_t keys)
{
    vk::emulator_options options;
    options.initial_keys = keys;
    options.requests_per_minute = per_minute;
    return options;
}

void check_rate_limited(const vk::error& why)
{
    BOOST_TEST(why.why() == vk::errc::rate_limited);
    BOOST_TEST(why.delivery == vk::delivery::not_sent);
    BOOST_TEST(why.http_status == 0U);
    BOOST_REQUIRE(why.retry_after.has_value());
    BOOST_TEST(*why.retry_after > 0s);
    BOOST_TEST(*why.retry_after <= 60s);
    BOOST_TEST(why.retryable());
}

// Forty updates where thirty are allowed, by as many views of the client, and within `timeout`.
void send_forty(vk::emulator_options options, std::size_t views)
{
    constexpr std::size_t count = 40;
    hosted_emulator server(std::move(options));
    asio::io_context io;
    vk::config settings = server.config();
    settings.timeout = short_time;
    vk::client client(io.get_executor(), server.credentials(), settings);
    std::vector<vk::client_view> all{client};
    while (all.size() < views)
        all.push_back(client.as(server.credentials()));
    const auto ids = server.ids();
    begin_within_a_minute();
    const auto begin = std::chrono::steady_clock::now();
    outcomes results(count);
    for (std::size_t i = 0; i != count; ++i)
        all[i % views].update_key(vk::key_update(ids[i % ids.size()]).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST((std::chrono::steady_clock::now() - begin) < short_time - 500ms); // and not when their time was up
    BOOST_TEST(results.succeeded() == 30U, results.summary());
    for (std::size_t i = 0; i != count; ++i)
        if (!results[i])
            check_rate_limited(results[i].error());
    BOOST_TEST(server->stats().requests == 30U);
    BOOST_TEST(server->stats().failures == 0U);
}

} // namespace

BOOST_AUTO_TEST_CASE(of_forty_updates_with_a_quota_of_thirty_none_is_refused_by_the_server)
{
    send_forty(limited(30, 40), 1);
}

BOOST_AUTO_TEST_CASE(also_those_that_wait_for_their_turn_fail_at_once)
{
    send_forty(limited(30, 2), 1);
}

BOOST_AUTO_TEST_CASE(views_with_equal_tokens_share_the_quota)
{
    send_forty(limited(30, 40), 8);
}

BOOST_AUTO_TEST_CASE(what_comes_when_the_quota_is_used_up_fails_at_once)
{
    hosted_emulator server(limited(3, 5));
    asio::io_context io;
    vk::config settings = server.config();
    settings.timeout = short_time;
    vk::client client(io.get_executor(), server.credentials(), settings);
    const auto ids = server.ids();
    begin_within_a_minute();
    for (int i = 0; i != 6; ++i) {
        std::optional<vk::result<std::vector<vk::key_details>>> got;
        const auto begin = std::chrono::steady_clock::now();
        client.list_keys([&got](auto keys) { got = std::move(keys); });
        BOOST_REQUIRE(run_until(io, [&got] { return got.has_value(); }));
        if (i < 3) {
            BOOST_TEST(got->has_value(), text_of(*got));
            continue;
        }
        BOOST_REQUIRE(!got->has_value());
        check_rate_limited(got->error());
        BOOST_TEST((std::chrono::steady_clock::now() - begin) < short_time / 2);
    }
    BOOST_TEST(server->stats().requests == 3U);
}

BOOST_AUTO_TEST_CASE(what_has_the_time_waits_for_the_reset_and_is_not_refused)
{
    // Eight requests in each two seconds of the clock.
    std::mutex mutex;
    std::int64_t window = 0;
    int left = 0;
    std::atomic<int> refused{0};
    scripted_world world([&](scripted_connection& here) {
        while (const auto request = here.read_request()) {
            const std::lock_guard lock(mutex);
            const auto now = std::chrono::system_clock::now().time_since_epoch() / 2s;
            if (now != window)
                left = 8;
            window = now;
            const bool over = left == 0;
            left -= over ? 0 : 1;
            refused += over ? 1 : 0;
            const std::string fields = "x-ratelimit-remaining-requests: " + std::to_string(left) +
                                       "\r\nx-ratelimit-reset-requests: " + std::to_string((now + 1) * 2) + "\r\n";
            here.send(over ? reply(429, "{}", fields) : updated(request->id(), "", fields));
        }
    });
    world.settings.max_connections = 3;
    vk::client& client = world.start();
    constexpr std::size_t count = 20;
    outcomes results(count);
    // Early in one of them: a reset that has passed when the answer is read means nothing, and nothing else is known
    // yet.
    while (std::chrono::system_clock::now().time_since_epoch() % 2s > 1s)
        std::this_thread::sleep_for(10ms);
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i != count; ++i)
        client.update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    BOOST_TEST(results.succeeded() == count, results.summary());
    BOOST_TEST(refused == 0);
    BOOST_TEST((std::chrono::steady_clock::now() - begin) > 2s); // two resets
    BOOST_TEST((std::chrono::steady_clock::now() - begin) < 12s);
}

BOOST_AUTO_TEST_CASE(after_a_retry_after_nothing_is_sent_before_its_time)
{
    hosted_emulator server(20);
    server->add_fault(vk::fault::answer(429).retry_after("1"));
    asio::io_context io;
    vk::config settings = server.config();
    settings.max_connections = 1;
    vk::client client(io.get_executor(), server.credentials(), settings);
    const auto ids = server.ids();
    outcomes results(ids.size());
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i != ids.size(); ++i)
        client.update_key(vk::key_update(ids[i]).usd(1), results.handler(i));
    const bool early = run_until(
        io, [&] { return results.completed() != 0; }, 900ms);
    if (std::chrono::steady_clock::now() - begin < 1s)
        BOOST_TEST(!early);
    BOOST_TEST(server->journal().empty());
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(results.succeeded() == ids.size(), results.summary());
    BOOST_TEST(server->stats().requests == ids.size() + 1);
    BOOST_TEST((std::chrono::steady_clock::now() - begin) >= 1s);
}

BOOST_AUTO_TEST_CASE(a_retry_after_to_a_creation_does_not_hold_updates)
{
    hosted_emulator server(20);
    server->add_fault(vk::fault::answer(429).retry_after("2").only_method("POST"));
    asio::io_context io;
    vk::client client(io.get_executor(), server.credentials(), server.config());
    const auto ids = server.ids();
    outcomes results(ids.size());
    std::size_t created = 0;
    const auto create = [&] {
        client.create_key(vk::new_key(vk::key_type::inference, "new"),
                          [&created](const vk::result<vk::created_key>& key) { created += key ? 1U : 0U; });
    };
    create();
    BOOST_REQUIRE(run_until(io, [&] { return server->stats().failures == 1; }));
    create();
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i != ids.size(); ++i)
        client.update_key(vk::key_update(ids[i]).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST((std::chrono::steady_clock::now() - begin) < 1'800ms);
    BOOST_TEST(created == 0U);
    BOOST_REQUIRE(run_until(io, [&] { return created == 2; }));
    BOOST_TEST((std::chrono::steady_clock::now() - begin) > 1500ms);
}

BOOST_AUTO_TEST_CASE(of_more_creations_than_a_minute_allows_few_are_refused_by_the_server)
{
    hosted_emulator server(limited(100'000, 0));
    asio::io_context io;
    vk::config settings = server.config();
    settings.timeout = short_time;
    vk::client client(io.get_executor(), server.credentials(), settings);
    std::size_t created = 0;
    std::size_t limited = 0;
    std::size_t unsent = 0;
    constexpr std::size_t count = 40;
    for (std::size_t i = 0; i != count; ++i)
        client.create_key(vk::new_key(vk::key_type::inference, "new"), [&](const vk::result<vk::created_key>& key) {
            created += key ? 1U : 0U;
            limited += code_of(key) == vk::errc::rate_limited ? 1U : 0U;
            unsent += !key && key.error().delivery == vk::delivery::not_sent ? 1U : 0U;
        });
    BOOST_REQUIRE(run_until(io, [&] { return created + limited == count; }));
    BOOST_TEST(created == 20U);
    BOOST_TEST(server->stats().failures <= settings.max_connections);
    BOOST_TEST(unsent == count - created - server->stats().failures);
}

BOOST_AUTO_TEST_SUITE_END()
