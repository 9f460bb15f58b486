// Makes a client and closes it. That links the library with all that it needs, and reaches no network.
#include <venice_keys/client.hpp>
#include <venice_keys/version.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>

namespace vk = venice_keys;

int main()
{
    boost::asio::io_context io;
    vk::client client{io.get_executor(), vk::credentials{vk::secret{"a token"}}, vk::config{}};
    bool closed = false;
    client.close(std::chrono::seconds{1}, [&](vk::result<void> r) { closed = r.has_value(); });
    io.run();
    std::printf("venice-keys %s\n", VENICE_KEYS_VERSION_STRING);
    return closed ? 0 : 1;
}
