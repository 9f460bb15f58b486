// Stock Apache httpd, with mod_http2. While it reloads its old processes may end a new connection with GOAWAY at once,
// and close others without their answers.
#include "integration/front_ends/reloads.hpp"

#include <csignal>
#include <unistd.h>

namespace integration_front_ends_apache2 {

namespace ut = boost::unit_test;

boost::test_tools::assertion_result it_is_there(ut::test_unit_id /*suite*/)
{
    return integration::is_there(VENICE_KEYS_APACHE2, "apache2");
}

integration::front_end_recipe recipe()
{
    return {VENICE_KEYS_APACHE2,
            [](const integration::front_end_place& here) {
                const std::string folder = here.folder.string();
                std::string text;
                for (const char* module : {"mpm_event", "authz_core", "ssl", "http2", "proxy", "proxy_http"})
                    text += std::string("LoadModule ") + module + "_module " VENICE_KEYS_APACHE2_MODULES "/mod_" +
                            module + ".so\n";
                if (::geteuid() == 0)
                    text += "User nobody\nGroup nogroup\n"; // it refuses to be root
                return text +
                       "ServerName localhost\n"
                       "DefaultRuntimeDir \"" +
                       folder + "\"\nPidFile \"" + folder + "/pid\"\nErrorLog \"" + folder +
                       "/error.log\"\n"
                       "Listen 127.0.0.1:" +
                       std::to_string(here.port) +
                       "\n"
                       "Protocols h2 http/1.1\n"
                       "SSLEngine on\n"
                       "SSLProtocol TLSv1.3\n"
                       "SSLCertificateFile \"" +
                       here.certificate_file.string() + "\"\nSSLCertificateKeyFile \"" +
                       here.private_key_file.string() +
                       "\"\nProxyPass / http://127.0.0.1:" + std::to_string(here.upstream_port) + "/\n";
            },
            [](const std::string& file) {
                return std::vector<std::string>{"-DFOREGROUND", "-d", file.substr(0, file.rfind('/')), "-f", file};
            },
            SIGUSR1};
}

} // namespace integration_front_ends_apache2

BOOST_AUTO_TEST_SUITE(integration_front_ends_apache2,
                      *boost::unit_test::precondition(integration_front_ends_apache2::it_is_there))

BOOST_AUTO_TEST_CASE(reloads_in_mid_flight_lose_no_update)
{
    integration::check_updates_through_reloads(integration_front_ends_apache2::recipe());
}

BOOST_AUTO_TEST_SUITE_END()
