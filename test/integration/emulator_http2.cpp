// The emulator over HTTP/2, seen by a client that is not ours.
#include <venice_keys/emulator.hpp>

#include "integration/plain_http2.hpp"
#include "integration/served_emulator.hpp"
#include "integration/served_http2.hpp"
#include "support/printing.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(integration_emulator_http2)

namespace {

namespace vk = venice_keys;
using namespace std::chrono_literals;
using test::described;
using test::http2_user;
using test::plain_client;
using test::plain_http2;
using test::served;
using test::soon;
using end = test::plain_client::end;
using vk::fault;

vk::emulator_options speaking(vk::protocol which)
{
    vk::emulator_options options = test::with_keys(3);
    options.protocol = which;
    return options;
}

vk::emulator_options taking(std::chrono::milliseconds time)
{
    vk::emulator_options options = test::with_keys(3);
    options.service_time = time;
    return options;
}

// What ALPN chooses of these; "none" when the handshake fails.
std::string chosen(const served& here, std::string_view offered)
{
    const plain_client client{here.emulator.port(), here.emulator.ca_pem(), offered};
    return client.connected() ? client.agreed() : "none";
}

} // namespace

BOOST_AUTO_TEST_CASE(alpn_chooses_http_2_before_http_1_1_unless_told_otherwise)
{
    const served both;
    BOOST_TEST(chosen(both, "http/1.1,h2") == "h2");
    BOOST_TEST(chosen(both, "http/1.1") == "http/1.1");
    BOOST_TEST(chosen(both, "spdy/3") == "none");
    BOOST_TEST(chosen(both, "") == "");
    const served old{speaking(vk::protocol::http1)};
    BOOST_TEST(chosen(old, "h2,http/1.1") == "http/1.1");
    BOOST_TEST(chosen(old, "h2") == "none");
    const served young{speaking(vk::protocol::http2)};
    BOOST_TEST(chosen(young, "http/1.1,h2") == "h2");
    BOOST_TEST(chosen(young, "http/1.1") == "none");
}

BOOST_AUTO_TEST_CASE(without_alpn_it_is_http_1_1_or_nothing)
{
    const served both;
    plain_client old{both.emulator.port(), both.emulator.ca_pem(), ""};
    BOOST_TEST(old.send(both.request("GET", "/api/v1/api_keys")));
    BOOST_TEST(old.read_reply().value().status == 200U);
    const served young{speaking(vk::protocol::http2)};
    plain_client other{young.emulator.port(), young.emulator.ca_pem(), ""};
    BOOST_TEST(other.send(young.request("GET", "/api/v1/api_keys")));
    BOOST_TEST(!other.read_reply().has_value());
    BOOST_TEST(other.how_it_ended() == end::closed);
}

BOOST_AUTO_TEST_CASE(a_request_is_answered_as_over_http_1_1)
{
    const served here;
    http2_user client{here};
    const auto list = client.wait(client.list());
    BOOST_TEST(list.reply.status == 200U);
    BOOST_TEST(list.whole);
    BOOST_TEST(boost::json::parse(list.reply.body).at("data").as_array().size() == 3U);
    BOOST_TEST(list.reply.fields.at("content-type") == "application/json; charset=utf-8");
    BOOST_TEST(list.reply.fields.at("content-length") == std::to_string(list.reply.body.size()));
    BOOST_TEST(list.reply.fields.contains("cf-ray"));
    BOOST_TEST(list.reply.fields.at("x-ratelimit-remaining") == "50");
    BOOST_TEST(!list.reply.fields.contains("connection"));
    const auto head = client.wait(client.ask("HEAD", "/api/v1/api_keys", client.authorized()));
    BOOST_TEST(head.reply.status == 200U);
    BOOST_TEST(head.reply.body == "");
    BOOST_TEST(client.wait(client.ask("GET", "/api/v1/api_keys")).reply.status == 402U);
    BOOST_TEST(client.wait(client.ask("GET", "/elsewhere", client.authorized())).reply.status == 404U);
}

