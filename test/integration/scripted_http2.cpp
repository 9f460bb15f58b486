// The scripted HTTP/2 server that other tests stand on, seen by a client that is not ours.
#include "support/http2_peer.hpp"

#include "integration/plain_http2.hpp"
#include "support/certificates.hpp"
#include "support/printing.hpp"
#include "support/scripted_server.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(integration_scripted_http2)

namespace {

using test::http2_frame;
using test::http2_peer;
using test::plain_http2;
using test::scripted_connection;
using test::scripted_server;
using end = test::plain_client::end;

// A server of one script, and a client at its other end.
struct pair {
    explicit pair(scripted_server::script what)
        : server(authority.issue({}), std::move(what), over_http2()), client(server.port(), authority.pem())
    {
        BOOST_TEST_REQUIRE(client.wire().agreed() == "h2");
    }

    static test::server_options over_http2()
    {
        test::server_options options;
        options.protocol = "h2";
        return options;
    }

    test::authority authority;
    scripted_server server;
    plain_http2 client;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_request_is_read_with_its_fields_and_its_body)
{
    pair here{test::answers_all_http2()};
    const std::string long_value(300, 'x');
    const std::string body = R"({"id":"some-id","description":")" + std::string(100'000, 'd') + "\"}";
    const auto answer = here.client.wait(here.client.ask("PATCH", "/api/v1/api_keys", {{"x-long", long_value}}, body));
    BOOST_TEST(answer.reply.status == 200U);
    BOOST_TEST(answer.reply.body == test::updated_body("some-id"));
    const auto requests = here.server.requests();
    BOOST_TEST_REQUIRE(requests.size() == 1U);
    BOOST_TEST(requests[0].head.starts_with("PATCH /api/v1/api_keys HTTP/2\r\n:method: PATCH\r\n"));
    BOOST_TEST(requests[0].head.find("\r\nx-long: " + long_value + "\r\n") != std::string::npos);
    BOOST_TEST(requests[0].body == body);
    BOOST_TEST(requests[0].id() == "some-id");
}

BOOST_AUTO_TEST_CASE(requests_that_overlap_are_read_as_they_become_whole)
{
    pair here{[](scripted_connection& connection) {
        http2_peer peer(connection);
        peer.greet();
        const auto first = peer.read_request();
        const auto second = peer.read_request();
        if (first && second && peer.answer(*second) && peer.answer(*first))
            peer.read_request();
    }};
    const auto first = here.client.ask("PATCH", "/", {}, R"({"id":"1"})");
    const auto second = here.client.ask("PATCH", "/", {}, R"({"id":"2"})");
    here.client.wait(first);
    BOOST_TEST(here.client.order() == (std::vector<std::int32_t>{second, first}), boost::test_tools::per_element());
    BOOST_TEST(here.client.at(first).reply.body == test::updated_body("1"));
    BOOST_TEST(here.client.at(second).reply.body == test::updated_body("2"));
}

BOOST_AUTO_TEST_CASE(any_frame_can_be_sent)
{
    std::vector<std::string> pongs; // to be looked at when the script is over
    unsigned acknowledged = 0;
    pair here{[&](scripted_connection& connection) {
        http2_peer peer(connection);
        peer.greet({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 9}});
        const auto first = peer.read_request();
        const auto second = peer.read_request();
        if (!first || !second)
            return;
        // An answer in three pieces, with a block in two frames, between others.
        const std::string block = test::http2_block({{":status", "200"}, {"x-a", std::string(200, 'a')}});
        peer.send({http2_frame::headers, 0, first->stream, block.substr(0, 50)});
        peer.send({http2_frame::continuation, http2_frame::end_headers, first->stream, block.substr(50)});
        peer.send_rst(second->stream, 0x99);
        peer.send_settings({{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 77}});
        peer.send_window_update(0, 5);
        peer.send({0xFE, 0xFF, 0, "an extension"});
        peer.send_ping("12345678");
        peer.send_data(first->stream, "one ", false);
        peer.send_data(first->stream, "two");
        peer.until([&] { return peer.pongs().size() == 1 && peer.settings_acknowledged() == 2; });
        pongs = peer.pongs();
        acknowledged = peer.settings_acknowledged();
        peer.send_goaway(first->stream, 0x2, "enough");
        connection.close();
    }};
    const auto first = here.client.ask("GET", "/1");
    const auto second = here.client.ask("GET", "/2");
    BOOST_TEST(here.client.wait(first).reply.body == "one two");
    BOOST_TEST(here.client.at(first).reply.fields.at("x-a") == std::string(200, 'a'));
    BOOST_TEST(here.client.wait(second).rst.value() == 0x99U);
    BOOST_TEST(here.client.wait_for_end() == end::closed);
    here.server.stop();
    BOOST_TEST(pongs == std::vector<std::string>{"12345678"}, boost::test_tools::per_element());
    BOOST_TEST(acknowledged == 2U);
    BOOST_TEST(here.client.setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS).at(0) == 9U);
    BOOST_TEST(here.client.setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE).at(0) == 77U);
    BOOST_TEST_REQUIRE(here.client.goaways().size() == 1U);
    BOOST_TEST(here.client.goaways()[0].last == first);
    BOOST_TEST(here.client.goaways()[0].text == "enough");
}

BOOST_AUTO_TEST_CASE(what_a_client_sends_besides_requests_is_noted)
{
    std::map<std::uint32_t, std::uint32_t> resets; // to be looked at when the script is over
    std::size_t waiting = 0;
    pair here{[&](scripted_connection& connection) {
        http2_peer peer(connection);
        peer.answers_pings = false;
        peer.greet();
        peer.until([&] { return peer.pings().size() == 1 && peer.resets().size() == 1; });
        resets = peer.resets();
        waiting = peer.waiting();
        connection.close();
    }};
    const auto asked = here.client.ask("GET", "/");
    here.client.ping();
    here.client.cancel(asked);
    BOOST_TEST(here.client.wait_for_end() == end::closed);
    BOOST_TEST(here.client.pongs() == 0U);
    here.server.stop();
    BOOST_TEST(waiting == 1U);
    BOOST_TEST_REQUIRE(resets.size() == 1U);
    BOOST_TEST(resets.at(static_cast<std::uint32_t>(asked)) == static_cast<std::uint32_t>(NGHTTP2_CANCEL));
}

BOOST_AUTO_TEST_SUITE_END()
