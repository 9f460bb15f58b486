// Promise 5, as far as it concerns updates: what a lost connection owed is asked for again, within bounds.
#include "support/scripted_world.hpp"

#include <boost/test/data/test_case.hpp>

#include <algorithm>
#include <atomic>

BOOST_AUTO_TEST_SUITE(integration_promise_05_replay)

using namespace test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t many = 500;

// Strikes again and again in the midst of 500 updates, and each succeeds with its own answer.
void check_all_applied(vk::protocol spoken, vk::fault rule, bool applied_before,
                       std::chrono::milliseconds stall_timeout = 5s)
{
    hosted_emulator server(many, spoken);
    server->add_fault(std::move(rule).after(20).every(37).times(8));
    asio::io_context io;
    vk::config settings = server.config();
    settings.max_connections = 2;
    settings.stall_timeout = stall_timeout;
    vk::client client(io.get_executor(), server.credentials(), settings);
    const auto ids = server.ids();
    outcomes results(many);
    update_each(io, client, ids, results);
    BOOST_TEST(results.each_once());
    BOOST_TEST(results.succeeded() == many, results.summary());
    const auto keys = server->keys();
    for (std::size_t i = 0; i != many; ++i) {
        BOOST_REQUIRE_MESSAGE(results[i], text_of(results[i]));
        BOOST_TEST_REQUIRE(results[i]->id == ids[i]);
        BOOST_TEST_REQUIRE(results[i]->description == "number " + std::to_string(i));
        BOOST_TEST_REQUIRE(keys[i].description == "number " + std::to_string(i));
    }
    const std::uint64_t faults = server->stats().faults;
    BOOST_TEST(faults == 8U);
    BOOST_TEST(server->stats().connections <= 2U + faults);
    if (spoken == vk::protocol::http1)
        BOOST_TEST(client.stats().connections_lost == faults);
    else // it may strike several requests of one connection
        BOOST_TEST(client.stats().connections_lost <= faults);
    BOOST_TEST(client.stats().connections_lost != 0U);
    BOOST_TEST(client.stats().replays >= faults);
    if (applied_before)
        BOOST_TEST(server->journal().size() > many);
}

} // namespace

BOOST_DATA_TEST_CASE(all_are_applied_although_connections_close_without_applying, both_protocols, spoken)
{
    check_all_applied(spoken, vk::fault::close().applied(vk::fault::apply::never), false);
}

BOOST_DATA_TEST_CASE(all_are_applied_although_connections_close_after_applying, both_protocols, spoken)
{
    check_all_applied(spoken, vk::fault::close().applied(vk::fault::apply::before), true);
}

BOOST_DATA_TEST_CASE(all_are_applied_although_connections_close_and_apply_late, both_protocols, spoken)
{
    check_all_applied(spoken, vk::fault::close().applied(vk::fault::apply::late), false);
}

BOOST_DATA_TEST_CASE(all_are_applied_although_connections_are_reset_without_applying, both_protocols, spoken)
{
    check_all_applied(spoken, vk::fault::reset().applied(vk::fault::apply::never), false);
}

BOOST_DATA_TEST_CASE(all_are_applied_although_connections_are_reset_after_applying, both_protocols, spoken)
{
    check_all_applied(spoken, vk::fault::reset().applied(vk::fault::apply::before), true);
}

BOOST_DATA_TEST_CASE(all_are_applied_although_answers_are_cut_in_the_head, both_protocols, spoken)
{
    check_all_applied(spoken, vk::fault::cut(11), true);
}

BOOST_DATA_TEST_CASE(all_are_applied_although_answers_are_cut_in_the_body, both_protocols, spoken)
{
    check_all_applied(spoken, vk::fault::cut(250).applied(vk::fault::apply::never), false);
}

BOOST_DATA_TEST_CASE(all_are_applied_although_connections_stall_without_applying, both_protocols, spoken)
{
    check_all_applied(spoken, vk::fault::silent().applied(vk::fault::apply::never), false, 300ms);
}

