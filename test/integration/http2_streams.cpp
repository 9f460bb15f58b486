// How many streams a client uses, of whom it takes orders in that, and what it tells of them.
#include "integration/http2_world.hpp"

#include <atomic>
#include <sstream>

BOOST_AUTO_TEST_SUITE(integration_http2_streams)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;
using vk::fault;

namespace {

// Reads until so many wait, and then for a while whether there are more. False when the connection has ended.
bool exactly(scripted_connection& here, http2_peer& peer, std::size_t count, std::atomic<std::size_t>& too_many)
{
    if (!peer.until([&] { return peer.waiting() >= count; }))
        return false;
    here.pause(150ms);
    too_many += peer.waiting() - count + (here.has_more() ? 1U : 0U);
    return true;
}

bool answer_waiting(http2_peer& peer, std::size_t count)
{
    while (count-- != 0) {
        const auto request = peer.read_request();
        if (!request || !peer.answer(*request))
            return false;
    }
    return true;
}

} // namespace

BOOST_AUTO_TEST_CASE(one_connection_is_enough_while_it_has_streams)
{
    http2_world world(taking_a_moment(90, 20ms));
    BOOST_REQUIRE(world.update());
    world.update_and_check_all();
    const vk::client_stats stats = world.client->stats();
    BOOST_TEST(stats.connections_opened == 1U);
    BOOST_TEST(stats.http2_connections == 1U);
    BOOST_TEST(stats.deepest_pipeline > 20U); // all of them, if none was answered before the last was called
}

// The line and the server are at work while the client looks at the rest.
BOOST_AUTO_TEST_CASE(of_many_answers_at_once_the_first_let_requests_go_before_the_last_are_read)
{
    http2_world world(taking_a_moment(90, 20ms));
    world.settings.threading = vk::threading::single; // else handlers run on their own, a part behind
    BOOST_REQUIRE(world.update());
    outcomes first(world.ids.size());
    outcomes second(world.ids.size());
    std::vector<std::uint64_t> written_before(world.ids.size());
    for (std::size_t i = 0; i != first.size(); ++i)
        world.client->update_key(vk::key_update(world.ids[i]).usd(1), [&, i](updated_key key) {
            written_before[i] = world.client->stats().requests_written;
            first.handler(i)(std::move(key));
            world.client->update_key(vk::key_update(world.ids[i]).usd(2), second.handler(i));
        });
    const std::uint64_t one_each = 1 + first.size();
    BOOST_REQUIRE(run_until(world.io, [&] { return world.client->stats().requests_written == one_each; }));
    while (world.server->journal().size() != one_each) // answers come, and nobody reads them
        std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(50ms);
    BOOST_REQUIRE(run_until(world.io, [&] { return first.all() && second.all(); }));
    BOOST_TEST(first.succeeded() == first.size(), first.summary());
    BOOST_TEST(second.succeeded() == second.size(), second.summary());
    BOOST_TEST(std::ranges::max(written_before) > one_each);
}

BOOST_AUTO_TEST_CASE(another_connection_opens_when_the_streams_of_the_first_are_in_use)
{
    http2_world world(taking_a_moment(60, 20ms));
    world.settings.max_streams = 4;
    world.settings.max_connections = 3;
    world.update_and_check_all();
    const vk::client_stats stats = world.client->stats();
    BOOST_TEST(stats.connections_opened == 3U);
    BOOST_TEST(stats.http2_connections == 3U);
    BOOST_TEST(stats.deepest_pipeline == 4U);
    BOOST_TEST(stats.replays == 0U);
}

