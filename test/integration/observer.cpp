// An observer on a client that works: what it is told, that it adds up, and what it is never told.
#include "support/event_recorder.hpp"
#include "support/scripted_world.hpp"

#include <venice_keys/stream_observer.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/data/test_case.hpp>

#include <sstream>

namespace integration_observer {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;
using texts = std::vector<std::string>;

struct fixture : client_world {
    std::shared_ptr<event_recorder> seen = std::make_shared<event_recorder>();

    fixture() : client_world(40, vk::protocol::automatic)
    {
        settings.observer = seen;
        settings.protocol = vk::protocol::http1; // where nothing else is said
    }

    void close()
    {
        client->close(10s, [](const vk::result<void>&) {});
        BOOST_REQUIRE(run_out(io));
    }
};

} // namespace integration_observer

BOOST_FIXTURE_TEST_SUITE(integration_observer, fixture)

BOOST_AUTO_TEST_CASE(an_update_and_the_end_of_its_client_are_four_events)
{
    start();
    updated_key got;
    client->update_key(vk::key_update(server.ids()[0]).usd(1), [&got](updated_key with) { got = std::move(with); });
    close();
    BOOST_TEST(text_of(got) == "success");
    BOOST_TEST(seen->names() == (texts{"connection_opened", "attempt_started", "attempt_ended", "connection_closed"}),
               boost::test_tools::per_element());
    BOOST_TEST(seen->count("connection_opened", "server.address=localhost") == 1U);
    BOOST_TEST(seen->count("connection_opened", "server.port=" + std::to_string(server->port())) == 1U);
    BOOST_TEST(seen->count("attempt_ended", "http.response.status_code=200") == 1U);
    BOOST_TEST(seen->count("connection_closed", "venice_keys.connection.answered=1") == 1U);
    BOOST_TEST(seen->count("connection_closed", "venice_keys.connection.unanswered=0") == 1U);
    BOOST_TEST(seen->count("connection_closed", "ran out") == 0U); // close() had time enough
}

BOOST_DATA_TEST_CASE_F(fixture, the_numbers_are_those_of_the_stats_whatever_happens, both_protocols, spoken)
{
    settings.protocol = spoken;
    server->add_fault(vk::fault::answer(503).at_random(0.1).times(0));
    server->add_fault(vk::fault::close().at_random(0.05).times(0));
    server->add_fault(vk::fault::cut(30).at_random(0.05).times(0));
    server->add_fault(vk::fault::rst(vk::fault::code::internal_error).at_random(0.05).times(0)); // these over HTTP/2
    server->add_fault(vk::fault::refuse().at_random(0.05).times(0));
    server->add_fault(vk::fault::goaway(vk::fault::last::below).at_random(0.02).times(0));
    settings.retry.max_attempts = 20;
    settings.error_budget.enabled = false;
    start();
    outcomes results(400);
    for (std::size_t i = 0; i != results.size(); ++i)
        client->update_key(vk::key_update(ids[i % ids.size()]).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&results] { return results.all(); }));
    const vk::client_stats before = client->stats();
    BOOST_TEST(before.connections_lost > 0U);
    BOOST_TEST(before.replays > 10U);
    close();
    const vk::client_stats stats = client->stats();
    BOOST_TEST(seen->count("connection_opened") == stats.connections_opened);
    BOOST_TEST(seen->count("connection_opened", "tls.resumed=true") == stats.sessions_resumed);
    BOOST_TEST(seen->count("connection_closed") == stats.connections_opened);
    BOOST_TEST(seen->count("attempt_started") == stats.requests_written);
    BOOST_TEST(seen->count("attempt_ended") == stats.requests_written);
    std::size_t answered = 0;
    std::size_t again = 0;
    for (const std::string& each : seen->lines()) {
        const bool started = each.starts_with("attempt_started");
        answered += each.starts_with("attempt_ended") && each.find("status_code") != std::string::npos ? 1U : 0U;
        again += started && each.find("resend_count") != std::string::npos ? 1U : 0U;
    }
    BOOST_TEST(answered == stats.replies);
    BOOST_TEST(again == stats.replays);
    BOOST_TEST(stats.calls_succeeded + stats.calls_failed == results.size());
}

BOOST_AUTO_TEST_CASE(each_attempt_that_is_under_way_at_the_end_has_its_end)
{
    server->add_fault(vk::fault::stall().times(0));
    start();
    outcomes results(40);
    for (std::size_t i = 0; i != results.size(); ++i)
        client->update_key(vk::key_update(server.ids()[i]).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(io, [this] { return client->stats().requests_written >= 4; }));
    client.reset();
    BOOST_REQUIRE(run_out(io));
    BOOST_TEST(results.each_once());
    BOOST_TEST(seen->count("attempt_started") >= 4U);
    BOOST_TEST(seen->count("attempt_ended", "error.type=closed") == seen->count("attempt_started"));
}