BOOST_DATA_TEST_CASE(all_are_applied_although_connections_stall_after_applying, both_protocols, spoken)
{
    check_all_applied(spoken, vk::fault::silent().applied(vk::fault::apply::before), true, 300ms);
}

BOOST_AUTO_TEST_CASE(all_are_applied_although_the_server_says_close_in_mid_pipeline)
{
    // As when a server limits the requests of one connection: the answer says close, and what follows is not read.
    const authority trusted;
    scripted_server server(trusted.issue(), [](scripted_connection& here) {
        for (int served = 1;; ++served) {
            const auto request = here.read_request();
            if (!request)
                return;
            const bool last = served == 13;
            if (!here.send(updated(request->id(), "", last ? "Connection: close\r\n" : "")))
                return;
            if (last)
                return here.close();
        }
    });
    asio::io_context io;
    vk::client client(io.get_executor(), vk::credentials(vk::secret("t")),
                      quick_config(server.base_url(), trusted.pem()));
    outcomes results(many);
    for (std::size_t i = 0; i != many; ++i)
        client.update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(results.each_once());
    for (std::size_t i = 0; i != many; ++i) {
        BOOST_REQUIRE_MESSAGE(results[i], text_of(results[i]));
        BOOST_TEST_REQUIRE(results[i]->id == "key-" + std::to_string(i));
    }
    BOOST_TEST(server.requests().size() == many); // none was answered twice
}

BOOST_DATA_TEST_CASE(a_server_that_drops_all_connections_at_once_costs_no_update, both_protocols, spoken)
{
    hosted_emulator server(300, spoken);
    asio::io_context io;
    vk::client client(io.get_executor(), server.credentials(), server.config());
    const auto ids = server.ids();
    outcomes results(ids.size());
    for (std::size_t i = 0; i != ids.size(); ++i)
        client.update_key(vk::key_update(ids[i]).usd(1), results.handler(i));
    for (std::size_t done = 40; done <= 200; done += 80) {
        BOOST_REQUIRE(run_until(io, [&] { return results.completed() >= done; }));
        server->drop_connections();
    }
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(results.each_once());
    BOOST_TEST(results.succeeded() == ids.size(), results.summary());
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_ends_the_call_after_its_attempts)
{
    hosted_emulator server(8);
    server->add_fault(vk::fault::reset().times(0));
    asio::io_context io;
    vk::config settings = server.config();
    settings.retry.max_attempts = 4;
    vk::client client(io.get_executor(), server.credentials(), settings);
    const auto ids = server.ids();
    outcomes results(ids.size());
    update_each(io, client, ids, results);
    for (std::size_t i = 0; i != ids.size(); ++i) {
        BOOST_TEST(code_of(results[i]) == vk::errc::connection_lost);
        BOOST_TEST(results[i].error().delivery == vk::delivery::sent_unanswered);
        BOOST_TEST(results[i].error().maybe_applied());
        BOOST_TEST(results[i].error().attempts == 4U);
        BOOST_TEST(results[i].error().cause.failed());
    }
    BOOST_TEST_MESSAGE(text_of(results[0]));
    BOOST_TEST(server->stats().connections <= 4U * 8U + 4U);
    BOOST_TEST(server->journal().empty());
}

BOOST_AUTO_TEST_CASE(the_budget_ends_replays_that_attempts_would_allow)
{
    hosted_emulator server(4);
    server->add_fault(vk::fault::close().times(0));
    asio::io_context io;
    vk::config settings = server.config();
    settings.max_connections = 1;
    settings.retry.max_attempts = 50;
    settings.retry.budget = 5;
    vk::client client(io.get_executor(), server.credentials(), settings);
    const auto ids = server.ids();
    outcomes results(ids.size());
    update_each(io, client, ids, results);
    BOOST_TEST(results.succeeded() == 0U, results.summary());
    BOOST_TEST(server->stats().connections == 5U + 4U); // each call once, and five more
}

