// Streams that are refused, reset, or answered wrongly over HTTP/2, and what becomes of their calls (promises 2, 4, 5).
#include "integration/http2_world.hpp"

#include <algorithm>
#include <atomic>

BOOST_AUTO_TEST_SUITE(integration_http2_refusals)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;
using vk::fault;

BOOST_AUTO_TEST_CASE(a_refused_update_is_sent_again)
{
    http2_world world(1);
    world.server->add_fault(fault::refuse().times(2));
    BOOST_TEST(text_of(world.update()) == "success");
    BOOST_TEST(world.client->stats().replays == 2U);
    BOOST_TEST(world.client->stats().connections_lost == 0U);
    world.check_changes();
}

BOOST_AUTO_TEST_CASE(an_update_that_is_refused_for_ever_ends_after_its_attempts)
{
    http2_world world(1);
    world.server->add_fault(fault::refuse().times(0));
    world.settings.retry.max_attempts = 4;
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::connection_lost);
    BOOST_REQUIRE(!key);
    BOOST_TEST(key.error().delivery == vk::delivery::sent_unanswered); // proxies refuse what they had passed on
    BOOST_TEST(key.error().maybe_applied());
    BOOST_TEST(key.error().attempts == 4U);
    BOOST_TEST(text_of(key).find("REFUSED_STREAM") != std::string::npos);
    BOOST_TEST(world.server->stats().requests == 4U);
    BOOST_TEST(world.server->journal().empty());
}

BOOST_AUTO_TEST_CASE(refusals_that_use_up_the_budget_end_their_calls_with_what_they_know)
{
    http2_world world(8);
    world.server->add_fault(fault::refuse().times(0));
    world.settings.retry.budget = 3;
    world.settings.retry.max_attempts = 5;
    outcomes results(world.ids.size());
    world.update_all(results);
    for (std::size_t i = 0; i != results.size(); ++i) {
        BOOST_TEST(code_of(results[i]) == errc::connection_lost);
        BOOST_REQUIRE(!results[i]);
        BOOST_TEST(results[i].error().delivery == vk::delivery::sent_unanswered);
        BOOST_TEST(text_of(results[i]).find("REFUSED_STREAM") != std::string::npos);
        BOOST_TEST(text_of(results[i]).find("config::retry.budget") != std::string::npos);
    }
    BOOST_TEST(world.server->stats().requests == world.ids.size() + 3U);
}

BOOST_AUTO_TEST_CASE(refusals_above_a_limit_that_was_not_known_yet_cost_no_attempt)
{
    vk::emulator_options options = without_limits(100, vk::protocol::http2);
    options.max_streams = 2;
    options.service_time = 5ms;
    http2_world world(options);
    world.settings.retry.max_attempts = 1;
    world.settings.retry.budget = 0;
    world.settings.max_connections = 2;
    world.update_and_check_all();
    world.check_changes();
    BOOST_TEST(world.client->stats().connections_opened == 2U);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_what_was_applied_applies_it_twice_with_the_same_values)
{
    http2_world world(1);
    world.server->add_fault(fault::refuse().applied(fault::apply::before));
    BOOST_TEST(text_of(world.update()) == "success");
    world.check_changes(2);
}

