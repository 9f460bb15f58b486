// Sets the USD limit of many keys at once: update_many USD < KEY-IDS, one a line
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <ranges>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

// [update_many]
asio::awaitable<vk::bulk_summary> limit_all(vk::client& client, const std::vector<std::string>& ids, double usd)
{
    auto updates = ids | std::views::transform([usd](const std::string& id) { return vk::key_update{id}.usd(usd); });
    auto tell = [&ids](std::size_t index, vk::result<vk::api_key> key) { // once for each update, as they end
        if (!key)
            std::cerr << "update_many: " << ids[index] << ": " << key.error() << '\n';
    };
    const vk::result<vk::bulk_summary> all =
        co_await client.update_keys(updates, vk::bulk_options{}.max_in_flight(64).stop_on_error(), tell);
    co_return all.value(); // an error would be in the options
}
// [/update_many]

asio::awaitable<void> run(vk::client& client, const std::vector<std::string>& ids, double usd, std::size_t& updated)
{
    const vk::bulk_summary all = co_await limit_all(client, ids, usd);
    if (all.applied != ids.size())
        std::cerr << "update_many: " << all << '\n';
    updated = all.applied;
    if (const vk::result<void> closed = co_await client.close(std::chrono::seconds{5}); !closed)
        std::cerr << "update_many: " << closed.error() << '\n';
}

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{argc,
                   argv,
                   "update_many",
                   {"USD"},
                   "Sets the USD limit of the keys whose ids are on standard input, one a line."};
    const auto usd = told.number<double>(0, 0, 9'999'999'999);
    if (told.wrong())
        return arguments::wrong_use;
    std::vector<std::string> ids;
    for (std::string id; std::getline(std::cin, id);)
        ids.push_back(id);
    if (ids.empty()) {
        std::cerr << "update_many: standard input: it has no line; give the ids of keys, one a line\n";
        return arguments::wrong_use;
    }

    asio::io_context io;
    vk::client client{io, vk::credentials::from_environment().value(), vk::config::from_environment().value()};
    std::size_t updated = 0;
    asio::co_spawn(io, run(client, ids, usd, updated), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    std::cout << updated << " of " << ids.size() << " keys updated\n";
    return updated == ids.size() ? 0 : 1;
} catch (const std::exception& thrown) {
    std::cerr << "update_many: " << plain_text(thrown) << '\n';
    return 1;
}