BOOST_AUTO_TEST_CASE(a_connection_that_replaces_a_broken_one_carries_one_request_until_its_first_answer)
{
    const authority trusted;
    std::atomic<std::size_t> early{0};
    scripted_server server(trusted.issue(), [&](scripted_connection& here) {
        std::vector<std::string> ids;
        if ((here.number() == 0 && !here.teach()) || !here.read_requests(1, ids))
            return;
        if (here.number() == 0) {
            here.send(updated(ids[0]));
            if (here.read_requests(8, ids))
                here.cut();
            return;
        }
        // A second request would be here by now.
        here.pause(50ms);
        early += here.has_more() ? 1U : 0U;
        here.send(updated(ids[0]));
        while (const auto request = here.read_request())
            here.send(updated(request->id()));
    });
    asio::io_context io;
    vk::config settings = quick_config(server.base_url(), trusted.pem());
    settings.max_connections = 1;
    vk::client client(io.get_executor(), vk::credentials(vk::secret("t")), settings);
    outcomes results(9);
    teach_pipelining(io, client);
    client.update_key(vk::key_update("key-0").usd(1), results.handler(0));
    BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 1; }));
    for (std::size_t i = 1; i != 9; ++i)
        client.update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(results.succeeded() == 9U, results.summary());
    BOOST_TEST(early == 0U);
    const auto requests = server.requests();
    BOOST_TEST_REQUIRE(requests.size() == lessons + 17U);
    for (std::size_t i = 0; i != 8; ++i) // in the order in which they were written at first
        BOOST_TEST(requests[lessons + 9 + i].id() == "key-" + std::to_string(i + 1));
}

BOOST_AUTO_TEST_CASE(an_update_that_was_answered_with_an_error_is_not_lost_with_the_connection)
{
    // A 400 that closes, as Apache does it: the one is told, the others behind it are asked for again.
    const authority trusted;
    scripted_server server(trusted.issue(), [](scripted_connection& here) {
        while (const auto request = here.read_request()) {
            if (request->id() == "bad") {
                here.send(reply(400, R"({"error":"no such thing"})", "Connection: close\r\n"));
                return here.close();
            }
            here.send(updated(request->id()));
        }
    });
    asio::io_context io;
    vk::config settings = quick_config(server.base_url(), trusted.pem());
    settings.max_connections = 1;
    vk::client client(io.get_executor(), vk::credentials(vk::secret("t")), settings);
    outcomes results(6);
    const std::vector<std::string> ids{"a", "b", "bad", "c", "d", "e"};
    update_each(io, client, ids, results);
    for (std::size_t i = 0; i != 6; ++i) {
        if (ids[i] == "bad") {
            BOOST_TEST(code_of(results[i]) == vk::errc::invalid_request);
        } else {
            BOOST_TEST_REQUIRE(results[i]);
            BOOST_TEST(results[i]->id == ids[i]);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_came_before_a_write_failed_counts)
{
    // The connection is reset behind an answer. The client learns it from a write, with the answer still unread.
    gate answer;
    gate gone;
    scripted_world world([&](scripted_connection& here) {
        const bool ends = here.number() == 0;
        while (const auto request = here.read_request()) {
            if (request->id() == "first" && ends)
                answer.wait();
            here.send(updated(request->id()));
            if (request->id() == "first" && ends) {
                here.reset();
                return gone.open();
            }
        }
    });
    BOOST_REQUIRE(world.update("warm"));
    outcomes results(2);
    world.start().update_key(vk::key_update("first").usd(1), results.handler(0));
    BOOST_REQUIRE(run_until(world.io, [&world] { return world.server.requests().size() == 2; }));
    answer.open();
    BOOST_REQUIRE(gone.wait());
    world.start().update_key(vk::key_update("second").usd(1), results.handler(1));
    BOOST_REQUIRE(run_until(world.io, [&results] { return results.all(); }));
    BOOST_TEST_REQUIRE(results[0]);
    BOOST_TEST(results[0]->id == "first");
    BOOST_TEST_REQUIRE(results[1]);
    BOOST_TEST(results[1]->id == "second");
    const auto requests = world.server.requests();
    BOOST_TEST(std::ranges::count(requests, "first", &seen_request::id) == 1);
    BOOST_TEST(world.server.connections() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
