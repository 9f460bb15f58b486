// Runs each program of docs/examples against the emulator, as a user would: the service and the token in the
// environment.
#include "integration/examples/child.hpp"

#include <venice_keys/emulator.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

namespace asio = boost::asio;
namespace vk = venice_keys;
using integration::child;

// An emulator on its own thread, and a file of its CA.
class service {
public:
    explicit service(std::size_t keys)
        : emulator_(io_.get_executor(), options_with(keys)), thread_([this] { io_.run(); })
    {
        static int number = 0;
        ca_file_ = std::filesystem::temp_directory_path() /
                   ("venice_keys_examples_" + std::to_string(::getpid()) + "_" + std::to_string(++number) + ".pem");
        std::ofstream{ca_file_} << emulator_.ca_pem();
    }
    service(const service&) = delete;
    service& operator=(const service&) = delete;
    ~service()
    {
        emulator_.stop();
        thread_.join();
        std::error_code ignored; // it may not have been written
        std::filesystem::remove(ca_file_, ignored);
    }

    [[nodiscard]] vk::emulator& emulator() { return emulator_; }
    [[nodiscard]] vk::api_key key(std::size_t which) const { return emulator_.keys().at(which); }
    [[nodiscard]] child::variables environment() const
    {
        return {{"VENICE_API_KEY", emulator_.token()},
                {"VENICE_BASE_URL", emulator_.base_url()},
                {"VENICE_CA_FILE", ca_file_.string()}};
    }

private:
    static vk::emulator_options options_with(std::size_t keys)
    {
        vk::emulator_options options;
        options.initial_keys = keys;
        return options;
    }

    asio::io_context io_;
    vk::emulator emulator_;
    std::filesystem::path ca_file_;
    std::thread thread_;
};

std::string path_of(const std::string& example)
{
    return std::string{VENICE_KEYS_EXAMPLES} + "/" + example;
}

// Sends one request and returns the whole answer.
std::string ask(std::uint16_t port, const std::string& request)
{
    asio::io_context io;
    asio::ip::tcp::socket socket{io};
    socket.connect({asio::ip::address_v4::loopback(), port});
    asio::write(socket, asio::buffer(request));
    std::string answer;
    boost::system::error_code ec; // the end of the stream
    asio::read(socket, asio::dynamic_buffer(answer), ec);
    return answer;
}

std::string put_limit(const std::string& id, const std::string& limit)
{
    return "PUT /keys/" + id + "/limit HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
           std::to_string(limit.size()) + "\r\n\r\n" + limit;
}

} // namespace

BOOST_AUTO_TEST_SUITE(integration_examples_programs)

BOOST_AUTO_TEST_CASE(update_one_sets_every_field_that_it_names)
{
    service venice{2};
    child example{path_of("update_one"), {venice.key(1).id}, venice.environment()};
    BOOST_TEST(example.read_all() == venice.key(1).id + ": 50 USD\n");
    BOOST_TEST(example.wait() == 0);

    const vk::api_key key = venice.key(1);
    BOOST_TEST((key.limits.usd == 50.0));
    BOOST_TEST(!key.limits.diem.has_value());
    BOOST_TEST(key.limit_period == vk::limit_period::month);
    BOOST_TEST(key.description == "tenant 42");
    BOOST_TEST(!key.expires_at.has_value());
    BOOST_TEST(venice.emulator().journal().size() == 1U);
}

BOOST_AUTO_TEST_CASE(update_one_says_why_it_failed)
{
    service venice{1};
    child example{path_of("update_one"), {"no-such-key"}, venice.environment()};
    const std::string said = example.read_all();
    BOOST_TEST(said.starts_with("not found (HTTP 404)"), said);
    BOOST_TEST(example.wait() == 1);
}

BOOST_AUTO_TEST_CASE(an_example_without_a_token_says_so)
{
    service venice{1};
    child example{"/usr/bin/env", {"-u", "VENICE_API_KEY", path_of("update_one"), venice.key(0).id}, {}};
    BOOST_TEST(example.read_all() == "update_one: VENICE_API_KEY is not set\n");
    BOOST_TEST(example.wait() == 1);
}

