// Sets the limits of one key: update_one KEY-ID
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iomanip>
#include <iostream>
#include <optional>
#include <string>

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

int failures = 0;

void log(const vk::error& why)
{
    std::cerr << "update_one: " << why << '\n';
    ++failures;
}

void log(const std::string& id, std::optional<double> usd)
{
    std::cout << id << ": ";
    usd ? std::cout << std::setprecision(12) << *usd << " USD\n" : std::cout << "no limit\n";
}

// clang-format off
// [raise_limit]
asio::awaitable<void> raise_limit(vk::client& client, std::string id)
{
    vk::result<vk::api_key> key = co_await client.update_key(
        vk::key_update{id}
            .usd(50).diem(vk::clear)
            .limit_period(vk::limit_period::month)
            .description("tenant 42")
            .expires_at(vk::clear));
    if (!key) {
        log(key.error()); // or key.value(), which throws vk::request_failed
        co_return;
    }
    log(key->id, key->limits.usd);
}
// [/raise_limit]
// clang-format on

// [close]
asio::awaitable<void> run(vk::client& client, std::string id)
{
    co_await raise_limit(client, id);
    if (vk::result<void> closed = co_await client.close(std::chrono::seconds{5}); !closed)
        log(closed.error());
}
// [/close]

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{argc, argv, "update_one", {"KEY-ID"}, "Sets the limits of one key."};
    const std::string id = told.text(0);
    if (told.wrong())
        return arguments::wrong_use;
    // [main]
    asio::io_context io;
    vk::client client{io, vk::credentials::from_environment().value(), vk::config::from_environment().value()};
    asio::co_spawn(io, run(client, id), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    // [/main]
    return failures == 0 ? 0 : 1;
} catch (const std::exception& thrown) {
    std::cerr << "update_one: " << plain_text(thrown) << '\n';
    return 1;
}
