// Stock haproxy, which says REFUSED_STREAM also of requests that it has passed on.
#include "integration/front_ends/reloads.hpp"

#include <csignal>
#include <unistd.h>

namespace integration_front_ends_haproxy {

namespace ut = boost::unit_test;

boost::test_tools::assertion_result it_is_there(ut::test_unit_id /*suite*/)
{
    return integration::is_there(VENICE_KEYS_HAPROXY, "haproxy");
}

integration::front_end_recipe recipe()
{
    return {VENICE_KEYS_HAPROXY,
            [](const integration::front_end_place& here) {
                return "global\n"
                       "    hard-stop-after 5s\n"
                       "defaults\n"
                       "    mode http\n"
                       "    timeout connect 5s\n"
                       "    timeout client 30s\n"
                       "    timeout server 30s\n"
                       "frontend in_front\n"
                       "    bind 127.0.0.1:" +
                       std::to_string(here.port) + " ssl crt " + here.both_file.string() +
                       " ssl-min-ver TLSv1.3 alpn h2,http/1.1\n"
                       "    default_backend behind\n"
                       "backend behind\n"
                       "    server emulator 127.0.0.1:" +
                       std::to_string(here.upstream_port) + "\n";
            },
            [](const std::string& file) {
                return std::vector<std::string>{"-W", "-db", "-f", file};
            },
            SIGUSR2};
}

} // namespace integration_front_ends_haproxy

BOOST_AUTO_TEST_SUITE(integration_front_ends_haproxy,
                      *boost::unit_test::precondition(integration_front_ends_haproxy::it_is_there))

BOOST_AUTO_TEST_CASE(reloads_in_mid_flight_lose_no_update)
{
    integration::check_updates_through_reloads(integration_front_ends_haproxy::recipe());
}

BOOST_AUTO_TEST_SUITE_END()
