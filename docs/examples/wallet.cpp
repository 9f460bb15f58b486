// Makes a key for the holder of a wallet: wallet ADDRESS. Prints what is to be signed, reads the signature.
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

// The wallet's work. This one asks whoever sits in front of it, and blocks meanwhile; a server would not.
vk::secret sign(const vk::secret& challenge)
{
    std::cout << "sign " << challenge.expose() << '\n' << std::flush;
    std::string signature;
    std::getline(std::cin, signature);
    return vk::secret{std::move(signature)};
}

// [wallet]
asio::awaitable<void> make_key(vk::client& client, std::string address)
{
    const vk::wallet_challenge challenge = (co_await client.web3_challenge()).value();
    const vk::secret signature = sign(challenge);
    const vk::created_key key =
        (co_await client.create_web3_key(
             vk::new_web3_key{vk::key_type::inference, address, challenge, signature}.description("from a wallet")))
            .value();
    std::cout << "made " << key.id << '\n'; // keep key.secret
}
// [/wallet]

asio::awaitable<void> run(vk::client& client, std::string address)
{
    co_await make_key(client, address);
    if (const vk::result<void> closed = co_await client.close(std::chrono::seconds{5}); !closed)
        std::cerr << "wallet: " << closed.error() << '\n';
}

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{
        argc,
        argv,
        "wallet",
        {"ADDRESS"},
        "Makes a key for the holder of a wallet; prints what the wallet has to sign, and reads the signature."};
    const std::string address = told.wallet_address(0);
    if (told.wrong())
        return arguments::wrong_use;
    asio::io_context io;
    // No token is sent with these two calls, so an empty one will do.
    vk::client client{io, vk::credentials{vk::secret{}}, vk::config::from_environment().value()};
    asio::co_spawn(io, run(client, address), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    return 0;
} catch (const std::exception& thrown) {
    std::cerr << "wallet: " << plain_text(thrown) << '\n';
    return 1;
}
