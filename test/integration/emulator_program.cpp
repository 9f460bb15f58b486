// venice-keys-emulator as a user starts it: its output, its files, its exit codes.
#include "integration/plain_client.hpp"
#include "support/printing.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace integration_emulator_program {

namespace fs = std::filesystem;
using test::plain_client;

// A running program whose output can be read. Killed at the latest when this object dies.
class program {
public:
    explicit program(std::vector<std::string> arguments, const std::string& token = {})
    {
        arguments.insert(arguments.begin(), VENICE_KEYS_EMULATOR_PROGRAM);
        std::array<int, 2> pipe_ends{};
        BOOST_TEST_REQUIRE(::pipe2(pipe_ends.data(), O_CLOEXEC) == 0);
        id_ = ::fork();
        BOOST_TEST_REQUIRE(id_ >= 0);
        if (id_ == 0) {
            ::dup2(pipe_ends[1], STDOUT_FILENO);
            ::dup2(pipe_ends[1], STDERR_FILENO);
            ::unsetenv("VENICE_KEYS_EMULATOR_TOKEN");
            if (!token.empty())
                ::setenv("VENICE_KEYS_EMULATOR_TOKEN", token.c_str(), 1);
            std::vector<char*> pointers;
            for (std::string& each : arguments)
                pointers.push_back(each.data());
            pointers.push_back(nullptr);
            ::execv(pointers.front(), pointers.data());
            ::_exit(127);
        }
        ::close(pipe_ends[1]);
        output_ = pipe_ends[0];
    }

    program(const program&) = delete;
    program& operator=(const program&) = delete;

    ~program()
    {
        if (id_ > 0) {
            ::kill(id_, SIGKILL);
            ::waitpid(id_, nullptr, 0);
        }
        ::close(output_);
    }

    // What follows `name=` on a line of its own.
    std::string value_of(const std::string& name)
    {
        const std::string start = name + '=';
        while (true) {
            const std::size_t at = text_.find(start);
            const std::size_t end = text_.find('\n', at);
            if (at != std::string::npos && end != std::string::npos)
                return text_.substr(at + start.size(), end - at - start.size());
            if (!read_more())
                return {};
        }
    }

    std::string all()
    {
        while (read_more()) {
        }
        return text_;
    }

