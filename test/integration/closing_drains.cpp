// What close() waits for, wherever a call happens to be; and a client that goes away in the middle of everything.
#include "support/bulk_watch.hpp"

#include <boost/asio/post.hpp>

#include <memory>
#include <random>
#include <set>

namespace integration_closing_drains {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

struct fixture : client_world {
    std::optional<vk::result<void>> closed;

    fixture() : client_world(16, vk::protocol::automatic) { settings.protocol = vk::protocol::http1; }

    void close(std::chrono::milliseconds timeout)
    {
        client->close(timeout, [this](vk::result<void> with) { closed = std::move(with); });
    }
    void update(outcomes& results, std::size_t which, const std::string& id)
    {
        client->update_key(vk::key_update(id).usd(static_cast<double>(which)), results.handler(which));
    }
};

// Counts its copies that live.
struct counted {
    explicit counted(int& alive) : alive_(&alive) { ++*alive_; }
    counted(const counted& other) : alive_(other.alive_) { ++*alive_; }
    counted& operator=(const counted&) = delete;
    ~counted() { --*alive_; }

private:
    int* alive_;
};

vk::new_key any_key()
{
    return {vk::key_type::inference, "made by a test"};
}

} // namespace integration_closing_drains

BOOST_FIXTURE_TEST_SUITE(integration_closing_drains, fixture)

BOOST_AUTO_TEST_CASE(close_waits_for_changes_that_wait_for_the_turn_of_their_key)
{
    server->add_fault(vk::fault::delay(10ms).times(0));
    start();
    outcomes results(6);
    for (std::size_t i = 0; i != results.size(); ++i)
        update(results, i, ids[0]);
    close(10s);
    BOOST_REQUIRE(run_out(io));
    BOOST_TEST(text_of(closed.value()) == "success");
    BOOST_TEST(results.succeeded() == 6U, results.summary());
    BOOST_TEST(server->keys().front().limits.usd == 5.0); // the last of them
}

BOOST_AUTO_TEST_CASE(close_waits_for_a_call_that_pauses_before_its_retry)
{
    settings.retry.base_delay = 100ms;
    settings.retry.max_delay = 100ms;
    server->add_fault(vk::fault::answer(503).times(2));
    start();
    outcomes results(1);
    update(results, 0, ids[0]);
    BOOST_REQUIRE(run_until(io, [this] { return client->stats().replies == 1; }));
    close(10s);
    BOOST_REQUIRE(run_out(io));
    BOOST_TEST(text_of(closed.value()) == "success");
    BOOST_TEST(text_of(results[0]) == "success");
}

