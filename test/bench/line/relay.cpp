#include "bench/line/relay.hpp"
#include "bench/line/listening.hpp"
#include "bench/line/one_by_one.hpp"
#include "integration/nginx/certificate.hpp"
#include "support/printing.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <unistd.h>

BOOST_AUTO_TEST_SUITE(bench_line_relay)

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using asio::ip::tcp;
using line::clock;

constexpr auto one_way = 5ms;

// Something that serves in a thread of its own, and clients that block.
struct served {
    ~served()
    {
        io.stop();
        if (thread.joinable())
            thread.join();
    }
    void start()
    {
        thread = std::thread([this] { io.run(); });
    }
    tcp::socket connect_to(std::uint16_t port)
    {
        tcp::socket made(outside);
        made.connect({asio::ip::address_v4::loopback(), port});
        made.set_option(tcp::no_delay(true));
        return made;
    }

    asio::io_context io;
    asio::io_context outside;
    std::thread thread;
};

// Sends back what it gets, until the end.
void echo(tcp::socket taken)
{
    auto kept = std::make_shared<tcp::socket>(std::move(taken));
    auto part = std::make_shared<std::string>(64 * 1024, '\0');
    kept->async_read_some(asio::buffer(*part),
                          [kept, part](const boost::system::error_code& failure, std::size_t size) {
                              if (failure)
                                  return;
                              asio::async_write(*kept, asio::buffer(*part, size),
                                                [kept, part](const boost::system::error_code& broken, std::size_t) {
                                                    if (!broken)
                                                        echo(std::move(*kept));
                                                });
                          });
}

struct echo_behind_a_line : served {
    echo_behind_a_line() : echoing(line::listen_at_once(io)), relay(io, echoing.local_endpoint().port(), one_way)
    {
        line::take_all(echoing, echo);
        start();
    }

    tcp::acceptor echoing;
    line::relay relay;
};

template <class Stream>
std::string read(Stream& from, std::size_t size)
{
    std::string got(size, '\0');
    asio::read(from, asio::buffer(got));
    return got;
}

std::string request(const std::string& id)
{
    const std::string body = R"({"id":")" + id + R"("})";
    return "PATCH /api/v1/api_keys HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

struct server_behind_a_line : served {
    explicit server_behind_a_line(line::manner how)
    {
        fs::create_directories(folder);
        integration::write_certificate(folder / "server.pem", folder / "server.key");
        server.emplace(io, how, 10ms, (folder / "server.pem").string(), (folder / "server.key").string());
        relay.emplace(io, server->port(), one_way);
        start();
        client.emplace(connect_to(relay->port()), tls);
        client->handshake(asio::ssl::stream_base::client);
    }
    ~server_behind_a_line() { fs::remove_all(folder); }

    void send(const std::string& bytes) { asio::write(*client, asio::buffer(bytes)); }
    // Up to the end of the first answer after which nothing comes at once; empty when the connection has ended.
    std::string answer()
    {
        std::string got(4096, '\0');
        boost::system::error_code failure;
        got.resize(client->read_some(asio::buffer(got), failure));
        return got;
    }

    const fs::path folder = fs::temp_directory_path() / ("venice-keys-line-" + std::to_string(::getpid()));
    std::optional<line::one_by_one> server;
    std::optional<line::relay> relay;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::optional<asio::ssl::stream<tcp::socket>> client;
};

bool has(const std::string& answer, const std::string& id)
{
    return answer.starts_with("HTTP/1.1 200 ") && answer.find("\"id\":\"" + id + "\"") != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_first_answer_takes_two_round_trips_and_each_further_one_a_single_one, echo_behind_a_line)
{
    const auto began = clock::now();
    tcp::socket client = connect_to(relay.port());
    asio::write(client, asio::buffer("abc", 3));
    BOOST_TEST(read(client, 3) == "abc");
    const auto first = clock::now();
    BOOST_TEST((first - began) >= 4 * one_way);
    asio::write(client, asio::buffer("def", 3));
    BOOST_TEST(read(client, 3) == "def");
    BOOST_TEST((clock::now() - first) >= 2 * one_way);
    // That it is not more by much can't be told on a machine that others use as well: bench/line says it.
}

BOOST_FIXTURE_TEST_CASE(many_bytes_come_whole_and_in_order, echo_behind_a_line)
{
    std::string sent;
    while (sent.size() < (1U << 20))
        sent += std::to_string(sent.size()) + ' ';
    tcp::socket client = connect_to(relay.port());
    std::thread writer([&] { asio::write(client, asio::buffer(sent)); });
    BOOST_TEST(read(client, sent.size()) == sent);
    writer.join();
}

BOOST_FIXTURE_TEST_CASE(an_end_is_handed_on_after_what_came_before_it, echo_behind_a_line)
{
    tcp::socket client = connect_to(relay.port());
    asio::write(client, asio::buffer("abc", 3));
    client.shutdown(tcp::socket::shutdown_send);
    BOOST_TEST(read(client, 3) == "abc");
    boost::system::error_code failure;
    char more = 0;
    BOOST_TEST(client.read_some(asio::buffer(&more, 1), failure) == 0U);
    BOOST_TEST(failure == asio::error::eof);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_there_ends_the_connection)
{
    served nothing;
    std::uint16_t gone = 0;
    {
        asio::io_context other;
        gone = line::listen_at_once(other).local_endpoint().port();
    }
    line::relay relay(nothing.io, gone, one_way);
    nothing.start();
    tcp::socket client = nothing.connect_to(relay.port());
    boost::system::error_code failure;
    char more = 0;
    BOOST_TEST(client.read_some(asio::buffer(&more, 1), failure) == 0U);
    BOOST_TEST(failure.failed());
}

BOOST_AUTO_TEST_CASE(a_server_that_closes_answers_one_after_the_other_while_nothing_is_behind)
{
    server_behind_a_line line(line::manner::closes);
    line.send(request("a-1"));
    BOOST_TEST(has(line.answer(), "a-1"));
    line.send(request("a-2"));
    BOOST_TEST(has(line.answer(), "a-2"));
}

BOOST_AUTO_TEST_CASE(a_server_that_closes_answers_the_first_of_two_and_closes)
{
    server_behind_a_line line(line::manner::closes);
    line.send(request("a-1") + request("a-2"));
    BOOST_TEST(has(line.answer(), "a-1"));
    BOOST_TEST(line.answer() == "");
}

BOOST_AUTO_TEST_CASE(a_server_that_drops_answers_the_first_of_two_and_goes_on_with_what_comes_after_its_answer)
{
    server_behind_a_line line(line::manner::drops);
    line.send(request("a-1") + request("a-2"));
    BOOST_TEST(has(line.answer(), "a-1"));
    line.send(request("a-3"));
    BOOST_TEST(has(line.answer(), "a-3"));
}

BOOST_AUTO_TEST_SUITE_END()