BOOST_AUTO_TEST_CASE(an_answer_to_a_call_that_was_cancelled_is_told_as_what_it_is)
{
    settings.max_connections = 1;
    server->add_fault(vk::fault::delay(50ms));
    server->add_fault(vk::fault::answer(404).text("API key not found").after(1));
    start();
    for (int i = 0; i != 2; ++i) {
        asio::cancellation_signal stop;
        updated_key got;
        const auto written = client->stats().requests_written;
        client->update_key(
            vk::key_update(server.ids()[0]).usd(1),
            asio::bind_cancellation_slot(stop.slot(), [&got](updated_key with) { got = std::move(with); }));
        BOOST_REQUIRE(run_until(io, [&] { return client->stats().requests_written == written + 1; }));
        stop.emit(asio::cancellation_type::terminal);
        BOOST_REQUIRE(run_until(io, [&] { return code_of(got) == errc::cancelled; }));
        BOOST_REQUIRE(run_until(io, [&] { return client->stats().replies == written + 1; }));
    }
    BOOST_TEST(seen->count("attempt_ended", "http.response.status_code=200") == 1U);
    BOOST_TEST(seen->count("attempt_ended", "http.response.status_code=404") == 1U);
    BOOST_TEST(seen->count("attempt_ended", "error.type=not_found") == 1U);
    BOOST_TEST(seen->count("attempt_ended", "error.type=cancelled") == 0U);
}

BOOST_AUTO_TEST_CASE(no_event_holds_the_token)
{
    const auto try_with = [](std::string bytes, bool keys = true) {
        scripted_world world(always(std::move(bytes)));
        const auto recorder = std::make_shared<event_recorder>();
        world.settings.observer = recorder;
        world.settings.retry.max_attempts = 2;
        static_cast<void>(world.update(keys ? "some-key" : the_token));
        world.client.reset();
        BOOST_REQUIRE(run_out(world.io));
        BOOST_TEST(recorder->count("attempt_ended") != 0U);
        for (const std::string& each : recorder->lines())
            BOOST_TEST(each.find(the_token.substr(0, 12)) == std::string::npos, each);
    };
    try_with(reply(401, R"({"error":")" + the_token + R"("})", "CF-RAY: " + the_token + "\r\n"));
    try_with(reply(503, the_token, "Retry-After: " + the_token + "\r\nCF-RAY: x" + the_token + "\r\n"));
    try_with(reply(200, R"({"data":{"id":")" + the_token + R"("},"success":true})"));
    try_with(reply(200, the_token));
    try_with("HTTP/1.1 200 " + the_token + "\r\n" + the_token + "\r\n\r\n");
    try_with(the_token);
    try_with(updated("some-key", "", "x-ratelimit-remaining-requests: " + the_token + "\r\n"));
}

BOOST_AUTO_TEST_CASE(a_stream_observer_writes_a_line_for_each_event)
{
    std::ostringstream out;
    settings.observer = std::make_shared<vk::stream_observer>(out);
    server->add_fault(vk::fault::answer(503));
    start();
    updated_key got;
    client->update_key(vk::key_update(server.ids()[0]).usd(1), [&got](updated_key with) { got = std::move(with); });
    close();
    BOOST_TEST(text_of(got) == "success");
    const texts expected{"connection_opened", "attempt_started", "attempt_ended",    "retry_scheduled",
                         "attempt_started",   "attempt_ended",   "connection_closed"};
    std::istringstream lines(out.str());
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        BOOST_TEST_REQUIRE(count < expected.size());
        BOOST_TEST(line.find(" venice_keys " + expected[count] + ' ') != std::string::npos, line);
        BOOST_TEST(line.find(server->token()) == std::string::npos);
    }
    BOOST_TEST(count == expected.size());
}

BOOST_AUTO_TEST_CASE(an_observer_may_start_calls_cancel_and_close)
{
    struct busy final : vk::observer {
        void attempt_ended(const vk::event::attempt_ended& what) noexcept override
        {
            switch (what.request.call) {
            case 1:
                home->update_key(
                    vk::key_update(ids[1]).usd(2),
                    asio::bind_cancellation_slot(stop.slot(), [this](updated_key with) { second = std::move(with); }));
                stop.emit(asio::cancellation_type::terminal);
                home->update_key(vk::key_update(ids[2]).usd(2), [this](updated_key with) { third = std::move(with); });
                break;
            default:
                home->close(1s, [this](vk::result<void> with) { closed = std::move(with); });
            }
        }

        vk::client* home = nullptr;
        std::vector<std::string> ids;
        asio::cancellation_signal stop;
        updated_key second;
        updated_key third;
        vk::result<void> closed;
    };
    for (const auto threads : {vk::threading::multi, vk::threading::single}) {
        const auto watcher = std::make_shared<busy>();
        watcher->ids = server.ids();
        settings.observer = watcher;
        settings.threading = threads;
        watcher->home = &start();
        updated_key first;
        client->update_key(vk::key_update(watcher->ids[0]).usd(1),
                           [&first](updated_key with) { first = std::move(with); });
        BOOST_REQUIRE(run_out(io));
        BOOST_TEST(text_of(first) == "success");
        BOOST_TEST(code_of(watcher->second) == errc::cancelled);
        BOOST_TEST(text_of(watcher->third) == "success");
        BOOST_TEST(text_of(watcher->closed) == "success");
    }
}

BOOST_AUTO_TEST_SUITE_END()