BOOST_AUTO_TEST_CASE(update_many_updates_each_key_of_its_input)
{
    service venice{50};
    std::string ids;
    for (const vk::api_key& key : venice.emulator().keys())
        ids += key.id + "\n";
    child example{path_of("update_many"), {"12.5"}, venice.environment(), ids};
    BOOST_TEST(example.read_all() == "50 of 50 keys updated\n");
    BOOST_TEST(example.wait() == 0);
    for (const vk::api_key& key : venice.emulator().keys())
        BOOST_TEST((key.limits.usd == 12.5));
}

BOOST_AUTO_TEST_CASE(update_many_sends_no_more_after_a_refusal)
{
    service venice{1};
    std::string ids;
    for (int i = 0; i != 500; ++i)
        ids += "no-such-key-" + std::to_string(i) + "\n";
    child example{path_of("update_many"), {"1"}, venice.environment(), ids};
    const std::string said = example.read_all();
    BOOST_TEST(said.find("no-such-key-0: not found (HTTP 404)") != std::string::npos, said);
    BOOST_TEST(said.find("no-such-key-499: cancelled: cancelled while waiting for") != std::string::npos, said);
    BOOST_TEST(said.ends_with("0 of 500 keys updated\n"), said);
    BOOST_TEST(example.wait() == 1);
    BOOST_TEST(venice.emulator().stats().requests <= 16U);
}

BOOST_AUTO_TEST_CASE(the_callback_runs_and_the_program_ends)
{
    service venice{1};
    child example{path_of("callback"), {venice.key(0).id}, venice.environment()};
    BOOST_TEST(example.read_all() == venice.key(0).id + ": set from a callback\n");
    BOOST_TEST(example.wait() == 0);
    BOOST_TEST(venice.key(0).description == "set from a callback");
}

BOOST_AUTO_TEST_CASE(the_futures_hold_the_keys)
{
    service venice{2};
    child example{path_of("future"), {venice.key(0).id, venice.key(1).id}, venice.environment()};
    BOOST_TEST(example.read_all() ==
               venice.key(0).id + ": set from a future\n" + venice.key(1).id + ": set from a future\n");
    BOOST_TEST(example.wait() == 0);
    BOOST_TEST(venice.key(1).description == "set from a future");
}

BOOST_AUTO_TEST_CASE(a_cancelled_update_is_not_sent_and_the_others_are_applied)
{
    service venice{1};
    child example{path_of("cancellation"), {venice.key(0).id}, venice.environment()};
    const std::string first = example.read_line().value_or("");
    BOOST_TEST(first.starts_with("slot: cancelled: cancelled while waiting for a connection"), first);
    BOOST_TEST(first.ends_with("; not sent"), first);
    BOOST_TEST(example.read_all() == "deadline: within 5 s\n"
                                     "operator: before the timer\n"
                                     "group: first of a group\n");
    BOOST_TEST(example.wait() == 0);
    std::vector<std::string> applied;
    for (const vk::journal_entry& entry : venice.emulator().journal())
        applied.push_back(entry.key.description);
    const std::vector<std::string> expected{"within 5 s", "before the timer", "first of a group"};
    BOOST_TEST(applied == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_server_changes_the_key_that_a_request_names)
{
    service venice{2};
    child example{path_of("server"), {"0"}, venice.environment()};
    const std::string greeting = example.read_line().value_or("");
    const std::string before = "listening on 127.0.0.1:";
    BOOST_REQUIRE(greeting.starts_with(before));
    const auto port = static_cast<std::uint16_t>(std::stoul(greeting.substr(before.size())));

    const std::string changed = ask(port, put_limit(venice.key(1).id, "75.5"));
    BOOST_TEST(changed.starts_with("HTTP/1.1 200 "), changed);
    BOOST_TEST((venice.key(1).limits.usd == 75.5));
    BOOST_TEST(!venice.key(0).limits.usd.has_value());

    BOOST_TEST(ask(port, put_limit(venice.key(1).id, "much")).starts_with("HTTP/1.1 400 "));
    BOOST_TEST(ask(port, put_limit(venice.key(1).id, "-1")).starts_with("HTTP/1.1 400 "));
    BOOST_TEST(ask(port, put_limit("no-such-key", "1")).starts_with("HTTP/1.1 404 "));
    BOOST_TEST((venice.key(1).limits.usd == 75.5));

    example.terminate();
    static_cast<void>(example.read_all());
    BOOST_TEST(example.wait() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
