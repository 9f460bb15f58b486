#include "integration/nginx/server.hpp"

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include <sys/types.h>
#include <unistd.h>

namespace integration {
namespace {

using namespace std::chrono_literals;
using test::read_file;

std::size_t count(std::string_view text, std::string_view part)
{
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
        ++found;
    return found;
}

} // namespace

nginx_server::nginx_server(nginx_options options) : options_(std::move(options))
{
    constexpr int attempts = 5; // as the port may be taken in between
    std::string why;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        port_ = test::free_port();
        write_configuration();
        start();
        if (wait_until_it_accepts())
            return;
        stop(0);
        why = log();
        if (count(why, "Address already in use") == 0)
            break;
    }
    throw std::runtime_error("nginx does not start: " + why);
}

nginx_server::~nginx_server()
{
    stop(0);
}

std::string nginx_server::base_url() const
{
    return "https://localhost:" + std::to_string(port_) + "/api/v1";
}

void nginx_server::write_configuration() const
{
    std::ofstream out(folder_.path() / "nginx.conf");
    if (::geteuid() == 0)
        out << "user root;\n"; // the temporary folder is root's alone
    out << "daemon off;\n"
           "worker_processes "
        << options_.workers
        << ";\n"
           "worker_shutdown_timeout 2s;\n"
           "pid nginx.pid;\n"
           "error_log error.log notice;\n"
           "events { worker_connections 512; }\n"
           "http {\n"
           "    access_log off;\n"
           "    client_body_temp_path body;\n"
           "    proxy_temp_path proxy;\n"
           "    fastcgi_temp_path fastcgi;\n"
           "    uwsgi_temp_path uwsgi;\n"
           "    scgi_temp_path scgi;\n"
           "    upstream backend {\n"
           "        server 127.0.0.1:"
        << options_.upstream_port
        << ";\n"
           "        keepalive 16;\n"
           "    }\n"
           "    server {\n"
           "        listen 127.0.0.1:"
        << port_
        << " ssl;\n"
           "        ssl_certificate "
        << options_.certificate_file
        << ";\n"
           "        ssl_certificate_key "
        << options_.private_key_file
        << ";\n"
           "        ssl_protocols TLSv1.2 TLSv1.3;\n"
           "        "
        << options_.server_directives
        << "\n"
           "        location / {\n"
           "            proxy_pass http://backend;\n"
           "            proxy_http_version 1.1;\n"
           "            proxy_set_header Connection \"\";\n"
           "            "
        << options_.location_directives
        << "\n"
           "        }\n"
           "    }\n"
           "}\n";
    if (!out.flush())
        throw std::runtime_error("can't write nginx.conf");
}

// It has a log, and repeats itself on the terminal.
void nginx_server::start()
{
    const std::string prefix = folder_.path().string() + "/";
    process_.start({{options_.program, "-p", prefix, "-e", prefix + "error.log", "-c", prefix + "nginx.conf"}});
}

bool nginx_server::wait_until_it_accepts()
{
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (std::chrono::steady_clock::now() < end) {
        if (process_.wait_for_end(0ms))
            return false;
        // Workers first: whoever else has the port would also accept.
        if (!workers().empty() && test::accepts(port_))
            return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

void nginx_server::reload() const
{
    process_.signal(SIGHUP);
}

std::size_t nginx_server::reloads() const
{
    return count(log(), "signal 1 (SIGHUP) received");
}

void nginx_server::kill_workers() const
{
    for (const pid_t worker : workers())
        ::kill(worker, SIGKILL);
}

void nginx_server::stop(unsigned patience_ms) noexcept
{
    if (patience_ms > 0) {
        process_.signal(SIGQUIT);
        if (process_.wait_for_end(std::chrono::milliseconds(patience_ms)))
            return;
    }
    process_.stop();
}

std::string nginx_server::log() const
{
    return read_file(folder_.path() / "error.log");
}

} // namespace integration
