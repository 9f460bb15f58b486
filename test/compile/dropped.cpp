// Results that are dropped. The lines that end in `// warns` must draw a warning, and no others may: see
// expectations.cmake. This file is compiled and never run.
#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <string>

namespace asio = boost::asio;
namespace vk = venice_keys;

// clang-format off
void drop(vk::client& client, const vk::config& config, const std::string& id)
{
    // An operation, or an awaitable, that never starts.
    client.update_key(vk::key_update{id}.usd(1)); // warns
    client.delete_key(id, asio::use_awaitable); // warns
    client.close(std::chrono::seconds{1}); // warns
    // A future, and with it the failure.
    client.list_keys(asio::use_future); // warns
    // A result.
    config.validate(); // warns
    vk::credentials::from_environment(); // warns

    client.update_key(vk::key_update{id}.usd(1), [](const vk::result<vk::api_key>&) {});
    client.delete_key(id, asio::detached);
    client.close(std::chrono::seconds{1}, [](vk::result<void>) {});
    static_cast<void>(client.list_keys(asio::use_future));
    config.validate().value();
}

asio::awaitable<void> await(vk::client& client)
{
    co_await client.close(std::chrono::seconds{1}); // warns, with clang
    co_await client.list_keys(asio::use_awaitable); // warns, with clang

    (co_await client.close(std::chrono::seconds{1})).value();
    static_cast<void>(co_await client.list_keys());
}
// clang-format on
