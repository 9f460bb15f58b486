// Promise 12: a client may be called from any thread; one that is declared to be on a single thread needs no lock.
// These tests mean most under ThreadSanitizer.
#include "support/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/data/test_case.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <optional>

BOOST_AUTO_TEST_SUITE(integration_promise_12_threads)

using namespace test;
using namespace std::chrono_literals;

constexpr std::size_t many = 2000;

// In no unnamed namespace: g++ 12 warns where a local class of a data test case refers to a type of one.
struct tally {
    std::atomic<std::size_t> right{0};
    std::atomic<std::size_t> wrong{0};

    void count(const updated_key& key, const std::string& id) { ++(key && key->id == id ? right : wrong); }

    [[nodiscard]] bool wait(std::size_t all) const
    {
        const auto until = std::chrono::steady_clock::now() + 2 * patience;
        while (right + wrong < all && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(1ms);
        return right + wrong == all;
    }
};

BOOST_DATA_TEST_CASE(four_threads_of_one_context_call_one_client, both_protocols, spoken)
{
    hosted_emulator server(many, spoken);
    const auto ids = server.ids();
    asio::thread_pool pool(4);
    vk::client client(pool.get_executor(), server.credentials(), server.config());
    tally all;
    // Handlers that start the next call themselves, each on whatever thread it happens to be.
    struct chain {
        vk::client& client;
        const std::vector<std::string>& ids;
        tally& all;
        std::size_t next;
        std::size_t last;

        void go()
        {
            client.update_key(vk::key_update(ids[next]).usd(1), [this](updated_key key) {
                const std::size_t done = next++;
                const bool more = next != last;
                if (more)
                    go();
                all.count(key, ids[done]); // last: the test may end after it
            });
        }
    };
    constexpr std::size_t chains = 40;
    std::vector<std::unique_ptr<chain>> running;
    for (std::size_t i = 0; i != chains; ++i) {
        running.push_back(std::make_unique<chain>(chain{client, ids, all, i * many / chains, (i + 1) * many / chains}));
        asio::post(pool, [each = running.back().get()] { each->go(); });
    }
    const bool ended = all.wait(many);
    std::promise<void> closed;
    client.close(5s, [&](vk::result<void>) { closed.set_value(); });
    closed.get_future().wait();
    pool.join();
    BOOST_TEST(ended);
    BOOST_TEST(all.right == many);
    BOOST_TEST(client.stats().replies == many);
}

BOOST_DATA_TEST_CASE(plain_threads_call_one_client, both_protocols, spoken)
{
    hosted_emulator server(many, spoken);
    const auto ids = server.ids();
    asio::io_context io;
    auto work = asio::make_work_guard(io);
    vk::client client(io.get_executor(), server.credentials(), server.config());
    std::vector<std::thread> runners;
    for (int i = 0; i != 2; ++i)
        runners.emplace_back([&] { io.run(); });
    tally all;
    std::vector<std::thread> callers;
    for (std::size_t t = 0; t != 4; ++t)
        callers.emplace_back([&, t] {
            for (std::size_t i = t; i < many; i += 4) {
                client.update_key(vk::key_update(ids[i]).usd(1), [&, i](updated_key key) { all.count(key, ids[i]); });
                if (i % 64 == t)
                    static_cast<void>(client.stats());
            }
        });
    for (std::thread& each : callers)
        each.join();
    const bool ended = all.wait(many);
    client.close(5s, [&](vk::result<void>) { work.reset(); });
    for (std::thread& each : runners)
        each.join();
    BOOST_TEST(ended);
    BOOST_TEST(all.right == many);
}

BOOST_AUTO_TEST_CASE(futures_are_awaited_on_threads_of_their_own)
{
    hosted_emulator server(40);
    const auto ids = server.ids();
    asio::thread_pool pool(2);
    auto client = std::make_unique<vk::client>(pool.get_executor(), server.credentials(), server.config());
    tally all;
    std::vector<std::thread> callers;
    for (std::size_t t = 0; t != 4; ++t)
        callers.emplace_back([&, t] {
            for (std::size_t i = t; i < ids.size(); i += 4)
                all.count(client->update_key(vk::key_update(ids[i]).usd(1), asio::use_future).get(), ids[i]);
        });
    for (std::thread& each : callers)
        each.join();
    client.reset();
    pool.join();
    BOOST_TEST(all.right == ids.size());
}

BOOST_DATA_TEST_CASE(a_client_is_destroyed_on_one_thread_while_others_complete_its_calls, both_protocols, spoken)
{
    hosted_emulator server(200, spoken);
    const auto ids = server.ids();
    for (int round = 0; round != 10; ++round) {
        asio::thread_pool pool(3);
        std::atomic<std::size_t> completed{0};
        {
            vk::client client(pool.get_executor(), server.credentials(), server.config());
            for (const std::string& id : ids)
                client.update_key(vk::key_update(id).usd(1), [&](updated_key) { ++completed; });
            while (completed < static_cast<std::size_t>(round) * 5)
                std::this_thread::yield();
        }
        pool.join();
        BOOST_TEST(completed == ids.size());
    }
}

BOOST_AUTO_TEST_CASE(a_single_thread_needs_no_lock)
{
    hosted_emulator server(many);
    const auto ids = server.ids();
    asio::io_context io(1);
    vk::config settings = server.config();
    settings.threading = vk::threading::single;
    vk::client client(io.get_executor(), server.credentials(), settings);
    outcomes results(many);
    update_each(io, client, ids, results);
    BOOST_TEST(results.each_once());
    BOOST_TEST(results.succeeded() == many, results.summary());
    client.close(1s, [](vk::result<void>) {});
    BOOST_TEST(run_out(io));
}

BOOST_AUTO_TEST_CASE(coroutines_on_a_strand_of_many_threads_can_use_a_single_threaded_client)
{
    hosted_emulator server(100);
    const auto ids = server.ids();
    asio::thread_pool pool(3);
    auto strand = asio::make_strand(pool);
    vk::config settings = server.config();
    settings.threading = vk::threading::single; // the strand keeps the promise
    std::optional<vk::client> client;
    tally all;
    auto done = asio::co_spawn(
        strand,
        [&]() -> asio::awaitable<void> {
            client.emplace(strand, server.credentials(), settings);
            for (const std::string& id : ids) {
                updated_key key = co_await client->update_key(vk::key_update(id).usd(1), asio::use_awaitable);
                all.count(key, id);
            }
            client.reset();
        },
        asio::use_future);
    done.get();
    pool.join();
    BOOST_TEST(all.right == ids.size());
}

BOOST_DATA_TEST_CASE(everything_is_called_from_four_threads_at_once, both_protocols, spoken)
{
    hosted_emulator server(60, spoken);
    server->add_fault(vk::fault::close().at_random(0.01).times(0));
    server->add_fault(vk::fault::answer(503).at_random(0.02).times(0));
    server->add_fault(vk::fault::rst(vk::fault::code::internal_error).at_random(0.02).times(0));
    server->add_fault(vk::fault::goaway(vk::fault::last::below).at_random(0.01).times(0));
    const auto ids = server.ids();
    asio::thread_pool pool(4);
    vk::config settings = server.config();
    settings.error_budget.enabled = false;
    const vk::credentials who = server.credentials();
    vk::client client(pool.get_executor(), who, settings);
    std::atomic<std::size_t> started{0};
    std::atomic<std::size_t> ended{0};
    std::atomic<std::size_t> handed{0};
    const auto note = [&] {
        ++started;
        return [&ended](auto&&) {
            ++ended;
        };
    };
    const auto cancel_one = [&](const std::string& id) {
        const auto stop = std::make_shared<asio::cancellation_signal>();
        const auto strand = asio::make_strand(pool); // a signal is for one thread at a time
        asio::post(strand, [&client, stop, strand, id, end = note()] {
            client.update_key(
                vk::key_update(id).usd(1), vk::call_options().confirm(),
                asio::bind_cancellation_slot(
                    stop->slot(), asio::bind_executor(strand, [stop, end](const updated_key& with) { end(with); })));
            asio::post(strand, [stop] { stop->emit(asio::cancellation_type::terminal); });
        });
    };
    const auto call = [&](const vk::client_view& as, std::size_t i) {
        const std::string& id = ids[i % ids.size()];
        switch (i % 13) {
        case 0:
            return as.list_keys(note());
        case 1:
            return as.get_key(id, note());
        case 2:
            return as.create_key(vk::new_key(vk::key_type::inference, "made by a test"), note());
        case 3:
            return as.delete_key("no-such-key", note());
        case 4:
            return as.rate_limits(note());
        case 5:
            return as.rate_limit_log(note());
        case 6:
            return as.web3_challenge(note());
        case 7:
            return who.replace(vk::secret(server->token()));
        case 8:
            return cancel_one(id);
        case 9:
            static_cast<void>(client.stats());
            return client.warm_up(4, note());
        case 10:
            return as.update_keys(
                std::vector(5, vk::key_update(id).usd(2)), vk::bulk_options().max_in_flight(2),
                [&handed](std::size_t, const updated_key&) { ++handed; }, note());
        default:
            return as.update_key(vk::key_update(id).usd(1), note());
        }
    };
    const auto run_round = [&](std::size_t calls, bool with_close) {
        std::vector<std::thread> callers;
        for (std::size_t t = 0; t != 4; ++t)
            callers.emplace_back([&, t] {
                for (std::size_t i = 0; i != calls; ++i)
                    call(i % 3 == 0 ? client.as(who) : vk::client_view(client), i * 4 + t);
                if (with_close && t < 2)
                    client.close(10s, note());
            });
        for (std::thread& each : callers)
            each.join();
    };
    run_round(130, false);
    run_round(60, true); // some of its calls come too late
    pool.join();
    BOOST_TEST(ended == started);
    BOOST_TEST(handed != 0U);
    BOOST_TEST(client.stats().open_connections == 0U);
    BOOST_TEST(client.stats().waiting_calls == 0U);
}

BOOST_AUTO_TEST_CASE(two_threads_may_replace_a_token_while_others_use_it)
{
    hosted_emulator server(100);
    const auto ids = server.ids();
    asio::thread_pool pool(3);
    const vk::credentials who = server.credentials();
    auto client = std::make_unique<vk::client>(pool.get_executor(), who, server.config());
    tally all;
    std::atomic<bool> stop{false};
    std::vector<std::thread> replacing;
    for (int i = 0; i != 2; ++i)
        replacing.emplace_back([&] {
            while (!stop) {
                who.replace(vk::secret(server->token()));
                std::this_thread::sleep_for(200us);
            }
        });
    for (int round = 0; round != 5; ++round)
        for (const std::string& id : ids)
            client->update_key(vk::key_update(id).usd(1), [&all, id](const updated_key& key) { all.count(key, id); });
    const bool ended = all.wait(500);
    stop = true;
    for (std::thread& each : replacing)
        each.join();
    client.reset();
    pool.join();
    BOOST_TEST(ended);
    BOOST_TEST(all.right == 500U);
}

BOOST_AUTO_TEST_SUITE_END()
