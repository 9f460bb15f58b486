// Updates with futures, for threads that may block: future KEY-ID...
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <exception>
#include <future>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

// [loop]
// A loop and the thread that runs it. The answer to a call comes from that thread: whoever waits for a future must be
// on another one, and a loop that no thread runs would let them wait for ever.
class background_loop {
public:
    background_loop() : thread_([this] { io_.run(); }) {}
    background_loop(const background_loop&) = delete;
    background_loop& operator=(const background_loop&) = delete;
    ~background_loop()
    {
        working_.reset(); // run() returns when nothing is left to be done
        thread_.join();
    }

    [[nodiscard]] asio::io_context& context() { return io_; }

private:
    asio::io_context io_{1};
    // While this is there, run() waits for work instead of returning.
    asio::executor_work_guard<asio::io_context::executor_type> working_{io_.get_executor()};
    std::thread thread_; // the last member, because it uses the others
};
// [/loop]

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
    arguments told{argc, argv, "future", {"KEY-ID..."}, "Changes the description of keys, with a future for each."};
    const std::vector<std::string> ids = told.texts(0);
    if (told.wrong())
        return arguments::wrong_use;
    // [main]
    background_loop loop;
    // The client is behind the loop, so that it ends first, however this function is left.
    vk::client client{loop.context(), vk::credentials::from_environment().value(),
                      vk::config::from_environment().value()};
    update_all(client, ids);
    client.close(std::chrono::seconds{5}, asio::use_future).get().value();
    // [/main]
    return 0;
} catch (const std::exception& thrown) {
    std::cerr << "future: " << plain_text(thrown) << '\n';
    return 1;
}
