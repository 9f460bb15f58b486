// Promise 9, for what comes before the first request: resolving, connecting and TLS fail each in their own way.
#include "net/tls_context.hpp"
#include "support/scripted_world.hpp"
#include "support/server_process.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

BOOST_AUTO_TEST_SUITE(integration_promise_09_connecting)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

namespace {

bool says(const updated_key& key, std::string_view what)
{
    return text_of(key).find(what) != std::string::npos;
}

// The time ran out while connecting failed for this reason.
void check_waited(const updated_key& key, errc why, std::string_view text)
{
    BOOST_TEST(code_of(key) == errc::deadline_exceeded);
    BOOST_REQUIRE(!key.has_value());
    BOOST_TEST(key.error().cause == why, text_of(key));
    BOOST_TEST(key.error().delivery == vk::delivery::not_sent);
    BOOST_TEST(key.error().retryable());
    BOOST_TEST(says(key, text), text_of(key) << " does not say " << text);
}

// A server with such a certificate is refused at once, with this reason, before anything is sent.
void check_refused(const certificate_wish& wish, std::string_view reason, std::string_view host = "localhost")
{
    scripted_world world(answers_all(), {}, wish);
    world.settings.base_url = world.server.base_url(host);
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::tls_failed);
    BOOST_TEST(says(key, reason), text_of(key) << " does not say " << reason);
    BOOST_TEST(says(key, "can't be trusted"));
    BOOST_TEST(key.error().cause.failed());
    BOOST_TEST(!key.error().retryable());
    BOOST_TEST(world.server.connections() == 1U); // another try would be in vain
    BOOST_TEST(world.server.requests().empty());
}

// What the library's TLS settings for this host make of a server with a certificate for that name.
long handshake_result(const std::string& name, const std::string& host)
{
    certificate_wish wish;
    wish.names = {name};
    scripted_world world(answers_all(), {}, wish);
    vk::detail::endpoint where;
    where.host = host;
    auto made = vk::net::tls_context::make(world.settings.tls, where, 0);
    BOOST_TEST_REQUIRE(made);
    asio::ssl::stream<asio::ip::tcp::socket> stream(world.io, (*made)->native());
    stream.next_layer().connect({asio::ip::address_v4::loopback(), world.server.port()});
    BOOST_TEST_REQUIRE((*made)->prepare(stream.native_handle()));
    boost::system::error_code ignored; // the result below says more
    stream.handshake(asio::ssl::stream_base::client, ignored);
    return SSL_get_verify_result(stream.native_handle());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_name_without_an_address)
{
    asio::io_context io;
    vk::config settings = quick_config("https://does-not-exist.invalid/api/v1", "");
    settings.timeout = 5s; // a name server that is out of reach takes its time
    vk::client client(io.get_executor(), vk::credentials(vk::secret("t")), settings);
    outcomes results(1);
    client.update_key(vk::key_update("k").usd(1), results.handler(0));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST_MESSAGE(text_of(results[0]));
    BOOST_REQUIRE(!results[0].has_value());
    BOOST_TEST((code_of(results[0]) == errc::resolve_failed || results[0].error().cause == errc::resolve_failed),
               text_of(results[0]));
    BOOST_TEST(says(results[0], "does-not-exist.invalid"));
    BOOST_TEST(results[0].error().retryable());
}

BOOST_AUTO_TEST_CASE(a_port_that_nobody_listens_on)
{
    scripted_world world(answers_all());
    world.server.stop();
    world.settings.timeout = 200ms;
    const updated_key key = world.update();
    check_waited(key, errc::connect_failed, "localhost:" + std::to_string(world.server.port()));
    BOOST_TEST(says(key, "Connection refused"), text_of(key));
}

BOOST_AUTO_TEST_CASE(a_port_that_never_answers_the_handshake)
{
    scripted_world world([](scripted_connection& here) { here.wait_for_end(); }, in_clear());
    world.settings.connect_timeout = 60ms;
    world.settings.timeout = 600ms;
    const updated_key key = world.update();
    check_waited(key, errc::tls_failed, "TLS handshake");
    BOOST_TEST(says(key, "connect_timeout"));
    BOOST_TEST(world.server.connections() >= 2U);
}

BOOST_AUTO_TEST_CASE(a_port_that_speaks_something_else)
{
    scripted_world world(
        [](scripted_connection& here) {
            here.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            here.cut();
        },
        in_clear());
    world.settings.timeout = 300ms;
    check_waited(world.update(), errc::tls_failed, "does not speak TLS on that port");
    BOOST_TEST(world.server.connections() >= 2U);
}

BOOST_AUTO_TEST_CASE(a_port_that_hangs_up_in_the_handshake)
{
    scripted_world world([](scripted_connection& here) { here.cut(); }, in_clear());
    world.settings.timeout = 300ms;
    check_waited(world.update(), errc::tls_failed, "the TLS handshake");
}

BOOST_AUTO_TEST_CASE(an_authority_that_is_not_trusted)
{
    const authority stranger;
    scripted_world world(answers_all());
    world.settings.tls.ca_pem = stranger.pem();
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::tls_failed);
    BOOST_TEST(says(key, "can't be trusted"));
    BOOST_TEST(world.server.connections() == 1U);
    BOOST_TEST(world.server.requests().empty());
}

