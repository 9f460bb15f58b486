// A small HTTP server whose handler awaits an update, one io_context for both: server PORT
//
//     PUT /keys/KEY-ID/limit     the body is the new limit in USD
#include "arguments.hpp"
#include "listener.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <charconv>
#include <chrono>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace vk = venice_keys;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

using request = http::request<http::string_body>;
using response = http::response<http::string_body>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

response reply(const request& asked, http::status status, std::string text)
{
    response answer{status, asked.version()};
    answer.keep_alive(asked.keep_alive());
    answer.set(http::field::content_type, "text/plain");
    answer.body() = std::move(text) + "\n";
    answer.prepare_payload();
    return answer;
}

// The ID in /keys/ID/limit.
std::optional<std::string> key_id(std::string_view target)
{
    constexpr std::string_view before = "/keys/";
    constexpr std::string_view behind = "/limit";
    if (!target.starts_with(before) || !target.ends_with(behind) || target.size() <= before.size() + behind.size())
        return std::nullopt;
    return std::string{target.substr(before.size(), target.size() - before.size() - behind.size())};
}

std::optional<double> number(std::string_view text)
{
    double value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

// [handler]
asio::awaitable<response> set_limit(vk::client& client, const request& asked)
{
    const std::optional<std::string> id = key_id({asked.target().data(), asked.target().size()});
    if (!id || asked.method() != http::verb::put)
        co_return reply(asked, http::status::not_found, "no such resource");
    const std::optional<double> usd = number(asked.body());
    if (!usd)
        co_return reply(asked, http::status::bad_request, "the body is not a number");

    // Whoever waits for this handler gives up after ten seconds.
    const vk::result<vk::api_key> key =
        co_await client.update_key(vk::key_update{*id}.usd(*usd), vk::call_options{}.timeout(8s));
    if (key)
        co_return reply(asked, http::status::ok, "the limit is set");

    std::cerr << "server: " << key.error() << '\n'; // the whole account is for the operator, not for the caller
    if (key.error().code == vk::errc::invalid_argument || key.error().code == vk::errc::invalid_request)
        co_return reply(asked, http::status::bad_request, "the limit can't be set");
    if (key.error().code == vk::errc::not_found)
        co_return reply(asked, http::status::not_found, "no such key");
    if (key.error().retryable())
        co_return reply(asked, http::status::service_unavailable, "try again later");
    co_return reply(asked, http::status::bad_gateway,
                    key.error().maybe_applied() ? "the limit may have been set" : "the limit could not be set");
}
// [/handler]

asio::awaitable<void> serve(tcp::socket socket, vk::client& client)
{
    beast::tcp_stream stream{std::move(socket)};
    beast::flat_buffer buffer;
    for (bool open = true; open;) {
        request asked;
        stream.expires_after(30s);
        if (const auto [ec, size] = co_await http::async_read(stream, buffer, asked, as_result); ec)
            break;
        response answer = co_await set_limit(client, asked);
        open = answer.keep_alive();
        if (const auto [ec, size] = co_await http::async_write(stream, answer, as_result); ec)
            break;
    }
    beast::error_code ignored; // the peer may be gone already
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

// [shutdown]
asio::awaitable<void> stop_on_signal(asio::io_context& io, tcp::acceptor& acceptor, vk::client& client)
{
    asio::signal_set signals{io, SIGINT, SIGTERM};
    co_await signals.async_wait(asio::use_awaitable);
    acceptor.close();
    if (const vk::result<void> closed = co_await client.close(5s); !closed)
        std::cerr << "server: " << closed.error() << '\n';
    io.stop();
}
// [/shutdown]

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{
        argc,
        argv,
        "server",
        {"PORT"},
        "Serves PUT /keys/KEY-ID/limit on 127.0.0.1, with the new limit in USD as the body; PORT 0 takes a free one."};
    const auto port = told.number<std::uint16_t>(0, 0, 65535); // 0 takes a free one
    if (told.wrong())
        return arguments::wrong_use;
    // [main]
    asio::io_context io{1};
    vk::config config = vk::config::from_environment().value();
    config.threading = vk::threading::single; // all of it is on this one thread: no lock
    vk::client client{io, vk::credentials::from_environment().value(), config};
    // [/main]
    std::optional<tcp::acceptor> acceptor = listen_on(io, "server", port);
    if (!acceptor)
        return 1;
    const auto serve_one = [&client](tcp::socket socket) {
        return serve(std::move(socket), client);
    };
    asio::co_spawn(io, accept_each(*acceptor, "server", serve_one), asio::detached);
    asio::co_spawn(io, stop_on_signal(io, *acceptor, client), asio::detached);
    io.run();
    return 0;
} catch (const std::exception& thrown) {
    std::cerr << "server: " << plain_text(thrown) << '\n';
    return 1;
}