BOOST_AUTO_TEST_CASE(close_waits_for_what_the_service_holds_back_as_long_as_it_has_time)
{
    for (const auto& [timeout, well] : {std::pair{10'000ms, true}, std::pair{150ms, false}}) {
        server->clear_faults();
        server->add_fault(vk::fault::answer(429).retry_after(well ? "1" : "5"));
        start();
        closed.reset();
        outcomes results(4);
        update(results, 0, ids[0]);
        BOOST_REQUIRE(run_until(io, [this] { return client->stats().replies == 1; }));
        for (std::size_t i = 1; i != results.size(); ++i)
            update(results, i, ids[i]);
        const auto begin = std::chrono::steady_clock::now();
        close(timeout);
        BOOST_REQUIRE(run_out(io));
        const auto took = std::chrono::steady_clock::now() - begin;
        BOOST_TEST(results.each_once());
        BOOST_TEST(results.succeeded() == (well ? 4U : 0U), results.summary());
        BOOST_TEST(code_of(closed.value()) == (well ? errc{} : errc::closed));
        if (well) {
            BOOST_TEST(took >= 700ms);
            continue;
        }
        BOOST_TEST(took >= 150ms, took / 1ms);
        BOOST_TEST(took < 4s, took / 1ms); // and no timer keeps run()
        BOOST_TEST(code_of(results[0]) == errc::closed);
        BOOST_TEST(results[0].error().delivery == vk::delivery::answered);
        BOOST_TEST(results[1].error().delivery == vk::delivery::not_sent);
    }
}

BOOST_AUTO_TEST_CASE(close_waits_for_what_the_error_budget_holds_back_until_its_time_is_over)
{
    settings.error_budget.most = 2;
    settings.error_budget.window = 400ms;
    server->add_fault(vk::fault::answer(404).times(2));
    start();
    outcomes results(5);
    for (std::size_t i = 0; i != results.size(); ++i)
        update(results, i, ids[i]);
    close(10s);
    BOOST_REQUIRE(run_out(io));
    BOOST_TEST(text_of(closed.value()) == "success");
    BOOST_TEST(results.succeeded() == 3U, results.summary());
}

BOOST_AUTO_TEST_CASE(close_waits_for_a_lost_change_and_for_its_confirmation)
{
    server->add_fault(vk::fault::stall().applied(vk::fault::apply::before).times(1));
    settings.stall_timeout = 100ms;
    settings.retry.max_attempts = 1;
    start();
    updated_key got;
    client->update_key(vk::key_update(ids[0]).usd(3), vk::call_options().timeout(5s).confirm(2s),
                       [&got](updated_key with) { got = std::move(with); });
    BOOST_REQUIRE(run_until(io, [this] { return client->stats().requests_written == 1; }));
    close(10s);
    BOOST_REQUIRE(run_out(io));
    BOOST_REQUIRE(!got.has_value());
    BOOST_TEST(code_of(got) == errc::connection_lost, text_of(got));
    // The reading is a call that starts after close(): it says so, and the change's own end stays.
    BOOST_TEST(got.error().confirmation != nullptr);
}

namespace {

// Starts one of everything and counts how each ends. What it starts refers to it.
struct traffic {
    vk::client& client;
    const std::vector<std::string>& ids;
    bulk_watch bulk{ids};
    std::size_t started = 0;
    std::size_t ended = 0;

    auto note()
    {
        ++started;
        return [this, alone = std::make_shared<bool>(true)](auto&&) {
            BOOST_TEST(std::exchange(*alone, false));
            ++ended;
        };
    }
    void start(std::mt19937& random)
    {
        client.update_keys(bulk.range(), vk::bulk_options().max_in_flight(3), bulk.sink(),
                           [this](bulk_result with) { bulk.handler()(std::move(with)); });
        for (int i = 0; i != 24; ++i) {
            const std::string& id = ids[random() % ids.size()];
            switch (random() % 9) {
            case 0:
                client.create_key(any_key(), note());
                break;
            case 1:
                client.list_keys(note());
                break;
            case 2:
                client.get_key(id, note());
                break;
            case 3:
                client.rate_limits(note());
                break;
            case 4:
                client.web3_challenge(note());
                break;
            case 5:
                client.delete_key("no-such-key", vk::call_options().confirm(), note());
                break;
            case 6:
                client.warm_up(2, note());
                break;
            default:
                client.update_key(vk::key_update(id).usd(1), vk::call_options().confirm(), note());
            }
        }
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_client_may_be_destroyed_at_any_moment_of_any_traffic)
{
    server->add_fault(vk::fault::close().at_random(0.05).times(0).applied(vk::fault::apply::before));
    server->add_fault(vk::fault::answer(503).at_random(0.1).times(0));
    server->add_fault(vk::fault::answer(429).retry_after("0").at_random(0.05).times(0));
    server->add_fault(vk::fault::delay(3ms).at_random(0.2).times(0));
    server->add_fault(vk::fault::rst(vk::fault::code::internal_error).at_random(0.05).times(0));
    server->add_fault(vk::fault::goaway(vk::fault::last::below).at_random(0.02).times(0));
    for (unsigned seed = 0; seed != 80; ++seed) {
        std::mt19937 random(seed);
        settings.protocol = seed % 4 < 2 ? vk::protocol::http1 : vk::protocol::http2;
        settings.threading = seed % 2 == 0 ? vk::threading::multi : vk::threading::single;
        settings.max_connections = 1 + random() % 4;
        start();
        traffic all{*client, ids};
        all.start(random);
        const std::size_t turns = random() % 250;
        for (std::size_t i = 0; i != turns && !io.stopped(); ++i)
            io.run_one_for(5ms);
        if (seed % 5 == 0)
            client->close(std::chrono::milliseconds(random() % 10), all.note());
        if (seed % 7 == 0)
            asio::post(io, [this] { client.reset(); });
        else
            client.reset();
        BOOST_REQUIRE(run_out(io));
        BOOST_TEST(all.ended == all.started);
        all.bulk.check_account();
    }
}

BOOST_AUTO_TEST_CASE(a_client_may_be_destroyed_in_the_handler_of_anything)
{
    for (const auto threads : {vk::threading::multi, vk::threading::single})
        for (int which = 0; which != 6; ++which) {
            settings.threading = threads;
            start();
            std::size_t ended = 0;
            const auto last = [this, &ended](auto&&) {
                ++ended;
                client.reset();
            };
            const auto count = [&ended](auto&&) {
                ++ended;
            };
            client->list_keys(count);
            switch (which) {
            case 0:
                client->create_key(any_key(), last);
                break;
            case 1:
                client->warm_up(1, last);
                break;
            case 2:
                client->update_key(vk::key_update(ids[0]).usd(1), vk::call_options().confirm(), last);
                break;
            case 3:
                client->update_keys(
                    std::vector{vk::key_update(ids[0]).usd(1)}, {}, [](std::size_t, const updated_key&) {}, last);
                break;
            case 4:
                client->update_key(vk::key_update(""), last);
                break;
            default:
                client->close(1s, last);
            }
            client->get_key(ids[0], count);
            BOOST_REQUIRE(run_out(io));
            BOOST_TEST(ended == 3U);
            BOOST_TEST(!client.has_value());
        }
}

BOOST_AUTO_TEST_CASE(a_context_that_ends_at_any_moment_destroys_the_handlers_and_calls_none)
{
    server->add_fault(vk::fault::delay(5ms).at_random(0.5).times(0));
    for (unsigned seed = 0; seed != 30; ++seed) {
        std::mt19937 random(seed);
        int alive = 0;
        bool over = false;
        settings.threading = seed % 2 == 0 ? vk::threading::multi : vk::threading::single;
        std::optional<vk::client> survivor;
        {
            asio::io_context short_lived;
            vk::client here(short_lived.get_executor(), server.credentials(), settings);
            const auto note = [&over, keep = counted(alive)](auto&&) {
                BOOST_TEST(!over);
            };
            here.update_keys(
                std::vector(20, vk::key_update(ids[0]).usd(1)), vk::bulk_options().max_in_flight(4),
                [note](std::size_t, updated_key with) { note(with); }, note);
            here.update_key(vk::key_update(ids[1]).usd(1), vk::call_options().confirm(), note);
            here.create_key(any_key(), note);
            here.get_key(ids[2], note);
            here.warm_up(3, note);
            if (seed % 3 == 0)
                here.close(10s, note);
            const std::size_t turns = random() % 60;
            for (std::size_t i = 0; i != turns && !short_lived.stopped(); ++i)
                short_lived.run_one_for(5ms);
            short_lived.stop();
            over = true;
        } // the client first, then its context
        BOOST_TEST(alive == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
