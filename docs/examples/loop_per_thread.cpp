// A pool of threads, each with a loop and a client of its own: loop_per_thread THREADS USD < KEY-IDS, one a line
//
// No two threads share anything, so nothing is locked: threading::single. Work is handed to the loop that its key
// belongs to, and so changes to one key apply in the order in which they are handed over.
//
// The other way is one client that all threads call, with threading::multi, the default. It keeps the order of one key
// by itself, whichever thread calls, needs fewer connections, and has one view of what the service allows; it pays for
// that with a lock. Take that one unless a measurement says otherwise. With a client a loop, each has its own
// connections and its own account of the error budget, about which clients can't tell each other: see make_config.
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
namespace vk = venice_keys;
using namespace std::chrono_literals;

namespace {

// [config]
vk::config make_config(unsigned loops)
{
    vk::config config = vk::config::from_environment().value();
    config.threading = vk::threading::single;
    // What the service allows is allowed once, and not once a loop.
    config.max_connections = std::max<std::size_t>(1, config.max_connections / loops);
    config.error_budget.most = std::max(1U, config.error_budget.most / loops);
    return config;
}
// [/config]

// [loop]
// A thread, its loop and its client. What is in here is used by that thread alone, until join() has returned.
class loop {
public:
    loop(const vk::credentials& who, const vk::config& config)
        : client_(io_, who, config), thread_([this] { io_.run(); })
    {
    }
    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;
    ~loop() { join(); }

    // From any thread. The calls of one thread are carried out in their order.
    void set_limit(std::string id, double usd)
    {
        asio::co_spawn(io_, update(std::move(id), usd), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown); // out of run(): an error in this program
        });
    }

    // From another thread than the loop's: takes no more work, ends what is under way, and waits for the thread.
    void join()
    {
        if (!thread_.joinable())
            return;
        asio::co_spawn(io_, close(), asio::detached);
        thread_.join();
    }

    // Once it has been joined.
    [[nodiscard]] std::size_t updated() const { return updated_; }
    [[nodiscard]] const std::vector<std::string>& failures() const { return failures_; }

private:
    asio::awaitable<void> update(std::string id, double usd)
    {
        const vk::result<vk::api_key> key = co_await client_.update_key(vk::key_update{id}.usd(usd));
        if (key)
            ++updated_;
        else
            failures_.push_back(id + ": " + key.error().message());
    }

    asio::awaitable<void> close()
    {
        if (const vk::result<void> closed = co_await client_.close(30s); !closed)
            failures_.push_back(closed.error().message());
        working_.reset(); // now run() may return
    }

    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> working_{io_.get_executor()};
    vk::client client_;
    std::size_t updated_ = 0;
    std::vector<std::string> failures_;
    std::thread thread_; // the last member: it uses the others
};
// [/loop]

// [pool]
class loop_pool {
public:
    explicit loop_pool(unsigned threads)
    {
        const vk::credentials who = vk::credentials::from_environment().value();
        const vk::config config = make_config(threads);
        for (unsigned made = 0; made != threads; ++made)
            loops_.push_back(std::make_unique<loop>(who, config));
    }

    // One key always has the same loop.
    [[nodiscard]] loop& of(const std::string& id) { return *loops_[std::hash<std::string>{}(id) % loops_.size()]; }

    [[nodiscard]] const std::vector<std::unique_ptr<loop>>& join()
    {
        for (const std::unique_ptr<loop>& each : loops_)
            each->join();
        return loops_;
    }

private:
    std::vector<std::unique_ptr<loop>> loops_;
};
// [/pool]

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{argc,
                   argv,
                   "loop_per_thread",
                   {"THREADS", "USD"},
                   "Sets the limit of each key whose id is a line of standard input, with a loop and a client for each "
                   "of THREADS threads."};
    const auto threads = told.number<unsigned>(0, 1, 64);
    const auto usd = told.number<double>(1, 0, 9'999'999'999);
    if (told.wrong())
        return arguments::wrong_use;
    loop_pool pool{threads};
    std::size_t asked = 0;
    for (std::string id; std::getline(std::cin, id); ++asked)
        pool.of(id).set_limit(id, usd);
    std::size_t updated = 0;
    for (const auto& each : pool.join()) {
        updated += each->updated();
        for (const std::string& failure : each->failures())
            std::cerr << "loop_per_thread: " << failure << '\n';
    }
    std::cout << updated << " of " << asked << " keys updated\n";
    return updated == asked ? 0 : 1;
} catch (const std::exception& thrown) {
    std::cerr << "loop_per_thread: " << plain_text(thrown) << '\n';
    return 1;
}
