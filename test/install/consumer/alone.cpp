// A program with the client alone.
#include <venice_keys/client.hpp>

#include <boost/asio/io_context.hpp>

#include <string>

namespace vk = venice_keys;

int main()
{
    boost::asio::io_context io;
    vk::client client{io.get_executor(), vk::credentials{vk::secret{"token"}}};
    bool refused = false;
    client.update_key(vk::key_update{"key"}.description(std::string(65, 'x')), [&](const vk::result<vk::api_key>& key) {
        refused = !key && key.error().code == vk::errc::invalid_argument;
    });
    io.run();
    return refused ? 0 : 1;
}
