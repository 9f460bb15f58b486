// Updates with futures, for threads that may block: future KEY-ID...
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <exception>
#include <future>
#include <iostream>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

void update_all(vk::client& client, const std::vector<std::string>& ids)
{
    // [future]
    std::vector<std::future<vk::result<vk::api_key>>> answers;
    for (const std::string& id : ids)
        answers.push_back(client.update_key(vk::key_update{id}.description("set from a future"), asio::use_future));
    for (auto& answer : answers) {
        const vk::api_key key = answer.get().value(); // throws vk::request_failed
        std::cout << key.id << ": " << key.description << '\n';
    }
    // [/future]
}

} // namespace

int main(int argc, char* argv[])
try {
    const std::vector<std::string> ids{argv + 1, argv + argc};
    if (ids.empty() || std::ranges::find(ids, "") != ids.end()) {
        std::cerr << "usage: future KEY-ID...\n";
        return arguments::wrong_use;
    }
    asio::thread_pool threads{2};
    vk::client client{threads, vk::credentials::from_environment().value(), vk::config::from_environment().value()};
    update_all(client, ids);
    client.close(std::chrono::seconds{5}, asio::use_future).get().value();
    return 0;
} catch (const std::exception& thrown) {
    std::cerr << "future: " << plain_text(thrown) << '\n';
    return 1;
}
