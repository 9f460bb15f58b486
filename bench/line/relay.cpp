#include "relay.hpp"

#include "listening.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace line {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t most_under_way = 64 << 20; // so that a side which takes nothing can't fill the memory

// Carries bytes from one socket to the other. A connection that breaks ends, after the delay, like one that is closed.
struct direction {
    direction(tcp::socket& source, tcp::socket& target, clock::duration one_way, clock::time_point open_from)
        : from(source), to(target), bytes(one_way, open_from), wake(source.get_executor())
    {
    }

    tcp::socket& from;
    tcp::socket& to;
    delay bytes;
    asio::steady_timer wake; // wakes the writer, and the reader when too much was under way
};

struct link {
    link(tcp::socket from_client, tcp::socket to_server, clock::duration one_way, clock::time_point taken)
        : client(std::move(from_client)),
          server(std::move(to_server)),
          up(client, server, one_way, taken + 2 * one_way),
          down(server, client, one_way, taken + one_way)
    {
    }

    tcp::socket client;
    tcp::socket server;
    direction up;
    direction down;
};

asio::awaitable<void> read_into(std::shared_ptr<link> /*kept*/, direction& way)
{
    std::array<char, 64 * 1024> part;
    for (;;) {
        error_code failure;
        const std::size_t size =
            co_await way.from.async_read_some(asio::buffer(part), asio::redirect_error(asio::use_awaitable, failure));
        if (failure) {
            way.bytes.put_end(clock::now());
            way.wake.cancel();
            co_return;
        }
        const bool waits_for_these = !way.bytes.next();
        way.bytes.put(clock::now(), std::string(part.data(), size));
        if (waits_for_these)
            way.wake.cancel();
        while (way.bytes.under_way() > most_under_way) {
            asio::steady_timer a_moment(way.from.get_executor(), std::chrono::milliseconds(1));
            co_await a_moment.async_wait(asio::use_awaitable);
        }
    }
}

asio::awaitable<void> write_from(std::shared_ptr<link> /*kept*/, direction& way)
{
    for (;;) {
        const auto now = clock::now();
        error_code failure;
        if (way.bytes.at_end(now)) {
            way.to.shutdown(tcp::socket::shutdown_send, failure);
            co_return;
        }
        if (const std::string arrived = way.bytes.take(now); !arrived.empty()) {
            co_await asio::async_write(way.to, asio::buffer(arrived),
                                       asio::redirect_error(asio::use_awaitable, failure));
            if (failure) { // the receiver is gone, and nothing that still comes is wanted
                way.from.close(failure);
                co_return;
            }
            continue;
        }
        way.wake.expires_at(way.bytes.next().value_or(clock::time_point::max()));
        co_await way.wake.async_wait(asio::redirect_error(asio::use_awaitable, failure));
    }
}

asio::awaitable<void> connect(tcp::socket client, std::uint16_t target_port, clock::duration one_way)
{
    const auto taken = clock::now();
    const auto executor = client.get_executor();
    error_code failure;
    tcp::socket server(executor);
    co_await server.async_connect({asio::ip::address_v4::loopback(), target_port},
                                  asio::redirect_error(asio::use_awaitable, failure));
    if (failure)
        co_return; // the client sees its connection closed
    client.set_option(tcp::no_delay(true));
    server.set_option(tcp::no_delay(true));
    const auto both = std::make_shared<link>(std::move(client), std::move(server), one_way, taken);
    for (direction* way : {&both->up, &both->down}) {
        asio::co_spawn(executor, read_into(both, *way), asio::detached);
        asio::co_spawn(executor, write_from(both, *way), asio::detached);
    }
}

} // namespace

relay::relay(asio::io_context& io, std::uint16_t target_port, clock::duration one_way) : acceptor_(listen_at_once(io))
{
    take_all(acceptor_, [target_port, one_way](tcp::socket client) {
        const auto executor = client.get_executor();
        asio::co_spawn(executor, connect(std::move(client), target_port, one_way), asio::detached);
    });
}

std::uint16_t relay::port() const
{
    return acceptor_.local_endpoint().port();
}

} // namespace line
