// Deadlines and cancellation, four ways: cancellation KEY-ID
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <variant>

namespace asio = boost::asio;
namespace vk = venice_keys;
using namespace std::chrono_literals;

namespace {

int unexpected = 0;

void print(std::string_view what, const vk::result<vk::api_key>& key, bool as_expected)
{
    std::cout << what << ": " << (key ? key->description : key.error().message()) << '\n';
    unexpected += as_expected ? 0 : 1;
}

asio::awaitable<void> with_a_deadline(vk::client& client, std::string id)
{
    // [deadline]
    const vk::result<vk::api_key> key =
        co_await client.update_key(vk::key_update{id}.description("within 5 s"), vk::call_options{}.timeout(5s));
    // [/deadline]
    print("deadline", key, key.has_value());
}

asio::awaitable<void> with_an_operator(vk::client& client, std::string id)
{
    // [operator]
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer{co_await asio::this_coro::executor, 5s};
    const auto first =
        co_await (client.update_key(vk::key_update{id}.description("before the timer"), asio::use_awaitable) ||
                  timer.async_wait(asio::use_awaitable));
    if (first.index() == 0) // the update ended first, well or not
        print("operator", std::get<0>(first), std::get<0>(first).has_value());
    // [/operator]
}

asio::awaitable<void> as_a_group(vk::client& client, std::string id)
{
    // [group]
    asio::steady_timer timer{co_await asio::this_coro::executor, 5s};
    const auto [order, key, ec] =
        co_await asio::experimental::make_parallel_group(
            client.update_key(vk::key_update{id}.description("first of a group")), timer.async_wait(asio::deferred))
            .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    // [/group]
    print("group", key, order[0] == 0 && key.has_value());
}

asio::awaitable<void> run(vk::client& client, std::string id)
{
    co_await with_a_deadline(client, id);
    co_await with_an_operator(client, id);
    co_await as_a_group(client, id);
    if (const vk::result<void> closed = co_await client.close(5s); !closed)
        ++unexpected;
}

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{argc,
                   argv,
                   "cancellation",
                   {"KEY-ID"},
                   "Changes the description of a key, within a deadline in each of four ways."};
    const std::string id = told.text(0);
    if (told.wrong())
        return arguments::wrong_use;
    asio::io_context io;
    vk::client client{io, vk::credentials::from_environment().value(), vk::config::from_environment().value()};
    // [slot]
    asio::cancellation_signal stop;
    client.update_key(vk::key_update{id}.description("never sent"),
                      asio::bind_cancellation_slot(stop.slot(), [](vk::result<vk::api_key> key) {
                          const bool withdrawn = !key && key.error().code == vk::errc::cancelled &&
                                                 key.error().delivery == vk::delivery::not_sent;
                          print("slot", key, withdrawn);
                      }));
    stop.emit(asio::cancellation_type::terminal);
    // [/slot]
    asio::co_spawn(io, run(client, id), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    return unexpected == 0 ? 0 : 1;
} catch (const std::exception& thrown) {
    std::cerr << "cancellation: " << plain_text(thrown) << '\n';
    return 1;
}