BOOST_AUTO_TEST_CASE(the_journal_tells_protocol_and_stream)
{
    const served here;
    http2_user client{here};
    client.list();
    const std::int32_t id = client.update(1, "new");
    BOOST_TEST(described(client.wait(id).reply) == "new");
    plain_client old{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_TEST(old.send(here.update(here.id(0), "old")));
    BOOST_TEST(old.read_reply().has_value());
    const auto journal = here.emulator.journal();
    BOOST_TEST_REQUIRE(journal.size() == 2U);
    BOOST_TEST(journal[0].protocol == vk::protocol::http2);
    BOOST_TEST(journal[0].stream == static_cast<std::uint32_t>(id));
    BOOST_TEST(journal[0].connection == 1U);
    BOOST_TEST(journal[1].protocol == vk::protocol::http1);
    BOOST_TEST(journal[1].stream == 0U);
    BOOST_TEST(journal[1].connection == 2U);
}

BOOST_AUTO_TEST_CASE(slow_requests_take_their_time_side_by_side)
{
    const served here{taking(500ms)};
    http2_user client{here};
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::int32_t> asked;
    for (int i = 0; i < 20; ++i)
        asked.push_back(client.update(0, std::to_string(i)));
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(described(client.wait(asked.at(static_cast<std::size_t>(i))).reply) == std::to_string(i));
    const auto took = std::chrono::steady_clock::now() - begin;
    BOOST_TEST(took >= 500ms);
    BOOST_TEST(took < 20 * 500ms / 2);
    BOOST_TEST(here.emulator.journal().size() == 20U);
}

BOOST_AUTO_TEST_CASE(the_one_that_is_done_first_is_answered_first)
{
    served here;
    here.emulator.add_fault(fault::delay(1s).only_for(here.id(0)));
    http2_user client{here};
    const std::int32_t slow = client.update(0, "slow");
    const std::int32_t fast = client.update(1, "fast");
    client.wait(slow);
    BOOST_TEST(client.order() == (std::vector<std::int32_t>{fast, slow}), boost::test_tools::per_element());
    BOOST_TEST(described(client.at(slow).reply) == "slow");
}

BOOST_AUTO_TEST_CASE(settings_say_what_the_options_do)
{
    vk::emulator_options options = test::with_keys(1);
    options.max_streams = 7;
    options.initial_window = 100;
    const served here{options};
    http2_user client{here};
    // Longer than the window: it goes on when the emulator has taken what came.
    BOOST_TEST(described(client.wait(client.update(0, std::string(60, 'x'))).reply) == std::string(60, 'x'));
    BOOST_TEST(client.setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS) == std::vector<std::uint32_t>{7},
               boost::test_tools::per_element());
    BOOST_TEST(client.setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE) == std::vector<std::uint32_t>{100},
               boost::test_tools::per_element());
    BOOST_TEST(client.setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE).at(0) == 16U * 1024);
}

