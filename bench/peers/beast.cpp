// What one would write by hand with Boost.Beast: coroutines on one thread, a connection for each update in flight,
// messages with string bodies, and JSON by way of values.
#include "common.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;
using asio::ip::tcp;
using stream = beast::ssl_stream<beast::tcp_stream>;

struct load {
    const peers::settings& wanted;
    peers::measurement& measured;
    asio::steady_timer all_are_warm; // never expires; its cancellation wakes all
    peers::key_ids ids{wanted};
    std::size_t asked = 0;
    std::size_t to_ask = wanted.warm_up;
    std::size_t warming = wanted.in_flight; // how many connections are still warming up
};

// The last connection lets them all go on.
asio::awaitable<void> wait_until_all_are_warm(load& all)
{
    if (--all.warming != 0) {
        boost::system::error_code cancelled;
        co_await all.all_are_warm.async_wait(asio::redirect_error(use_awaitable, cancelled));
        co_return;
    }
    asio::steady_timer settle(all.all_are_warm.get_executor(), all.wanted.settle);
    co_await settle.async_wait(use_awaitable);
    all.asked = 0;
    all.to_ask = all.wanted.updates;
    all.measured.begin();
    all.all_are_warm.cancel();
}

asio::awaitable<void> connect(stream& server, const peers::settings& wanted)
{
    tcp::resolver resolver(server.get_executor());
    const auto addresses = co_await resolver.async_resolve(wanted.host, std::to_string(wanted.port), use_awaitable);
    auto& socket = beast::get_lowest_layer(server);
    co_await socket.async_connect(addresses, use_awaitable);
    socket.socket().set_option(tcp::no_delay(true));
    SSL_set_tlsext_host_name(server.native_handle(), wanted.host.c_str());
    server.set_verify_callback(asio::ssl::host_name_verification(wanted.host));
    co_await server.async_handshake(asio::ssl::stream_base::client, use_awaitable);
}

asio::awaitable<void> update_one_after_the_other(load& all, stream& server)
{
    beast::flat_buffer buffer;
    while (all.asked != all.to_ask) {
        const std::string& id = all.ids[all.asked++];
        const auto asked_at = peers::clock::now();
        http::request<http::string_body> request(http::verb::patch, peers::target, 11);
        request.set(http::field::host, all.wanted.host);
        request.set(http::field::user_agent, "beast/1.81");
        request.set(http::field::accept, "application/json");
        request.set(http::field::authorization, "Bearer " + std::string(peers::token));
        request.set(http::field::content_type, "application/json");
        request.body() = peers::body_for(id);
        request.prepare_payload();
        beast::get_lowest_layer(server).expires_after(std::chrono::seconds(30));
        co_await http::async_write(server, request, use_awaitable);
        http::response<http::string_body> answer;
        co_await http::async_read(server, buffer, answer, use_awaitable);
        if (answer.result() != http::status::ok)
            throw std::runtime_error("status " + std::to_string(answer.result_int()));
        const peers::updated_key key = peers::read_key(answer.body());
        if (key.id != id)
            throw std::runtime_error("an answer is about another key than was asked for");
        all.measured.answered(asked_at);
    }
}

asio::awaitable<void> use_one_connection(load& all, asio::ssl::context& context)
{
    stream server(co_await asio::this_coro::executor, context);
    co_await connect(server, all.wanted);
    if (all.wanted.warm_up != 0) {
        co_await update_one_after_the_other(all, server);
        co_await wait_until_all_are_warm(all);
    }
    co_await update_one_after_the_other(all, server);
}

void run(const peers::settings& wanted, peers::measurement& measured)
{
    asio::io_context io(1);
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.load_verify_file(wanted.ca_file);
    context.set_verify_mode(asio::ssl::verify_peer);
    load all{wanted, measured, asio::steady_timer(io, asio::steady_timer::time_point::max())};
    if (wanted.warm_up == 0) {
        all.to_ask = wanted.updates;
        measured.begin();
    }
    for (std::size_t i = 0; i != wanted.in_flight; ++i)
        asio::co_spawn(io, use_one_connection(all, context), [](const std::exception_ptr& failure) {
            if (failure)
                std::rethrow_exception(failure);
        });
    io.run();
}

} // namespace

int main(int argc, char** argv)
{
    return peers::main_of(argc, argv, "beast", run);
}
