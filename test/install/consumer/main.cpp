// Updates one key of an emulator through the public headers, as somebody else's program would.
#include <venice_keys/client.hpp>
#include <venice_keys/emulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <iostream>
#include <string>

namespace asio = boost::asio;
namespace vk = venice_keys;

int main()
{
    asio::io_context io;

    vk::emulator_options options;
    options.initial_keys = 1;
    vk::emulator emulator(io.get_executor(), options);

    vk::config config;
    config.base_url = emulator.base_url();
    config.tls.ca_pem = emulator.ca_pem();
    vk::client client(io.get_executor(), vk::credentials{vk::secret{emulator.token()}}, config);

    bool updated = false;
    const auto update = [&]() -> asio::awaitable<void> {
        const std::string id = emulator.keys().front().id;
        const vk::result<vk::api_key> key = co_await client.update_key(vk::key_update{id}.description("changed"));
        updated = key && key->id == id && emulator.keys().front().description == "changed";
        if (!key)
            std::cerr << key.error().message() << '\n';
        emulator.stop();
        co_await client.close(std::chrono::seconds{1});
    };
    asio::co_spawn(io, update, [](std::exception_ptr) {});
    io.run();
    return updated ? 0 : 1;
}
