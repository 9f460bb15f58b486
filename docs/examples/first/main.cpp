#include <boost/asio.hpp>
#include <iostream>
#include <venice_keys/venice_keys.hpp>
namespace vk = venice_keys;

// Gives the key `id` a limit of 50 USD a month, and lists the account's keys. Without an id it only lists them.
boost::asio::awaitable<void> run(vk::client& client, std::string id)
{
    if (!id.empty())
        (co_await client.update_key(vk::key_update{id}.usd(50).limit_period(vk::limit_period::month))).value();
    for (const vk::key_details& key : (co_await client.list_keys()).value()) {
        (std::cout << key.id << ": ").precision(12); // so that large limits don't end as 1e+06
        key.limits.usd ? std::cout << *key.limits.usd << " USD\n" : std::cout << "no limit\n";
    }
    (co_await client.close(std::chrono::seconds{5})).value();
}

int main(int argc, char* argv[])
try {
    boost::asio::io_context io;
    vk::client client{io, vk::credentials::from_environment().value(), vk::config::from_environment().value()};
    boost::asio::co_spawn(io, run(client, argc > 1 ? argv[1] : ""), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown); // out of io.run()
    });
    io.run();
} catch (const std::exception& why) {
    std::cerr << "first: " << why.what() << '\n';
    return 1;
}
