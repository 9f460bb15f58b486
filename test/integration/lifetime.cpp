// How a client ends: at every moment of its life, in every order with its io_context, quietly or with a bang.
#include "support/scripted_world.hpp"
#include "support/server_process.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace integration_lifetime {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

struct fixture : client_world {
    fixture() : client_world(16) {}
    outcomes results{16};

    void update(std::size_t which) { client->update_key(vk::key_update(ids.at(which)).usd(1), results.handler(which)); }

    void update_all()
    {
        for (std::size_t i = 0; i != ids.size(); ++i)
            update(i);
    }

    // Everything has ended once, as `code` or as a success.
    void check_ended(errc code)
    {
        BOOST_REQUIRE(run_out(io));
        BOOST_TEST(results.each_once());
        for (std::size_t i = 0; i != results.size(); ++i)
            BOOST_TEST((results[i] || code_of(results[i]) == code), text_of(results[i]));
    }
};

// Notes when the last copy of a handler dies.
class witness {
public:
    explicit witness(bool& gone)
        : flag_(new int(0), [&gone](const int* what) {
              gone = true;
              delete what;
          })
    {
    }

private:
    std::shared_ptr<int> flag_;
};

} // namespace integration_lifetime

BOOST_FIXTURE_TEST_SUITE(integration_lifetime, fixture)

BOOST_AUTO_TEST_CASE(a_client_that_was_never_used_leaves_nothing_behind)
{
    start();
    client.reset();
    BOOST_TEST(run_out(io));
    start(); // and not even that
    BOOST_TEST(run_out(io));
    client.reset();
}

BOOST_AUTO_TEST_CASE(destroyed_before_its_first_turn)
{
    start();
    update_all();
    client.reset();
    check_ended(errc::closed);
    BOOST_TEST(results.succeeded() == 0U, results.summary());
    BOOST_TEST(server->stats().requests == 0U);
}

BOOST_AUTO_TEST_CASE(destroyed_while_it_connects)
{
    scripted_server mute(
        {}, [](scripted_connection& here) { here.wait_for_end(); }, in_clear());
    settings.base_url = mute.base_url();
    start();
    update_all();
    BOOST_REQUIRE(run_until(io, [&] { return mute.handshakes() != 0; }));
    client.reset();
    check_ended(errc::closed);
}

BOOST_AUTO_TEST_CASE(destroyed_with_calls_in_flight)
{
    start();
    server->add_fault(vk::fault::delay(10s).times(0));
    update_all();
    BOOST_REQUIRE(run_until(io, [&] { return server->stats().faults != 0; }));
    client.reset();
    check_ended(errc::closed);
}

BOOST_AUTO_TEST_CASE(destroyed_after_any_number_of_turns)
{
    for (std::size_t turns = 0; turns != 60; ++turns) {
        outcomes each(ids.size());
        client.emplace(io.get_executor(), server.credentials(), settings);
        for (std::size_t i = 0; i != ids.size(); ++i)
            client->update_key(vk::key_update(ids[i]).usd(1), each.handler(i));
        for (std::size_t i = 0; i != turns && !io.stopped(); ++i)
            io.run_one_for(5ms);
        client.reset();
        BOOST_REQUIRE(run_out(io));
        BOOST_TEST(each.each_once());
    }
}

BOOST_AUTO_TEST_CASE(destroyed_inside_its_own_handler)
{
    start();
    for (std::size_t i = 0; i != ids.size(); ++i)
        client->update_key(vk::key_update(ids[i]).usd(1), [this, i](updated_key key) {
            results.handler(i)(std::move(key));
            if (i == 3)
                client.reset();
        });
    check_ended(errc::closed);
    BOOST_TEST(text_of(results[3]) == "success");
}

BOOST_AUTO_TEST_CASE(destroyed_inside_the_handler_of_close)
{
    start();
    update_all();
    client->close(5s, [this](vk::result<void> done) {
        BOOST_TEST(text_of(done) == "success");
        client.reset();
    });
    check_ended(errc::closed);
    BOOST_TEST(results.succeeded() == ids.size(), results.summary());
}

