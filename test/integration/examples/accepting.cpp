// The examples that are servers, when they have no file descriptor left for another connection.
#include "integration/examples/child.hpp"
#include "integration/examples/service.hpp"
#include "support/printing.hpp"

#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

BOOST_AUTO_TEST_SUITE(integration_examples_accepting)

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using integration::ask;
using integration::child;
using integration::path_of;
using integration::service;

// The processor time that a process has taken, in ticks of the system's clock.
long ticks_of(const std::string& pid)
{
    std::ifstream stat{"/proc/" + pid + "/stat"};
    std::string skipped;
    for (int field = 1; field != 14; ++field)
        stat >> skipped;
    long user = 0;
    long system = 0;
    stat >> user >> system;
    BOOST_TEST_REQUIRE(!stat.fail());
    return user + system;
}

// What comes after the last colon of a line, as in "listening on 127.0.0.1:8080".
std::uint16_t port_in(const std::string& line)
{
    return static_cast<std::uint16_t>(std::stoul(line.substr(line.rfind(':') + 1)));
}

void check_a_server_without_descriptors(const std::string& program, const std::string& more)
{
    service venice{0};
    child example{
        "/bin/sh", {"-c", "echo $$; ulimit -n 40; exec " + path_of(program) + " 0 " + more}, venice.environment()};
    const std::string pid = example.read_line().value_or("");
    const std::uint16_t port = port_in(example.read_line().value_or(":0"));
    BOOST_TEST_REQUIRE(port != 0);
    {
        asio::io_context io;
        std::vector<tcp::socket> many; // the system accepts those for which the program has no descriptor
        for (int i = 0; i != 50; ++i)
            many.emplace_back(io).connect({asio::ip::address_v4::loopback(), port});
        BOOST_TEST(example.read_line().value_or("") ==
                   program + ": cannot accept a connection: Too many open files; trying again");
        const long before = ticks_of(pid);
        std::this_thread::sleep_for(std::chrono::milliseconds{500});
        const long tenth = ::sysconf(_SC_CLK_TCK) / 10;
        BOOST_TEST(ticks_of(pid) - before < tenth); // it does not try all the time
    }
    BOOST_TEST(
        ask(port, "PUT / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 404 "));
    example.terminate();
    const std::string rest = example.read_all(); // of metrics also that its own request had no descriptor
    BOOST_TEST(rest.find("cannot accept") == std::string::npos, rest);
    BOOST_TEST(example.wait() == 0);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_server_without_descriptors_says_so_once_waits_and_goes_on)
{
    check_a_server_without_descriptors("server", "");
    check_a_server_without_descriptors("metrics", "");
    check_a_server_without_descriptors("graceful_shutdown", "5");
}

BOOST_AUTO_TEST_SUITE_END()
