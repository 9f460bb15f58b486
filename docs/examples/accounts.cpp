// Two accounts over the same connections, one of which gets a new token: accounts TOKEN-FILE NEW-TOKEN-FILE
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

// [count]
asio::awaitable<void> count_keys(std::string_view name, vk::client_view account)
{
    const vk::result<std::vector<vk::key_details>> keys = co_await account.list_keys();
    if (keys)
        std::cout << name << ": " << keys->size() << " keys\n";
    else
        std::cout << name << ": " << keys.error() << '\n';
}
// [/count]

asio::awaitable<void> run(vk::client& client, std::string file, std::string new_file)
{
    co_await count_keys("environment", client); // a client is a view of its own account

    // [view]
    const vk::credentials tenant{vk::secret::from_file(file).value()};
    const vk::client_view as_tenant = client.as(tenant); // the same connections
    co_await count_keys("file", as_tenant);
    // [/view]

    // [replace]
    tenant.replace(vk::secret::from_file(new_file).value());
    co_await count_keys("new file", as_tenant); // views and copies of `tenant` go on with the new token
    // [/replace]

    if (const vk::result<void> closed = co_await client.close(std::chrono::seconds{5}); !closed)
        std::cerr << "accounts: " << closed.error() << '\n';
}

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{argc,
                   argv,
                   "accounts",
                   {"TOKEN-FILE", "NEW-TOKEN-FILE"},
                   "Counts the keys of two accounts, the second with a token that is replaced."};
    const std::string file = told.text(0);
    const std::string new_file = told.text(1);
    if (told.wrong())
        return arguments::wrong_use;
    asio::io_context io;
    vk::client client{io, vk::credentials::from_environment().value(), vk::config::from_environment().value()};
    asio::co_spawn(io, run(client, file, new_file), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    return 0;
} catch (const std::exception& thrown) {
    std::cerr << "accounts: " << plain_text(thrown) << '\n';
    return 1;
}
