// A server that ends without losing track of its work: graceful_shutdown PORT DRAIN-SECONDS
//
//     POST /limits     each line of the body is KEY-ID,USD; the answer says what became of each
//
// On SIGTERM or SIGINT it accepts no more, lets what is on its way to the service end, answers whoever waits, and says
// on standard error what was not done. It exits with 0 if that is nothing, else with 3. All of this takes DRAIN-SECONDS
// and a few more at most; a second signal ends it at once. Whoever stops it must wait longer before SIGKILL: 20 seconds
// suit Kubernetes (terminationGracePeriodSeconds is 30), and 60 suit systemd (TimeoutStopSec is 90).
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
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <charconv>
#include <chrono>
#include <exception>
#include <iostream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace vk = venice_keys;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr int not_all_done = 3;

// The updates that a body asks for; empty if a line is wrong.
std::optional<std::vector<vk::key_update>> read_updates(const std::string& body)
{
    std::vector<vk::key_update> all;
    std::istringstream lines{body};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t comma = line.find(',');
        double usd = 0;
        const char* const end = line.data() + line.size();
        if (comma == std::string::npos || std::from_chars(line.data() + comma + 1, end, usd).ptr != end)
            return std::nullopt;
        all.push_back(vk::key_update{line.substr(0, comma)}.usd(usd));
        if (!all.back().validate())
            return std::nullopt;
    }
    return all;
}

class server {
public:
    // `drain`: how long calls under way may take once the server is to end.
    server(tcp::acceptor acceptor, vk::client client, std::chrono::seconds drain)
        : acceptor_(std::move(acceptor)), client_(std::move(client)), drain_(drain)
    {
    }

    asio::awaitable<void> listen();
    asio::awaitable<void> stop_on_signal();
    [[nodiscard]] std::size_t left_undone() const { return left_undone_; }

private:
    using request = http::request<http::string_body>;
    using response = http::response<http::string_body>;

    asio::awaitable<void> serve(tcp::socket socket);
    asio::awaitable<response> answer_to(const request& asked);
    asio::awaitable<std::string> apply(std::vector<vk::key_update> updates);

    tcp::acceptor acceptor_;
    vk::client client_;
    std::chrono::seconds drain_;
    std::set<beast::tcp_stream*> idle_; // connections on which no request is being served
    bool stopping_ = false;
    std::size_t left_undone_ = 0;
};

// [apply]
// Every update is accounted for: it was applied, it failed, or it was never begun because the server ends. What failed
// says by its delivery whether it can have been applied. Updates may be repeated, so all of it can be sent again.
asio::awaitable<std::string> server::apply(std::vector<vk::key_update> updates)
{
    std::string report;
    auto tell = [&](std::size_t index, const vk::result<vk::api_key>& key) {
        report += updates[index].id() + (key ? ": done\n" : ": " + key.error().message() + '\n');
        if (!key && stopping_) {
            ++left_undone_;
            std::cerr << "graceful_shutdown: left: " << updates[index].id() << ": " << key.error().delivery << '\n';
        }
    };
    const vk::result<vk::bulk_summary> all = co_await client_.update_keys(updates, vk::bulk_options{}, tell);
    for (std::size_t index = all.value().pulled(); index != updates.size(); ++index) { // bulk_summary::end::closed
        report += updates[index].id() + ": not begun\n";
        ++left_undone_;
        std::cerr << "graceful_shutdown: left: " << updates[index].id() << ": not begun\n";
    }
    co_return report;
}
// [/apply]

// [stop]
asio::awaitable<void> server::stop_on_signal()
{
    asio::signal_set signals{acceptor_.get_executor(), SIGINT, SIGTERM};
    co_await signals.async_wait(asio::use_awaitable);
    signals.clear(); // the system's own action again: the next signal ends the process at once

    stopping_ = true;
    acceptor_.close();                          // 1. nobody new
    for (beast::tcp_stream* connection : idle_) // 2. nothing new from those who are there
        connection->cancel();
    if (const vk::result<void> closed = co_await client_.close(drain_); !closed) // 3. what is under way ends
        std::cerr << "graceful_shutdown: " << closed.error() << '\n';
    // 4. Whoever waited gets an answer, for which serve() allows five seconds. Then the loop has nothing left to do.
}
// [/stop]

asio::awaitable<void> server::listen()
{
    return accept_each(acceptor_, "graceful_shutdown", [this](tcp::socket socket) { return serve(std::move(socket)); });
}

// [serve]
asio::awaitable<void> server::serve(tcp::socket socket)
{
    beast::tcp_stream stream{std::move(socket)};
    beast::flat_buffer buffer;
    for (bool open = true; open && !stopping_;) {
        request asked;
        stream.expires_after(30s);
        idle_.insert(&stream);
        const auto [not_read, size] = co_await http::async_read(stream, buffer, asked, as_result);
        idle_.erase(&stream);
        if (not_read)
            break;
        response answer = co_await answer_to(asked);
        answer.keep_alive(asked.keep_alive() && !stopping_);
        open = answer.keep_alive();
        stream.expires_after(5s);
        if (const auto [not_sent, written] = co_await http::async_write(stream, answer, as_result); not_sent)
            break;
    }
    beast::error_code ignored; // the peer may be gone already
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}
// [/serve]

asio::awaitable<server::response> server::answer_to(const request& asked)
{
    response answer{http::status::ok, asked.version()};
    answer.set(http::field::content_type, "text/plain");
    if (asked.target() != "/limits" || asked.method() != http::verb::post) {
        answer.result(http::status::not_found);
        answer.body() = "no such resource\n";
    } else if (std::optional<std::vector<vk::key_update>> updates = read_updates(asked.body()); !updates) {
        answer.result(http::status::bad_request);
        answer.body() = "a line is not KEY-ID,USD\n";
    } else {
        answer.body() = co_await apply(std::move(*updates));
    }
    answer.prepare_payload();
    co_return answer;
}

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{
        argc,
        argv,
        "graceful_shutdown",
        {"PORT", "DRAIN-SECONDS"},
        "Serves POST /limits on 127.0.0.1 (PORT 0 takes a free one), and takes DRAIN-SECONDS at most to end the work "
        "under way when it is stopped."};
    const auto port = told.number<std::uint16_t>(0, 0, 65535); // 0 takes a free one
    const std::chrono::seconds drain{told.number<int>(1, 1, 3600)};
    if (told.wrong())
        return arguments::wrong_use;
    asio::io_context io{1};
    vk::config config = vk::config::from_environment().value();
    config.threading = vk::threading::single;
    vk::client client{io, vk::credentials::from_environment().value(), config};
    std::optional<tcp::acceptor> acceptor = listen_on(io, "graceful_shutdown", port);
    if (!acceptor)
        return 1;
    server it{std::move(*acceptor), std::move(client), drain};
    asio::co_spawn(io, it.listen(), asio::detached);
    asio::co_spawn(io, it.stop_on_signal(), asio::detached);
    io.run(); // until all of it has ended
    return it.left_undone() == 0 ? 0 : not_all_done;
} catch (const std::exception& thrown) {
    std::cerr << "graceful_shutdown: " << plain_text(thrown) << '\n';
    return 1;
}
