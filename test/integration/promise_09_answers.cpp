// Promise 9, for what servers answer: each failure has its own code, keeps what the server said, and reads well.
#include "support/scripted_world.hpp"

BOOST_AUTO_TEST_SUITE(integration_promise_09_answers)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

namespace {

// The error that a server that always answers with these bytes causes. One line goes to the log.
vk::error refused(const std::string& bytes)
{
    scripted_world world(always(bytes));
    world.settings.timeout = 3s;
    updated_key key = world.update();
    BOOST_REQUIRE(!key.has_value());
    const std::string line = key.error().message();
    BOOST_TEST(line.find_first_of("\r\n") == std::string::npos);
    BOOST_TEST(key.error().code.category() == vk::error_category());
    return std::move(key).error();
}

struct expectation {
    unsigned status;
    errc code;
    bool retryable;
};

} // namespace

BOOST_AUTO_TEST_CASE(each_status_has_its_code)
{
    const std::vector<expectation> all{
        {400, errc::invalid_request, false},   {401, errc::authentication_failed, false},
        {402, errc::payment_required, false},  {403, errc::forbidden, false},
        {404, errc::unexpected_status, false}, {408, errc::unavailable, true},
        {409, errc::invalid_request, false},   {413, errc::invalid_request, false},
        {415, errc::invalid_request, false},   {422, errc::invalid_request, false},
        {429, errc::rate_limited, true},       {500, errc::server_error, true},
        {501, errc::server_error, true},       {502, errc::unavailable, true},
        {503, errc::unavailable, true},        {504, errc::unavailable, true},
        {418, errc::unexpected_status, false}, {201, errc::unexpected_status, false},
        {206, errc::unexpected_status, false},
    };
    for (const expectation& each : all) {
        const vk::error why = refused(reply(each.status, R"({"error":"the server's words"})"));
        BOOST_TEST_CONTEXT("status " << each.status)
        {
            BOOST_TEST(why.code == each.code, why.message());
            BOOST_TEST(why.http_status == each.status);
            BOOST_TEST(why.retryable() == each.retryable);
            BOOST_TEST(why.message().find(std::to_string(each.status)) != std::string::npos);
            // What a success says may be a secret, and is in no error.
            const bool shown = each.status >= 300;
            BOOST_TEST(why.server_text == (shown ? "the server's words" : ""));
            BOOST_TEST((why.message().find("the server's words") != std::string::npos) == shown);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_2xx_with_the_documented_body_is_the_success_that_it_is)
{
    for (const unsigned status : {201U, 202U, 203U, 206U, 207U}) {
        scripted_world world([status](scripted_connection& here) {
            while (const auto request = here.read_request()) {
                if (request->head.starts_with("POST"))
                    here.send(reply(status, R"({"data":{"id":"new","apiKey":"the-secret"},"success":true})"));
                else if (request->head.starts_with("DELETE"))
                    here.send(reply(status, R"({"success":true})"));
                else if (request->head.find("generate_web3_key") != std::string::npos)
                    here.send(reply(status, R"({"data":{"token":"a.b.c"}})"));
                else
                    here.send(reply(status, R"({"data":{"id":"KEY"},"success":true})"));
            }
        });
        run(world.io, [&]() -> asio::awaitable<void> {
            vk::client& client = world.start();
            auto made = co_await client.create_key(vk::new_key(vk::key_type::inference, "x"));
            BOOST_REQUIRE_MESSAGE(made, text_of(made));
            BOOST_TEST(made->secret.expose() == "the-secret");
            auto challenge = co_await client.web3_challenge("0x1");
            BOOST_REQUIRE_MESSAGE(challenge, text_of(challenge));
            BOOST_TEST(challenge->expose() == "a.b.c");
            auto updated = co_await client.update_key(vk::key_update("key").usd(1));
            BOOST_REQUIRE_MESSAGE(updated, text_of(updated));
            BOOST_TEST(updated->id == "KEY"); // ids are the same in any case of letters
            auto read = co_await client.get_key("kEy");
            BOOST_TEST(text_of(read) == "success");
            auto gone = co_await client.delete_key("key");
            BOOST_TEST(text_of(gone) == "success");
        });
        const auto requests = world.server.requests();
        BOOST_TEST(requests.size() == 5U);
        BOOST_TEST(requests[1].head.starts_with("GET /api/v1/api_keys/generate_web3_key?address=0x1 HTTP/1.1"));
    }
}

BOOST_AUTO_TEST_CASE(a_creation_answered_with_an_odd_status_does_not_tell_the_new_key)
{
    for (const unsigned status : {302U, 404U, 500U, 520U}) {
        scripted_world world(
            always(reply(status, R"({"data":{"id":"new","apiKey":"VENICE_ADMIN_KEY_abcdef"},"success":true})")));
        run(world.io, [&]() -> asio::awaitable<void> {
            auto made = co_await world.start().create_key(vk::new_key(vk::key_type::inference, "x"));
            BOOST_REQUIRE(!made.has_value());
            BOOST_TEST(made.error().http_status == status);
            BOOST_TEST(made.error().message().find("abcdef") == std::string::npos, made.error().message());
            BOOST_TEST(made.error().server_text == "");
            BOOST_TEST(!made.error().retryable());
        });
    }
}

BOOST_AUTO_TEST_CASE(a_base_url_without_its_path_does_not_look_like_an_unknown_key)
{
    for (const char* const body : {R"({"error":"Not Found"})", "<html><title>404 Not Found</title></html>", ""}) {
        const vk::error why = refused(reply(404, body));
        BOOST_TEST(why.code == errc::unexpected_status);
        BOOST_TEST(why.message().find("config::base_url") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_key_that_is_unknown_is_not_found_by_400_too)
{
    const vk::error why = refused(reply(400, R"({"error":"API key not found or expired","request_id":"r-1"})"));
    BOOST_TEST(why.code == errc::not_found);
    BOOST_TEST(why.request_id == "r-1");
}

BOOST_AUTO_TEST_CASE(redirections_are_reported_and_not_followed)
{
    scripted_world elsewhere(answers_all());
    const vk::error why = refused(reply(301, "moved", "Location: " + elsewhere.server.base_url() + "/api_keys\r\n"));
    BOOST_TEST(why.code == errc::unexpected_status);
    BOOST_TEST(why.http_status == 301U);
    BOOST_TEST(elsewhere.server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(no_content_is_no_success)
{
    const vk::error why = refused("HTTP/1.1 204 No Content\r\n\r\n");
    BOOST_TEST(why.code == errc::unexpected_status);
    BOOST_TEST(why.http_status == 204U);
}

BOOST_AUTO_TEST_CASE(the_issues_of_each_field_are_kept)
{
    const vk::error why = refused(reply(400,
                                        R"({"error":"Invalid request","details":{"_errors":[],)"
                                        R"("consumptionLimit":{"usd":{"_errors":["must be positive"]}}},)"
                                        R"("issues":[{"path":["description"],"message":"too long"}]})",
                                        "CF-RAY: 8a1b2c-VIE\r\n"));
    BOOST_TEST(why.code == errc::invalid_request);
    BOOST_TEST_REQUIRE(why.issues.size() == 2U);
    BOOST_TEST(why.issues[0].path == "consumptionLimit.usd");
    BOOST_TEST(why.issues[0].text == "must be positive");
    BOOST_TEST(why.issues[1].path == "description");
    BOOST_TEST(why.request_id == "8a1b2c-VIE");
    BOOST_TEST(why.message().find("consumptionLimit.usd: must be positive") != std::string::npos);
    BOOST_TEST(why.message().find("8a1b2c-VIE") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_shape_of_an_error_body_gives_its_text)
{
    BOOST_TEST(refused(reply(400, R"({"error":"short"})")).server_text == "short");
    BOOST_TEST(refused(reply(400, R"({"error":{"message":"long","type":"t","param":"usd","code":"c"}})")).server_text ==
               "long");
    BOOST_TEST(refused(reply(400, "plain words")).server_text == "plain words");
    BOOST_TEST(refused(reply(400, "")).server_text.empty());
    const vk::error page = refused(reply(502,
                                         "<html><head><title>502 Bad Gateway</title></head><body>"
                                         "<h1>Bad Gateway</h1></body></html>",
                                         "Content-Type: text/html\r\n"));
    BOOST_TEST(page.code == errc::unavailable);
    BOOST_TEST(page.server_text.find("Bad Gateway") != std::string::npos);
    BOOST_TEST(page.server_text.find('<') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(retry_after_is_read_as_seconds_and_as_a_date)
{
    const vk::error seconds = refused(reply(429, "{}", "Retry-After: 7\r\n"));
    BOOST_TEST(seconds.code == errc::rate_limited);
    BOOST_REQUIRE(seconds.retry_after.has_value());
    BOOST_TEST(*seconds.retry_after > 5s);
    BOOST_TEST(*seconds.retry_after <= 7s);
    const vk::error past = refused(reply(503, "{}", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    BOOST_REQUIRE(past.retry_after.has_value());
    BOOST_TEST(*past.retry_after == 0ms);
    BOOST_TEST(!refused(reply(503, "{}", "Retry-After: soon\r\n")).retry_after.has_value());
}

BOOST_AUTO_TEST_CASE(success_false_is_a_refusal)
{
    const vk::error why = refused(reply(200, R"({"success":false,"error":"not today"})"));
    BOOST_TEST(why.code == errc::rejected);
    BOOST_TEST(why.server_text == "not today");
}

BOOST_AUTO_TEST_CASE(a_success_without_proper_json_is_malformed)
{
    for (const char* const body :
         {"", "{", "not json", R"({"data":{"id":"some-key","consumptionLimits":{"usd":1e400}},"success":true})",
          R"({"data":{"id":"some-key","id":"some-key"},"success":true})", "[]x"}) {
        const vk::error why = refused(reply(200, body));
        BOOST_TEST(why.code == errc::malformed_reply, body << ": " << why.message());
        BOOST_TEST(why.http_status == 200U);
    }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_http_are_a_protocol_error)
{
    const std::string body = R"({"data":{"id":"some-key"},"success":true})";
    for (const std::string& bytes : {
             std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
             std::string("HTTP/2 200 OK\r\n\r\n"),
             std::string("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
             std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"),
             std::string("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n"),
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + body,
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n" + body,
             "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 41\r\n\r\n" + body,
             std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
             std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
         }) {
        const vk::error why = refused(bytes);
        BOOST_TEST(why.code == errc::protocol_error, bytes << ": " << why.message());
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_ends_too_soon_is_a_lost_connection)
{
    const auto script = [](bool clean, std::string bytes) {
        return [clean, bytes = std::move(bytes)](scripted_connection& here) {
            here.read_request();
            here.send(bytes);
            clean ? here.close() : here.cut();
        };
    };
    const std::string body = R"({"data":{"id":"some-key"},"success":true})";
    for (const bool clean : {true, false}) {
        scripted_world in_the_head(script(clean, "HTTP/1.1 200 OK\r\nConte"));
        BOOST_TEST(code_of(in_the_head.update()) == errc::connection_lost);
        scripted_world in_the_body(script(clean, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + body));
        BOOST_TEST(code_of(in_the_body.update()) == errc::connection_lost);
        scripted_world in_a_chunk(script(clean, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + body));
        BOOST_TEST(code_of(in_a_chunk.update()) == errc::connection_lost);
    }
    // Without a length only close_notify says that it is whole (RFC 9112 section 9.8).
    scripted_world truncated(script(false, "HTTP/1.1 200 OK\r\n\r\n" + body));
    const updated_key lost = truncated.update();
    BOOST_TEST(code_of(lost) == errc::connection_lost);
    BOOST_TEST(text_of(lost).find("close_notify") != std::string::npos);
    BOOST_TEST(lost.error().cause.failed());
    scripted_world whole(script(true, "HTTP/1.1 200 OK\r\n\r\n" + body));
    BOOST_TEST(text_of(whole.update()) == "success");
    scripted_world with_length(
        script(false, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
    BOOST_TEST(text_of(with_length.update()) == "success");
}

BOOST_AUTO_TEST_CASE(a_connection_that_stalls_is_lost)
{
    scripted_world world([](scripted_connection& here) {
        here.read_request();
        here.send("HTTP/1.1 200 OK\r\n");
        here.wait_for_end();
    });
    world.settings.stall_timeout = 80ms;
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::connection_lost);
    BOOST_TEST(text_of(key).find("stall_timeout") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
