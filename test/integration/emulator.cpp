// The emulator over real sockets, seen by a client that is not ours.
#include <venice_keys/emulator.hpp>

#include "emulator/tls_settings.hpp"
#include "integration/plain_client.hpp"
#include "integration/served_emulator.hpp"
#include "support/printing.hpp"
#include "support/server_process.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>

#include <openssl/pem.h>

#include <stdlib.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

BOOST_AUTO_TEST_SUITE(integration_emulator)

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace json = boost::json;
namespace vk = venice_keys;
using test::described;
using test::plain_client;
using test::served;
using test::soon;
using test::with_keys;
using end = test::plain_client::end;

// As for a proxy in front.
vk::emulator_options with_http()
{
    vk::emulator_options options = with_keys(2);
    options.http_port = 0;
    return options;
}

// A certificate in files of its own, as a user would bring it.
struct own_certificate {
    own_certificate()
    {
        std::string name = (fs::temp_directory_path() / "venice-keys-XXXXXX").string();
        BOOST_TEST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder = name;
        certificate = (folder / "certificate.pem").string();
        private_key = (folder / "key.pem").string();
        const auto identity = vk::emulation::make_identity("");
        BOOST_REQUIRE(identity.has_value());
        ca_pem = vk::emulation::to_pem(*identity->authority);
        std::ofstream{certificate} << vk::emulation::to_pem(*identity->certificate);
        std::FILE* const file = std::fopen(private_key.c_str(), "w");
        BOOST_TEST_REQUIRE(file != nullptr);
        PEM_write_PrivateKey(file, identity->private_key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(file);
    }
    own_certificate(const own_certificate&) = delete;
    own_certificate& operator=(const own_certificate&) = delete;
    ~own_certificate() { fs::remove_all(folder); }

    fs::path folder;
    std::string certificate;
    std::string private_key;
    std::string ca_pem;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_strict_client_trusts_it_and_gets_its_keys)
{
    const served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_REQUIRE(client.connected());
    const auto reply = ask(client, here.request("GET", "/api/v1/api_keys"));
    BOOST_TEST(reply.status == 200U);
    BOOST_TEST(json::parse(reply.body).at("data").as_array().size() == 3U);
    BOOST_TEST(here.emulator.base_url() == "https://localhost:" + std::to_string(here.emulator.port()) + "/api/v1");
}

BOOST_AUTO_TEST_CASE(the_address_and_the_certificate_are_those_of_tls_1_3_with_http_1_1)
{
    const served here;
    const plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_REQUIRE(client.connected());
    BOOST_TEST(SSL_version(client.session()) == TLS1_3_VERSION);
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(client.session(), &chosen, &size);
    BOOST_TEST(std::string(reinterpret_cast<const char*>(chosen), size) == "http/1.1");
}

BOOST_AUTO_TEST_CASE(a_client_that_offers_only_another_protocol_is_turned_away)
{
    const served here;
    const plain_client client{here.emulator.port(), here.emulator.ca_pem(), "spdy/3"};
    BOOST_TEST(!client.connected());
}

BOOST_AUTO_TEST_CASE(an_update_is_answered_with_the_key_and_written_into_the_journal)
{
    const served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    const auto reply = ask(client, here.update(here.id(1), "new"));
    BOOST_TEST(described(reply) == "new");
    BOOST_TEST(here.emulator.keys().at(1).description == "new");
    const auto journal = here.emulator.journal();
    BOOST_TEST_REQUIRE(journal.size() == 1U);
    BOOST_TEST(journal[0].number == 1U);
    BOOST_TEST(journal[0].connection == 1U);
    BOOST_TEST(journal[0].what == vk::journal_entry::change::updated);
    BOOST_TEST(journal[0].key.id == here.id(1));
}

BOOST_AUTO_TEST_CASE(a_key_lives_from_creation_to_removal)
{
    const served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    const auto made = ask(
        client, here.request("POST", "/api/v1/api_keys", R"({"apiKeyType":"ADMIN","description":"d","expiresAt":""})"));
    BOOST_TEST(made.status == 200U);
    const std::string id{json::parse(made.body).at("data").at("id").as_string()};
    const auto found = ask(client, here.request("GET", "/api/v1/api_keys/" + id));
    BOOST_TEST(described(found) == "d");
    const auto removed = ask(client, here.request("DELETE", "/api/v1/api_keys?id=" + id));
    BOOST_TEST(removed.body == R"({"success":true})");
    const auto gone = ask(client, here.request("GET", "/api/v1/api_keys/" + id));
    BOOST_TEST(gone.status == 400U);
    BOOST_TEST(gone.body == R"({"error":"API key not found"})");
    BOOST_TEST(here.emulator.keys().size() == 3U);
}

BOOST_AUTO_TEST_CASE(secrets_of_created_and_of_added_keys_are_tokens_beside_the_first_one)
{
    served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    const auto made =
        ask(client, here.request("POST", "/api/v1/api_keys", R"({"apiKeyType":"ADMIN","description":"d"})"));
    vk::api_key inference;
    inference.type = vk::key_type::inference;
    const auto status_with = [&](const std::string& token, const std::string& path) {
        BOOST_TEST(client.send("GET /api/v1/api_keys" + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                               token + "\r\n\r\n"));
        return client.read_reply().value().status;
    };
    const std::string admin{json::parse(made.body).at("data").at("apiKey").as_string()};
    const std::string poor = here.emulator.add_key(inference);
    BOOST_TEST(status_with(admin, "") == 200U);
    BOOST_TEST(status_with(here.emulator.token(), "") == 200U);
    BOOST_TEST(status_with(poor, "/rate_limits") == 200U);
    BOOST_TEST(status_with(poor, "") == 401U);
}

BOOST_AUTO_TEST_CASE(a_hundred_pipelined_updates_are_answered_in_order)
{
    const served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    std::string all;
    for (int i = 0; i < 100; ++i)
        all += here.update(here.id(static_cast<std::size_t>(i) % 3), std::to_string(i));
    BOOST_TEST(client.send(all));
    for (int i = 0; i < 100; ++i) {
        const auto reply = client.read_reply();
        BOOST_REQUIRE(reply.has_value());
        BOOST_TEST(described(*reply) == std::to_string(i));
    }
    BOOST_TEST(here.emulator.journal().size() == 100U);
}

BOOST_AUTO_TEST_CASE(a_request_that_comes_byte_by_byte_is_answered)
{
    const served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    const std::string bytes = here.update(here.id(0), "slow");
    for (const char byte : bytes)
        BOOST_REQUIRE(client.send({&byte, 1}));
    const auto reply = client.read_reply();
    BOOST_REQUIRE(reply.has_value());
    BOOST_TEST(reply->status == 200U);
}

BOOST_AUTO_TEST_CASE(without_a_token_there_is_only_402_and_with_a_wrong_one_401)
{
    const served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    const auto reply = ask(client, "GET /api/v1/api_keys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\n\r\n");
    BOOST_TEST(reply.status == 401U);
    BOOST_TEST(reply.body == R"({"error":"Authentication failed"})");
    const auto unpaid = ask(client, "GET /api/v1/api_keys HTTP/1.1\r\nHost: x\r\n\r\n");
    BOOST_TEST(unpaid.status == 402U);
    BOOST_TEST(json::parse(unpaid.body).as_object().contains("x402Version"));
    BOOST_TEST(!unpaid.fields.at("payment-required").empty());
}

BOOST_AUTO_TEST_CASE(a_new_token_takes_the_place_of_the_old_one_on_connections_that_are_open)
{
    served here;
    const std::string old_request = here.request("GET", "/api/v1/api_keys");
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_TEST(client.send(old_request));
    BOOST_TEST(client.read_reply().value().status == 200U);
    here.emulator.set_token("another-token");
    BOOST_TEST(here.emulator.token() == "another-token");
    BOOST_TEST(client.send(old_request));
    BOOST_TEST(client.read_reply().value().status == 401U);
    BOOST_TEST(client.send(here.request("GET", "/api/v1/api_keys")));
    BOOST_TEST(client.read_reply().value().status == 200U);
    BOOST_TEST(here.emulator.stats().unauthorized == 1U);
    here.emulator.set_token("");
    BOOST_TEST(here.emulator.token().starts_with("VENICE_ADMIN_KEY_"));
    BOOST_TEST(client.send(old_request));
    BOOST_TEST(client.read_reply().value().status == 401U);
}

BOOST_AUTO_TEST_CASE(the_error_budget_is_told_and_when_it_is_spent_the_token_is_locked_out_on_every_connection)
{
    auto options = with_keys(3);
    options.error_budget = 20;
    const served here{options};
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    std::string all;
    for (int i = 0; i < 21; ++i)
        all += here.update("no-such-key", "x");
    BOOST_TEST(client.send(all));
    for (int i = 0; i < 21; ++i) {
        const auto reply = client.read_reply();
        BOOST_REQUIRE(reply.has_value());
        BOOST_TEST(reply->status == 400U);
        BOOST_TEST(reply->fields.at("x-ratelimit-remaining") == std::to_string(i < 20 ? 19 - i : 0));
        BOOST_TEST(reply->fields.at("x-ratelimit-resets").size() == 13U); // Unix milliseconds
    }
    plain_client other{here.emulator.port(), here.emulator.ca_pem()};
    const auto blocked = ask(other, here.request("GET", "/api/v1/api_keys"));
    BOOST_TEST(blocked.status == 429U);
    BOOST_TEST(blocked.body.find("Too many failed attempts (> 20)") != std::string::npos);
    BOOST_TEST(blocked.fields.count("retry-after") == 0U);
    BOOST_TEST(here.emulator.stats().failures == 22U);
    BOOST_TEST(here.emulator.stats().lockouts == 1U);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_http_are_answered_with_400_and_the_end)
{
    const served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    const auto reply = ask(client, "nonsense\r\n\r\n");
    BOOST_TEST(reply.status == 400U);
    BOOST_TEST(reply.fields.at("connection") == "close");
    BOOST_TEST(here.emulator.stats().failures == 1U);
    BOOST_TEST(client.read_all().empty());
    BOOST_TEST(client.how_it_ended() == end::closed);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_too_large_is_answered_with_413)
{
    const served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    const auto reply = ask(client, "PATCH /api/v1/api_keys HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    BOOST_TEST(reply.status == 413U);
}

BOOST_AUTO_TEST_CASE(a_client_that_waits_for_100_continue_gets_it)
{
    const served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    const std::string body = R"({"id":")" + here.id(0) + R"(","description":"waited"})";
    std::string bytes = here.request("PATCH", "/api/v1/api_keys", body, "1.1", "Expect: 100-continue\r\n");
    const auto encouraged = ask(client, std::string_view{bytes}.substr(0, bytes.size() - body.size()));
    BOOST_TEST(encouraged.status == 100U);
    const auto reply = ask(client, body);
    BOOST_TEST(described(reply) == "waited");
}

BOOST_AUTO_TEST_CASE(a_proxy_in_front_may_speak_http_1_0_to_the_plain_port)
{
    const served here{with_http()};
    plain_client client{here.emulator.http_port(), ""};
    const auto reply = ask(client, here.request("GET", "/api/v1/api_keys", {}, "1.0"));
    BOOST_TEST(reply.status == 200U);
    BOOST_TEST(reply.fields.at("connection") == "close");
    BOOST_TEST(client.read_all().empty());
    BOOST_TEST(client.how_it_ended() == end::closed);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_connection_is_said_at_once)
{
    const served here{with_http()};
    const auto ends_quickly = [&](std::uint16_t port, const std::string& ca_pem) {
        plain_client client{port, ca_pem};
        BOOST_TEST(client.send(here.request("GET", "/api/v1/api_keys", {}, "1.1", "Connection: close\r\n")));
        BOOST_TEST(client.read_reply().has_value());
        const auto answered = std::chrono::steady_clock::now();
        BOOST_TEST(client.read_all().empty());
        return std::chrono::steady_clock::now() - answered < std::chrono::milliseconds{200};
    };
    // A busy machine may need several tries; the end that is not said comes after half a second each time.
    BOOST_TEST(soon([&] { return ends_quickly(here.emulator.http_port(), ""); }));
    BOOST_TEST(soon([&] { return ends_quickly(here.emulator.port(), here.emulator.ca_pem()); }));
}

BOOST_AUTO_TEST_CASE(a_proxy_that_asks_http_1_0_to_keep_the_connection_is_told_that_it_stays)
{
    const served here{with_http()};
    plain_client client{here.emulator.http_port(), ""};
    for (int i = 0; i < 2; ++i) {
        const auto reply =
            ask(client, here.request("GET", "/api/v1/api_keys", {}, "1.0", "Connection: keep-alive\r\n"));
        BOOST_TEST(reply.fields.at("connection") == "keep-alive");
    }
}

BOOST_AUTO_TEST_CASE(the_plain_port_and_tls_serve_the_same_keys)
{
    const served here{with_http()};
    plain_client client{here.emulator.http_port(), ""};
    BOOST_TEST(client.send(here.update(here.id(0), "over http") + here.update(here.id(1), "as well")));
    BOOST_REQUIRE(client.read_reply().has_value());
    BOOST_REQUIRE(client.read_reply().has_value());
    plain_client other{here.emulator.port(), here.emulator.ca_pem()};
    const auto reply = ask(other, here.request("GET", "/api/v1/api_keys/" + here.id(0)));
    BOOST_TEST(described(reply) == "over http");
    BOOST_TEST(here.emulator.http_base_url() ==
               "http://127.0.0.1:" + std::to_string(here.emulator.http_port()) + "/api/v1");
}

BOOST_AUTO_TEST_CASE(a_chunked_request_is_understood)
{
    const served here{with_http()};
    plain_client client{here.emulator.http_port(), ""};
    const std::string first = R"({"id":")" + here.id(0);
    BOOST_TEST(client.send("PATCH /api/v1/api_keys HTTP/1.1\r\nHost: backend\r\nAuthorization: Bearer " +
                           here.emulator.token() +
                           "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"));
    std::string size;
    for (std::size_t rest = first.size(); rest != 0; rest /= 16)
        size.insert(size.begin(), "0123456789abcdef"[rest % 16]);
    BOOST_TEST(client.send(size + "\r\n" + first + "\r\n"));
    const auto reply = ask(client, "17\r\n\",\"description\":\"lumps\"\r\n1\r\n}\r\n0\r\n\r\n");
    BOOST_TEST(reply.status == 200U);
    BOOST_TEST(here.emulator.keys().at(0).description == "lumps");
}

BOOST_AUTO_TEST_CASE(an_answer_to_head_has_no_body)
{
    const served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_TEST(client.send(here.request("HEAD", "/api/v1/api_keys") + here.update(here.id(0), "after")));
    const auto head = client.read_reply(true);
    BOOST_REQUIRE(head.has_value());
    BOOST_TEST(std::stoul(head->fields.at("content-length")) > 0U);
    const auto reply = client.read_reply();
    BOOST_REQUIRE(reply.has_value());
    BOOST_TEST(described(*reply) == "after");
}

BOOST_AUTO_TEST_CASE(stopping_frees_the_port_and_closes_the_connections)
{
    vk::emulator_options options = with_keys(3);
    options.port = test::free_port(); // that nobody else gets by chance as soon as it is free
    const std::uint16_t port = options.port;
    served here{options};
    plain_client client{port, here.emulator.ca_pem()};
    BOOST_TEST(client.send(here.request("GET", "/api/v1/api_keys")));
    BOOST_REQUIRE(client.read_reply().has_value());
    here.emulator.stop();
    BOOST_TEST(client.read_all().empty());
    BOOST_TEST(client.how_it_ended() == end::closed);
    const plain_client late{port, here.emulator.ca_pem()};
    BOOST_TEST(late.how_it_ended() == end::refused);
}

BOOST_AUTO_TEST_CASE(dropping_the_connections_leaves_the_port_open)
{
    served here;
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_TEST(client.send(here.request("GET", "/api/v1/api_keys")));
    BOOST_REQUIRE(client.read_reply().has_value());
    here.emulator.drop_connections();
    BOOST_TEST(client.read_all().empty());
    BOOST_TEST(client.how_it_ended() == end::closed);
    plain_client again{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_TEST(again.send(here.request("GET", "/api/v1/api_keys")));
    BOOST_TEST(again.read_reply().has_value());
    BOOST_TEST(here.emulator.stats().connections == 2U);
}

BOOST_AUTO_TEST_CASE(the_executor_runs_dry_after_stop)
{
    asio::io_context io;
    vk::emulator emulator{io.get_executor(), with_keys(1)};
    std::thread thread{[&] {
        io.run();
    }};
    const plain_client client{emulator.port(), emulator.ca_pem()};
    BOOST_TEST(client.connected());
    emulator.stop();
    thread.join(); // would hang for ever
}

BOOST_AUTO_TEST_CASE(the_executor_runs_dry_although_a_client_reads_nothing)
{
    asio::io_context io;
    vk::emulator emulator{io.get_executor(), with_keys(30'000)}; // one answer is more than sockets hold
    std::thread thread{[&] {
        io.run();
    }};
    plain_client client{emulator.port(), emulator.ca_pem()};
    BOOST_TEST(client.send("GET /api/v1/api_keys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + emulator.token() +
                           "\r\n\r\n"));
    while (emulator.stats().requests == 0) // so that the stop comes while there is still room to write
        std::this_thread::yield();
    emulator.stop();
    thread.join(); // would hang for ever
    BOOST_TEST(client.read_all().size() < 10'000'000U);
}

BOOST_AUTO_TEST_CASE(it_may_die_after_the_executor_has_stopped)
{
    asio::io_context io;
    {
        vk::emulator emulator{io.get_executor(), with_keys(1)};
        emulator.add_fault(vk::fault::stall());
        std::thread thread{[&] {
            io.run();
        }};
        plain_client client{emulator.port(), emulator.ca_pem()};
        BOOST_TEST(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        BOOST_TEST(soon([&] { return emulator.stats().requests == 1; }));
        io.stop();
        thread.join();
    }
}

BOOST_AUTO_TEST_CASE(it_may_die_without_ever_having_run)
{
    asio::io_context io;
    const vk::emulator emulator{io.get_executor()};
    BOOST_TEST(emulator.port() != 0U);
}

BOOST_AUTO_TEST_CASE(every_member_may_be_called_while_it_serves)
{
    served here;
    const std::string id = here.id(0);
    std::atomic<bool> done{false};
    std::atomic<int> answered{0};
    const auto ask = [&] {
        while (!done) {
            plain_client client{here.emulator.port(), here.emulator.ca_pem()};
            for (int i = 0; i < 20 && client.connected(); ++i) {
                if (!client.send(here.update(id, std::to_string(i))) || !client.read_reply())
                    break;
                ++answered;
            }
        }
    };
    std::thread first{ask};
    std::thread second{ask};
    std::size_t next_drop = 0; // some are let through between the drops, or a busy machine serves none
    const bool served_enough = soon([&] {
        here.emulator.add_fault(vk::fault::close());
        if (const std::size_t requests = here.emulator.stats().requests; requests >= next_drop) {
            here.emulator.drop_connections();
            next_drop = requests + 5;
        }
        here.emulator.clear_faults();
        return here.emulator.keys().size() == 3 && here.emulator.journal().size() >= 100 &&
               here.emulator.stats().requests >= 100;
    });
    here.emulator.stop();
    done = true;
    first.join();
    second.join();
    BOOST_TEST(served_enough);
    BOOST_TEST(here.emulator.journal().size() >= static_cast<std::size_t>(answered));
}

BOOST_AUTO_TEST_CASE(a_late_update_is_not_applied_after_stop)
{
    served here;
    here.emulator.add_fault(vk::fault::close().applied(vk::fault::apply::late));
    plain_client client{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_TEST(client.send(here.update(here.id(0), "late")));
    BOOST_TEST(soon([&] { return here.emulator.stats().faults == 1; }));
    here.emulator.stop();
    here.pool.join(); // its timer included
    BOOST_TEST(here.emulator.journal().empty());
}

BOOST_AUTO_TEST_CASE(certificate_files_are_used_and_their_ca_is_not_ours_to_give)
{
    const own_certificate files;
    vk::emulator_options options = with_keys(1);
    options.certificate_file = files.certificate;
    options.private_key_file = files.private_key;
    const served here{options};
    BOOST_TEST(here.emulator.ca_pem().empty());
    plain_client client{here.emulator.port(), files.ca_pem};
    BOOST_REQUIRE(client.connected());
    BOOST_TEST(client.send(here.request("GET", "/api/v1/api_keys")));
    BOOST_TEST(client.read_reply().has_value());
}

BOOST_AUTO_TEST_CASE(a_private_key_of_another_certificate_is_refused)
{
    const own_certificate files;
    const own_certificate others;
    vk::emulator_options options;
    options.certificate_file = files.certificate;
    options.private_key_file = others.private_key;
    asio::io_context io;
    BOOST_CHECK_THROW(vk::emulator(io.get_executor(), options), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(a_session_can_be_resumed)
{
    const served here;
    plain_client first{here.emulator.port(), here.emulator.ca_pem()};
    BOOST_TEST(first.send(here.request("GET", "/api/v1/api_keys")));
    BOOST_REQUIRE(first.read_reply().has_value()); // a ticket has come by then
    plain_client second{here.emulator.port(), here.emulator.ca_pem(), "http/1.1", SSL_get0_session(first.session())};
    BOOST_REQUIRE(second.connected());
    BOOST_TEST(SSL_session_reused(second.session()) == 1);
}

BOOST_AUTO_TEST_CASE(the_https_address_follows_the_address_that_it_listens_on)
{
    asio::io_context io;
    vk::emulator_options options;
    options.http_port = 0;
    options.address = "127.0.0.2";
    BOOST_TEST(vk::emulator(io.get_executor(), options).base_url().starts_with("https://localhost:"));
    BOOST_TEST(vk::emulator(io.get_executor(), options).http_base_url().starts_with("http://127.0.0.2:"));
    options.address = "0.0.0.0";
    BOOST_TEST(vk::emulator(io.get_executor(), options).http_base_url().starts_with("http://127.0.0.1:"));
    options.address = "nowhere";
    BOOST_CHECK_THROW(vk::emulator(io.get_executor(), options), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_said_at_once)
{
    const served here;
    vk::emulator_options options;
    options.port = here.emulator.port();
    asio::io_context io;
    BOOST_CHECK_EXCEPTION(vk::emulator(io.get_executor(), options), boost::system::system_error,
                          [&](const boost::system::system_error& why) {
                              return why.code() == asio::error::address_in_use &&
                                     std::string{why.what()} ==
                                         "cannot listen on 127.0.0.1:" + std::to_string(options.port) +
                                             ": Address already in use; give another port, or 0 for a free one";
                          });
}

BOOST_AUTO_TEST_CASE(a_certificate_file_that_is_not_there_is_named)
{
    vk::emulator_options options;
    options.certificate_file = "/nowhere/certificate.pem";
    options.private_key_file = "/nowhere/key.pem";
    asio::io_context io;
    BOOST_CHECK_EXCEPTION(vk::emulator(io.get_executor(), options), boost::system::system_error,
                          [](const boost::system::system_error& why) {
                              return std::string{why.what()}.find("/nowhere/certificate.pem") != std::string::npos &&
                                     why.code() == boost::system::errc::no_such_file_or_directory;
                          });
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_ids_and_another_seed_others)
{
    asio::io_context io;
    vk::emulator_options options = with_keys(3);
    const vk::emulator first{io.get_executor(), options};
    const vk::emulator second{io.get_executor(), options};
    options.seed = 2;
    const vk::emulator third{io.get_executor(), options};
    BOOST_TEST(first.keys().at(2).id == second.keys().at(2).id);
    BOOST_TEST(first.keys().at(2).id != third.keys().at(2).id);
    BOOST_TEST(first.token() != second.token());
}

BOOST_AUTO_TEST_CASE(an_execution_context_stands_for_its_executor)
{
    asio::io_context io;
    const vk::emulator alone{io};
    vk::emulator with_keys{io, {.initial_keys = 3}};
    BOOST_TEST(alone.port() != 0);
    BOOST_TEST(with_keys.keys().size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
