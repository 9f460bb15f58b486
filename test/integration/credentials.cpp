// Who calls are made as: views with other tokens, and tokens that are replaced while calls are under way.
#include "support/scripted_world.hpp"

#include <atomic>
#include <optional>
#include <thread>

BOOST_AUTO_TEST_SUITE(integration_credentials)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

namespace {

vk::credentials with_token(std::string token)
{
    return vk::credentials(vk::secret(std::move(token)));
}

// The token that a request came with; empty for none.
std::string token_of(const seen_request& request)
{
    static constexpr std::string_view mark = "Authorization: Bearer ";
    const std::size_t begin = request.head.find(mark);
    if (begin == std::string::npos)
        return {};
    const std::size_t first = begin + mark.size();
    return request.head.substr(first, request.head.find("\r\n", first) - first);
}

// Answers every update, after the gate of the connection has opened: the first request of all is answered at once.
struct held_world : scripted_world {
    held_world()
        : scripted_world([this](scripted_connection& here) {
              for (std::size_t served = 0;; ++served) {
                  const auto request = here.read_request();
                  if (!request)
                      return;
                  if (served > lessons && !held.wait())
                      return;
                  if (!here.send(updated(request->id())))
                      return;
              }
          })
    {
        settings.pipeline_depth = 4;
    }
    ~held_world() { held.open(); }

    vk::client& start(const vk::credentials& who)
    {
        client.emplace(io.get_executor(), who, settings);
        return *client;
    }
    // A full pipeline: call 0 is answered, 1 to 4 are written and held, the others wait.
    void fill(outcomes& results)
    {
        teach_pipelining(io, *client);
        client->update_key(vk::key_update("key-0").usd(1), results.handler(0));
        BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 1; }));
        for (std::size_t i = 1; i != results.size(); ++i)
            client->update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
        BOOST_REQUIRE(run_until(io, [&] { return client->stats().requests_written == lessons + 5; }));
    }

    gate held;
};

// Runs what there is for a while: time enough for what must not happen.
void let_pass(asio::io_context& io, std::chrono::milliseconds time)
{
    static_cast<void>(run_until(
        io, [] { return false; }, time));
}

// An update has arrived with the old token on the first connection, which is lost when a test says so.
struct losing_world : scripted_world {
    losing_world()
        : scripted_world([this](scripted_connection& here) {
              if (here.number() != 0)
                  return answers_all()(here);
              if (!here.read_request())
                  return;
              arrived.open();
              lost.wait();
              here.reset();
          })
    {
        client.emplace(io.get_executor(), who, settings);
        client->update_key(vk::key_update("key").usd(1), results.handler(0));
        BOOST_TEST(run_until(io, [&] { return arrived.is_open(); })); // not BOOST_REQUIRE: the destructor has to run
    }
    ~losing_world()
    {
        lost.open();
        server.stop();
    }

    void lose()
    {
        lost.open();
        BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    }

    gate arrived;
    gate lost;
    vk::credentials who = with_token("old-token");
    outcomes results{1};
};

} // namespace