BOOST_AUTO_TEST_CASE(the_peers_limit_counts_when_it_is_the_smaller_one)
{
    vk::emulator_options options = taking_a_moment(60, 20ms);
    options.max_streams = 3;
    http2_world world(options);
    world.settings.max_connections = 2;
    outcomes results(world.ids.size());
    outcomes again(world.ids.size());
    world.update_all(results);
    world.check_all(results);
    BOOST_TEST(world.client->stats().deepest_pipeline >= 3U); // before SETTINGS come no limit is known
    BOOST_TEST(world.client->stats().http2_connections == 2U);
    const std::uint64_t refused = world.client->stats().replays;
    world.update_all(again);
    world.check_all(again);
    BOOST_TEST(world.client->stats().replays == refused);
}

BOOST_AUTO_TEST_CASE(settings_that_change_at_work_are_kept_to_the_letter)
{
    std::atomic<std::size_t> too_many{0};
    std::atomic<bool> to_the_end{false};
    scripted_http2_world world(
        [&](scripted_connection& here, http2_peer& peer) {
            const auto limit = [&peer](std::uint32_t streams) {
                const unsigned before = peer.settings_acknowledged();
                return peer.send_settings({{max_concurrent_streams, streams}}) &&
                       peer.until([&] { return peer.settings_acknowledged() > before; });
            };
            to_the_end = answer_waiting(peer, 1) &&                      // it is proven
                         exactly(here, peer, 6, too_many) &&             // as the greeting said
                         limit(2) && answer_waiting(peer, 6) &&          // lowered: those before stay
                         exactly(here, peer, 2, too_many) &&             //
                         limit(5) && exactly(here, peer, 5, too_many) && // raised
                         limit(0) && answer_waiting(peer, 5) &&          // none
                         exactly(here, peer, 0, too_many) &&             //
                         limit(100) && exactly(here, peer, 29, too_many) && answer_waiting(peer, 29);
            answer_the_rest(peer);
        },
        {{max_concurrent_streams, 6}});
    BOOST_TEST(text_of(world.update("first")) == "success");
    outcomes results(40);
    for (std::size_t i = 0; i != results.size(); ++i)
        world.start_update("key-" + std::to_string(i), results, i);
    world.wait_for(results, results.size());
    BOOST_TEST(results.succeeded() == results.size(), results.summary());
    BOOST_TEST(to_the_end);
    BOOST_TEST(too_many == 0U);
    BOOST_TEST(world.client->stats().replays == 0U);
    BOOST_TEST(world.server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(limits_that_come_and_go_at_random_lose_no_update)
{
    http2_world world(taking_a_moment(400, 2ms));
    for (const std::uint32_t streams : {0U, 1U, 7U})
        world.server->add_fault(fault::streams(streams).lasting(50ms).at_random(0.02).times(0));
    world.server->add_fault(fault::window(0).lasting(30ms).at_random(0.01).times(0));
    world.update_and_check_all();
    world.check_changes();
    BOOST_TEST(world.server->stats().faults > 3U);
    BOOST_TEST(world.client->stats().connections_lost == 0U);
}

BOOST_AUTO_TEST_CASE(a_server_that_asks_for_calm_gets_a_pause_and_then_fewer_streams)
{
    using clock = std::chrono::steady_clock;
    std::atomic<std::size_t> too_many{0};
    std::atomic<std::chrono::milliseconds> pause{0ms};
    scripted_http2_world world([&](scripted_connection& here, http2_peer& peer) {
        if (!answer_waiting(peer, 1) || !exactly(here, peer, 8, too_many))
            return;
        const auto struck = peer.read_request();
        const auto began = clock::now();
        if (!struck || !peer.send_rst(struck->stream, NGHTTP2_ENHANCE_YOUR_CALM) || !answer_waiting(peer, 7) ||
            !peer.until([&] { return peer.waiting() != 0; }))
            return;
        pause = std::chrono::floor<std::chrono::milliseconds>(clock::now() - began);
        if (exactly(here, peer, 4, too_many))
            answer_the_rest(peer);
    });
    world.settings.max_streams = 8;
    BOOST_TEST(text_of(world.update("first")) == "success");
    outcomes results(30);
    for (std::size_t i = 0; i != results.size(); ++i)
        world.start_update("key-" + std::to_string(i), results, i);
    world.wait_for(results, results.size());
    BOOST_TEST(results.succeeded() == results.size(), results.summary());
    BOOST_TEST(pause.load().count() >= 900);
    BOOST_TEST(too_many == 0U);
    BOOST_TEST(world.server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_bad_batch_stays_within_the_error_budget)
{
    constexpr std::size_t most = 16;
    for (const bool from_the_start : {true, false}) {
        vk::emulator_options options = taking_a_moment(30, 5ms);
        options.rules = vk::service_rules::older; // 20 failures are forgiven, and none is told of
        options.enforce_limits = true;
        options.service_time = 5ms;
        http2_world world(options);
        world.settings.error_budget.enabled = true;
        world.settings.timeout = 10s; // less than the window
        if (!from_the_start)
            BOOST_REQUIRE(world.update());
        outcomes results(300);
        for (std::size_t i = 0; i != results.size(); ++i)
            world.started().update_key(vk::key_update("no-such-key-" + std::to_string(i)).usd(1), results.handler(i));
        BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
        BOOST_TEST(results.each_once());
        for (std::size_t i = 0; i != results.size(); ++i)
            BOOST_TEST((code_of(results[i]) == errc::not_found || code_of(results[i]) == errc::error_budget_spent),
                       text_of(results[i]));
        BOOST_TEST(world.server->stats().failures <= most);
        BOOST_TEST(world.server->stats().lockouts == 0U);
        BOOST_TEST(world.client->stats().http2_connections >= 1U);
    }
}

BOOST_AUTO_TEST_CASE(statistics_and_events_name_the_protocol)
{
    for (const vk::protocol spoken : both_protocols) {
        http2_world world(without_limits(20, spoken));
        world.settings.protocol = vk::protocol::automatic;
        outcomes results(world.ids.size());
        world.update_all(results);
        world.check_all(results);
        const vk::client_stats stats = world.client->stats();
        const bool second = spoken == vk::protocol::http2;
        const std::string version = std::string("network.protocol.version=") + (second ? "2" : "1.1");
        BOOST_TEST(stats.http2_connections == (second ? stats.connections_opened : 0U));
        BOOST_TEST(world.events->count("connection_opened", version) == stats.connections_opened);
        BOOST_TEST(world.events->count("attempt_ended", version) == results.size());
        for (const vk::journal_entry& each : world.server->journal()) {
            BOOST_TEST(each.protocol == spoken);
            BOOST_TEST((each.stream != 0) == second);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_text_of_any_trouble_shows_the_token)
{
    http2_world world(40);
    const std::string token = world.server->token();
    world.settings.retry.max_attempts = 2;
    world.settings.timeout = 5s;
    world.server->add_fault(fault::answer(400).text("I don't like " + token).every(3).times(5));
    world.server->add_fault(fault::answer(500).text(token).every(3).times(5));
    world.server->add_fault(fault::goaway(fault::last::below)
                                .with_code(fault::code::internal_error)
                                .text("bye, " + token)
                                .every(7)
                                .times(3));
    world.server->add_fault(fault::rst(fault::code::internal_error).every(5).times(5));
    world.server->add_fault(fault::raw("HTTP/1.1 400 Bad Request\r\n\r\n" + token).after(20));
    outcomes results(world.ids.size());
    world.update_all(results);
    std::ostringstream all;
    for (std::size_t i = 0; i != results.size(); ++i)
        if (!results[i])
            all << results[i].error() << '\n'
                << results[i].error().detail << '\n'
                << results[i].error().server_text << '\n';
    for (const std::string& line : world.events->lines())
        all << line << '\n';
    for (const vk::journal_entry& each : world.server->journal())
        all << each.key.description << ' ' << each.key.id << '\n';
    BOOST_TEST(results.succeeded() != 0U);
    BOOST_TEST(results.succeeded() != results.size());
    BOOST_TEST(all.str().find(token) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
