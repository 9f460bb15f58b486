// A client's metrics for Prometheus, served by the loop that the client runs on: metrics PORT
//
//     GET /metrics     the text exposition format, version 0.0.4 (prometheus.hpp)
//
// alerts.yml has rules for what to alert on.
#include "arguments.hpp"
#include "listener.hpp"
#include "prometheus.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace vk = venice_keys;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

using request = http::request<http::empty_body>;
using response = http::response<http::string_body>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// The client, and what the endpoint tells about it. All of it is used by one thread.
struct observed_client {
    observed_client(asio::io_context& io, vk::config config) : events(std::make_shared<prometheus::event_counts>())
    {
        config.threading = vk::threading::single;
        config.observer = events;
        client.emplace(io, vk::credentials::from_environment().value(), config);
    }

    std::shared_ptr<prometheus::event_counts> events;
    std::optional<vk::client> client;
    std::optional<vk::account_limits> account; // as it was last read
    std::chrono::system_clock::time_point read;
};

// [account]
// Reads every minute what the account may do. It is also a probe: a server that has nothing to do finds out that its
// token is refused before a user does.
asio::awaitable<void> read_account(observed_client& observed, asio::steady_timer& timer)
{
    for (boost::system::error_code stopped; !stopped;) {
        vk::result<vk::account_limits> limits = co_await observed.client->rate_limits();
        if (limits) {
            observed.account = std::move(*limits);
            observed.read = std::chrono::system_clock::now();
        } else {
            std::cerr << "metrics: " << limits.error() << '\n';
        }
        timer.expires_after(60s);
        std::tie(stopped) = co_await timer.async_wait(as_result);
    }
}

void write_account(const observed_client& observed, prometheus::exposition& out)
{
    if (!observed.account)
        return;
    const vk::account_limits& account = *observed.account;
    out.metric("venice_account_read_time_seconds", "gauge", "When the account was last read, in Unix time.");
    out.sample(std::chrono::duration<double>(observed.read.time_since_epoch()).count());
    out.metric("venice_account_info", "gauge", "Always 1; the label says in which tier the account is.");
    out.sample(1, {{"tier", account.tier_id}});
    out.metric("venice_account_access_permitted", "gauge", "1 if the token's key may spend now, else 0.");
    if (account.access_permitted.told())
        out.sample(account.access_permitted ? 1 : 0);
    out.metric("venice_account_balance_usd", "gauge", "What the token's key may still spend.");
    if (account.usd_balance)
        out.sample(*account.usd_balance);
}
// [/account]

// [endpoint]
response answer_to(const request& asked, const observed_client& observed)
{
    response answer{http::status::ok, asked.version()};
    answer.keep_alive(asked.keep_alive());
    if (asked.target() != "/metrics") {
        answer.result(http::status::not_found);
    } else if (asked.method() != http::verb::get) {
        answer.result(http::status::method_not_allowed);
        answer.set(http::field::allow, "GET");
    } else {
        prometheus::exposition page;
        prometheus::write_stats(observed.client->stats(), page);
        observed.events->write_to(page);
        write_account(observed, page);
        answer.set(http::field::content_type, prometheus::content_type);
        answer.body() = std::move(page).text();
    }
    answer.prepare_payload();
    return answer;
}
// [/endpoint]

asio::awaitable<void> serve(tcp::socket socket, const observed_client& observed)
{
    beast::tcp_stream stream{std::move(socket)};
    beast::flat_buffer buffer;
    for (bool open = true; open;) {
        request asked;
        stream.expires_after(90s); // longer than Prometheus waits between two scrapes
        if (const auto [ec, size] = co_await http::async_read(stream, buffer, asked, as_result); ec)
            break;
        response answer = answer_to(asked, observed);
        open = answer.keep_alive();
        if (const auto [ec, size] = co_await http::async_write(stream, answer, as_result); ec)
            break;
    }
    beast::error_code ignored; // the peer may be gone already
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

// graceful_shutdown.cpp shows an end that leaves no request unanswered.
asio::awaitable<void> stop_on_signal(asio::io_context& io, vk::client& client)
{
    asio::signal_set signals{io, SIGINT, SIGTERM};
    co_await signals.async_wait(asio::use_awaitable);
    if (const vk::result<void> closed = co_await client.close(5s); !closed)
        std::cerr << "metrics: " << closed.error() << '\n';
    io.stop();
}

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{argc,
                   argv,
                   "metrics",
                   {"PORT"},
                   "Serves a client's metrics for Prometheus at 127.0.0.1:PORT/metrics; PORT 0 takes a free one."};
    const auto port = told.number<std::uint16_t>(0, 0, 65535); // 0 takes a free one
    if (told.wrong())
        return arguments::wrong_use;
    asio::io_context io{1};
    observed_client observed{io, vk::config::from_environment().value()};
    std::optional<tcp::acceptor> acceptor = listen_on(io, "metrics", port);
    if (!acceptor)
        return 1;
    const auto serve_one = [&observed](tcp::socket socket) {
        return serve(std::move(socket), observed);
    };
    asio::steady_timer timer{io};
    asio::co_spawn(io, read_account(observed, timer), asio::detached);
    asio::co_spawn(io, accept_each(*acceptor, "metrics", serve_one), asio::detached);
    asio::co_spawn(io, stop_on_signal(io, *observed.client), asio::detached);
    io.run();
    return 0;
} catch (const std::exception& thrown) {
    std::cerr << "metrics: " << plain_text(thrown) << '\n';
    return 1;
}
