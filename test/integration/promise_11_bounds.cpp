// Promise 11: every size, count and wait is bounded, each bound can be set, and going past it has its own error.
#include "support/scripted_world.hpp"

#include <algorithm>

BOOST_AUTO_TEST_SUITE(integration_promise_11_bounds)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

namespace {

// A good answer to an update of `some-key`, filled up to `size` bytes.
std::string body_of(std::size_t size)
{
    std::string body = R"({"data":{"id":"some-key"},"success":true})";
    body.resize(std::max(size, body.size()), ' ');
    return body;
}

std::string chunked(const std::string& body)
{
    std::string out = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += 16)
        out += (body.size() - at >= 16 ? "10\r\n" : "f\r\n") + body.substr(at, 16) + "\r\n";
    return out + "0\r\n\r\n";
}

template <class Change>
updated_key answered(const std::string& bytes, Change change)
{
    scripted_world world(always(bytes));
    change(world.settings);
    return world.update();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_body_of_just_the_limit_is_taken_and_one_byte_more_is_not)
{
    const auto limit = [](vk::config& settings) {
        settings.max_reply_bytes = 1008;
    };
    BOOST_TEST(text_of(answered(reply(200, body_of(1008)), limit)) == "success");
    BOOST_TEST(text_of(answered(chunked(body_of(1008)), limit)) == "success");
    const updated_key with_length = answered(reply(200, body_of(1009)), limit);
    BOOST_TEST(code_of(with_length) == errc::reply_too_large);
    BOOST_TEST(text_of(with_length).find("max_reply_bytes") != std::string::npos);
    BOOST_TEST(with_length.error().attempts == 1U); // it would be so again
    BOOST_TEST(code_of(answered(chunked(body_of(1023)), limit)) == errc::reply_too_large);
    // A length that nobody could send.
    BOOST_TEST(code_of(answered("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n", limit)) ==
               errc::reply_too_large);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_bounded_too)
{
    const updated_key key = answered(reply(400, std::string(5000, 'x')), [](auto& s) { s.max_reply_bytes = 4999; });
    BOOST_TEST(code_of(key) == errc::invalid_request); // its status is the service's word, whatever its body
    BOOST_TEST(key.error().cause == vk::make_error_code(errc::reply_too_large));
    BOOST_TEST(key.error().http_status == 400U);
    BOOST_TEST(key.error().attempts == 1U);
    BOOST_TEST(!key.error().maybe_applied());
    BOOST_TEST(key.error().server_text.empty());
    const updated_key long_text = answered(reply(400, std::string(5000, 'x')), [](auto&) {});
    BOOST_TEST(code_of(long_text) == errc::invalid_request);
    BOOST_TEST(long_text.error().server_text.size() <= 512U);
}

