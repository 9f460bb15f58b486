// A proxy between the client and its server: what it is told, what it is not, and how its failures are told apart.
#include "net/connector.hpp"
#include "support/scripted_world.hpp"

#include <openssl/ssl.h>

#include <atomic>

namespace integration_proxies {

using namespace test;
using namespace std::chrono_literals;
using namespace std::string_literals;
using vk::errc;

// No resolver knows it: whoever gets there was taken there by a proxy.
const std::string far_name = "api.venice.invalid";
constexpr std::size_t count = 300;
const std::string password = "pr0xy/Pass:word";

certificate_wish for_far_name()
{
    certificate_wish wish;
    wish.names = {"DNS:" + far_name};
    return wish;
}

bool says(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

// A server that is behind a proxy, in clear or over TLS.
struct proxied_world : scripted_world {
    explicit proxied_world(bool encrypted, scripted_server::script proxy_does = nullptr, server_options options = {},
                           const identity* proxy_is = nullptr)
        : scripted_world(answers_all(), {}, for_far_name()),
          proxy(proxy_is == nullptr ? trusted.issue() : *proxy_is,
                proxy_does ? std::move(proxy_does) : scripted_server::script([this](auto& here) { tunnel(here); }),
                with_tls(options, encrypted))
    {
        settings.base_url = server.base_url(far_name);
        settings.proxy.url = (encrypted ? "https://localhost:" : "http://localhost:") + std::to_string(proxy.port());
    }

    ~proxied_world()
    {
        client.reset();
        proxy.stop();
    }

    static server_options with_tls(server_options options, bool encrypted)
    {
        options.encrypted = encrypted;
        return options;
    }

    void tunnel(scripted_connection& here)
    {
        if (here.read_request() && here.send("HTTP/1.1 200 Connection established\r\n\r\n"))
            here.relay_to(server.port());
    }

    [[nodiscard]] std::string proxy_name() const { return "the proxy localhost:" + std::to_string(proxy.port()); }
    [[nodiscard]] std::string target() const { return far_name + ":" + std::to_string(server.port()); }

    scripted_server proxy;
};

// A proxy that answers CONNECT so, and no more.
scripted_server::script answers(std::string bytes)
{
    return [bytes = std::move(bytes)](scripted_connection& here) {
        if (here.read_request())
            here.send(bytes);
        here.close();
    };
}

// It fails at once, before anything is sent to the server, and says so in words.
void check_permanent(proxied_world& world, errc code, std::string_view reason)
{
    const updated_key key = world.update();
    BOOST_REQUIRE(!key.has_value());
    BOOST_TEST(code_of(key) == code);
    BOOST_TEST(says(text_of(key), reason), text_of(key) << " does not say " << reason);
    BOOST_TEST(says(text_of(key), world.proxy_name()), text_of(key));
    BOOST_TEST(!says(text_of(key), password));
    BOOST_TEST(key.error().delivery == vk::delivery::not_sent);
    BOOST_TEST(key.error().http_status == 0U); // that would be the service's
    BOOST_TEST(world.proxy.connections() == 1U);
    BOOST_TEST(world.server.connections() == 0U);
}

// It is tried again until the call's time is over.
void check_passing(proxied_world& world, errc code, std::string_view reason)
{
    world.settings.timeout = 300ms;
    const updated_key key = world.update();
    BOOST_REQUIRE(!key.has_value());
    BOOST_TEST(code_of(key) == errc::deadline_exceeded);
    BOOST_TEST(key.error().cause == code, text_of(key));
    BOOST_TEST(says(text_of(key), reason), text_of(key) << " does not say " << reason);
    BOOST_TEST(says(text_of(key), world.proxy_name()), text_of(key));
    BOOST_TEST(key.error().delivery == vk::delivery::not_sent);
}

} // namespace integration_proxies

BOOST_AUTO_TEST_SUITE(integration_proxies)

BOOST_AUTO_TEST_CASE(a_server_is_reached_through_a_tunnel_that_sees_no_secret)
{
    for (const bool encrypted : {false, true}) {
        proxied_world world(encrypted);
        for (int i = 0; i != 3; ++i)
            BOOST_TEST(text_of(world.update()) == "success");
        BOOST_TEST(world.server.connections() == 1U);
        BOOST_TEST_REQUIRE(world.server.names().size() == 1U);
        BOOST_TEST(world.server.names().front() == far_name);
        BOOST_TEST(world.server.protocols().front() == "\0\x0c\x02h2\x08http/1.1"s); // as without a proxy
        BOOST_TEST_REQUIRE(world.proxy.requests().size() == 1U);
        BOOST_TEST(world.proxy.requests().front().head ==
                   "CONNECT " + world.target() + " HTTP/1.1\r\nHost: " + world.target() + "\r\n\r\n");
        BOOST_TEST(!says(world.proxy.relayed(), the_token));
        BOOST_TEST(!says(world.proxy.relayed(), "some-key"));
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_over_tls_is_met_by_its_own_name)
{
    proxied_world world(true);
    BOOST_TEST(text_of(world.update()) == "success");
    BOOST_TEST_REQUIRE(world.proxy.names().size() == 1U);
    BOOST_TEST(world.proxy.names().front() == "localhost");
    BOOST_TEST(world.proxy.protocols().front() == "\0\x09\x08http/1.1"s);
}

BOOST_AUTO_TEST_CASE(pins_are_the_servers)
{
    proxied_world world(true);
    world.settings.tls.pinned_public_keys = {authority().pin()};
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::tls_failed);
    BOOST_TEST(says(text_of(key), "tls.pinned_public_keys"));
    BOOST_TEST(world.server.connections() == 1U); // that far it came
}

BOOST_AUTO_TEST_CASE(credentials_go_to_the_proxy_and_nowhere_else)
{
    for (const bool encrypted : {false, true}) {
        proxied_world world(encrypted);
        world.settings.proxy.user = "alice";
        world.settings.proxy.password = vk::secret(password);
        BOOST_TEST(text_of(world.update()) == "success");
        BOOST_TEST_REQUIRE(world.proxy.requests().size() == 1U);
        BOOST_TEST(says(world.proxy.requests().front().head,
                        "\r\nProxy-Authorization: Basic YWxpY2U6cHIweHkvUGFzczp3b3Jk\r\n\r\n"));
        BOOST_TEST_REQUIRE(world.server.requests().size() == 1U);
        BOOST_TEST(!says(world.server.requests().front().head, "Proxy-"));
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_that_wants_credentials_says_which_fields_to_set)
{
    const std::string wants = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\n\r\n";
    {
        proxied_world world(false, answers(wants));
        check_permanent(world, errc::connect_failed,
                        "wants credentials (status 407): set config::proxy.user and proxy.password");
    }
    {
        proxied_world world(true, answers(wants + password));
        world.settings.proxy.user = "alice";
        world.settings.proxy.password = vk::secret(password);
        check_permanent(
            world, errc::connect_failed,
            "does not accept the credentials of config::proxy.user and proxy.password (HTTPS_PROXY; status 407)");
    }
    proxied_world world(false, answers("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\n\r\n"));
    check_permanent(world, errc::connect_failed, "not Basic ones");
}

BOOST_AUTO_TEST_CASE(a_proxy_that_refuses_is_believed_at_once)
{
    for (const std::string status : {"400", "403", "404", "405", "501", "302"}) {
        proxied_world world(false, answers("HTTP/1.1 " + status + " " + password + "\r\n\r\nno"));
        check_permanent(world, errc::connect_failed,
                        "refuses to connect to " + world.target() + " (status " + status + ")");
        BOOST_TEST(world.proxy.requests().size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_that_can_not_reach_the_server_is_asked_again)
{
    for (const std::string status : {"500", "502", "503", "504"}) {
        proxied_world world(false, answers("HTTP/1.1 " + status + " No\r\n\r\n"));
        check_passing(world, errc::connect_failed, "could not connect to " + world.target() + " now (status " + status);
        BOOST_TEST(world.proxy.requests().size() >= 2U);
    }
    std::atomic<int> asked{0};
    proxied_world* whole = nullptr;
    proxied_world world(false, [&](scripted_connection& here) {
        if (++asked > 2)
            return whole->tunnel(here);
        (void)here.read_request();
        here.send("HTTP/1.1 503 Not yet\r\n\r\n");
        here.close();
    });
    whole = &world;
    BOOST_TEST(text_of(world.update()) == "success");
    BOOST_TEST(asked == 3);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_is_not_there_is_named)
{
    proxied_world world(false);
    world.proxy.stop();
    check_passing(world, errc::connect_failed, "connecting to " + world.proxy_name());
    BOOST_TEST(says(text_of(world.update()), "Connection refused"));
}

BOOST_AUTO_TEST_CASE(a_proxy_without_an_address_is_named)
{
    proxied_world world(false);
    world.settings.proxy.url = "http://no-proxy.invalid:3128";
    world.settings.timeout = 5s; // a name server that is out of reach takes its time
    const updated_key key = world.update();
    BOOST_REQUIRE(!key.has_value());
    BOOST_TEST((code_of(key) == errc::resolve_failed || key.error().cause == errc::resolve_failed), text_of(key));
    BOOST_TEST(says(text_of(key), "resolving the proxy no-proxy.invalid"), text_of(key));
}

BOOST_AUTO_TEST_CASE(a_proxy_that_says_nothing_is_given_up_in_the_time_for_connecting)
{
    for (const bool encrypted : {false, true}) {
        proxied_world world(encrypted, [](scripted_connection& here) { here.wait_for_end(); });
        world.settings.connect_timeout = 60ms;
        check_passing(world, errc::connect_failed, "asking " + world.proxy_name() + " for " + world.target());
        BOOST_TEST(world.proxy.connections() >= 2U);
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_that_hangs_up_or_is_none)
{
    for (const bool encrypted : {false, true}) {
        proxied_world rude(encrypted, [](scripted_connection& here) {
            (void)here.read_request();
            here.cut();
        });
        check_passing(rude, errc::connect_failed, "asking " + rude.proxy_name());
        proxied_world other(encrypted, answers("220 mail.example ESMTP\r\n"));
        check_passing(other, errc::connect_failed, "does not answer CONNECT as an HTTP proxy does");
        proxied_world endless(encrypted, answers("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"));
        check_passing(endless, errc::connect_failed, "more than 16 KiB");
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_is_destroyed_while_its_proxy_thinks_leaves_nothing_behind)
{
    for (const bool encrypted : {false, true}) {
        gate ended;
        proxied_world world(encrypted, [&](scripted_connection& here) {
            (void)here.read_request();
            (void)here.wait_for_end();
            ended.open();
        });
        outcomes results(1);
        world.start().update_key(vk::key_update("some-key").usd(1), results.handler(0));
        BOOST_REQUIRE(run_until(world.io, [&] { return !world.proxy.requests().empty(); }));
        world.client.reset();
        BOOST_TEST(run_out(world.io));
        BOOST_TEST(results.each_once());
        BOOST_TEST(code_of(results[0]) == errc::closed);
        BOOST_TEST(ended.wait());
    }
}

// They are given here: no name leads to two proxies everywhere.
BOOST_AUTO_TEST_CASE(the_addresses_of_a_proxy_race_to_a_handshake_with_the_server)
{
    proxied_world world(false);
    server_options mute_options;
    mute_options.encrypted = false;
    mute_options.address = "127.0.0.2";
    scripted_server mute(
        {}, [](scripted_connection& here) { here.wait_for_end(); }, mute_options);
    const vk::detail::endpoint server = vk::detail::parse_endpoint(world.settings.base_url).value();
    vk::net::connect_failure why;
    std::optional<asio::ip::tcp::endpoint> won;
    bool ended = false;
    const auto one = std::make_shared<vk::net::connector>(
        world.io.get_executor(), vk::net::tls_context::make(world.settings.tls, server, 4).value(), server,
        [&](vk::net::attempt* winner, vk::net::connect_failure how) {
            ended = true;
            if (winner != nullptr)
                won = winner->stream()->socket().remote_endpoint();
            why = std::move(how);
        },
        vk::net::proxy_route::make(world.settings, server).value());
    one->race_for(
        {{asio::ip::make_address("127.0.0.2"), mute.port()}, {asio::ip::address_v4::loopback(), world.proxy.port()}});
    BOOST_REQUIRE(run_until(world.io, [&] { return mute.connections() != 0U; }));
    world.io.run_for(20ms);
    BOOST_TEST(one->phase().text == "asking " + world.proxy_name() + " (127.0.0.2) for " + world.target());
    BOOST_REQUIRE(run_until(world.io, [&] { return ended; }));
    BOOST_TEST_MESSAGE(why.why.message());
    BOOST_TEST(won == asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), world.proxy.port()));
    BOOST_TEST(run_out(world.io));
}

BOOST_AUTO_TEST_CASE(an_answer_in_pieces_behind_interim_ones_opens_the_tunnel)
{
    for (const bool encrypted : {false, true}) {
        proxied_world* whole = nullptr;
        proxied_world world(encrypted, [&](scripted_connection& here) {
            if (here.read_request() && here.send_slowly("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204 x\r\nA: b\r\n\r\n"))
                here.relay_to(whole->server.port());
        });
        whole = &world;
        BOOST_TEST(text_of(world.update()) == "success");
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_whose_certificate_is_not_trusted)
{
    const identity stranger = authority().issue();
    proxied_world world(true, nullptr, {}, &stranger);
    check_permanent(world, errc::tls_failed, "the certificate of " + world.proxy_name() + " can't be trusted");
    BOOST_TEST(world.proxy.requests().empty());
    certificate_wish wish;
    wish.names = {"DNS:" + far_name};
    const authority all;
    const identity other = all.issue(wish);
    proxied_world named(true, nullptr, {}, &other);
    named.settings.tls.ca_pem += all.pem();
    check_permanent(named, errc::tls_failed, "hostname mismatch");
    BOOST_TEST(named.proxy.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_proxy_that_wants_a_client_certificate_gets_none)
{
    const authority clients;
    const identity ours = clients.issue(); // it would be accepted
    const temporary_file certificate(ours.certificate_pem);
    const temporary_file key(ours.private_key_pem);
    for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
        server_options strict;
        strict.client_ca_pem = clients.pem();
        strict.highest_version = version;
        proxied_world world(true, nullptr, strict);
        world.settings.tls.certificate_file = certificate.path();
        world.settings.tls.private_key_file = key.path();
        check_permanent(world, errc::tls_failed, "wants a client certificate, and a proxy is shown none");
    }
}

BOOST_AUTO_TEST_CASE(a_server_whose_certificate_is_not_trusted_is_named_with_the_way_to_it)
{
    proxied_world world(false);
    world.settings.tls.ca_pem = authority().pem();
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::tls_failed);
    BOOST_TEST(says(text_of(key),
                    "the certificate of " + world.target() + " (through " + world.proxy_name() + ") can't be trusted"),
               text_of(key));
}

BOOST_AUTO_TEST_CASE(a_server_in_no_proxy_is_reached_without_it)
{
    scripted_world world(answers_all());
    world.settings.proxy.url = "http://127.0.0.1:9";
    world.settings.proxy.no_proxy = "example.org, LOCALHOST";
    BOOST_TEST(text_of(world.update()) == "success");
}

BOOST_AUTO_TEST_CASE(a_session_is_resumed_through_a_proxy)
{
    for (const bool encrypted : {false, true}) {
        proxied_world world(encrypted);
        world.settings.idle_timeout = 20ms;
        BOOST_TEST(text_of(world.update()) == "success");
        BOOST_REQUIRE(run_out(world.io));
        BOOST_TEST(text_of(world.update()) == "success");
        BOOST_TEST(world.client->stats().sessions_resumed >= 1U);
        BOOST_TEST(world.proxy.requests().size() >= 2U);
    }
}

BOOST_AUTO_TEST_CASE(many_updates_go_through_either_proxy_over_either_protocol)
{
    hosted_emulator emulator(count, vk::protocol::automatic);
    const auto ids = emulator.ids();
    for (const bool encrypted : {false, true}) {
        for (const vk::protocol spoken : {vk::protocol::http1, vk::protocol::http2}) {
            const authority trusted;
            server_options options;
            options.encrypted = encrypted;
            scripted_server proxy(
                trusted.issue(),
                [port = emulator->port()](scripted_connection& here) {
                    if (here.read_request() && here.send("HTTP/1.1 200 OK\r\n\r\n"))
                        here.relay_to(port);
                },
                options);
            asio::io_context io;
            vk::config settings = emulator.config();
            settings.protocol = spoken;
            settings.tls.ca_pem += trusted.pem();
            settings.proxy.url =
                (encrypted ? "https://localhost:" : "http://localhost:") + std::to_string(proxy.port());
            vk::client client(io.get_executor(), emulator.credentials(), settings);
            outcomes results(count);
            for (std::size_t i = 0; i != count; ++i)
                client.update_key(vk::key_update(ids[i]).description("through a proxy"), results.handler(i));
            BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
            BOOST_TEST(results.succeeded() == count, text_of(results[0]));
            BOOST_TEST(results.each_once());
            // The last of them may have been opened for a call that another one has served meanwhile.
            BOOST_TEST(run_until(io, [&] { return proxy.requests().size() == client.stats().connections_opened; }));
            BOOST_TEST(!says(proxy.relayed(), emulator->token()));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
