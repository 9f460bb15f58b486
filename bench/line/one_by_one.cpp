#include "one_by_one.hpp"

#include "listening.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace line {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using stream = ssl::stream<tcp::socket>;

constexpr std::size_t most_bytes = 64 * 1024; // of one request

// Reads the length from a head that ends with an empty line. All heads that come here have the field.
std::optional<std::size_t> content_length(std::string head)
{
    std::ranges::transform(head, head.begin(), [](unsigned char each) { return std::tolower(each); });
    constexpr std::string_view name = "\r\ncontent-length:";
    std::size_t at = head.find(name);
    if (at == std::string::npos)
        return std::nullopt;
    at = head.find_first_not_of(' ', at + name.size());
    std::size_t length = 0;
    const auto read = std::from_chars(head.data() + at, head.data() + head.size(), length);
    return read.ec == std::errc{} && length <= most_bytes ? std::optional(length) : std::nullopt;
}

std::string answer_to(std::string_view body)
{
    constexpr std::string_view name = R"("id":")";
    const std::size_t found = body.find(name);
    const std::size_t at = found == std::string_view::npos ? body.size() : found + name.size();
    const std::string_view id = body.substr(at, body.find('"', at) - at);
    const std::string text =
        fmt::format(R"({{"data":{{"apiKeyType":"ADMIN","consumptionLimits":{{"usd":50,"diem":null,"vcu":null}},)"
                    R"("limitPeriod":"MONTH","modelPrivacy":"ALL","createdAt":"2026-10-01T12:00:00.000Z",)"
                    R"("expiresAt":null,"id":"{}","last6Chars":"2V2jNW","lastUsedAt":null,)"
                    R"("description":"tenant 42"}},"success":true}})",
                    id);
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
                       "Content-Length: {}\r\n\r\n{}",
                       text.size(), text);
}

class connection {
public:
    connection(tcp::socket taken, ssl::context& tls, manner how, std::chrono::milliseconds service_time)
        : stream_(std::move(taken), tls), how_(how), service_time_(service_time)
    {
    }

    // Also ends by an exception: when the client has gone, or sends something that is no request.
    asio::awaitable<void> serve()
    {
        stream_.next_layer().set_option(tcp::no_delay(true));
        co_await stream_.async_handshake(stream::server, asio::use_awaitable);
        for (bool goes_on = true; goes_on;) {
            const std::string body = co_await next_body();
            asio::steady_timer work(stream_.get_executor(), service_time_);
            co_await work.async_wait(asio::use_awaitable);
            const bool more = co_await forget_what_came();
            co_await asio::async_write(stream_, asio::buffer(answer_to(body)), asio::use_awaitable);
            goes_on = how_ == manner::drops || !more;
        }
        error_code ignored;
        co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
    }

private:
    asio::awaitable<std::string> next_body()
    {
        constexpr std::string_view end = "\r\n\r\n";
        const std::size_t head = co_await asio::async_read_until(stream_, asio::dynamic_buffer(input_, most_bytes), end,
                                                                 asio::use_awaitable);
        const auto length = content_length(input_.substr(0, head));
        if (!length)
            throw boost::system::system_error(asio::error::invalid_argument);
        if (const std::size_t whole = head + *length; input_.size() < whole)
            co_await asio::async_read(stream_, asio::dynamic_buffer(input_, whole), asio::use_awaitable);
        std::string body = input_.substr(head, *length);
        input_.erase(0, head + *length);
        co_return body;
    }

    // Returns whether there was anything.
    asio::awaitable<bool> forget_what_came()
    {
        bool any = !input_.empty();
        input_.clear();
        std::array<char, 16 * 1024> part;
        while (SSL_has_pending(stream_.native_handle()) == 1 || stream_.next_layer().available() != 0) {
            co_await stream_.async_read_some(asio::buffer(part), asio::use_awaitable);
            any = true;
        }
        co_return any;
    }

    stream stream_;
    manner how_;
    std::chrono::milliseconds service_time_;
    std::string input_;
};

asio::awaitable<void> serve(tcp::socket taken, ssl::context& tls, manner how, std::chrono::milliseconds service_time)
{
    connection one(std::move(taken), tls, how, service_time);
    co_await one.serve();
}

} // namespace

one_by_one::one_by_one(asio::io_context& io, manner how, std::chrono::milliseconds service_time,
                       const std::string& certificate_file, const std::string& private_key_file)
    : tls_(ssl::context::tls_server), acceptor_(listen_at_once(io))
{
    tls_.use_certificate_chain_file(certificate_file);
    tls_.use_private_key_file(private_key_file, ssl::context::pem);
    take_all(acceptor_, [this, how, service_time](tcp::socket taken) {
        const auto executor = taken.get_executor();
        asio::co_spawn(executor, serve(std::move(taken), tls_, how, service_time), asio::detached);
    });
}

std::uint16_t one_by_one::port() const
{
    return acceptor_.local_endpoint().port();
}

} // namespace line
