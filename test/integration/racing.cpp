// Addresses of one host race to a finished handshake. Here they are given: no name leads to two servers everywhere.
#include "net/connector.hpp"
#include "support/scripted_world.hpp"

#include <boost/asio/error.hpp>

namespace integration_racing {

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

using addresses = std::vector<asio::ip::tcp::endpoint>;

addresses::value_type address_of(const scripted_server& server, const char* address)
{
    return {asio::ip::make_address(address), server.port()};
}

server_options on(const char* address, bool encrypted = true)
{
    server_options options;
    options.address = address;
    options.encrypted = encrypted;
    return options;
}

void until_it_ends(scripted_connection& here)
{
    (void)here.wait_for_end();
}

// A client of one host, the second of whose addresses is a good server.
struct runners {
    runners()
    {
        vk::tls_config settings;
        settings.ca_pem = trusted.pem();
        vk::detail::endpoint host;
        host.host = "localhost";
        host.port = 443;
        one = std::make_shared<vk::net::connector>(io.get_executor(),
                                                   vk::net::tls_context::make(settings, host, 4).value(), host,
                                                   [this](vk::net::attempt* winner, vk::net::connect_failure how) {
                                                       ++ends;
                                                       if (winner != nullptr)
                                                           won = winner->stream()->socket().remote_endpoint();
                                                       why = std::move(how);
                                                   });
    }

    void race(const addresses& all)
    {
        one->race_for(all);
        BOOST_TEST(ends == 0); // not inside the initiation
        BOOST_REQUIRE(run_until(io, [this] { return ends != 0; }));
        BOOST_REQUIRE(run_out(io)); // nobody is left behind
        BOOST_TEST(ends == 1);
        BOOST_TEST_MESSAGE(why.why.message());
    }

    authority trusted;
    scripted_server good{trusted.issue(), until_it_ends, on("127.0.0.2")};
    asio::io_context io;
    std::shared_ptr<vk::net::connector> one;
    int ends = 0;
    std::optional<asio::ip::tcp::endpoint> won;
    vk::net::connect_failure why;
};

} // namespace integration_racing

BOOST_FIXTURE_TEST_SUITE(integration_racing, runners)

BOOST_AUTO_TEST_CASE(an_address_that_takes_the_connection_and_says_nothing_does_not_win)
{
    gate ended;
    scripted_server mute(
        {},
        [&](scripted_connection& here) {
            (void)here.wait_for_end();
            ended.open();
        },
        on("127.0.0.1", false));
    const auto begin = std::chrono::steady_clock::now();
    race({address_of(mute, "127.0.0.1"), address_of(good, "127.0.0.2")});
    BOOST_TEST(won == address_of(good, "127.0.0.2"));
    const auto took = std::chrono::steady_clock::now() - begin;
    BOOST_TEST(took >= 250ms);
    BOOST_TEST(took < 5s);
    BOOST_TEST(ended.wait()); // the loser is closed
}

BOOST_AUTO_TEST_CASE(an_address_that_fails_in_tls_makes_way_at_once)
{
    scripted_server rude(
        {}, [](scripted_connection& here) { here.cut(); }, on("127.0.0.1", false));
    const authority stranger;
    scripted_server untrusted(stranger.issue(), until_it_ends, on("127.0.0.1"));
    race({address_of(rude, "127.0.0.1"), address_of(untrusted, "127.0.0.1"), address_of(good, "127.0.0.2")});
    BOOST_TEST(won == address_of(good, "127.0.0.2"));
}

BOOST_AUTO_TEST_CASE(a_slow_handshake_may_still_win)
{
    scripted_server mute({}, until_it_ends, on("127.0.0.1", false));
    race({address_of(good, "127.0.0.2"), address_of(mute, "127.0.0.1")});
    BOOST_TEST(won == address_of(good, "127.0.0.2"));
    BOOST_TEST(mute.connections() == 0U); // it was not needed
}

BOOST_AUTO_TEST_CASE(a_wrong_certificate_is_the_failure_when_no_address_is_any_good)
{
    good.stop();
    const authority stranger;
    scripted_server untrusted(stranger.issue(), until_it_ends, on("127.0.0.1"));
    race({address_of(untrusted, "127.0.0.1"), address_of(good, "127.0.0.2")});
    BOOST_TEST(!won.has_value());
    BOOST_TEST(why.next == vk::net::outlook::permanent);
    BOOST_TEST(why.why.code == errc::tls_failed);
    BOOST_TEST(why.why.detail.find("the certificate of localhost:443 (127.0.0.1) can't be trusted") == 0U,
               why.why.detail);
}

BOOST_AUTO_TEST_CASE(addresses_that_may_come_back_are_no_permanent_failure)
{
    good.stop();
    scripted_server rude(
        {}, [](scripted_connection& here) { here.cut(); }, on("127.0.0.1", false));
    race({address_of(rude, "127.0.0.1"), address_of(good, "127.0.0.2")});
    BOOST_TEST(why.next == vk::net::outlook::passing);
    BOOST_TEST(why.why.detail == "the TLS handshake with localhost:443 (127.0.0.1) failed: " + why.why.cause.message());
}

BOOST_AUTO_TEST_CASE(a_race_that_is_cancelled_closes_every_socket_and_says_nothing)
{
    scripted_server first({}, until_it_ends, on("127.0.0.1", false));
    scripted_server second({}, until_it_ends, on("127.0.0.2", false));
    one->race_for({address_of(first, "127.0.0.1"), address_of(second, "127.0.0.2")});
    BOOST_REQUIRE(run_until(io, [&] { return second.connections() == 1; }));
    io.run_for(20ms);
    const auto at = one->phase();
    BOOST_TEST(at.failure == errc::tls_failed);
    BOOST_TEST(at.text == "the TLS handshake with localhost:443 (127.0.0.1)");
    one->cancel();
    BOOST_TEST(run_out(io));
    BOOST_TEST(ends == 0);
}

BOOST_AUTO_TEST_SUITE_END()
