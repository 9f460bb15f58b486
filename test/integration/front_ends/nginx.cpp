// Stock nginx, over HTTP/2.
#include "integration/front_ends/reloads.hpp"

#include <csignal>
#include <unistd.h>

namespace integration_front_ends_nginx {

namespace ut = boost::unit_test;

boost::test_tools::assertion_result it_is_there(ut::test_unit_id /*suite*/)
{
    return integration::is_there(VENICE_KEYS_NGINX, "nginx");
}

integration::front_end_recipe recipe()
{
    return {VENICE_KEYS_NGINX,
            [](const integration::front_end_place& here) {
                return std::string(::geteuid() == 0 ? "user root;\n" : "") + // the folder is root's alone
                       "daemon off;\n"
                       "worker_processes 1;\n"
                       "worker_shutdown_timeout 5s;\n"
                       "pid nginx.pid;\n"
                       "error_log error.log notice;\n"
                       "events { worker_connections 1024; }\n"
                       "http {\n"
                       "    access_log off;\n"
                       "    client_body_temp_path body;\n"
                       "    proxy_temp_path proxy;\n"
                       "    fastcgi_temp_path fastcgi;\n"
                       "    uwsgi_temp_path uwsgi;\n"
                       "    scgi_temp_path scgi;\n"
                       "    upstream backend {\n"
                       "        server 127.0.0.1:" +
                       std::to_string(here.upstream_port) +
                       ";\n"
                       "        keepalive 16;\n"
                       "    }\n"
                       "    server {\n"
                       "        listen 127.0.0.1:" +
                       std::to_string(here.port) +
                       " ssl http2;\n" // the directive http2 came with 1.25.1
                       "        ssl_certificate " +
                       here.certificate_file.string() +
                       ";\n"
                       "        ssl_certificate_key " +
                       here.private_key_file.string() +
                       ";\n"
                       "        ssl_protocols TLSv1.3;\n"
                       "        location / {\n"
                       "            proxy_pass http://backend;\n"
                       "            proxy_http_version 1.1;\n"
                       "            proxy_set_header Connection \"\";\n"
                       "        }\n"
                       "    }\n"
                       "}\n";
            },
            [](const std::string& file) {
                const std::string folder = file.substr(0, file.rfind('/') + 1);
                return std::vector<std::string>{"-p", folder, "-e", folder + "error.log", "-c", file};
            },
            SIGHUP};
}

} // namespace integration_front_ends_nginx

BOOST_AUTO_TEST_SUITE(integration_front_ends_nginx,
                      *boost::unit_test::precondition(integration_front_ends_nginx::it_is_there))

BOOST_AUTO_TEST_CASE(reloads_in_mid_flight_lose_no_update)
{
    integration::check_updates_through_reloads(integration_front_ends_nginx::recipe());
}

BOOST_AUTO_TEST_SUITE_END()
