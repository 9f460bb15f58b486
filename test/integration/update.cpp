// update_key over TLS: what arrives at the server, what comes back, and on how many connections.
#include "support/printing_values.hpp"
#include "support/scripted_server.hpp"
#include "support/world.hpp"

#include <algorithm>
#include <set>

BOOST_AUTO_TEST_SUITE(integration_update)

using namespace test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(every_field_arrives_and_comes_back)
{
    hosted_emulator server(1);
    asio::io_context io;
    vk::client client(io.get_executor(), server.credentials(), server.config());
    const std::string id = server.ids().front();
    run(io, [&]() -> asio::awaitable<void> {
        const auto when = vk::parse_timestamp("2031-02-03T04:05:06.789Z");
        updated_key key = co_await client.update_key(vk::key_update(id)
                                                         .usd(12.5)
                                                         .diem(7)
                                                         .limit_period(vk::limit_period::month)
                                                         .model_privacy(vk::model_privacy::private_only)
                                                         .description("t\u00e4nant \"42\" \\ \u20ac")
                                                         .expires_at(*when));
        BOOST_REQUIRE_MESSAGE(key, text_of(key));
        BOOST_TEST(key->id == id);
        BOOST_TEST(key->limits.usd.value() == 12.5);
        BOOST_TEST(key->limits.diem.value() == 7.0);
        BOOST_TEST(key->limit_period == vk::limit_period::month);
        BOOST_TEST(key->model_privacy == vk::model_privacy::private_only);
        BOOST_TEST(key->description == "t\u00e4nant \"42\" \\ \u20ac");
        BOOST_TEST(key->expires_at == when);
        const auto journal = server->journal();
        BOOST_TEST_REQUIRE(journal.size() == 1U);
        BOOST_TEST(journal.front().key.limits == key->limits);
        BOOST_TEST(journal.front().key.description == key->description);
        BOOST_TEST(journal.front().key.expires_at == when);
    });
}

BOOST_AUTO_TEST_CASE(clear_removes_what_was_set_and_leaves_the_rest)
{
    hosted_emulator server(1);
    asio::io_context io;
    vk::client client(io.get_executor(), server.credentials(), server.config());
    const std::string id = server.ids().front();
    run(io, [&]() -> asio::awaitable<void> {
        updated_key set = co_await client.update_key(
            vk::key_update(id).usd(50).diem(60).description("kept").expires_at("2031-02-03"));
        BOOST_REQUIRE_MESSAGE(set, text_of(set));
        updated_key cleared = co_await client.update_key(vk::key_update(id).diem(vk::clear).expires_at(vk::clear));
        BOOST_REQUIRE_MESSAGE(cleared, text_of(cleared));
        BOOST_TEST(!cleared->limits.diem);
        BOOST_TEST(!cleared->expires_at);
        BOOST_TEST(cleared->limits.usd.value() == 50.0);
        BOOST_TEST(cleared->description == "kept");
    });
}

BOOST_AUTO_TEST_CASE(five_hundred_updates_share_few_connections)
{
    hosted_emulator server(500);
    asio::io_context io;
    vk::config settings = server.config();
    settings.max_connections = 2;
    vk::client client(io.get_executor(), server.credentials(), settings);
    const auto ids = server.ids();
    outcomes results(ids.size());
    update_each(io, client, ids, results);
    BOOST_TEST(results.each_once());
    for (std::size_t i = 0; i != ids.size(); ++i) {
        BOOST_REQUIRE_MESSAGE(results[i], text_of(results[i]));
        BOOST_TEST_REQUIRE(results[i]->id == ids[i]);
        BOOST_TEST_REQUIRE(results[i]->description == "number " + std::to_string(i));
    }
    BOOST_TEST(server->stats().connections <= 2U);
    BOOST_TEST(server->stats().requests == 500U);
    const vk::client_stats stats = client.stats();
    BOOST_TEST(stats.deepest_pipeline == settings.pipeline_depth);
    BOOST_TEST(stats.requests_written == 500U);
    BOOST_TEST(stats.replies == 500U);
    BOOST_TEST(stats.replays == 0U);
    BOOST_TEST(stats.waiting_calls == 0U);
}

BOOST_AUTO_TEST_CASE(updates_arrive_in_the_order_of_their_calls_on_one_connection)
{
    hosted_emulator server(60);
    asio::io_context io;
    vk::config settings = server.config();
    settings.max_connections = 1;
    vk::client client(io.get_executor(), server.credentials(), settings);
    const auto ids = server.ids();
    outcomes results(ids.size());
    update_each(io, client, ids, results);
    const auto journal = server->journal();
    BOOST_TEST_REQUIRE(journal.size() == ids.size());
    for (std::size_t i = 0; i != ids.size(); ++i)
        BOOST_TEST(journal[i].key.id == ids[i]);
}

BOOST_AUTO_TEST_CASE(a_depth_of_one_turns_pipelining_off)
{
    hosted_emulator server(20);
    asio::io_context io;
    vk::config settings = server.config();
    settings.pipeline_depth = 1;
    settings.max_connections = 2;
    vk::client client(io.get_executor(), server.credentials(), settings);
    outcomes results(20);
    update_each(io, client, server.ids(), results);
    BOOST_TEST(results.succeeded() == 20U, results.summary());
    BOOST_TEST(client.stats().deepest_pipeline == 1U);
}

