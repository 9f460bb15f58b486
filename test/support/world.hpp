// What tests of the client need: an emulator on a thread of its own, an io_context that the test runs, and ways to wait
// that have an end.
#pragma once

#include "support/printing.hpp"

#include <venice_keys/client.hpp>
#include <venice_keys/emulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <iosfwd>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace test {

namespace vk = venice_keys;
namespace asio = boost::asio;

using updated_key = vk::result<vk::api_key>;

// Short times for everything that has to fail, and a long one for what has to succeed.
[[nodiscard]] vk::config quick_config(std::string base_url, std::string ca_pem);

// An emulator that enforces no limits. HTTP/1.1 is the default, because many tests look at the order on a connection.
[[nodiscard]] vk::emulator_options without_limits(std::size_t keys, vk::protocol spoken = vk::protocol::http1);

// The protocols over which tests of order, cancellation and loss run, one after the other.
inline constexpr std::array both_protocols{vk::protocol::http1, vk::protocol::http2};

// An emulator on a thread of its own. It enforces no limits unless options say otherwise.
class hosted_emulator {
public:
    explicit hosted_emulator(std::size_t keys, vk::protocol spoken = vk::protocol::http1);
    explicit hosted_emulator(vk::emulator_options options);
    ~hosted_emulator();

    [[nodiscard]] vk::emulator& operator*() noexcept { return emulator_; }
    [[nodiscard]] vk::emulator* operator->() noexcept { return &emulator_; }

    [[nodiscard]] vk::config config() const;
    [[nodiscard]] vk::credentials credentials() const;
    [[nodiscard]] std::vector<std::string> ids() const;

private:
    asio::thread_pool pool_{1};
    vk::emulator emulator_;
};

constexpr std::chrono::seconds patience{30};

// Runs the context until the condition is true; false when the time is over before.
template <class Condition>
[[nodiscard]] bool run_until(asio::io_context& io, Condition condition, std::chrono::milliseconds limit = patience)
{
    const auto until = std::chrono::steady_clock::now() + limit;
    io.restart();
    while (!condition()) {
        const auto slice = std::min(until, std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
        if (io.run_one_until(slice) == 0 && io.stopped()) {
            if (condition())
                return true;
            io.restart(); // out of work, while a thread of the test is not done
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        if (std::chrono::steady_clock::now() >= until)
            return condition();
    }
    return true;
}

// Runs the context until it is out of work; false when the time is over before.
[[nodiscard]] bool run_out(asio::io_context& io, std::chrono::milliseconds limit = patience);

// Runs one coroutine to its end. `what` takes nothing and returns an awaitable<void>.
template <class Coroutine>
void run(asio::io_context& io, Coroutine what, std::chrono::milliseconds limit = patience)
{
    bool done = false;
    std::exception_ptr thrown;
    asio::co_spawn(io, std::move(what), [&](std::exception_ptr why) {
        done = true;
        thrown = std::move(why);
    });
    BOOST_REQUIRE_MESSAGE(run_until(
                              io, [&done] { return done; }, limit),
                          "the coroutine did not end");
    if (thrown)
        std::rethrow_exception(thrown);
}

// The results of many calls, by number, and how often each call has completed.
class outcomes {
public:
    explicit outcomes(std::size_t count) : results_(count), times_(count) {}
    outcomes(const outcomes&) = delete;
    outcomes& operator=(const outcomes&) = delete;

    [[nodiscard]] auto handler(std::size_t number)
    {
        return [this, number](updated_key with) {
            ++times_[number];
            ++completed_;
            results_[number] = std::move(with);
        };
    }

    [[nodiscard]] bool all() const noexcept { return completed_ >= results_.size(); }
    [[nodiscard]] std::size_t completed() const noexcept { return completed_; }
    [[nodiscard]] std::size_t size() const noexcept { return results_.size(); }
    [[nodiscard]] const updated_key& operator[](std::size_t number) const { return results_.at(number); }
    [[nodiscard]] bool each_once() const;
    [[nodiscard]] std::size_t succeeded() const;
    // How many calls succeeded, and how the first that failed did.
    [[nodiscard]] std::string summary() const;

private:
    std::vector<updated_key> results_;
    std::vector<unsigned> times_;
    std::size_t completed_ = 0;
};

// Starts one update of each key, tells them apart by their descriptions ("number 0" and so on), and waits for all.
void update_each(asio::io_context& io, vk::client& client, const std::vector<std::string>& ids, outcomes& results);

// An emulator, and a client of it that starts when its settings are as a test wants them.
struct client_world {
    explicit client_world(std::size_t keys, vk::protocol spoken = vk::protocol::http1) : server(keys, spoken) {}
    explicit client_world(vk::emulator_options options) : server(std::move(options)) {}

    // Starts a client in the place of the one before.
    vk::client& start() { return client.emplace(io.get_executor(), server.credentials(), settings); }
    // Starts one only where there is none.
    vk::client& started() { return client ? *client : start(); }

    hosted_emulator server;
    asio::io_context io;
    vk::config settings = server.config();
    std::vector<std::string> ids = server.ids();
    std::optional<vk::client> client;
};

// Makes one update, and then two at once: after that a client knows that an HTTP/1.1 server pipelines. The server has
// to answer these three well.
void teach_pipelining(asio::io_context& io, vk::client& client,
                      const std::vector<std::string>& ids = {"lesson-0", "lesson-1", "lesson-2"});
inline constexpr std::size_t lessons = 3;

// The code of a failure; errc{} for a success.
template <class T>
[[nodiscard]] vk::errc code_of(const vk::result<T>& result)
{
    return result ? vk::errc{} : result.error().why();
}

// The text of a failure, for the test's log and its own checks.
template <class T>
[[nodiscard]] std::string text_of(const vk::result<T>& result)
{
    return result ? "success" : result.error().message();
}

// How often each of these keys was changed by the updates in the journal.
[[nodiscard]] std::vector<std::size_t> changes(const vk::emulator& server, const std::vector<std::string>& ids);

} // namespace test

// So that a failed comparison shows the protocol of a case that runs over several.
namespace venice_keys {
std::ostream& operator<<(std::ostream& out, protocol which);
} // namespace venice_keys
