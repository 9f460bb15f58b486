// A server that is slow, and one that is gone, over HTTP/2 (promises 1, 3 and 5).
#include "integration/http2_world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

BOOST_AUTO_TEST_SUITE(integration_http2_silence)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;
using vk::fault;

BOOST_AUTO_TEST_CASE(a_stream_without_an_answer_holds_up_its_own_call_alone)
{
    http2_world world(30);
    world.settings.stall_timeout = 2s; // PINGs are answered in less than that, on a busy machine too
    BOOST_REQUIRE(world.update());
    world.server->add_fault(fault::stall().only_for(world.ids[3]));
    outcomes results(world.ids.size());
    for (std::size_t i = 0; i != results.size(); ++i)
        world.client->update_key(vk::key_update(world.ids[i]).usd(1), vk::call_options().timeout(i == 3 ? 4s : 20s),
                                 results.handler(i));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.completed() == results.size() - 1; }));
    BOOST_TEST(results.succeeded() == results.size() - 1, results.summary());
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    BOOST_TEST(code_of(results[3]) == errc::deadline_exceeded);
    BOOST_REQUIRE(!results[3]);
    BOOST_TEST(results[3].error().delivery == vk::delivery::sent_unanswered);
    BOOST_TEST(world.server->stats().connections == 1U);
    BOOST_TEST(world.client->stats().connections_lost == 0U); // silent for twice stall_timeout, but for PINGs
}

BOOST_AUTO_TEST_CASE(a_slow_stream_holds_up_no_other)
{
    http2_world world(30);
    BOOST_REQUIRE(world.update());
    world.server->add_fault(fault::delay(2s).only_for(world.ids[3]));
    outcomes results(world.ids.size());
    std::size_t before_it = 0;
    for (std::size_t i = 0; i != results.size(); ++i)
        world.client->update_key(vk::key_update(world.ids[i]).usd(1), [&, i](updated_key key) {
            if (i == 3)
                before_it = results.completed();
            results.handler(i)(std::move(key));
        });
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    BOOST_TEST(results.succeeded() == results.size(), results.summary());
    BOOST_TEST(before_it == results.size() - 1);
    BOOST_TEST(world.server->stats().connections == 1U);
}

BOOST_AUTO_TEST_CASE(a_server_that_answers_no_ping_is_given_up_and_asked_again)
{
    http2_world world(30);
    world.settings.stall_timeout = 500ms;
    BOOST_REQUIRE(world.update());
    world.server->add_fault(fault::silent().only_for(world.ids[3]));
    world.update_and_check_all();
    BOOST_TEST(world.server->stats().connections >= 2U);
    BOOST_TEST(world.client->stats().connections_lost >= 1U);
    BOOST_TEST(world.client->stats().replays >= 1U);
    BOOST_TEST(world.events->count("connection_closed", "error.type=connection_lost") >= 1U);
}

BOOST_AUTO_TEST_CASE(a_silence_that_ends_in_time_costs_nothing)
{
    http2_world world(30);
    BOOST_REQUIRE(world.update());
    world.server->add_fault(fault::silent(300ms).only_for(world.ids[3]));
    world.update_and_check_all();
    BOOST_TEST(world.client->stats().replays == 0U);
    BOOST_TEST(world.server->stats().connections == 1U);
}

BOOST_AUTO_TEST_CASE(a_cancelled_update_is_not_reset_and_keeps_its_keys_turn)
{
    gate answer;
    std::atomic<std::size_t> resets{0};
    scripted_http2_world world([&](scripted_connection&, http2_peer& peer) {
        while (const auto request = peer.read_request()) {
            if (request->body.find("\"first\"") == std::string::npos) {
                peer.answer(*request);
                continue;
            }
            // The answer to another key comes before this one.
            if (const auto other = peer.read_request())
                peer.answer(*other);
            if (!answer.wait())
                return;
            resets += peer.resets().size();
            peer.answer(*request);
        }
        resets += peer.resets().size();
    });
    BOOST_TEST(text_of(world.update("warm")) == "success");
    outcomes results(3);
    asio::cancellation_signal signal;
    world.start().update_key(vk::key_update("a").description("first"),
                             asio::bind_cancellation_slot(signal.slot(), results.handler(0)));
    BOOST_REQUIRE(run_until(world.io, [&] { return world.server.requests().size() == 2; }));
    signal.emit(asio::cancellation_type::terminal);
    world.wait_for(results, 1);
    BOOST_TEST(code_of(results[0]) == errc::cancelled);
    world.start().update_key(vk::key_update("a").description("second"), results.handler(1));
    world.start_update("b", results, 2);
    world.wait_for(results, 2);
    BOOST_TEST(text_of(results[2]) == "success"); // the other key did not wait
    BOOST_TEST(!run_until(
        world.io, [&] { return world.server.requests().size() > 3; }, 200ms));
    answer.open();
    world.wait_for(results, 3);
    BOOST_TEST(text_of(results[1]) == "success");
    world.client.reset();
    BOOST_TEST(run_out(world.io));
    world.server.stop();
    BOOST_TEST(resets == 0U);
    BOOST_TEST(world.server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_cancelled_read_is_reset_and_the_connection_goes_on)
{
    gate reset;
    scripted_http2_world world([&](scripted_connection&, http2_peer& peer) {
        while (const auto request = peer.read_request()) {
            if (request->field(":method") != "GET") {
                peer.answer(*request);
                continue;
            }
            if (!peer.until([&] { return peer.resets().contains(request->stream); }))
                return;
            reset.open();
        }
    });
    BOOST_TEST(text_of(world.update("warm")) == "success");
    asio::cancellation_signal signal;
    std::optional<vk::result<vk::api_key>> got;
    world.start().get_key("a", asio::bind_cancellation_slot(
                                   signal.slot(), [&got](vk::result<vk::api_key> key) { got = std::move(key); }));
    BOOST_REQUIRE(run_until(world.io, [&] { return world.server.requests().size() == 2; }));
    signal.emit(asio::cancellation_type::terminal);
    BOOST_REQUIRE(run_until(world.io, [&] { return got.has_value() && reset.is_open(); }));
    BOOST_TEST(code_of(*got) == errc::cancelled);
    BOOST_TEST(text_of(world.update("b")) == "success");
    BOOST_TEST(world.server.connections() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
