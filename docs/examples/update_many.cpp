// Sets the USD limit of many keys at once: update_many USD < KEY-IDS, one a line
#include "environment.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

// [update_many]
// Once the service has refused an update: withdraw what has not been sent, because many refusals block the account.
asio::cancellation_type stop_at_refusal(const vk::result<vk::api_key>& key)
{
    const bool refused = !key && key.error().delivery == vk::delivery::answered;
    return refused ? asio::cancellation_type::total : asio::cancellation_type::none;
}

using update_call = decltype(std::declval<vk::client&>().update_key(std::declval<vk::key_update>()));

asio::awaitable<std::vector<vk::result<vk::api_key>>> limit_all(vk::client& client, const std::vector<std::string>& ids,
                                                                double usd)
{
    std::vector<update_call> calls; // deferred: nothing starts yet
    for (const std::string& id : ids)
        calls.push_back(client.update_key(vk::key_update{id}.usd(usd)));

    auto [order, keys] = co_await asio::experimental::make_parallel_group(std::move(calls))
                             .async_wait(stop_at_refusal, asio::use_awaitable);
    co_return std::move(keys); // in the order of the ids
}
// [/update_many]

asio::awaitable<void> run(vk::client& client, const std::vector<std::string>& ids, double usd, std::size_t& updated)
{
    const std::vector<vk::result<vk::api_key>> keys = co_await limit_all(client, ids, usd);
    for (std::size_t i = 0; i != keys.size(); ++i) {
        if (keys[i])
            ++updated;
        else
            std::cerr << ids[i] << ": " << keys[i].error() << '\n';
    }
    if (const vk::result<void> closed = co_await client.close(std::chrono::seconds{5}); !closed)
        std::cerr << closed.error() << '\n';
}

} // namespace

int main(int argc, char* argv[])
try {
    if (argc != 2) {
        std::cerr << "usage: update_many USD < KEY-IDS\n";
        return 2;
    }
    const double usd = std::stod(argv[1]);
    std::vector<std::string> ids;
    for (std::string id; std::getline(std::cin, id);)
        ids.push_back(id);

    asio::io_context io;
    vk::client client{io.get_executor(), credentials_from_environment(), config_from_environment()};
    std::size_t updated = 0;
    asio::co_spawn(io, run(client, ids, usd, updated), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    std::cout << updated << " of " << ids.size() << " keys updated\n";
    return updated == ids.size() ? 0 : 1;
} catch (const std::exception& thrown) {
    std::cerr << "update_many: " << thrown.what() << '\n';
    return 1;
}
