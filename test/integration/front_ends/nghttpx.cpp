// Stock nghttpx, nghttp2's own proxy.
#include "integration/front_ends/reloads.hpp"

#include <csignal>
#include <unistd.h>

namespace integration_front_ends_nghttpx {

namespace ut = boost::unit_test;

boost::test_tools::assertion_result it_is_there(ut::test_unit_id /*suite*/)
{
    return integration::is_there(VENICE_KEYS_NGHTTPX, "nghttpx");
}

integration::front_end_recipe recipe()
{
    return {VENICE_KEYS_NGHTTPX,
            [](const integration::front_end_place& here) {
                return "frontend=127.0.0.1," + std::to_string(here.port) + "\nbackend=127.0.0.1," +
                       std::to_string(here.upstream_port) + "\ncertificate-file=" + here.certificate_file.string() +
                       "\nprivate-key-file=" + here.private_key_file.string() +
                       "\ntls-min-proto-version=TLSv1.3\n"
                       "accesslog-file=/dev/null\n"
                       "workers=1\n";
            },
            [](const std::string& file) { return std::vector<std::string>{"--conf=" + file}; }, SIGHUP};
}

} // namespace integration_front_ends_nghttpx

BOOST_AUTO_TEST_SUITE(integration_front_ends_nghttpx,
                      *boost::unit_test::precondition(integration_front_ends_nghttpx::it_is_there))

BOOST_AUTO_TEST_CASE(reloads_in_mid_flight_lose_no_update)
{
    integration::check_updates_through_reloads(integration_front_ends_nghttpx::recipe());
}

BOOST_AUTO_TEST_SUITE_END()
