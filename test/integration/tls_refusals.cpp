// A server that does not accept the client's side of a handshake: what the caller learns, and that nothing was sent.
#include "support/scripted_world.hpp"

#include <openssl/ssl.h>

#include <memory>

BOOST_AUTO_TEST_SUITE(integration_tls_refusals)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

namespace {

bool says(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

// A server that insists on a client's certificate of this authority.
server_options strict(const authority& clients, int version)
{
    server_options options;
    options.client_ca_pem = clients.pem();
    options.highest_version = version;
    return options;
}

template <class T>
void check_refused(const vk::result<T>& got, std::string_view reason)
{
    BOOST_TEST_MESSAGE(text_of(got));
    BOOST_REQUIRE(!got.has_value());
    BOOST_TEST(code_of(got) == errc::tls_failed);
    BOOST_TEST(got.error().delivery == vk::delivery::not_sent);
    BOOST_TEST(!got.error().maybe_applied());
    BOOST_TEST(!got.error().retryable());
    BOOST_TEST(got.error().cause.failed());
    BOOST_TEST(says(text_of(got), reason), text_of(got) << " does not say " << reason);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_client_certificate_that_is_missing_is_told_at_once_and_nothing_was_sent)
{
    const authority clients;
    for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
        scripted_world world(answers_all(), strict(clients, version));
        const std::string reason = "wants a client certificate: set config::tls.certificate_file";
        check_refused(world.update(), reason);
        BOOST_TEST(world.server.connections() == 1U); // another try would be in vain

        std::optional<vk::result<vk::created_key>> made;
        world.start().create_key(vk::new_key(vk::key_type::inference, "a key"),
                                 [&](vk::result<vk::created_key> key) { made = std::move(key); });
        BOOST_REQUIRE(run_until(world.io, [&] { return made.has_value(); }));
        check_refused(*made, reason);
        BOOST_TEST(world.server.connections() == 2U);
        BOOST_TEST(world.server.requests().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_client_certificate_that_is_not_accepted_is_told_at_once_with_the_reason)
{
    const authority clients;
    const identity stranger = authority().issue();
    const temporary_file certificate(stranger.certificate_pem);
    const temporary_file key(stranger.private_key_pem);
    for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
        scripted_world world(answers_all(), strict(clients, version));
        world.settings.tls.certificate_file = certificate.path();
        world.settings.tls.private_key_file = key.path();
        check_refused(world.update(), "does not accept the client certificate of config::tls.certificate_file");
        BOOST_TEST(world.server.connections() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(all_who_wait_behind_a_refused_handshake_learn_of_it)
{
    const authority clients;
    scripted_world world(answers_all(), strict(clients, TLS1_3_VERSION));
    world.settings.max_connections = 4;
    outcomes results(50);
    for (std::size_t i = 0; i != results.size(); ++i)
        world.start().update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    BOOST_TEST(results.each_once());
    for (std::size_t i = 0; i != results.size(); ++i)
        check_refused(results[i], "wants a client certificate");
}

// A server without a session id context that may ask for certificates gives tickets and fails every handshake that
// offers one.
BOOST_AUTO_TEST_CASE(a_ticket_that_is_refused_costs_a_handshake_and_no_attempt)
{
    for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
        server_options forgetful;
        forgetful.takes_tickets = false;
        forgetful.highest_version = version;
        scripted_world world(
            [](scripted_connection& here) {
                if (const auto request = here.read_request())
                    here.send(updated(request->id(), "", "Connection: close\r\n"));
                here.close();
            },
            forgetful);
        world.settings.retry.max_attempts = 1;
        world.settings.retry.base_delay = 10s; // would be seen
        world.settings.retry.max_delay = 10s;
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i != 4; ++i)
            BOOST_TEST(text_of(world.update()) == "success");
        BOOST_TEST((std::chrono::steady_clock::now() - begin) < 5s);
        BOOST_TEST(world.client->stats().sessions_resumed == 0U);
        BOOST_TEST(world.client->stats().connections_opened == 4U);
        BOOST_TEST(world.server.handshakes() == 4U);
        BOOST_TEST(world.server.connections() == 7U); // the first had no ticket to offer
    }
}

BOOST_AUTO_TEST_CASE(a_resumed_connection_that_dies_before_its_first_answer_leaves_no_ticket)
{
    for (const bool stalls : {false, true}) {
        std::atomic<int> resumed{0};
        scripted_world world([&](scripted_connection& here) {
            if (SSL_session_reused(here.native()) == 1) {
                ++resumed;
                (void)here.read_request();
                if (stalls)
                    (void)here.wait_for_end();
                return here.cut();
            }
            if (const auto request = here.read_request())
                here.send(updated(request->id(), "", "Connection: close\r\n"));
            here.close();
        });
        world.settings.stall_timeout = 100ms;
        BOOST_TEST(text_of(world.update()) == "success");
        BOOST_TEST(text_of(world.update()) == "success"); // at the second attempt
        BOOST_TEST(resumed == 1);
        BOOST_TEST(world.server.handshakes() == 3U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