BOOST_AUTO_TEST_CASE(an_authority_that_the_system_does_not_trust)
{
    scripted_world world(answers_all());
    world.settings.tls.ca_pem.clear();
    BOOST_TEST(code_of(world.update()) == errc::tls_failed);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_host)
{
    certificate_wish wish;
    wish.names = {"DNS:example.org"};
    check_refused(wish, "hostname mismatch");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_has_expired)
{
    certificate_wish wish;
    wish.begins = -2h;
    wish.ends = -1h;
    check_refused(wish, "expired");
}

BOOST_AUTO_TEST_CASE(a_certificate_of_the_future)
{
    certificate_wish wish;
    wish.begins = 1h;
    wish.ends = 2h;
    check_refused(wish, "not yet valid");
}

BOOST_AUTO_TEST_CASE(a_certificate_with_a_bare_common_name)
{
    certificate_wish wish;
    wish.names = {};
    wish.common_name = "localhost";
    check_refused(wish, "hostname mismatch");
}

// No name below two others leads to this machine everywhere, so these two look at the TLS settings alone.
BOOST_AUTO_TEST_CASE(a_certificate_with_a_partial_wildcard)
{
    BOOST_TEST(handshake_result("DNS:f*.example.org", "foo.example.org") == X509_V_ERR_HOSTNAME_MISMATCH);
    BOOST_TEST(handshake_result("DNS:*o.example.org", "foo.example.org") == X509_V_ERR_HOSTNAME_MISMATCH);
}

BOOST_AUTO_TEST_CASE(a_certificate_with_a_whole_wildcard_is_good_for_one_label)
{
    BOOST_TEST(handshake_result("DNS:*.example.org", "foo.example.org") == X509_V_OK);
    BOOST_TEST(handshake_result("DNS:*.example.org", "a.foo.example.org") == X509_V_ERR_HOSTNAME_MISMATCH);
}

BOOST_AUTO_TEST_CASE(an_address_is_not_covered_by_a_name)
{
    certificate_wish wish;
    wish.names = {"DNS:localhost", "DNS:127.0.0.1"};
    check_refused(wish, "IP address mismatch", "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(an_address_in_the_certificate_is_good)
{
    scripted_world world(answers_all());
    world.settings.base_url = world.server.base_url("127.0.0.1");
    BOOST_TEST(text_of(world.update()) == "success");
    BOOST_TEST_REQUIRE(world.server.names().size() == 1U);
    BOOST_TEST(world.server.names().front().empty()); // RFC 6066: no server name for an address
}

BOOST_AUTO_TEST_CASE(all_who_wait_learn_of_the_failure)
{
    scripted_world world(answers_all());
    world.server.stop();
    world.settings.max_connections = 4;
    world.settings.timeout = 300ms;
    outcomes results(50);
    for (std::size_t i = 0; i != results.size(); ++i)
        world.start().update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    for (std::size_t i = 0; i != results.size(); ++i)
        check_waited(results[i], errc::connect_failed, "Connection refused");
}

BOOST_AUTO_TEST_CASE(a_server_that_is_away_for_a_while_costs_its_callers_that_time_and_no_more)
{
    const authority trusted;
    const identity who = trusted.issue();
    server_options there;
    there.port = free_port();
    asio::io_context io;
    vk::config settings = quick_config("https://localhost:" + std::to_string(there.port) + "/api/v1", trusted.pem());
    settings.retry = {}; // as a user has it
    settings.timeout = 30s;
    vk::client client(io.get_executor(), vk::credentials(vk::secret("t")), settings);
    outcomes results(100);
    for (std::size_t i = 0; i != results.size(); ++i)
        client.update_key(vk::key_update("key-" + std::to_string(i)).usd(1), results.handler(i));
    BOOST_TEST(!run_until(
        io, [&] { return results.completed() != 0; }, 1s));
    scripted_server server(who, answers_all(), there);
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(results.succeeded() == 100U, results.summary());
    BOOST_TEST(results.each_once());
    BOOST_TEST(server.requests().size() == 100U);
}

BOOST_AUTO_TEST_CASE(a_client_recovers_when_its_server_comes_back)
{
    const authority trusted;
    const identity who = trusted.issue();
    const std::uint16_t port = free_port();
    asio::io_context io;
    vk::client client(io.get_executor(), vk::credentials(vk::secret("t")),
                      quick_config("https://localhost:" + std::to_string(port) + "/api/v1", trusted.pem()));
    outcomes results(2);
    client.update_key(vk::key_update("k").usd(1), vk::call_options().timeout(200ms), results.handler(0));
    BOOST_REQUIRE(run_until(io, [&] { return results.completed() == 1; }));
    check_waited(results[0], errc::connect_failed, "Connection refused");
    server_options there;
    there.port = port;
    scripted_server server(who, answers_all(), there);
    client.update_key(vk::key_update("k").usd(1), results.handler(1));
    BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
    BOOST_TEST(text_of(results[1]) == "success");
}

BOOST_AUTO_TEST_SUITE_END()
