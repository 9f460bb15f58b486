#include "integration/tinyproxy/server.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace integration {

using namespace std::chrono_literals;

tinyproxy_server::tinyproxy_server(tinyproxy_options options) : options_(std::move(options))
{
    constexpr int attempts = 5; // as the port may be taken in between
    std::string why;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        port_ = test::free_port();
        write_configuration();
        start();
        if (wait_until_it_accepts())
            return;
        stop();
        why = log();
    }
    throw std::runtime_error("tinyproxy does not start: " + why);
}

void tinyproxy_server::write_configuration() const
{
    std::ofstream out(folder_.path() / "tinyproxy.conf");
    out << "Listen 127.0.0.1\n"
        << "Port " << port_ << "\n"
        << "Timeout 60\n"
        << "MaxClients 100\n"
        << "Allow 127.0.0.1\n"
        << "LogLevel Info\n"
        << "LogFile \"" << (folder_.path() / "log").string() << "\"\n"
        << options_.directives << "\n";
    if (!out.flush())
        throw std::runtime_error("can't write tinyproxy.conf");
}

void tinyproxy_server::start()
{
    process_.start(
        {{options_.program, "-d", "-c", (folder_.path() / "tinyproxy.conf").string()}, "/dev/null", SIGKILL});
}

bool tinyproxy_server::wait_until_it_accepts()
{
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (std::chrono::steady_clock::now() < end) {
        const bool accepted = test::accepts(port_);
        if (process_.wait_for_end(0ms))
            return false;
        if (accepted)
            return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

std::string tinyproxy_server::log() const
{
    return test::read_file(folder_.path() / "log");
}

} // namespace integration
