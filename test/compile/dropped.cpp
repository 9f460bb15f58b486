// Results that are dropped. The lines that end in `// warns` must draw a warning, and no others may: see
// expectations.cmake. This file is compiled and never run.
#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace vk = venice_keys;

vk::result<void> of_your_own();

// clang-format off
void drop(vk::client& client, const vk::config& config, const std::string& id)
{
    // An operation, or an awaitable, that never starts.
    client.update_key(vk::key_update{id}.usd(1)); // warns
    client.delete_key(id, asio::use_awaitable); // warns
    client.close(std::chrono::seconds{1}); // warns
    // A result.
    config.validate(); // warns
    vk::credentials::from_environment(); // warns
    of_your_own(); // warns
    client.stats(); // warns

    client.update_key(vk::key_update{id}.usd(1), [](const vk::result<vk::api_key>&) {});
    client.delete_key(id, asio::detached);
    client.close(std::chrono::seconds{1}, [](vk::result<void>) {});
    static_cast<void>(client.list_keys(asio::use_future));
    config.validate().value();
}

// A future, and with it the failure: std::future does not mind, and so each operation has to.
void drop_futures(vk::client& client, const std::string& id, const vk::call_options& options, vk::new_web3_key&& key)
{
    client.update_key(vk::key_update{id}, asio::use_future); // warns
    client.update_key(vk::key_update{id}, options, asio::use_future); // warns
    client.list_keys(asio::use_future); // warns
    client.list_keys(options, asio::use_future); // warns
    client.get_key(id, asio::use_future); // warns
    client.get_key(id, options, asio::use_future); // warns
    client.create_key(vk::new_key{vk::key_type::inference, "a key"}, asio::use_future); // warns
    client.create_key(vk::new_key{vk::key_type::inference, "a key"}, options, asio::use_future); // warns
    client.delete_key(id, asio::use_future); // warns
    client.delete_key(id, options, asio::use_future); // warns
    client.rate_limits(asio::use_future); // warns
    client.rate_limits(options, asio::use_future); // warns
    client.rate_limit_log(asio::use_future); // warns
    client.rate_limit_log(options, asio::use_future); // warns
    client.web3_challenge("0x1234", asio::use_future); // warns
    client.web3_challenge("0x1234", options, asio::use_future); // warns
    client.web3_challenge(asio::use_future); // warns
    client.web3_challenge(options, asio::use_future); // warns
    client.create_web3_key(std::move(key), asio::use_future); // warns
    client.create_web3_key(std::move(key), options, asio::use_future); // warns
    const auto sink = [](std::size_t, const vk::result<vk::api_key>&) {};
    client.update_keys(std::vector{vk::key_update{id}}, vk::bulk_options{}, sink, asio::use_future); // warns
    client.warm_up(1, asio::use_future); // warns
    client.close(std::chrono::seconds{1}, asio::use_future); // warns
}

asio::awaitable<void> await(vk::client& client)
{
    co_await client.close(std::chrono::seconds{1}); // warns, with clang
    co_await client.list_keys(asio::use_awaitable); // warns, with clang

    (co_await client.close(std::chrono::seconds{1})).value();
    static_cast<void>(co_await client.list_keys());
}
// clang-format on