BOOST_AUTO_TEST_CASE(a_refused_creation_is_not_sent_again)
{
    for (const auto applied : {fault::apply::never, fault::apply::before}) {
        http2_world world(1);
        world.server->add_fault(fault::refuse().applied(applied).only_method("POST"));
        const auto key = world.create();
        BOOST_TEST(code_of(key) == errc::outcome_unknown);
        BOOST_REQUIRE(!key);
        BOOST_TEST(key.error().delivery == vk::delivery::sent_unanswered);
        BOOST_TEST(key.error().attempts == 1U);
        BOOST_TEST(world.server->stats().requests == 1U);
        BOOST_TEST(text_of(world.update()) == "success"); // its connection goes on
        BOOST_TEST(world.client->stats().connections_lost == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_creation_above_goaway_is_sent_again)
{
    for (const auto last : {fault::last::none, fault::last::below}) {
        http2_world world(1);
        BOOST_REQUIRE(world.update()); // that of the stream below
        world.server->add_fault(fault::goaway(last).only_method("POST"));
        const auto key = world.create();
        BOOST_TEST(text_of(key) == "success");
        BOOST_TEST(world.server->journal().size() == 2U);
        BOOST_TEST(world.server->stats().connections >= 2U); // a creation travels on a fresh one
    }
}

BOOST_AUTO_TEST_CASE(a_reset_of_any_other_kind_is_an_update_without_an_answer)
{
    for (const auto applied : {fault::apply::never, fault::apply::before}) {
        http2_world world(8);
        world.server->add_fault(fault::rst(fault::code::internal_error).applied(applied).times(3));
        world.update_and_check_all();
        BOOST_TEST(world.client->stats().replays == 3U);
        BOOST_TEST(world.client->stats().connections_lost == 0U);
        BOOST_TEST(world.server->journal().size() == 8U + (applied == fault::apply::before ? 3U : 0U));
    }
}

BOOST_AUTO_TEST_CASE(a_reset_in_the_midst_of_an_answer_is_one_without)
{
    for (const auto part : {fault::part::head, fault::part::half}) {
        http2_world world(8);
        world.server->add_fault(fault::rst(fault::code::cancel).after_part(part).times(2));
        world.update_and_check_all();
        BOOST_TEST(world.client->stats().replays == 2U);
        BOOST_TEST(world.client->stats().connections_lost == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_creation_that_is_reset_has_an_unknown_outcome)
{
    http2_world world(1);
    world.server->add_fault(fault::rst(fault::code::internal_error).applied(fault::apply::before).only_method("POST"));
    const auto key = world.create();
    BOOST_TEST(code_of(key) == errc::outcome_unknown);
    BOOST_TEST(world.server->journal().size() == 1U);
    BOOST_TEST(world.server->stats().requests == 1U);
}

BOOST_AUTO_TEST_CASE(a_server_that_requires_http_1_1_is_asked_over_that_from_then_on)
{
    http2_world world(without_limits(10, vk::protocol::automatic));
    world.settings.protocol = vk::protocol::automatic;
    world.server->add_fault(fault::http11().times(0));
    world.update_and_check_all();
    world.check_changes();
    for (const vk::journal_entry& each : world.server->journal())
        BOOST_TEST(each.protocol == vk::protocol::http1);
    const std::uint64_t before = world.client->stats().http2_connections;
    world.server->drop_connections();
    BOOST_TEST(text_of(world.update()) == "success");
    BOOST_TEST(world.server->journal().back().protocol == vk::protocol::http1);
    BOOST_TEST(world.client->stats().http2_connections == before);
}

BOOST_AUTO_TEST_CASE(a_client_of_http2_alone_says_what_its_server_requires)
{
    http2_world world(1);
    world.settings.protocol = vk::protocol::http2;
    world.server->add_fault(fault::http11().times(0));
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::connection_lost);
    BOOST_TEST(text_of(key).find("HTTP_1_1_REQUIRED") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_without_http2_fails_a_client_of_http2_alone)
{
    http2_world world(without_limits(1, vk::protocol::http1));
    world.settings.protocol = vk::protocol::http2;
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::tls_failed);
    BOOST_REQUIRE(!key);
    BOOST_TEST(key.error().delivery == vk::delivery::not_sent);
    BOOST_TEST(text_of(key).find("no application protocol") != std::string::npos); // its alert
    // One that knows nothing of ALPN.
    scripted_world without(answers_all());
    without.settings.protocol = vk::protocol::http2;
    const updated_key other = without.update();
    BOOST_TEST(code_of(other) == errc::tls_failed);
    BOOST_TEST(text_of(other).find("HTTP/2") != std::string::npos);
    BOOST_TEST(without.server.requests().empty());
}

BOOST_AUTO_TEST_CASE(answers_on_each_others_streams_poison_the_connection)
{
    http2_world world(12);
    BOOST_REQUIRE(world.update());
    world.server->add_fault(fault::swap());
    world.update_and_check_all();
    BOOST_TEST(world.server->stats().connections >= 2U);
    BOOST_TEST(world.client->stats().connections_lost == 1U);
    BOOST_TEST(world.events->count("connection_closed", "error.type=reply_mismatch") == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_on_a_stream_that_has_had_its_own_poisons_the_connection)
{
    scripted_http2_world world([](scripted_connection& here, http2_peer& peer) {
        const auto first = peer.read_request();
        if (!first || !peer.answer(*first))
            return;
        if (here.number() == 0) {
            const auto second = peer.read_request();
            if (!second)
                return;
            peer.answer(*first); // once more
            peer.answer(*second);
        }
        answer_the_rest(peer);
    });
    BOOST_TEST(text_of(world.update("a")) == "success");
    BOOST_TEST(text_of(world.update("b")) == "success");
    BOOST_TEST(world.server.connections() == 2U);
    BOOST_TEST(world.client->stats().connections_lost == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_too_large_ends_its_call_alone)
{
    for (const bool announced : {true, false}) {
        scripted_http2_world world([announced](scripted_connection&, http2_peer& peer) {
            std::vector<http2_request> asked;
            while (auto request = peer.read_request()) {
                asked.push_back(std::move(*request));
                if (asked.size() == 1)
                    peer.answer(asked.front());
                if (asked.size() < 4)
                    continue;
                const std::string body(5'000, ' ');
                http2_fields head{{":status", "200"}};
                if (announced)
                    head.emplace_back("content-length", std::to_string(body.size()));
                peer.send_headers(asked[1].stream, head);
                peer.send_data(asked[1].stream, body);
                peer.answer(asked[2]);
                peer.answer(asked[3]);
                return answer_the_rest(peer);
            }
        });
        world.settings.max_reply_bytes = 4'096;
        BOOST_TEST(text_of(world.update("first")) == "success");
        outcomes results(3);
        world.start_update("large", results, 0);
        world.start_update("b", results, 1);
        world.start_update("c", results, 2);
        world.wait_for(results, 3);
        BOOST_TEST(code_of(results[0]) == errc::reply_too_large);
        BOOST_TEST_REQUIRE(results[1]);
        BOOST_TEST(results[1]->id == "b");
        BOOST_TEST_REQUIRE(results[2]);
        BOOST_TEST(results[2]->id == "c");
        BOOST_TEST(text_of(world.update("d")) == "success");
        BOOST_TEST(world.server.connections() == 1U);
        BOOST_TEST(world.server.requests().size() == 5U); // it was not asked for again
    }
}

BOOST_AUTO_TEST_SUITE_END()
