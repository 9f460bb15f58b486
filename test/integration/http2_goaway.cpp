// GOAWAY: what is above its last stream goes elsewhere, what is at or below it finishes, and nothing is lost or
// doubled.
#include "integration/http2_world.hpp"

#include <algorithm>
#include <random>

BOOST_AUTO_TEST_SUITE(integration_http2_goaway)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;
using vk::fault;

BOOST_AUTO_TEST_CASE(what_is_above_goes_to_another_connection_and_what_is_below_finishes)
{
    for (const auto last : {fault::last::none, fault::last::below, fault::last::at}) {
        http2_world world(taking_a_moment(20, 50ms));
        world.settings.retry.max_attempts = 1; // it costs none: the connection has answered
        BOOST_REQUIRE(world.update());
        world.server->add_fault(fault::goaway(last).only_for(world.ids[10]));
        world.update_and_check_all();
        BOOST_TEST(changes(*world.server, world.ids)[10] == 1U);
        BOOST_TEST(world.server->journal().size() == 21U); // none twice
        BOOST_TEST(world.server->stats().connections == 2U);
        BOOST_TEST(world.client->stats().connections_lost == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_notice_in_the_midst_of_fifty_updates_lets_them_all_finish)
{
    http2_world world(taking_a_moment(50, 50ms));
    BOOST_REQUIRE(world.update());
    world.server->add_fault(fault::goaway(fault::last::all).after(10));
    world.update_and_check_all();
    BOOST_TEST(world.server->journal().size() == 51U);
    BOOST_TEST(world.client->stats().replays == 0U);
    BOOST_TEST(world.client->stats().connections_lost == 0U);
    // New calls go to a new connection.
    BOOST_TEST(text_of(world.update()) == "success");
    BOOST_TEST(world.server->stats().connections == 2U);
}

BOOST_AUTO_TEST_CASE(a_notice_and_then_the_last_word_lose_and_double_none_of_fifty)
{
    scripted_http2_world world([](scripted_connection& here, http2_peer& peer) {
        const auto first = peer.read_request();
        if (!first || !peer.answer(*first))
            return;
        if (here.number() == 0) {
            std::vector<http2_request> asked;
            while (asked.size() != 50) {
                auto request = peer.read_request();
                if (!request)
                    return;
                asked.push_back(std::move(*request));
                if (asked.size() == 20)
                    peer.send_goaway(0x7FFF'FFFF);
            }
            peer.send_goaway(asked[39].stream); // ten of them are not acted on
            for (std::size_t i = 40; i-- != 0;)
                peer.answer(asked[i]);
            return here.close();
        }
        answer_the_rest(peer);
    });
    world.settings.max_connections = 2;
    BOOST_TEST(text_of(world.update("first")) == "success");
    outcomes results(50);
    for (std::size_t i = 0; i != results.size(); ++i)
        world.start_update("key-" + std::to_string(i), results, i);
    world.wait_for(results, results.size());
    BOOST_TEST(results.each_once());
    BOOST_TEST(results.succeeded() == results.size(), results.summary());
    BOOST_TEST(world.server.requests().size() == 61U);
    BOOST_TEST(world.client->stats().replays == 10U);
    BOOST_TEST(world.client->stats().connections_lost == 0U);
}

BOOST_AUTO_TEST_CASE(goaways_of_all_kinds_and_at_any_moment_lose_and_double_no_update)
{
    http2_world world(taking_a_moment(500, 5ms));
    world.settings.retry.max_attempts = 100;
    world.settings.retry.budget = 100'000;
    for (const auto last : {fault::last::none, fault::last::below, fault::last::at, fault::last::all})
        world.server->add_fault(fault::goaway(last).at_random(0.02).times(0));
    world.update_and_check_all();
    world.check_changes();
    BOOST_TEST(world.server->stats().faults > 5U);
    BOOST_TEST(world.client->stats().connections_lost == 0U);
}

BOOST_AUTO_TEST_CASE(goaway_amid_requests_that_came_together_doubles_no_update)
{
    http2_world world(100); // each is answered at once
    world.server->add_fault(fault::goaway(fault::last::none).only_for(world.ids[10]));
    world.update_and_check_all();
    world.check_changes();
    BOOST_TEST(world.server->stats().connections == 2U);
}

BOOST_AUTO_TEST_CASE(a_connection_that_closes_behind_its_goaway_has_lost_only_what_it_owed_below)
{
    http2_world world(taking_a_moment(20, 50ms));
    BOOST_REQUIRE(world.update());
    world.server->add_fault(fault::goaway(fault::last::below).then(fault::ending::close).only_for(world.ids[10]));
    world.update_and_check_all();
    BOOST_TEST(world.server->stats().connections == 2U);
}

BOOST_AUTO_TEST_CASE(a_server_that_says_goaway_to_everything_ends_the_call_after_its_attempts)
{
    http2_world world(1);
    world.server->add_fault(fault::goaway(fault::last::none).with_code(fault::code::internal_error).times(0));
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::connection_lost);
    BOOST_REQUIRE(!key);
    BOOST_TEST(key.error().delivery == vk::delivery::not_sent);
    BOOST_TEST(key.error().attempts == world.settings.retry.max_attempts);
    BOOST_TEST(world.server->journal().empty());
}

BOOST_AUTO_TEST_CASE(a_goaway_may_ask_for_calm)
{
    http2_world world(1);
    BOOST_REQUIRE(world.update());
    world.server->add_fault(fault::goaway(fault::last::none).with_code(fault::code::enhance_your_calm));
    const auto began = std::chrono::steady_clock::now();
    BOOST_TEST(text_of(world.update()) == "success");
    BOOST_TEST((std::chrono::steady_clock::now() - began) >= 900ms);
    BOOST_TEST(world.server->stats().connections == 2U);
}

BOOST_AUTO_TEST_CASE(a_goaway_may_require_http_1_1)
{
    http2_world world(without_limits(1, vk::protocol::automatic));
    BOOST_REQUIRE(world.update());
    BOOST_TEST(world.server->journal().back().protocol == vk::protocol::http2);
    world.server->add_fault(fault::goaway(fault::last::none).with_code(fault::code::http_1_1_required));
    for (int i = 0; i != 2; ++i) {
        BOOST_TEST(text_of(world.update()) == "success");
        BOOST_TEST(world.server->journal().back().protocol == vk::protocol::http1);
    }
    BOOST_TEST(world.client->stats().http2_connections == 1U);
}

BOOST_AUTO_TEST_CASE(the_words_of_a_goaway_are_told_without_the_token)
{
    http2_world world(1);
    world.server->add_fault(fault::goaway(fault::last::none)
                                .with_code(fault::code::internal_error)
                                .text("restarting, says " + world.server->token())
                                .times(0));
    const updated_key key = world.update();
    BOOST_REQUIRE(!key);
    BOOST_TEST(text_of(key).find("restarting, says ") != std::string::npos);
    BOOST_TEST(text_of(key).find(world.server->token()) == std::string::npos);
    BOOST_TEST(!world.events->lines().empty());
    for (const std::string& line : world.events->lines())
        BOOST_TEST(line.find(world.server->token()) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