BOOST_AUTO_TEST_CASE(an_io_context_that_dies_first_takes_the_handlers_with_it)
{
    bool gone[3] = {};
    {
        asio::io_context doomed;
        vk::client here(doomed.get_executor(), server.credentials(), settings);
        server->add_fault(vk::fault::stall().times(0));
        const auto handler = [&](bool& flag) {
            return [keep = witness(flag)](updated_key) {
                BOOST_ERROR("this should not run");
            };
        };
        here.update_key(vk::key_update(ids[0]).usd(1), handler(gone[0]));
        BOOST_REQUIRE(run_until(doomed, [&] { return server->stats().faults == 1; }));
        here.update_key(vk::key_update(ids[1]).usd(1), handler(gone[1])); // has had no turn
        {
            vk::client other(doomed.get_executor(), server.credentials(), settings);
            other.update_key(vk::key_update(ids[2]).usd(1), handler(gone[2]));
        }
    } // the client goes first, and what it posts is never run
    BOOST_TEST(gone[0]);
    BOOST_TEST(gone[1]);
    BOOST_TEST(gone[2]);
}

BOOST_AUTO_TEST_CASE(run_returns_after_close)
{
    start();
    update(0);
    BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 1; }));
    io.run_for(100ms);                  // what is left of the turns before
    BOOST_TEST(io.run_for(30ms) == 0U); // there is a connection, and so run() stays
    BOOST_TEST(!io.stopped());
    bool closed = false;
    client->close(5s, [&](vk::result<void> done) { closed = done.has_value(); });
    BOOST_TEST(run_out(io));
    BOOST_TEST(closed);
    // Once more is no harm.
    closed = false;
    client->close(5s, [&](vk::result<void> done) { closed = done.has_value(); });
    BOOST_TEST(run_out(io));
    BOOST_TEST(closed);
}

BOOST_AUTO_TEST_CASE(run_returns_when_what_is_idle_has_been_closed)
{
    settings.idle_timeout = 60ms;
    start();
    update(0);
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(run_out(io));
    BOOST_TEST((std::chrono::steady_clock::now() - begin) >= 60ms);
    BOOST_TEST(text_of(results[0]) == "success");
    BOOST_TEST(client->stats().open_connections == 0U);
    update(1); // and it goes on
    BOOST_TEST(run_out(io));
    BOOST_TEST(text_of(results[1]) == "success");
    BOOST_TEST(server->stats().connections == 2U);
}

BOOST_AUTO_TEST_CASE(close_waits_for_what_is_under_way_and_takes_nothing_new)
{
    server->add_fault(vk::fault::delay(100ms));
    start();
    for (std::size_t i = 0; i != 8; ++i)
        update(i);
    std::optional<vk::result<void>> closed;
    client->close(5s, [&](vk::result<void> done) {
        BOOST_TEST(results.completed() == results.size());
        closed = std::move(done);
    });
    for (std::size_t i = 8; i != 16; ++i)
        update(i);
    BOOST_REQUIRE(run_out(io));
    BOOST_TEST(text_of(closed.value()) == "success");
    for (std::size_t i = 0; i != 8; ++i)
        BOOST_TEST(text_of(results[i]) == "success");
    for (std::size_t i = 8; i != 16; ++i)
        BOOST_TEST((code_of(results[i]) == errc::closed || results[i]), text_of(results[i]));
}

BOOST_AUTO_TEST_CASE(close_cuts_off_after_its_time)
{
    server->add_fault(vk::fault::stall().times(0));
    start();
    update_all();
    std::optional<vk::result<void>> closed;
    const auto begin = std::chrono::steady_clock::now();
    client->close(100ms, [&](vk::result<void> done) { closed = std::move(done); });
    check_ended(errc::closed);
    BOOST_TEST((std::chrono::steady_clock::now() - begin) >= 100ms);
    BOOST_TEST((std::chrono::steady_clock::now() - begin) < 5s);
    BOOST_TEST(results.succeeded() == 0U, results.summary());
    BOOST_REQUIRE(closed.has_value());
    BOOST_TEST(code_of(*closed) == errc::closed); // something had to be cut off
}

BOOST_AUTO_TEST_CASE(close_with_no_time_cuts_off_at_once)
{
    server->add_fault(vk::fault::stall().times(0));
    start();
    update_all();
    BOOST_REQUIRE(run_until(io, [&] { return server->stats().faults != 0; }));
    std::optional<vk::result<void>> closed;
    client->close(0ms, [&](vk::result<void> done) { closed = std::move(done); });
    check_ended(errc::closed);
    BOOST_TEST(results.succeeded() == 0U, results.summary());
    BOOST_TEST(code_of(closed.value()) == errc::closed);
}

