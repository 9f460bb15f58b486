// The example of a server that ends with work under way: each update is done or named, and the end comes in time.
#include "integration/examples/child.hpp"
#include "integration/examples/service.hpp"
#include "support/printing.hpp"

#include <venice_keys/emulator.hpp>

#include <chrono>
#include <csignal>
#include <future>
#include <set>
#include <sstream>
#include <string>
#include <thread>

BOOST_AUTO_TEST_SUITE(integration_examples_graceful_shutdown)

namespace {

namespace asio = boost::asio;
namespace vk = venice_keys;
using asio::ip::tcp;
using integration::ask;
using integration::child;
using integration::path_of;
using integration::service;
using namespace std::chrono_literals;

// The server, and one whose answer is waited for on another thread.
class run {
public:
    run(service& venice, const std::string& drain)
        : venice_(venice), server_(path_of("graceful_shutdown"), {"0", drain}, venice.environment())
    {
        const std::string greeting = server_.read_line().value_or("");
        const std::string before = "listening on 127.0.0.1:";
        BOOST_TEST_REQUIRE(greeting.starts_with(before), greeting);
        port_ = static_cast<std::uint16_t>(std::stoul(greeting.substr(before.size())));
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] child& server() { return server_; }

    // Asks for a limit of 5 USD for every key; returns when requests have come to the service.
    std::future<std::string> begin()
    {
        std::string body;
        for (const vk::api_key& key : venice_.emulator().keys())
            body += key.id + ",5\n";
        const std::string request =
            "POST /limits HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body;
        std::future<std::string> answer =
            std::async(std::launch::async, [request, port = port_] { return ask(port, request); });
        while (venice_.emulator().stats().requests == 0)
            std::this_thread::sleep_for(5ms);
        return answer;
    }

    // Returns when nobody is accepted any more.
    void wait_until_it_stops_listening() const
    {
        boost::system::error_code refused;
        while (!refused) {
            asio::io_context io;
            tcp::socket{io}.connect({asio::ip::address_v4::loopback(), port_}, refused);
            std::this_thread::sleep_for(5ms);
        }
    }

private:
    service& venice_;
    child server_;
    std::uint16_t port_ = 0;
};

std::size_t count(const std::string& text, const std::string& what)
{
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++found;
    return found;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_under_way_ends_and_the_rest_is_named)
{
    service venice{300};
    venice.emulator().add_fault(vk::fault::service(100ms));
    run it{venice, "20"};
    std::future<std::string> answer = it.begin();
    it.server().terminate();
    const std::string said = it.server().read_all();
    BOOST_TEST(it.server().wait() == 3);

    // Whoever waited has been told the truth about every key, and so has the operator.
    const std::string told = answer.get();
    BOOST_TEST(told.starts_with("HTTP/1.1 200 "), told);
    std::size_t done = 0;
    for (const vk::api_key& key : venice.emulator().keys()) {
        const bool changed = key.limits.usd == 5.0;
        done += changed ? 1U : 0U;
        BOOST_TEST(count(told, key.id + ": done\n") == (changed ? 1U : 0U));
        BOOST_TEST(count(said, "left: " + key.id + ": ") == (changed ? 0U : 1U));
    }
    BOOST_TEST(done > 0U); // some were under way
    BOOST_TEST(done < 300U);
    BOOST_TEST(count(said, ": not begun\n") > 0U, said);
}

BOOST_AUTO_TEST_CASE(an_update_that_is_not_answered_in_time_is_named_with_how_far_it_got)
{
    service venice{1};
    venice.emulator().add_fault(vk::fault::stall().times(0));
    run it{venice, "1"};
    std::future<std::string> answer = it.begin();
    it.server().terminate();
    const std::string said = it.server().read_all();
    BOOST_TEST(it.server().wait() == 3);
    BOOST_TEST(said.find("left: " + venice.key(0).id + ": sent, not answered\n") != std::string::npos, said);
    const std::string told = answer.get(); // why, in the library's words
    BOOST_TEST(count(told, venice.key(0).id + ": ") == 1U, told);
    BOOST_TEST(count(told, ": done\n") == 0U, told);
}

BOOST_AUTO_TEST_CASE(a_server_with_nothing_to_do_ends_at_once_although_someone_is_connected)
{
    service venice{1};
    run it{venice, "20"};
    const std::string body = venice.key(0).id + ",7";
    const std::string request =
        "POST /limits HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body;
    std::future<std::string> answer = std::async(std::launch::async, [&] { return ask(it.port(), request); });
    while (venice.key(0).limits.usd != 7.0)
        std::this_thread::sleep_for(5ms);
    const auto started = std::chrono::steady_clock::now();
    it.server().terminate();
    static_cast<void>(it.server().read_all());
    BOOST_TEST(it.server().wait() == 0);
    BOOST_TEST((std::chrono::steady_clock::now() - started < 10s)); // the connection alone would stay for 30 s
    BOOST_TEST(answer.get().ends_with(venice.key(0).id + ": done\n"));
}

BOOST_AUTO_TEST_CASE(a_second_signal_ends_it_at_once)
{
    service venice{1};
    venice.emulator().add_fault(vk::fault::stall().times(0));
    run it{venice, "20"};
    std::future<std::string> answer = it.begin();
    it.server().signal(SIGINT);
    it.wait_until_it_stops_listening();
    it.server().signal(SIGINT);
    BOOST_TEST(it.server().wait() == 128 + SIGINT);
    BOOST_TEST(answer.get() == ""); // there was nobody to answer any more
}

BOOST_AUTO_TEST_CASE(a_body_with_a_wrong_line_changes_nothing)
{
    service venice{1};
    run it{venice, "20"};
    const std::string good = venice.key(0).id + ",5\n";
    for (const std::string& wrong :
         {good + "no comma\n", good + venice.key(0).id + ",much\n", good + "x,-1\n", good + ",1\n"}) {
        const std::string request =
            "POST /limits HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
            std::to_string(wrong.size()) + "\r\n\r\n" + wrong;
        BOOST_TEST(ask(it.port(), request).starts_with("HTTP/1.1 400 "));
    }
    BOOST_TEST(venice.emulator().stats().requests == 0U);
    it.server().terminate();
    static_cast<void>(it.server().read_all());
    BOOST_TEST(it.server().wait() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
