// Prints the ids of the account's keys, one a line, as update_many reads them: list_keys > ids.txt
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

// [ids]
asio::awaitable<void> print_ids(vk::client& client)
{
    for (const vk::key_details& key : (co_await client.list_keys()).value())
        std::cout << key.id << '\n';
}
// [/ids]

asio::awaitable<void> run(vk::client& client)
{
    co_await print_ids(client);
    if (const vk::result<void> closed = co_await client.close(std::chrono::seconds{5}); !closed)
        std::cerr << "list_keys: " << closed.error() << '\n';
}

} // namespace

int main(int argc, char* argv[])
try {
    if (arguments{argc, argv, "list_keys", {}, "Prints the ids of the account's keys, one a line."}.wrong())
        return arguments::wrong_use;
    asio::io_context io;
    vk::client client{io, vk::credentials::from_environment().value(), vk::config::from_environment().value()};
    asio::co_spawn(io, run(client), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    return 0;
} catch (const std::exception& thrown) {
    std::cerr << "list_keys: " << plain_text(thrown) << '\n';
    return 1;
}