BOOST_AUTO_TEST_CASE(a_head_over_the_limit_is_not_taken)
{
    const auto limit = [](vk::config& settings) {
        settings.max_header_bytes = 2048;
    };
    const auto with_field = [](std::size_t size) {
        return reply(200, body_of(0), "X-Filler: " + std::string(size, 'x') + "\r\n");
    };
    BOOST_TEST(text_of(answered(with_field(1800), limit)) == "success");
    const updated_key key = answered(with_field(2100), limit);
    BOOST_TEST(code_of(key) == errc::reply_too_large);
    BOOST_TEST(text_of(key).find("max_header_bytes") != std::string::npos);
    // Far more than any buffer: it ends before all of it has come.
    BOOST_TEST(code_of(answered(with_field(3'000'000), limit)) == errc::reply_too_large);
    BOOST_TEST(code_of(answered("HTTP/1.1 200 " + std::string(100'000, 'y'), limit)) == errc::reply_too_large);
}

BOOST_AUTO_TEST_CASE(too_many_fields_are_not_taken)
{
    const auto limit = [](vk::config& settings) {
        settings.max_header_count = 10;
    };
    const auto with_fields = [](int count) {
        std::string fields;
        for (int i = 1; i != count; ++i) // Content-Length is one
            fields += "X-" + std::to_string(i) + ": y\r\n";
        return reply(200, body_of(0), fields);
    };
    BOOST_TEST(text_of(answered(with_fields(10), limit)) == "success");
    const updated_key key = answered(with_fields(11), limit);
    BOOST_TEST(code_of(key) == errc::reply_too_large);
    BOOST_TEST(text_of(key).find("max_header_count") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_that_nests_too_deep_is_not_taken)
{
    const auto nested = [](std::size_t depth) {
        return reply(200, R"({"data":{"id":"some-key"},"success":true,"x":)" + std::string(depth - 1, '[') +
                              std::string(depth - 1, ']') + "}");
    };
    const auto limit = [](vk::config& settings) {
        settings.max_json_depth = 10;
    };
    BOOST_TEST(text_of(answered(nested(10), limit)) == "success");
    const updated_key key = answered(nested(11), limit);
    BOOST_TEST(code_of(key) == errc::malformed_reply);
    BOOST_TEST(text_of(key).find("10 levels") != std::string::npos);
    BOOST_TEST(code_of(answered(reply(200, std::string(500'000, '[')), [](auto&) {})) == errc::malformed_reply);
    BOOST_TEST(code_of(answered(reply(400, std::string(500'000, '[')), [](auto&) {})) == errc::invalid_request);
}

BOOST_AUTO_TEST_CASE(interim_answers_are_bounded)
{
    std::string some;
    for (int i = 0; i != 8; ++i)
        some += "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    BOOST_TEST(text_of(answered(some + reply(200, body_of(0)), [](auto&) {})) == "success");
    BOOST_TEST(code_of(answered(some + "HTTP/1.1 100 Continue\r\n\r\n" + reply(200, body_of(0)), [](auto&) {})) ==
               errc::protocol_error);
}

BOOST_AUTO_TEST_CASE(the_queue_is_bounded)
{
    hosted_emulator server(60);
    server->add_fault(vk::fault::delay(100ms));
    asio::io_context io;
    vk::config settings = server.config();
    settings.max_queue = 20;
    settings.max_connections = 1;
    settings.pipeline_depth = 4;
    vk::client client(io.get_executor(), server.credentials(), settings);
    const auto ids = server.ids();
    outcomes results(60);
    for (std::size_t i = 0; i != 50; ++i)
        client.update_key(vk::key_update(ids[i]).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 50; }));
    BOOST_TEST(results.succeeded() == 20U, results.summary());
    for (std::size_t i = 0; i != 50; ++i) {
        const updated_key& key = results[i];
        if (!key) {
            BOOST_TEST(code_of(key) == errc::queue_full);
            BOOST_TEST(key.error().retryable());
            BOOST_TEST(key.error().delivery == vk::delivery::not_sent);
        }
    }
    // There is room again.
    for (std::size_t i = 50; i != 60; ++i)
        client.update_key(vk::key_update(ids[i]).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(results.succeeded() == 30U, results.summary());
}

BOOST_AUTO_TEST_CASE(connections_are_never_more_than_allowed)
{
    for (const std::size_t most : {1U, 3U}) {
        std::atomic<int> open{0};
        std::atomic<int> peak{0};
        scripted_world world([&](scripted_connection& here) {
            const int now = ++open;
            int seen = peak;
            while (seen < now && !peak.compare_exchange_weak(seen, now))
                ;
            int served = 0;
            while (const auto request = here.read_request()) {
                if (++served == 20) {
                    --open; // before the client can know
                    return here.cut();
                }
                here.send(updated(request->id()));
            }
            --open;
        });
        world.settings.max_connections = most;
        outcomes results(300);
        vk::client& client = world.start();
        for (std::size_t i = 0; i != results.size(); ++i)
            client.update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
        BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
        BOOST_TEST(results.succeeded() == 300U, results.summary());
        BOOST_TEST(peak <= static_cast<int>(most));
        BOOST_TEST(world.server.connections() > most);
        BOOST_TEST(client.stats().open_connections <= most);
    }
}

BOOST_AUTO_TEST_CASE(a_pipeline_is_never_deeper_than_allowed)
{
    hosted_emulator server(100);
    asio::io_context io;
    vk::config settings = server.config();
    settings.max_connections = 2;
    settings.pipeline_depth = 5;
    vk::client client(io.get_executor(), server.credentials(), settings);
    const auto ids = server.ids();
    outcomes results(100);
    update_each(io, client, ids, results);
    BOOST_TEST(client.stats().deepest_pipeline == 5U);
}

BOOST_AUTO_TEST_SUITE_END()
