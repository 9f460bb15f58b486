// A proxy that nobody here wrote between the client and the emulator: stock tinyproxy, in clear and behind TLS.
#include "integration/tinyproxy/server.hpp"
#include "support/scripted_world.hpp"

#include <cstdlib>
#include <iostream>

namespace integration_tinyproxy_tunnels {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

constexpr std::size_t count = 100;

// CTest reads the line that it prints. Where VENICE_KEYS_NO_SKIP is set, as in CI, the tests run all the same, and
// fail.
boost::test_tools::assertion_result tinyproxy_is_there(boost::unit_test::test_unit_id /*suite*/)
{
    if (!std::string(VENICE_KEYS_TINYPROXY).empty() || std::getenv("VENICE_KEYS_NO_SKIP") != nullptr)
        return true;
    std::cout << "SKIPPED: there is no tinyproxy" << std::endl;
    boost::test_tools::assertion_result no(false);
    no.message() << "there is no tinyproxy";
    return no;
}

struct proxied_emulator {
    explicit proxied_emulator(std::string directives = "")
        : proxy({VENICE_KEYS_TINYPROXY, std::move(directives)}), settings(emulator.config())
    {
        settings.proxy.url = proxy.url();
    }

    // One update a key, all at once.
    void update_all()
    {
        vk::client client(io.get_executor(), emulator.credentials(), settings);
        const auto ids = emulator.ids();
        outcomes results(ids.size());
        for (std::size_t i = 0; i != ids.size(); ++i)
            client.update_key(vk::key_update(ids[i]).description("by tinyproxy"), results.handler(i));
        BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
        BOOST_TEST(results.succeeded() == ids.size(), results.summary());
        BOOST_TEST(results.each_once());
        if (results.succeeded() != ids.size())
            BOOST_TEST_MESSAGE(text_of(results[0]) << "\n" << proxy.log());
    }

    [[nodiscard]] updated_key update()
    {
        vk::client client(io.get_executor(), emulator.credentials(), settings);
        outcomes results(1);
        client.update_key(vk::key_update(emulator.ids().front()).usd(1), results.handler(0));
        BOOST_REQUIRE(run_until(io, [&] { return results.all(); }));
        BOOST_TEST_MESSAGE(text_of(results[0]));
        return results[0];
    }

    integration::tinyproxy_server proxy;
    hosted_emulator emulator{count, vk::protocol::automatic};
    asio::io_context io;
    vk::config settings;
};

bool says(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

} // namespace integration_tinyproxy_tunnels

BOOST_AUTO_TEST_SUITE(integration_tinyproxy_tunnels,
                      *boost::unit_test::precondition(integration_tinyproxy_tunnels::tinyproxy_is_there))

using namespace integration_tinyproxy_tunnels;

BOOST_AUTO_TEST_CASE(every_update_goes_through_it_over_either_protocol)
{
    proxied_emulator world;
    for (const vk::protocol spoken : {vk::protocol::http1, vk::protocol::http2}) {
        world.settings.protocol = spoken;
        world.update_all();
    }
    BOOST_TEST(says(world.proxy.log(), "CONNECT localhost:"));
    BOOST_TEST(!says(world.proxy.log(), world.emulator->token()));
}

BOOST_AUTO_TEST_CASE(it_takes_the_credentials_that_it_knows)
{
    proxied_emulator world("BasicAuth alice s3cret");
    world.settings.proxy.user = "alice";
    world.settings.proxy.password = vk::secret("s3cret");
    world.update_all();
}

BOOST_AUTO_TEST_CASE(it_turns_away_who_shows_none_or_others)
{
    proxied_emulator world("BasicAuth alice s3cret");
    updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::connect_failed);
    BOOST_TEST(says(text_of(key), "wants credentials (status 407)"));
    world.settings.proxy.user = "alice";
    world.settings.proxy.password = vk::secret("wr0ng");
    key = world.update();
    BOOST_TEST(code_of(key) == errc::connect_failed);
    BOOST_TEST(says(text_of(key), "does not accept the credentials"), text_of(key));
    BOOST_TEST(!says(text_of(key), "wr0ng"));
}

BOOST_AUTO_TEST_CASE(it_refuses_a_port_that_it_does_not_allow)
{
    proxied_emulator world("ConnectPort 443");
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::connect_failed);
    BOOST_TEST(says(text_of(key), "refuses to connect to"));
    BOOST_TEST(says(text_of(key), "(status 403)"));
}

BOOST_AUTO_TEST_CASE(a_server_that_is_away_is_waited_for)
{
    proxied_emulator world;
    world.settings.base_url = "https://127.0.0.1:9/api/v1";
    world.settings.timeout = 500ms;
    const updated_key key = world.update();
    BOOST_TEST(code_of(key) == errc::deadline_exceeded);
    BOOST_TEST(says(text_of(key), "could not connect to 127.0.0.1:9 now (status 50"));
}

BOOST_AUTO_TEST_CASE(it_works_behind_tls_too)
{
    proxied_emulator world("BasicAuth alice s3cret");
    const authority trusted;
    const scripted_server front(trusted.issue(),
                                [port = world.proxy.port()](scripted_connection& here) { here.relay_to(port); });
    world.settings.tls.ca_pem += trusted.pem();
    world.settings.proxy.url = "https://localhost:" + std::to_string(front.port());
    world.settings.proxy.user = "alice";
    world.settings.proxy.password = vk::secret("s3cret");
    for (const vk::protocol spoken : {vk::protocol::http1, vk::protocol::http2}) {
        world.settings.protocol = spoken;
        world.update_all();
    }
    BOOST_TEST(front.handshakes() >= 2U);
}

BOOST_AUTO_TEST_SUITE_END()
