// TLS as a client uses it: versions, names, resumption, endings, client certificates, pins, and where trust comes from.
#include "support/scripted_world.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <functional>

BOOST_AUTO_TEST_SUITE(integration_tls)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

namespace {

// The message of what the constructor throws; empty when it does not.
std::string thrown_by(const vk::config& settings)
{
    asio::io_context io;
    try {
        const vk::client client(io.get_executor(), vk::credentials(vk::secret("t")), settings);
        return {};
    } catch (const vk::request_failed& failed) {
        BOOST_TEST(failed.error().code == errc::invalid_argument);
        BOOST_TEST_MESSAGE(failed.what());
        return failed.what();
    }
}

// The same with one change to a configuration that is good.
template <class Change>
std::string thrown_after(Change change)
{
    vk::config settings;
    change(settings);
    return thrown_by(settings);
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(tls_1_1_is_too_old)
{
    server_options old;
    old.highest_version = TLS1_1_VERSION;
    scripted_world world(answers_all(), old);
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::tls_failed);
    BOOST_TEST(contains(text_of(key), "protocol version"), text_of(key));
    BOOST_TEST(world.server.requests().empty());
}

BOOST_AUTO_TEST_CASE(tls_1_2_is_good_enough)
{
    server_options older;
    older.highest_version = TLS1_2_VERSION;
    scripted_world world(answers_all(), older);
    BOOST_TEST(text_of(world.update()) == "success");
}

BOOST_AUTO_TEST_CASE(the_servers_name_and_the_protocols_are_named_in_the_hello)
{
    scripted_world world(answers_all());
    BOOST_TEST(text_of(world.update()) == "success");
    BOOST_TEST_REQUIRE(world.server.names().size() == 1U);
    BOOST_TEST(world.server.names().front() == "localhost");
    BOOST_TEST_REQUIRE(world.server.protocols().size() == 1U);
    BOOST_TEST(world.server.protocols().front() == std::string("\0\x0c\x02h2\x08http/1.1", 14));
}

BOOST_AUTO_TEST_CASE(the_second_connection_resumes_the_session_of_the_first)
{
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        server_options options;
        options.highest_version = version;
        std::atomic<int> resumed{0};
        scripted_world world(
            [&](scripted_connection& here) {
                resumed += SSL_session_reused(here.native());
                if (const auto request = here.read_request())
                    here.send(updated(request->id(), "", "Connection: close\r\n"));
                here.close();
            },
            options);
        BOOST_TEST(text_of(world.update()) == "success");
        BOOST_TEST(world.client->stats().sessions_resumed == 0U);
        BOOST_TEST(text_of(world.update()) == "success");
        BOOST_TEST(world.client->stats().sessions_resumed == 1U);
        BOOST_TEST(world.client->stats().connections_opened == 2U);
        BOOST_TEST(resumed == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_session_is_not_resumed_where_the_server_gives_no_ticket)
{
    server_options options;
    options.tickets = false;
    scripted_world world(
        [](scripted_connection& here) {
            if (const auto request = here.read_request())
                here.send(updated(request->id(), "", "Connection: close\r\n"));
            here.close();
        },
        options);
    BOOST_TEST(text_of(world.update()) == "success");
    BOOST_TEST(text_of(world.update()) == "success");
    BOOST_TEST(world.client->stats().sessions_resumed == 0U);
}

namespace {

// Answers one update, and sees how the client ends the connection.
struct parting_world : scripted_world {
    parting_world()
        : scripted_world([this](scripted_connection& here) {
              if (const auto request = here.read_request())
                  here.send(updated(request->id()));
              seen = here.wait_for_end();
              ended.open();
          })
    {
    }
    ~parting_world() { server.stop(); }

    std::atomic<ending> seen{ending::still_open};
    gate ended;
};

} // namespace

BOOST_AUTO_TEST_CASE(the_client_says_goodbye_when_it_closes)
{
    parting_world world;
    BOOST_TEST(text_of(world.update()) == "success");
    std::optional<bool> closed;
    world.client->close(1s, [&](vk::result<void> done) { closed = done.has_value(); });
    BOOST_REQUIRE(run_out(world.io));
    BOOST_TEST(closed.value_or(false));
    BOOST_REQUIRE(world.ended.wait());
    BOOST_TEST(world.seen.load() == ending::clean);
}

BOOST_AUTO_TEST_CASE(the_client_says_goodbye_when_it_is_destroyed)
{
    parting_world world;
    BOOST_TEST(text_of(world.update()) == "success");
    world.client.reset();
    BOOST_REQUIRE(run_out(world.io));
    BOOST_REQUIRE(world.ended.wait());
    BOOST_TEST(world.seen.load() == ending::clean);
}

BOOST_AUTO_TEST_CASE(closing_does_not_wait_for_a_server_that_does_not_say_goodbye)
{
    scripted_world world([](scripted_connection& here) {
        if (const auto request = here.read_request())
            here.send(updated(request->id()));
        here.hold();
    });
    BOOST_TEST(text_of(world.update()) == "success");
    const auto begin = std::chrono::steady_clock::now();
    world.client.reset();
    BOOST_REQUIRE(run_out(world.io));
    BOOST_TEST((std::chrono::steady_clock::now() - begin) < 3s);
}

BOOST_AUTO_TEST_CASE(a_client_certificate_is_shown_to_a_server_that_asks)
{
    const authority clients;
    certificate_wish wish;
    wish.names = {};
    wish.common_name = "a client";
    const identity who = clients.issue(wish);
    const temporary_file certificate(who.certificate_pem);
    const temporary_file key(who.private_key_pem);
    server_options strict;
    strict.client_ca_pem = clients.pem();
    scripted_world world(answers_all(), strict);
    BOOST_TEST(!world.update().has_value()); // without one

    scripted_world known(answers_all(), strict);
    known.settings.tls.certificate_file = certificate.path();
    known.settings.tls.private_key_file = key.path();
    BOOST_TEST(text_of(known.update()) == "success");
}

BOOST_AUTO_TEST_CASE(a_pin_of_the_leaf_or_of_the_authority_lets_the_connection_through)
{
    const authority trusted;
    const identity who = trusted.issue();
    scripted_server server(who, answers_all());
    for (const std::string& pin : {who.pin, trusted.pin()}) {
        asio::io_context io;
        vk::config settings = quick_config(server.base_url(), trusted.pem());
        settings.tls.pinned_public_keys = {authority().pin(), pin};
        vk::client client(io.get_executor(), vk::credentials(vk::secret("t")), settings);
        outcomes results(1);
        client.update_key(vk::key_update("k").usd(1), results.handler(0));
        BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
        BOOST_TEST(text_of(results[0]) == "success");
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_ends_the_call_before_the_token_is_sent)
{
    scripted_world world(answers_all());
    world.settings.tls.pinned_public_keys = {authority().pin()};
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::tls_failed);
    BOOST_TEST(contains(text_of(key), "pinned_public_keys"));
    BOOST_TEST(world.server.connections() == 1U);
    BOOST_TEST(world.server.requests().empty());
}

BOOST_AUTO_TEST_CASE(trust_comes_from_a_file_or_a_text_or_both)
{
    const authority first;
    const authority second;
    const temporary_file file(first.pem());
    scripted_server one(first.issue(), answers_all());
    scripted_server two(second.issue(), answers_all());
    const auto outcome = [](const scripted_server& server, const std::string& ca_file, const std::string& ca_pem) {
        asio::io_context io;
        vk::config settings = quick_config(server.base_url(), ca_pem);
        settings.tls.ca_file = ca_file;
        vk::client client(io.get_executor(), vk::credentials(vk::secret("t")), settings);
        outcomes results(1);
        client.update_key(vk::key_update("k").usd(1), results.handler(0));
        BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
        return code_of(results[0]);
    };
    BOOST_TEST(outcome(one, file.path(), "") == errc{});
    BOOST_TEST(outcome(two, file.path(), "") == errc::tls_failed);
    BOOST_TEST(outcome(two, "", second.pem()) == errc{});
    BOOST_TEST(outcome(one, "", second.pem()) == errc::tls_failed);
    BOOST_TEST(outcome(one, file.path(), second.pem()) == errc{});
    BOOST_TEST(outcome(two, file.path(), second.pem()) == errc{});
    BOOST_TEST(outcome(one, "", second.pem() + first.pem()) == errc{}, "every certificate of the text counts");
}

BOOST_AUTO_TEST_CASE(verification_has_a_switch_with_a_loud_name)
{
    scripted_world world(answers_all(), {}, [] {
        certificate_wish wish;
        wish.names = {"DNS:example.org"};
        wish.ends = -1s;
        wish.begins = -100s;
        return wish;
    }());
    world.settings.tls.ca_pem.clear();
    world.settings.tls.insecure_accept_any_certificate_for_tests = true;
    BOOST_TEST(text_of(world.update()) == "success");
}

BOOST_AUTO_TEST_CASE(what_can_not_be_used_is_told_by_the_constructor_with_the_fields_name)
{
    const identity who = authority().issue();
    const identity other = authority().issue();
    const temporary_file certificate(who.certificate_pem);
    const temporary_file wrong_key(other.private_key_pem);
    const temporary_file nonsense("nonsense");
    BOOST_TEST(thrown_by({}).empty());
    BOOST_TEST(contains(thrown_after([](vk::config& s) { s.tls.ca_file = "/no/such/file"; }), "tls.ca_file"));
    BOOST_TEST(contains(thrown_after([](vk::config& s) { s.tls.ca_file = "/no/such/file"; }), "/no/such/file"));
    BOOST_TEST(contains(thrown_after([&](vk::config& s) { s.tls.ca_file = nonsense.path(); }), "tls.ca_file"));
    BOOST_TEST(contains(thrown_after([](vk::config& s) { s.tls.ca_pem = "nonsense"; }), "tls.ca_pem"));
    BOOST_TEST(contains(thrown_after([&](vk::config& s) { s.tls.certificate_file = certificate.path(); }),
                        "tls.private_key_file"));
    BOOST_TEST(contains(thrown_after([&](vk::config& s) {
                            s.tls.certificate_file = certificate.path();
                            s.tls.private_key_file = wrong_key.path();
                        }),
                        "tls.private_key_file"));
    BOOST_TEST(contains(thrown_after([&](vk::config& s) {
                            s.tls.certificate_file = nonsense.path();
                            s.tls.private_key_file = wrong_key.path();
                        }),
                        "tls.certificate_file"));
    BOOST_TEST(
        contains(thrown_after([](vk::config& s) { s.tls.pinned_public_keys = {"abc"}; }), "tls.pinned_public_keys[0]"));
    BOOST_TEST(contains(thrown_after([](vk::config& s) { s.base_url = "http://localhost/"; }), "base_url"));
    BOOST_TEST(contains(thrown_after([](vk::config& s) { s.max_connections = 0; }), "max_connections"));
    BOOST_TEST(contains(thrown_after([](vk::config& s) { s.pipeline_depth = 0; }), "pipeline_depth"));
    BOOST_TEST(contains(thrown_after([](vk::config& s) { s.timeout = 0ms; }), "timeout"));
    BOOST_TEST(contains(thrown_after([](vk::config& s) { s.retry.max_attempts = 0; }), "retry.max_attempts"));
    BOOST_TEST(contains(thrown_after([](vk::config& s) { s.user_agent = "\x01"; }), "user_agent"));
}

// A thread has one queue of errors, and not everybody clears what is his. OpenSSL would call an answer that has come in
// part a failure.
BOOST_AUTO_TEST_CASE(an_error_that_others_left_with_openssl_is_not_taken_for_ours)
{
    scripted_world world([](scripted_connection& here) {
        while (const auto request = here.read_request())
            here.send(updated(request->id(), std::string(100'000, 'x'))); // several records, and reads of the socket
    });
    world.start();
    bool stopped = false;
    std::function<void()> litter = [&] { // in every turn of the loop
        ERR_raise(ERR_LIB_USER, ERR_R_INTERNAL_ERROR);
        if (!stopped)
            asio::post(world.io, litter);
    };
    litter();
    const updated_key key = world.update();
    stopped = true;
    BOOST_TEST(key.has_value(), text_of(key));
    ERR_clear_error();
    BOOST_TEST(world.client->stats().connections_opened == 1U);
    BOOST_TEST(world.client->stats().connections_lost == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