    int wait()
    {
        int status = 0;
        ::waitpid(std::exchange(id_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    int stop(int signal)
    {
        ::kill(id_, signal);
        return wait();
    }

private:
    bool read_more()
    {
        std::array<char, 4096> block{};
        const ssize_t size = ::read(output_, block.data(), block.size());
        if (size > 0)
            text_.append(block.data(), static_cast<std::size_t>(size));
        return size > 0;
    }

    pid_t id_ = -1;
    int output_ = -1;
    std::string text_;
};

struct fixture {
    fixture()
    {
        std::string name = (fs::temp_directory_path() / "venice-keys-XXXXXX").string();
        BOOST_TEST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder = name;
    }
    ~fixture() { fs::remove_all(folder); }

    [[nodiscard]] std::string path(const char* name) const { return (folder / name).string(); }

    [[nodiscard]] std::string contents(const char* name) const
    {
        std::ifstream file{path(name)};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    fs::path folder;
};

std::uint16_t port_of(const std::string& url)
{
    const std::size_t colon = url.rfind(':');
    return static_cast<std::uint16_t>(std::stoul(url.substr(colon + 1)));
}

std::string list_request(const std::string& token)
{
    return "GET /api/v1/api_keys HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n";
}

unsigned status_of_list(plain_client& client, const std::string& token)
{
    BOOST_TEST(client.send(list_request(token)));
    const auto reply = client.read_reply();
    return reply ? reply->status : 0;
}

} // namespace integration_emulator_program

BOOST_FIXTURE_TEST_SUITE(integration_emulator_program, fixture)

BOOST_AUTO_TEST_CASE(it_serves_with_the_token_and_the_ca_that_it_has_written)
{
    program emulator{{"--token-file", path("token"), "--ca-file", path("ca.pem"), "--http-port", "0"}};
    const std::string url = emulator.value_of("base_url");
    const std::string http_url = emulator.value_of("http_base_url");
    BOOST_REQUIRE(!url.empty());
    BOOST_REQUIRE(!http_url.empty());
    std::string token = contents("token");
    BOOST_REQUIRE(token.ends_with('\n'));
    token.pop_back();
    plain_client client{port_of(url), contents("ca.pem")};
    BOOST_TEST(status_of_list(client, token) == 200U);
    plain_client plain{port_of(http_url), ""};
    BOOST_TEST(status_of_list(plain, token) == 200U);
    struct stat about {};
    BOOST_TEST_REQUIRE(::stat(path("token").c_str(), &about) == 0);
    BOOST_TEST((about.st_mode & 0777U) == 0600U);
    BOOST_TEST(emulator.stop(SIGTERM) == 0);
    BOOST_TEST(emulator.all().find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_takes_the_token_of_the_file_before_that_of_the_environment)
{
    std::ofstream{path("token")} << "from-the-file\n";
    program emulator{{"--token-file", path("token"), "--print-token"}, "from-the-environment"};
    BOOST_TEST(emulator.value_of("token") == "from-the-file");
    BOOST_TEST(emulator.stop(SIGINT) == 0);
    BOOST_TEST(contents("token") == "from-the-file\n");
}

BOOST_AUTO_TEST_CASE(it_takes_the_token_of_the_environment)
{
    program emulator{{"--ca-file", path("ca.pem")}, "from-the-environment"};
    plain_client client{port_of(emulator.value_of("base_url")), contents("ca.pem")};
    BOOST_TEST(status_of_list(client, "from-the-environment") == 200U);
    BOOST_TEST(emulator.stop(SIGTERM) == 0);
}

BOOST_AUTO_TEST_CASE(it_does_what_its_options_say)
{
    program emulator{{"--print-token", "--ca-file", path("ca.pem"), "--keys", "7", "--fault", "answer=503,after=1",
                      "--fault", "answer=500,after=2", "--requests-per-minute", "3"}};
    const std::string token = emulator.value_of("token");
    plain_client client{port_of(emulator.value_of("base_url")), contents("ca.pem")};
    BOOST_TEST(client.send(list_request(token)));
    const auto reply = client.read_reply();
    BOOST_REQUIRE(reply.has_value());
    BOOST_TEST(reply->fields.at("x-ratelimit-limit-requests") == "3");
    BOOST_TEST(reply->body.find("key 7") != std::string::npos);
    BOOST_TEST(status_of_list(client, token) == 503U);
    BOOST_TEST(status_of_list(client, token) == 500U);
}

BOOST_AUTO_TEST_CASE(its_protocol_can_be_chosen)
{
    for (const auto& [name, chosen] : {std::pair{"automatic", "h2"}, std::pair{"http1", "http/1.1"}}) {
        program here{{"--port", "0", "--protocol", name, "--max-streams", "5", "--initial-window", "1000", "--ca-file",
                      path("ca.pem"), "--token-file", path("token"), "--fault", "goaway=at,code=cancel,then=close"}};
        const std::uint16_t port = port_of(here.value_of("base_url"));
        BOOST_TEST(plain_client(port, contents("ca.pem"), "http/1.1,h2").agreed() == chosen);
        BOOST_TEST(here.stop(SIGTERM) == 0);
    }
}

BOOST_AUTO_TEST_CASE(without_limits_it_locks_nobody_out)
{
    program emulator{{"--no-limits", "--ca-file", path("ca.pem")}, "token"};
    plain_client client{port_of(emulator.value_of("base_url")), contents("ca.pem")};
    for (int i = 0; i < 30; ++i)
        BOOST_TEST(status_of_list(client, "wrong") == 401U);
}

BOOST_AUTO_TEST_CASE(wrong_uses_end_with_2_and_say_why)
{
    const std::vector<std::pair<std::vector<std::string>, std::string>> uses{
        {{}, "nobody would know the token"},
        {{"--print-token", "--fault", "explode"}, "unknown kind 'explode'"},
        {{"--print-token", "--certificate", "x.pem"}, "--private-key"},
        {{"--print-token", "--port", "70000"}, "--port: '70000' is not a whole number from 0 to 65535"},
        {{"--print-token", "--http-port", "-1"}, "--http-port: '-1' is not a whole number from 0 to 65535"},
        {{"--print-token", "--keys", "-5"}, "--keys: '-5' is not a whole number from 0 to 1000000"},
        {{"--print-token", "--keys", "1e9"}, "--keys: '1e9' is not"},
        {{"--print-token", "--seed", "-1"}, "--seed: '-1' is not"},
        {{"--print-token", "--seed", ""}, "--seed: '' is not"},
        {{"--print-token", "--requests-per-minute", "4294967296"}, "--requests-per-minute: '4294967296' is not"},
        {{"--print-token", "--error-budget", "0"}, "--error-budget: '0' is not"},
        {{"--print-token", "--unknown-key-status", "401"}, "--unknown-key-status: '401' is neither 400 nor 404"},
        {{"--print-token", "--service-time", "5"}, "--service-time: '5' is not a time"},
        {{"--print-token", "--service-time", "2h"}, "--service-time: '2h' is not a time"},
        {{"--print-token", "--service-time", "3601s"}, "--service-time: '3601s' is not a time"},
        {{"--print-token", "--protocol", "spdy"}, "--protocol: 'spdy' is not automatic, http1 or http2"},
        {{"--print-token", "--max-streams", "-1"}, "--max-streams: '-1' is not"},
        {{"--print-token", "--initial-window", "2147483648"}, "--initial-window: '2147483648' is not"},
        {{"--print-token", "--address", "nowhere"}, "--address: 'nowhere' is not an IP address"},
        {{"--print-token", "--ca-file", ""}, "--ca-file: it must not be empty"},
        {{"--print-token", "--certificate", "c", "--private-key", "k", "--ca-file", "x"}, "--ca-file: there is no CA"},
        {{"--print-token", "--keys"}, "--keys"},
        {{"--token=secret-text"}, "--token: there is no such option"},
    };
    for (const auto& [arguments, complaint] : uses) {
        program emulator{arguments};
        const std::string said = emulator.all();
        BOOST_TEST(said.find(complaint) != std::string::npos, said);
        BOOST_TEST(said.find("base_url") == std::string::npos, said);
        BOOST_TEST(said.find("secret-text") == std::string::npos, said);
        BOOST_TEST(emulator.wait() == 2);
    }
}

BOOST_AUTO_TEST_CASE(all_that_is_wrong_is_told_at_once_and_nothing_is_started)
{
    program emulator{{"--keys", "-5", "--port", "x", "--fault", "delay=1", "--fault", "explode", "--token-file",
                      path("token"), "surplus"}};
    const std::string said = emulator.all();
    for (const char* each : {"--keys: '-5'", "--port: 'x'", "--fault: 'delay=1'", "--fault: 'explode'", "an argument"})
        BOOST_TEST(said.find(each) != std::string::npos, said);
    BOOST_TEST(said.find("surplus") == std::string::npos, said); // it could have been a token
    BOOST_TEST(emulator.wait() == 2);
    BOOST_TEST(!fs::exists(path("token")));
}

BOOST_AUTO_TEST_CASE(a_value_that_is_missing_is_told_with_the_rest)
{
    program emulator{{"--print-token", "--port", "x", "--fault", "explode", "surplus", "--keys"}};
    const std::string said = emulator.all();
    for (const char* each : {"--port: 'x'", "--fault: 'explode'", "an argument", "--keys: "})
        BOOST_TEST(said.find(each) != std::string::npos, said);
    BOOST_TEST(said.find("nobody would know the token") == std::string::npos, said);
    BOOST_TEST(emulator.wait() == 2);
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_told_in_plain_words)
{
    program first{{"--print-token"}};
    const std::string port = std::to_string(port_of(first.value_of("base_url")));
    program second{{"--print-token", "--port", port}};
    BOOST_TEST(second.all() == "venice-keys-emulator: cannot listen on 127.0.0.1:" + port +
                                   ": Address already in use; give another port, or 0 for a free one (--port)\n");
    BOOST_TEST(second.wait() == 1);
}

BOOST_AUTO_TEST_CASE(an_address_of_another_machine_is_told_whole)
{
    program elsewhere{{"--print-token", "--address", "2001:db8::7"}};
    const std::string said = elsewhere.all();
    BOOST_TEST(said.starts_with("venice-keys-emulator: cannot listen on [2001:db8::7]:0: "), said);
    BOOST_TEST(elsewhere.wait() == 1);
}

BOOST_AUTO_TEST_CASE(it_can_follow_the_older_rules)
{
    program emulator{{"--older-rules", "--ca-file", path("ca.pem"), "--service-time", "1ms"}, "token"};
    plain_client client{port_of(emulator.value_of("base_url")), contents("ca.pem")};
    for (int i = 0; i < 21; ++i)
        BOOST_TEST(status_of_list(client, "wrong") == 401U);
    BOOST_TEST(status_of_list(client, "wrong") == 429U);
    BOOST_TEST(client.send("GET /api/v1/api_keys/none HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token\r\n\r\n"));
    const auto reply = client.read_reply();
    BOOST_REQUIRE(reply.has_value());
    BOOST_TEST(reply->status == 404U);
    BOOST_TEST(reply->fields.count("x-ratelimit-remaining") == 0U);
}

BOOST_AUTO_TEST_CASE(what_keeps_it_from_serving_ends_with_1)
{
    program no_file{{"--print-token", "--certificate", "/nowhere/c.pem", "--private-key", "/nowhere/k.pem"}};
    BOOST_TEST(no_file.all().find("/nowhere/c.pem") != std::string::npos);
    BOOST_TEST(no_file.wait() == 1);
    program no_folder{{"--print-token", "--ca-file", "/nowhere/ca.pem"}};
    BOOST_TEST(no_folder.all().find("/nowhere/ca.pem") != std::string::npos);
    BOOST_TEST(no_folder.wait() == 1);
    program bad_token{{}, "not a token"};
    BOOST_TEST(bad_token.all().find("not a token") == std::string::npos);
    BOOST_TEST(bad_token.wait() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
