// Promise 2: nobody gets someone else's answer. What can't be matched poisons its connection, and is asked again
// elsewhere.
#include "support/scripted_server.hpp"
#include "support/world.hpp"

#include <optional>

BOOST_AUTO_TEST_SUITE(integration_promise_02_no_foreign_reply)

using namespace test;
using namespace std::chrono_literals;

namespace {

const std::vector<std::string> four{"key-a", "key-b", "key-c", "key-d"};

// A client of a scripted server that misbehaves on some of its connections.
struct scripted_world {
    explicit scripted_world(scripted_server::script what) : server(trusted.issue(), std::move(what))
    {
        settings = quick_config(server.base_url(), trusted.pem());
        settings.max_connections = 1;
    }

    // Updates every key at once, after one that proves the connection.
    void update(const std::vector<std::string>& ids, outcomes& results)
    {
        client.emplace(io.get_executor(), vk::credentials(vk::secret("token")), settings);
        teach_pipelining(io, *client);
        for (std::size_t i = 0; i != ids.size(); ++i)
            client->update_key(vk::key_update(ids[i]).usd(1), results.handler(i));
        BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    }

    // All succeed, each with the answer to its own question.
    void check_all(const std::vector<std::string>& ids)
    {
        outcomes results(ids.size());
        update(ids, results);
        for (std::size_t i = 0; i != ids.size(); ++i) {
            BOOST_REQUIRE_MESSAGE(results[i], text_of(results[i]));
            BOOST_TEST(results[i]->id == ids[i]);
            BOOST_TEST(results[i]->description == "of " + ids[i]);
        }
        BOOST_TEST(results.each_once());
    }