BOOST_AUTO_TEST_CASE(a_malformed_request_costs_its_stream_alone)
{
    const served here;
    http2_user client{here};
    for (const auto& [name, value] : {std::pair{"bad name", "x"}, std::pair{"connection", "close"},
                                      std::pair{"transfer-encoding", "chunked"}, std::pair{"content-length", "5"}}) {
        auto more = client.authorized();
        more.emplace_back(name, value);
        const auto refused = client.wait(client.ask("PATCH", "/api/v1/api_keys", more, "{}"));
        BOOST_TEST(refused.rst.has_value(), name);
        BOOST_TEST(refused.rst.value_or(99) == NGHTTP2_PROTOCOL_ERROR, name);
        BOOST_TEST(refused.reply.status == 0U, name);
    }
    BOOST_TEST(client.wait(client.list()).reply.status == 200U);
    BOOST_TEST(here.emulator.stats().requests == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_too_large_is_refused_before_it_has_all_come)
{
    const served here;
    http2_user client{here};
    const auto large =
        client.wait(client.ask("PATCH", "/api/v1/api_keys", client.authorized(), std::string(200'000, 'x')));
    BOOST_TEST(large.reply.status == 413U);
    BOOST_TEST(large.whole);
    BOOST_TEST(large.rst.value_or(99) == NGHTTP2_NO_ERROR);
    auto more = client.authorized();
    for (int i = 0; i < 5; ++i)
        more.emplace_back("x-" + std::to_string(i), std::string(4'000, 'x'));
    BOOST_TEST(client.wait(client.ask("GET", "/api/v1/api_keys", more)).reply.status == 431U);
    BOOST_TEST(client.wait(client.list()).reply.status == 200U);
    BOOST_TEST(here.emulator.stats().failures == 2U);
    BOOST_TEST(here.emulator.stats().requests == 1U);
}

BOOST_AUTO_TEST_CASE(a_client_that_waits_for_100_continue_gets_it)
{
    const served here;
    http2_user client{here};
    auto more = client.authorized();
    more.emplace_back("expect", "100-continue");
    more.emplace_back("content-type", "application/json");
    const auto answer = client.wait(client.ask("PATCH", "/api/v1/api_keys", more, R"({"id":")" + here.id(0) + "\"}"));
    BOOST_TEST(answer.reply.status == 200U);
    BOOST_TEST(client.interim() == 1U);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_http_2_end_the_connection)
{
    const served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem(), "h2"};
    BOOST_TEST(client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    client.read_all();
    BOOST_TEST(client.how_it_ended() == end::closed);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_connection_is_told_and_ends_it)
{
    const served here;
    http2_user client{here};
    client.wait(client.list());
    BOOST_TEST(client.send_raw(std::string{"\0\0\4\6\0\0\0\0\0abcd", 13})); // a PING of four bytes
    BOOST_TEST(client.wait_for_end() == end::closed);
    BOOST_TEST_REQUIRE(client.goaways().size() == 1U);
    BOOST_TEST(client.goaways()[0].code == NGHTTP2_FRAME_SIZE_ERROR);
}

BOOST_AUTO_TEST_CASE(pings_are_answered)
{
    const served here;
    http2_user client{here};
    client.ping();
    BOOST_TEST(client.until([&] { return client.pongs() == 1; }));
}

BOOST_AUTO_TEST_CASE(a_request_that_the_client_resets_while_it_is_served_is_not_applied)
{
    const served here{taking(1s)};
    http2_user client{here};
    client.cancel(client.update(0, "cancelled"));
    BOOST_TEST(described(client.wait(client.update(1, "new")).reply) == "new");
    BOOST_TEST(here.emulator.journal().size() == 1U);
    BOOST_TEST(here.emulator.stats().requests == 1U);
}

BOOST_AUTO_TEST_CASE(a_request_whose_client_is_gone_is_served_all_the_same)
{
    const served here{taking(300ms)};
    {
        http2_user client{here};
        client.update(0, "last words");
    }
    BOOST_TEST(soon([&] { return here.emulator.journal().size() == 1; }));
}

BOOST_AUTO_TEST_CASE(a_dropped_connection_is_told_what_has_been_served)
{
    served here{taking(10ms)};
    here.emulator.add_fault(fault::stall());
    http2_user client{here};
    const std::int32_t stalled = client.update(0, "stalled");
    const std::int32_t served_one = client.update(1, "served");
    client.wait(served_one);
    here.emulator.drop_connections();
    BOOST_TEST(client.wait_for_end() == end::closed);
    BOOST_TEST_REQUIRE(client.goaways().size() == 1U);
    BOOST_TEST(client.goaways()[0].last == served_one);
    BOOST_TEST(client.goaways()[0].code == NGHTTP2_NO_ERROR);
    BOOST_TEST(!client.at(stalled).whole);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_dropped_while_it_serves_applies_nothing)
{
    served here{taking(10s)};
    http2_user client{here};
    client.update(0, "x");
    BOOST_TEST(client.until([&] { return !client.setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE).empty(); }));
    here.emulator.stop();
    BOOST_TEST(client.wait_for_end() == end::closed);
    BOOST_TEST(here.emulator.journal().empty());
    BOOST_TEST_REQUIRE(client.goaways().size() == 1U);
    BOOST_TEST(client.goaways()[0].last == 0);
}

BOOST_AUTO_TEST_SUITE_END()