BOOST_AUTO_TEST_CASE(an_update_that_is_not_valid_is_refused_before_anything_is_sent)
{
    hosted_emulator server(1);
    asio::io_context io;
    vk::client client(io.get_executor(), server.credentials(), server.config());
    run(io, [&]() -> asio::awaitable<void> {
        updated_key none = co_await client.update_key(vk::key_update("some-id"));
        BOOST_TEST(code_of(none) == vk::errc::invalid_argument);
        updated_key too_long = co_await client.update_key(vk::key_update("some-id").description(std::string(65, 'x')));
        BOOST_TEST(code_of(too_long) == vk::errc::invalid_argument);
        BOOST_TEST(text_of(too_long).find("description") != std::string::npos);
        BOOST_TEST(too_long.error().delivery == vk::delivery::not_sent);
        updated_key negative = co_await client.update_key(vk::key_update("some-id").usd(-1));
        BOOST_TEST(text_of(negative).find("usd") != std::string::npos);
        updated_key no_time =
            co_await client.update_key(vk::key_update("some-id").usd(1), vk::call_options().timeout(0ms));
        BOOST_TEST(code_of(no_time) == vk::errc::invalid_argument);
    });
    BOOST_TEST(server->stats().connections == 0U);
}

BOOST_AUTO_TEST_CASE(quotes_in_an_id_and_line_ends_in_a_text_stay_inside_their_strings)
{
    const authority trusted;
    scripted_server server(trusted.issue(), answers_all());
    asio::io_context io;
    vk::client client(io.get_executor(), vk::credentials(vk::secret("t")),
                      quick_config(server.base_url(), trusted.pem()));
    run(io, [&]() -> asio::awaitable<void> {
        updated_key key = co_await client.update_key(vk::key_update("a\",\"x\":\"b").description("c\",\"y\":\"\r\nd"));
        BOOST_TEST(!key.has_value()); // the script reads no escapes
    });
    BOOST_REQUIRE(!server.requests().empty());
    BOOST_TEST(server.requests().front().body == R"({"id":"a\",\"x\":\"b","description":"c\",\"y\":\"\r\nd"})");
}

BOOST_AUTO_TEST_CASE(a_request_is_what_the_documentation_asks_for)
{
    const authority trusted;
    scripted_server server(trusted.issue(), answers_all());
    asio::io_context io;
    vk::config settings = quick_config(server.base_url(), trusted.pem());
    settings.user_agent = "some-agent/9";
    vk::client client(io.get_executor(), vk::credentials(vk::secret("the.token")), settings);
    run(io, [&]() -> asio::awaitable<void> {
        updated_key key = co_await client.update_key(vk::key_update("k1").usd(vk::clear));
        BOOST_REQUIRE_MESSAGE(key, text_of(key));
    });
    BOOST_TEST_REQUIRE(server.requests().size() == 1U);
    const std::string head = server.requests().front().head;
    BOOST_TEST(head.starts_with("PATCH /api/v1/api_keys HTTP/1.1\r\n"));
    BOOST_TEST(head.find("\r\nHost: localhost:" + std::to_string(server.port()) + "\r\n") != std::string::npos);
    BOOST_TEST(head.find("\r\nAuthorization: Bearer the.token\r\n") != std::string::npos);
    BOOST_TEST(head.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
    BOOST_TEST(head.find("\r\nUser-Agent: some-agent/9\r\n") != std::string::npos);
    BOOST_TEST(head.find("\r\nAccept-Encoding: identity\r\n") != std::string::npos);
    BOOST_TEST(server.requests().front().body == R"({"id":"k1","consumptionLimit":{"usd":null}})");
}

BOOST_AUTO_TEST_CASE(an_answer_in_chunks_and_one_that_ends_with_the_connection_are_whole)
{
    const authority trusted;
    scripted_server server(trusted.issue(), [](scripted_connection& here) {
        const auto request = here.read_request();
        if (!request)
            return;
        const std::string whole = updated(request->id());
        const std::string body = whole.substr(whole.find("\r\n\r\n") + 4);
        if (here.number() == 0) {
            here.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: "
                      "chunked\r\n\r\n5;x=y\r\n" +
                      body.substr(0, 5) + "\r\n");
            const std::size_t rest = body.size() - 5;
            constexpr std::string_view hex = "0123456789abcdef";
            const std::string size{hex[rest / 16], hex[rest % 16]};
            here.send(size + "\r\n" + body.substr(5) + "\r\n0\r\nX-Trailer: 1\r\n\r\n");
        } else {
            here.send("HTTP/1.1 200 OK\r\n\r\n" + body);
        }
        here.close();
    });
    asio::io_context io;
    vk::config settings = quick_config(server.base_url(), trusted.pem());
    settings.max_connections = 1;
    vk::client client(io.get_executor(), vk::credentials(vk::secret("t")), settings);
    outcomes results(2);
    update_each(io, client, {"first", "second"}, results);
    for (std::size_t i = 0; i != results.size(); ++i)
        BOOST_TEST(results[i].has_value(), text_of(results[i]));
    BOOST_TEST(server.requests().size() == 2U);
}

BOOST_AUTO_TEST_CASE(answers_that_come_close_together_and_one_by_one_all_arrive)
{
    // So many are in flight that reads wait for more: what comes meanwhile, and what comes later, is read.
    const authority trusted;
    scripted_server server(trusted.issue(), answers_all());
    asio::io_context io;
    vk::config settings = quick_config(server.base_url(), trusted.pem());
    settings.max_connections = 1;
    settings.pipeline_depth = 32;
    vk::client client(io.get_executor(), vk::credentials(vk::secret("t")), settings);
    std::vector<std::string> ids(2'000);
    for (std::size_t i = 0; i != ids.size(); ++i)
        ids[i] = "key-" + std::to_string(i);
    outcomes results(ids.size());
    update_each(io, client, ids, results);
    BOOST_TEST(results.each_once());
    BOOST_TEST(results.succeeded() == ids.size(), results.summary());
    BOOST_TEST(server.connections() == 1U);
    BOOST_TEST(client.stats().deepest_pipeline == 32U);
}

BOOST_AUTO_TEST_SUITE_END()