    authority trusted;
    scripted_server server;
    asio::io_context io;
    vk::config settings;
    std::optional<vk::client> client;
};

std::string good(const std::string& id)
{
    return updated(id, "of " + id);
}

// Answers well, until the client is gone.
void behave(scripted_connection& here)
{
    while (const auto request = here.read_request())
        if (!here.send(good(request->id())))
            return;
}

// Good to the first requests of the first connection, then `trick` with the next four; other connections are good.
scripted_server::script once(std::function<void(scripted_connection&, const std::vector<std::string>&)> trick)
{
    return [trick = std::move(trick)](scripted_connection& here) {
        if (here.number() != 0)
            return behave(here);
        std::vector<std::string> ids;
        if (!here.teach() || !here.read_requests(4, ids))
            return;
        trick(here, ids);
        here.wait_for_end();
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(swapped_answers_are_told_apart_and_asked_for_again)
{
    hosted_emulator server(100);
    server->add_fault(vk::fault::swap().after(10).every(12).times(6));
    asio::io_context io;
    vk::client client(io.get_executor(), server.credentials(), server.config());
    const auto ids = server.ids();
    outcomes results(ids.size());
    for (std::size_t i = 0; i != ids.size(); ++i)
        client.update_key(vk::key_update(ids[i]).description("text " + std::to_string(i)), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    for (std::size_t i = 0; i != ids.size(); ++i) {
        BOOST_REQUIRE_MESSAGE(results[i], text_of(results[i]));
        BOOST_TEST(results[i]->id == ids[i]);
        BOOST_TEST(results[i]->description == "text " + std::to_string(i));
    }
    BOOST_TEST(results.each_once());
    BOOST_TEST(client.stats().replays > 0U);
    BOOST_TEST(server->stats().faults > 0U);
}

BOOST_AUTO_TEST_CASE(answers_in_reverse_order_reach_nobody)
{
    scripted_world world(once([](scripted_connection& here, const std::vector<std::string>& ids) {
        for (auto each = ids.rbegin(); each != ids.rend(); ++each)
            here.send(good(*each));
    }));
    world.check_all(four);
    BOOST_TEST(world.server.connections() == 2U);
}

BOOST_AUTO_TEST_CASE(one_swap_poisons_what_comes_after_it)
{
    // The second and the third are swapped; the fourth answer is right, and is not believed.
    scripted_world world(once([](scripted_connection& here, const std::vector<std::string>& ids) {
        here.send(good(ids[0]) + good(ids[2]) + good(ids[1]) + good(ids[3]));
    }));
    world.check_all(four);
    BOOST_TEST(world.server.requests().size() == lessons + 4U + 3U);
}

BOOST_AUTO_TEST_CASE(an_answer_with_a_strange_id_is_not_taken)
{
    scripted_world world(once([](scripted_connection& here, const std::vector<std::string>&) {
        here.send(updated("nobody's", "of nobody"));
    }));
    world.check_all(four);
}

BOOST_AUTO_TEST_CASE(an_answer_without_an_id_is_not_taken)
{
    scripted_world world(once([](scripted_connection& here, const std::vector<std::string>&) {
        here.send(reply(200, R"({"data":{"description":"x"},"success":true})"));
    }));
    world.check_all(four);
}

BOOST_AUTO_TEST_CASE(a_success_that_is_a_page_is_not_taken)
{
    scripted_world world(once([](scripted_connection& here, const std::vector<std::string>&) {
        here.send(reply(200, "<html><body>Welcome</body></html>", "Content-Type: text/html\r\n"));
    }));
    world.check_all(four);
}

BOOST_AUTO_TEST_CASE(a_surplus_answer_between_two_shifts_nothing)
{
    scripted_world world(once([](scripted_connection& here, const std::vector<std::string>& ids) {
        here.send(good(ids[0]) + good(ids[0]) + good(ids[1]) + good(ids[2]) + good(ids[3]));
    }));
    world.check_all(four);
}

BOOST_AUTO_TEST_CASE(a_surplus_answer_to_the_last_closes_the_connection)
{
    scripted_world world(once([](scripted_connection& here, const std::vector<std::string>& ids) {
        here.send(good(ids[0]) + good(ids[1]) + good(ids[2]) + good(ids[3]) + good("surplus"));
    }));
    world.check_all(four);
    outcomes next(1);
    world.client->update_key(vk::key_update("key-e").usd(1), next.handler(0));
    BOOST_REQUIRE(run_until(world.io, [&] { return next.all(); }));
    BOOST_REQUIRE_MESSAGE(next[0], text_of(next[0]));
    BOOST_TEST(next[0]->id == "key-e");
    BOOST_TEST(world.server.connections() == 2U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_asked_for_is_not_kept_for_the_next_call)
{
    gate idle;
    scripted_world world([&](scripted_connection& here) {
        if (here.number() != 0)
            return behave(here);
        std::vector<std::string> ids;
        if (!here.read_requests(1, ids) || !here.send(good(ids[0])) || !idle.wait())
            return;
        here.send(updated("key-a", "stale"));
        here.wait_for_end();
    });
    world.client.emplace(world.io.get_executor(), vk::credentials(vk::secret("token")), world.settings);
    outcomes results(2);
    world.client->update_key(vk::key_update("key-0").usd(1), results.handler(0));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.completed() == 1; }));
    idle.open();
    BOOST_REQUIRE(run_until(world.io, [&] { return world.client->stats().open_connections == 0; }));
    world.client->update_key(vk::key_update("key-a").usd(1), results.handler(1));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    BOOST_REQUIRE_MESSAGE(results[1], text_of(results[1]));
    BOOST_TEST(results[1]->description == "of key-a");
}

BOOST_AUTO_TEST_CASE(an_answer_before_the_request_is_written_is_nobodys)
{
    scripted_world world([](scripted_connection& here) {
        if (here.number() == 0)
            here.send(updated("key-0", "too early"));
        behave(here);
    });
    world.settings.max_connections = 2;
    world.client.emplace(world.io.get_executor(), vk::credentials(vk::secret("token")), world.settings);
    // Whether it came before or after the request was written is chance; that nothing goes wrong later is not.
    outcomes results(4);
    for (std::size_t i = 0; i != 4; ++i)
        world.client->update_key(vk::key_update(four[i]).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    for (std::size_t i = 0; i != 4; ++i) {
        BOOST_REQUIRE_MESSAGE(results[i], text_of(results[i]));
        BOOST_TEST(results[i]->description == "of " + four[i]);
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_never_names_the_right_key_gives_an_error_and_no_value)
{
    scripted_world world([](scripted_connection& here) {
        while (const auto request = here.read_request())
            here.send(updated("another"));
    });
    world.client.emplace(world.io.get_executor(), vk::credentials(vk::secret("token")), world.settings);
    outcomes results(1);
    world.client->update_key(vk::key_update("key-a").usd(1), results.handler(0));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    BOOST_TEST_MESSAGE(text_of(results[0]));
    BOOST_TEST(code_of(results[0]) == vk::errc::reply_mismatch);
    BOOST_TEST(results[0].error().delivery == vk::delivery::sent_unanswered);
    BOOST_TEST(results[0].error().maybe_applied());
    BOOST_TEST(results[0].error().attempts == 3U);
}

// The answer to a deletion names no key, so that nearly any success looks like one.
BOOST_AUTO_TEST_CASE(a_deletion_is_not_answered_by_the_update_of_another_key)
{
    scripted_world world([](scripted_connection& here) {
        while (here.read_request())
            here.send(here.number() == 0 ? updated("another") : reply(200, R"({"success":true})"));
    });
    world.client.emplace(world.io.get_executor(), vk::credentials(vk::secret("token")), world.settings);
    std::optional<vk::result<void>> gone;
    world.client->delete_key("key-a", [&gone](vk::result<void> with) { gone = std::move(with); });
    BOOST_REQUIRE(run_until(world.io, [&] { return gone.has_value(); }));
    BOOST_TEST(gone->has_value(), text_of(*gone));
    BOOST_TEST(world.server.connections() == 2U);
    BOOST_TEST(world.server.requests().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