BOOST_AUTO_TEST_CASE(views_share_the_connections_of_their_client_and_not_its_token)
{
    scripted_world world(answers_all());
    run(world.io, [&]() -> asio::awaitable<void> {
        vk::client& client = world.start();
        const vk::client_view one = client.as(with_token("token-one"));
        const vk::client_view two = one.as(with_token("token-two"));
        BOOST_TEST(co_await one.update_key(vk::key_update("a").usd(1)));
        BOOST_TEST(co_await two.update_key(vk::key_update("b").usd(1)));
        BOOST_TEST(co_await client.update_key(vk::key_update("c").usd(1)));
        const vk::client_view copy = one;
        BOOST_TEST(co_await copy.update_key(vk::key_update("d").usd(1)));
    });
    const auto requests = world.server.requests();
    BOOST_TEST_REQUIRE(requests.size() == 4U);
    BOOST_TEST(token_of(requests[0]) == "token-one");
    BOOST_TEST(token_of(requests[1]) == "token-two");
    BOOST_TEST(token_of(requests[2]) == the_token);
    BOOST_TEST(token_of(requests[3]) == "token-one");
    BOOST_TEST(world.server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_refused_ends_the_calls_of_its_own_view)
{
    hosted_emulator server(2);
    asio::io_context io;
    vk::client client(io.get_executor(), server.credentials(), server.config());
    const auto ids = server.ids();
    run(io, [&]() -> asio::awaitable<void> {
        const vk::client_view stranger = client.as(with_token("not-the-token"));
        updated_key key = co_await stranger.update_key(vk::key_update(ids[0]).usd(1));
        BOOST_TEST(code_of(key) == errc::authentication_failed);
        key = co_await client.update_key(vk::key_update(ids[0]).usd(1));
        BOOST_TEST(key.has_value(), text_of(key));
    });
}

BOOST_AUTO_TEST_CASE(a_token_that_was_replaced_at_both_ends_goes_on)
{
    hosted_emulator server(1);
    asio::io_context io;
    const vk::credentials who = server.credentials();
    vk::client client(io.get_executor(), who, server.config());
    const std::string id = server.ids().front();
    run(io, [&]() -> asio::awaitable<void> {
        BOOST_TEST(co_await client.update_key(vk::key_update(id).usd(1)));
        server->set_token("another-token");
        updated_key key = co_await client.update_key(vk::key_update(id).usd(2));
        BOOST_TEST(code_of(key) == errc::authentication_failed);
        who.replace(vk::secret("another-token"));
        key = co_await client.update_key(vk::key_update(id).usd(3));
        BOOST_TEST(key.has_value(), text_of(key));
    });
    BOOST_TEST(server->stats().unauthorized == 1U);
}

BOOST_AUTO_TEST_CASE(what_waits_goes_with_the_new_token_and_what_is_written_with_the_old_one)
{
    held_world world;
    const vk::credentials who = with_token("old-token");
    world.start(who);
    outcomes results(12);
    world.fill(results);
    who.replace(vk::secret("new-token"));
    let_pass(world.io, 50ms);
    BOOST_TEST(results.completed() == 1U);
    world.held.open();
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    BOOST_TEST(results.succeeded() == 12U, results.summary());
    BOOST_TEST(results.each_once());
    const auto requests = world.server.requests();
    BOOST_TEST_REQUIRE(requests.size() == lessons + 12U);
    for (std::size_t i = 0; i != 12; ++i)
        BOOST_TEST(token_of(requests[lessons + i]) == (i < 5 ? "old-token" : "new-token"));
    for (std::size_t i = 0; i != 12; ++i)
        BOOST_TEST(requests[lessons + i].id() == "key-" + std::to_string(i)); // and their order stays
}

BOOST_AUTO_TEST_CASE(calls_that_were_started_in_the_same_breath_go_with_the_new_token)
{
    scripted_world world(answers_all());
    const vk::credentials who = with_token("old-token");
    world.client.emplace(world.io.get_executor(), who, world.settings);
    outcomes results(3);
    for (std::size_t i = 0; i != 3; ++i)
        world.client->update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
    who.replace(vk::secret("new-token"));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    for (const seen_request& each : world.server.requests())
        BOOST_TEST(token_of(each) == "new-token");
}

BOOST_AUTO_TEST_CASE(what_is_asked_again_goes_with_the_new_token)
{
    losing_world world;
    world.who.replace(vk::secret("new-token"));
    world.lose();
    BOOST_TEST(text_of(world.results[0]) == "success");
    const auto requests = world.server.requests();
    BOOST_TEST_REQUIRE(requests.size() == 2U);
    BOOST_TEST(token_of(requests[0]) == "old-token");
    BOOST_TEST(token_of(requests[1]) == "new-token");
}

BOOST_AUTO_TEST_CASE(a_token_that_can_not_be_sent_fails_what_waits_and_spares_what_is_written)
{
    for (const std::string bad : {"", "with space", "line\r\nbreak"}) {
        held_world world;
        const vk::credentials who = with_token("old-token");
        world.start(who);
        outcomes results(9);
        world.fill(results);
        who.replace(vk::secret(bad));
        BOOST_REQUIRE(run_until(world.io, [&] { return results.completed() == 5; }));
        for (std::size_t i = 5; i != 9; ++i) {
            BOOST_TEST(code_of(results[i]) == errc::invalid_argument);
            BOOST_TEST(results[i].error().delivery == vk::delivery::not_sent);
            BOOST_TEST(results[i].error().message().find("credentials") != std::string::npos);
        }
        world.held.open();
        BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
        for (std::size_t i = 0; i != 5; ++i)
            BOOST_TEST(text_of(results[i]) == "success");
        outcomes later(1);
        world.client->update_key(vk::key_update("later").usd(1), later.handler(0));
        BOOST_REQUIRE(run_until(world.io, [&] { return later.all(); }));
        BOOST_TEST(code_of(later[0]) == errc::invalid_argument);
        who.replace(vk::secret("good-again"));
        outcomes last(1);
        world.client->update_key(vk::key_update("last").usd(1), last.handler(0));
        BOOST_REQUIRE(run_until(world.io, [&] { return last.all(); }));
        BOOST_TEST(text_of(last[0]) == "success");
        BOOST_TEST(token_of(world.server.requests().back()) == "good-again");
        BOOST_TEST(world.server.requests().size() == lessons + 6U);
    }
}

BOOST_AUTO_TEST_CASE(what_is_lost_after_a_token_that_can_not_be_sent_is_not_asked_again_without_one)
{
    losing_world world;
    world.who.replace(vk::secret("not a token"));
    let_pass(world.io, 50ms);
    BOOST_TEST(world.results.completed() == 0U);
    world.lose();
    for (const seen_request& each : world.server.requests())
        BOOST_TEST(token_of(each) == "old-token");
    BOOST_REQUIRE(!world.results[0].has_value());
    BOOST_TEST(code_of(world.results[0]) == errc::invalid_argument);
    BOOST_TEST(world.results[0].error().delivery == vk::delivery::sent_unanswered);
    BOOST_TEST(world.results[0].error().attempts == 1U);
}

BOOST_AUTO_TEST_CASE(views_and_deferred_operations_outlive_the_client_and_end_as_closed)
{
    scripted_world world(answers_all());
    const vk::client_view view = world.start().as(with_token("token-one"));
    auto later = view.update_key(vk::key_update("key").usd(1));
    auto get = view.get_key("key");
    auto create = world.client->create_key(vk::new_key(vk::key_type::inference, "x"));
    world.client.reset();
    std::vector<errc> codes;
    const auto note = [&codes](const auto& with) {
        codes.push_back(code_of(with));
    };
    std::move(later)(note);
    std::move(get)(note);
    std::move(create)(note);
    view.list_keys(note);
    view.as(with_token("token-two")).delete_key("key", vk::call_options().confirm(), note);
    BOOST_TEST(codes.empty());
    BOOST_TEST(run_out(world.io));
    BOOST_TEST(codes == std::vector<errc>(5, errc::closed), boost::test_tools::per_element());
    BOOST_TEST(world.server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(calls_of_a_view_end_with_the_client)
{
    held_world world;
    world.start(with_token("token"));
    const vk::client_view view = world.client->as(with_token("token-one"));
    outcomes results(9);
    world.fill(results);
    outcomes of_view(1);
    view.update_key(vk::key_update("key").usd(1), of_view.handler(0));
    let_pass(world.io, 20ms);
    world.client.reset();
    BOOST_REQUIRE(run_until(world.io, [&] { return of_view.all() && results.all(); }));
    BOOST_TEST(code_of(of_view[0]) == errc::closed);
}

BOOST_AUTO_TEST_CASE(another_thread_may_replace_the_token)
{
    scripted_world world(answers_all());
    world.settings.max_connections = 2;
    const vk::credentials who = with_token("token-0");
    world.client.emplace(world.io.get_executor(), who, world.settings);
    std::atomic<bool> done{false};
    std::thread other([&] {
        for (int i = 1; !done; ++i) {
            who.replace(vk::secret("token-" + std::to_string(i)));
            std::this_thread::sleep_for(100us);
        }
        who.replace(vk::secret("the-last-token"));
    });
    outcomes results(2'000);
    for (std::size_t i = 0; i != results.size(); ++i)
        world.client->update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
    const bool all = run_until(world.io, [&] { return results.all(); });
    done = true;
    other.join();
    BOOST_REQUIRE(all);
    BOOST_TEST(results.succeeded() == results.size(), results.summary());
    BOOST_TEST(results.each_once());
    outcomes last(1);
    world.client->update_key(vk::key_update("last").usd(1), last.handler(0));
    BOOST_REQUIRE(run_until(world.io, [&] { return last.all(); }));
    BOOST_TEST(token_of(world.server.requests().back()) == "the-last-token");
}

BOOST_AUTO_TEST_CASE(a_token_that_was_replaced_stays_out_of_the_error_of_what_was_sent_with_it)
{
    // Also when it was replaced more than once: a server with many accounts may turn its tokens often.
    for (const int times : {1, 2, 5}) {
        gate arrived;
        gate go;
        scripted_world world([&](scripted_connection& here) {
            const auto request = here.read_request();
            if (!request)
                return;
            arrived.open();
            go.wait();
            here.send(reply(400, R"({"error":"what is )" + token_of(*request) + R"(?"})",
                            "CF-RAY: " + token_of(*request) + "\r\n"));
            here.wait_for_end();
        });
        const vk::credentials who = with_token("the-oldest-token");
        world.client.emplace(world.io.get_executor(), who, world.settings);
        outcomes results(1);
        world.client->update_key(vk::key_update("key").usd(1), results.handler(0));
        BOOST_REQUIRE(run_until(world.io, [&] { return arrived.is_open(); }));
        for (int i = 0; i != times; ++i) {
            who.replace(vk::secret("another-" + std::to_string(i)));
            let_pass(world.io, 20ms);
        }
        go.open();
        BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
        const vk::error& why = results[0].error();
        BOOST_TEST(why.http_status == 400U);
        for (const std::string& text : {why.message(), why.detail, why.server_text, why.request_id})
            BOOST_TEST(text.find("oldest") == std::string::npos, text);
        BOOST_TEST(why.server_text == "what is [redacted]?");
    }
}

BOOST_AUTO_TEST_SUITE_END()
