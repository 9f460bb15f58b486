// Promise 4: every error says how far it got.
#include "support/scripted_world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

BOOST_AUTO_TEST_SUITE(integration_promise_04_delivery)

using namespace test;
using namespace std::chrono_literals;
using vk::delivery;
using vk::errc;

namespace {

// `words`: how the message says it; empty: as the value prints.
void check(const updated_key& key, errc code, delivery how_far, unsigned attempts, std::string_view words = {})
{
    BOOST_TEST(code_of(key) == code);
    BOOST_REQUIRE(!key.has_value());
    BOOST_TEST(key.error().delivery == how_far);
    BOOST_TEST(key.error().attempts == attempts);
    const std::string message = key.error().message();
    const std::string_view expected = words.empty() ? to_string(how_far) : words;
    BOOST_TEST(message.find(expected) != std::string::npos, "\"" << message << "\" lacks \"" << expected << "\"");
}

scripted_server::script reads_and_keeps_silent()
{
    return [](scripted_connection& here) {
        while (here.read_request())
            ;
    };
}

// What one update ends with when something is done to it after it was written.
template <class Action>
updated_key interrupted(Action act)
{
    scripted_world world(reads_and_keeps_silent());
    asio::cancellation_signal signal;
    std::optional<updated_key> got;
    world.start().update_key(
        vk::key_update("some-key").usd(1),
        asio::bind_cancellation_slot(signal.slot(), [&](updated_key key) { got = std::move(key); }));
    BOOST_REQUIRE(run_until(world.io, [&] { return world.server.requests().size() == 1; }));
    act(world, signal);
    BOOST_REQUIRE(run_until(world.io, [&] { return got.has_value(); }));
    return std::move(*got);
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_refused_on_this_side_was_not_sent)
{
    scripted_world world(answers_all());
    world.settings.max_queue = 1;
    std::vector<updated_key> got;
    vk::client& client = world.start();
    const auto keep = [&](updated_key key) {
        got.push_back(std::move(key));
    };
    client.update_key(vk::key_update("k"), keep);
    client.update_key(vk::key_update("k").usd(1), keep);
    BOOST_REQUIRE(run_until(world.io, [&] { return got.size() == 2; }));
    const bool refused_first = code_of(got[0]) == errc::invalid_argument;
    check(got[refused_first ? 0 : 1], errc::invalid_argument, delivery::not_sent, 0, "changes no field");
    check(got[refused_first ? 1 : 0], errc::queue_full, delivery::not_sent, 0);
    client.close(0ms, [](vk::result<void>) {});
    check(world.update(), errc::closed, delivery::not_sent, 0);
    BOOST_TEST(world.server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(what_found_no_connection_was_not_sent)
{
    scripted_world world(answers_all());
    world.server.stop();
    check(world.update("k", vk::call_options().timeout(200ms)), errc::deadline_exceeded, delivery::not_sent, 0);
    const authority stranger;
    scripted_world untrusted(answers_all());
    untrusted.settings.tls.ca_pem = stranger.pem();
    check(untrusted.update(), errc::tls_failed, delivery::not_sent, 0);
}

BOOST_AUTO_TEST_CASE(an_answer_is_an_answer_whatever_it_says)
{
    for (const unsigned status : {400U, 401U, 402U, 403U, 404U, 204U, 302U}) {
        scripted_world world(always(reply(status, status == 204 ? "" : R"({"error":"no"})")));
        const updated_key key = world.update();
        BOOST_REQUIRE(!key.has_value());
        check(key, key.error().why(), delivery::answered, 1);
    }
    scripted_world world(always(reply(200, R"({"success":false,"error":"no"})")));
    check(world.update(), errc::rejected, delivery::answered, 1);
}

BOOST_AUTO_TEST_CASE(what_was_written_and_lost_is_sent_and_unanswered)
{
    scripted_world world([](scripted_connection& here) {
        here.read_request();
        here.cut();
    });
    world.settings.retry.max_attempts = 2;
    const updated_key key = world.update();
    check(key, errc::connection_lost, delivery::sent_unanswered, 2);
    BOOST_TEST(key.error().maybe_applied());
}

BOOST_AUTO_TEST_CASE(an_answer_that_can_not_be_believed_is_none)
{
    const std::vector<std::pair<std::string, errc>> answers{
        {"SSH-2.0-OpenSSH_9.2\r\n\r\n", errc::protocol_error},
        {reply(200, "{"), errc::malformed_reply},
        {reply(200, R"({"data":{"id":"another"},"success":true})"), errc::reply_mismatch},
        {reply(200, std::string(5000, ' ')), errc::reply_too_large},
    };
    for (const auto& [bytes, code] : answers) {
        scripted_world world(always(bytes));
        world.settings.max_reply_bytes = 4000;
        const updated_key key = world.update();
        const unsigned attempts = code == errc::reply_too_large ? 1 : 3;
        check(key, code, delivery::sent_unanswered, attempts, "; sent, no usable answer after ");
    }
}

BOOST_AUTO_TEST_CASE(what_is_cut_short_after_it_was_written_is_sent_and_unanswered)
{
    check(interrupted([](scripted_world&, asio::cancellation_signal& signal) {
              signal.emit(asio::cancellation_type::terminal);
          }),
          errc::cancelled, delivery::sent_unanswered, 1);
    check(interrupted([](scripted_world& world, asio::cancellation_signal&) { world.client.reset(); }), errc::closed,
          delivery::sent_unanswered, 1);
    check(interrupted([](scripted_world& world, asio::cancellation_signal&) {
              world.client->close(0ms, [](vk::result<void>) {});
          }),
          errc::closed, delivery::sent_unanswered, 1);
    scripted_world world(reads_and_keeps_silent());
    check(world.update("k", vk::call_options().timeout(100ms)), errc::deadline_exceeded, delivery::sent_unanswered, 1);
}

BOOST_AUTO_TEST_CASE(the_worst_attempt_counts)
{
    // Lost once, then refused: the first attempt may have been applied all the same.
    scripted_world world([](scripted_connection& here) {
        here.read_request();
        if (here.number() == 0)
            return here.cut();
        here.send(reply(400, R"({"error":"no"})"));
        here.wait_for_end();
    });
    const updated_key key = world.update();
    check(key, errc::invalid_request, delivery::sent_unanswered, 2,
          "; answered after 2 attempts, at least one of which was not answered");
    BOOST_TEST(key.error().http_status == 400U);
    BOOST_TEST(key.error().maybe_applied());
}

BOOST_AUTO_TEST_CASE(a_loss_is_remembered_when_nothing_can_be_connected_any_more)
{
    gate lost;
    scripted_world world([&](scripted_connection& here) {
        here.read_request();
        here.reset();
        lost.open();
    });
    world.settings.retry.base_delay = world.settings.retry.max_delay = 300ms;
    world.settings.timeout = 2s;
    std::optional<updated_key> got;
    world.start().update_key(vk::key_update("k").usd(1), [&](updated_key key) { got = std::move(key); });
    BOOST_REQUIRE(run_until(world.io, [&] { return lost.is_open(); }));
    world.server.stop();
    BOOST_REQUIRE(run_until(world.io, [&] { return got.has_value(); }));
    BOOST_TEST_MESSAGE(text_of(*got));
    BOOST_REQUIRE(!got->has_value());
    BOOST_TEST(got->error().delivery == delivery::sent_unanswered);
    BOOST_TEST(got->error().attempts >= 1U);
}

BOOST_AUTO_TEST_SUITE_END()