BOOST_AUTO_TEST_CASE(a_moved_client_goes_on)
{
    start();
    update(0);
    vk::client moved = std::move(*client);
    client.reset(); // the shell
    std::optional<vk::client> target(std::in_place, io.get_executor(), server.credentials(), settings);
    target->update_key(vk::key_update(ids[1]).usd(1), results.handler(1));
    *target = std::move(moved); // what it had is destroyed
    target->update_key(vk::key_update(ids[2]).usd(1), results.handler(2));
    BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 3; }));
    BOOST_TEST(text_of(results[0]) == "success");
    BOOST_TEST(code_of(results[1]) == errc::closed);
    BOOST_TEST(text_of(results[2]) == "success");
    target.reset();
    BOOST_TEST(run_out(io));
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_closed_while_idle_is_not_used_again)
{
    settings.max_connections = 2;
    start();
    update(0);
    BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 1; }));
    server->drop_connections();
    BOOST_REQUIRE(run_until(io, [&] { return client->stats().open_connections == 0; }));
    update(1);
    BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 2; }));
    BOOST_TEST(text_of(results[1]) == "success");
    BOOST_TEST(server->stats().connections == 2U);
    BOOST_TEST(client->stats().replays == 0U);
    BOOST_TEST(client->stats().connections_lost == 0U);
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_closes_at_the_same_moment_costs_a_replay_at_most)
{
    start();
    for (std::size_t i = 0; i != ids.size(); ++i) {
        server->drop_connections();
        update(i);
        BOOST_REQUIRE(run_until(io, [&] { return results.completed() == i + 1; }));
        BOOST_TEST(text_of(results[i]) == "success");
    }
}

BOOST_AUTO_TEST_CASE(warm_up_opens_connections_ahead)
{
    settings.max_connections = 3;
    start();
    std::optional<vk::result<void>> warm;
    client->warm_up(2, [&](vk::result<void> done) { warm = std::move(done); });
    BOOST_REQUIRE(run_until(io, [&] { return warm.has_value(); }));
    BOOST_TEST(text_of(*warm) == "success");
    BOOST_TEST(client->stats().open_connections == 2U);
    BOOST_TEST(server->stats().requests == 0U);
    warm.reset();
    client->warm_up(100, [&](vk::result<void> done) { warm = std::move(done); });
    BOOST_REQUIRE(run_until(io, [&] { return warm.has_value(); }));
    BOOST_TEST(text_of(*warm) == "success");
    BOOST_TEST(client->stats().open_connections == 3U);
    update(0);
    BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 1; }));
    BOOST_TEST(client->stats().connections_opened == 3U);
}

BOOST_AUTO_TEST_CASE(warm_up_ends_in_its_time_and_tells_how_connecting_failed)
{
    settings.base_url = "https://localhost:" + std::to_string(free_port()) + "/api/v1"; // nobody listens there
    settings.timeout = 300ms;
    start();
    std::optional<vk::result<void>> warm;
    client->warm_up(2, [&](vk::result<void> done) { warm = std::move(done); });
    BOOST_REQUIRE(run_until(io, [&] { return warm.has_value(); }));
    BOOST_TEST(code_of(*warm) == errc::deadline_exceeded);
    BOOST_TEST(warm->error().cause == errc::connect_failed);
    BOOST_TEST(text_of(*warm).find("Connection refused") != std::string::npos, text_of(*warm));
    BOOST_TEST(run_out(io));
}

BOOST_AUTO_TEST_CASE(warm_up_ends_at_once_when_another_try_is_in_vain)
{
    settings.tls.ca_pem = authority().pem();
    start();
    std::optional<vk::result<void>> warm;
    client->warm_up(2, [&](vk::result<void> done) { warm = std::move(done); });
    BOOST_REQUIRE(run_until(
        io, [&] { return warm.has_value(); }, 10s));
    BOOST_TEST(code_of(*warm) == errc::tls_failed);
}

BOOST_AUTO_TEST_CASE(warm_up_ends_with_its_client)
{
    scripted_server mute(
        {}, [](scripted_connection& here) { here.wait_for_end(); }, in_clear());
    settings.base_url = mute.base_url();
    start();
    std::optional<vk::result<void>> warm;
    client->warm_up(1, [&](vk::result<void> done) { warm = std::move(done); });
    BOOST_REQUIRE(run_until(io, [&] { return mute.connections() == 1; }));
    client.reset();
    BOOST_REQUIRE(run_out(io));
    BOOST_TEST(code_of(warm.value()) == errc::closed);
}

BOOST_AUTO_TEST_SUITE_END()
