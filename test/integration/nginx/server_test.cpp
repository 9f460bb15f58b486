// Is nginx under our control? A plain blocking client of Asio's asks; nginx answers by itself, with the target.

#include "integration/nginx/fixture.hpp"
#include "support/printing.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>

namespace integration_nginx_server_test {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class plain_client {
public:
    plain_client(std::uint16_t port, const std::filesystem::path& trusted)
    {
        context_.load_verify_file(trusted.string());
        stream_.set_verify_mode(asio::ssl::verify_peer);
        stream_.set_verify_callback(asio::ssl::host_name_verification("localhost"));
        stream_.lowest_layer().connect({asio::ip::address_v4::loopback(), port});
        stream_.handshake(asio::ssl::stream_base::client);
    }

    [[nodiscard]] std::string tls_version() { return SSL_get_version(stream_.native_handle()); }

    // PATCH /1 … /count in one write.
    void write_requests(int count)
    {
        std::string bytes;
        for (int i = 1; i <= count; ++i)
            bytes += "PATCH /" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
        asio::write(stream_, asio::buffer(bytes));
    }

    // The body of the next answer; empty at the end of the connection.
    std::string read_answer()
    {
        boost::system::error_code ec;
        const std::size_t head = asio::read_until(stream_, asio::dynamic_buffer(received_), "\r\n\r\n", ec);
        if (ec)
            return {};
        const auto at = received_.find("Content-Length: ");
        BOOST_TEST_REQUIRE(at < head);
        const std::size_t size = std::stoul(received_.substr(at + 16));
        if (received_.size() < head + size)
            asio::read(stream_, asio::dynamic_buffer(received_),
                       asio::transfer_exactly(head + size - received_.size()));
        std::string body = received_.substr(head, size);
        received_.erase(0, head + size);
        return body;
    }

private:
    asio::io_context io_;
    asio::ssl::context context_{asio::ssl::context::tls_client};
    asio::ssl::stream<asio::ip::tcp::socket> stream_{io_, context_};
    std::string received_;
};

// Waits until `condition` holds; false after ten seconds.
template <class Condition>
bool eventually(Condition condition)
{
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

struct with_certificate {
    integration::certificate_files files;

    [[nodiscard]] integration::nginx_options options() const
    {
        auto made = files.options();
        made.location_directives = "return 200 $request_uri;";
        return made;
    }
};

} // namespace integration_nginx_server_test

BOOST_FIXTURE_TEST_SUITE(integration_nginx_server_test, with_certificate,
                         *boost::unit_test::precondition(integration::nginx_is_there))

BOOST_AUTO_TEST_CASE(it_speaks_tls_1_3_and_answers_a_pipeline_in_order)
{
    const integration::nginx_server nginx(options());
    plain_client client(nginx.port(), files.certificate());
    BOOST_TEST(client.tls_version() == "TLSv1.3");
    client.write_requests(20);
    for (int i = 1; i <= 20; ++i)
        BOOST_TEST(client.read_answer() == "/" + std::to_string(i));
}

BOOST_AUTO_TEST_CASE(a_directive_takes_effect)
{
    auto settings = options();
    settings.server_directives = "keepalive_requests 7;";
    const integration::nginx_server nginx(settings);
    plain_client client(nginx.port(), files.certificate());
    client.write_requests(20);
    int answered = 0;
    while (!client.read_answer().empty())
        ++answered;
    BOOST_TEST(answered == 7);
}

BOOST_AUTO_TEST_CASE(a_reload_brings_new_workers_and_ends_the_old_ones)
{
    const integration::nginx_server nginx(options());
    const auto before = nginx.workers();
    BOOST_TEST(before.size() == 1U);
    plain_client client(nginx.port(), files.certificate());
    client.write_requests(1);
    BOOST_TEST(client.read_answer() == "/1");
    nginx.reload();
    BOOST_TEST(client.read_answer() == ""); // the end of an idle connection
    BOOST_TEST(eventually([&] { return nginx.workers().size() == 1 && nginx.workers() != before; }));
    BOOST_TEST(nginx.reloads() == 1U);
}

BOOST_AUTO_TEST_CASE(killed_workers_are_replaced)
{
    const integration::nginx_server nginx(options());
    const auto before = nginx.workers();
    nginx.kill_workers();
    BOOST_TEST(eventually([&] { return nginx.workers().size() == 1 && nginx.workers() != before; }));
    plain_client client(nginx.port(), files.certificate());
    client.write_requests(1);
    BOOST_TEST(client.read_answer() == "/1");
}

BOOST_AUTO_TEST_CASE(nothing_is_left_when_it_has_been_stopped)
{
    integration::nginx_server nginx(options());
    const auto workers = nginx.workers();
    nginx.stop();
    BOOST_TEST(nginx.workers().empty());
    for (const auto worker : workers)
        BOOST_TEST(eventually([&] { return ::kill(worker, 0) != 0; }));
    BOOST_CHECK_THROW(plain_client(nginx.port(), files.certificate()), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(a_configuration_that_it_refuses_is_told)
{
    auto settings = options();
    settings.server_directives = "no_such_directive;";
    BOOST_CHECK_EXCEPTION(integration::nginx_server{settings}, std::runtime_error, [](const std::runtime_error& e) {
        return std::string(e.what()).find("no_such_directive") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
