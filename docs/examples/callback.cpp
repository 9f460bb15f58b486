// One update with a callback, for code without coroutines: callback KEY-ID
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;
namespace vk = venice_keys;

int main(int argc, char* argv[])
try {
    arguments told{argc, argv, "callback", {"KEY-ID"}, "Changes the description of a key."};
    const std::string id = told.text(0);
    if (told.wrong())
        return arguments::wrong_use;
    bool updated = false;
    asio::io_context io;
    vk::client client{io, vk::credentials::from_environment().value(), vk::config::from_environment().value()};
    // [callback]
    client.update_key(vk::key_update{id}.description("set from a callback"),
                      [&](vk::result<vk::api_key> key) { // runs on the client's executor
                          if (key)
                              std::cout << key->id << ": " << key->description << '\n';
                          else
                              std::cerr << "callback: " << key.error() << '\n';
                          updated = key.has_value();
                          client.close(std::chrono::seconds{5}, [](vk::result<void>) {});
                      });
    io.run();
    // [/callback]
    return updated ? 0 : 1;
} catch (const std::exception& thrown) {
    std::cerr << "callback: " << plain_text(thrown) << '\n';
    return 1;
}
