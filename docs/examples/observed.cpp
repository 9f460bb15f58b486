// Updates a key twice: with a log of all that happens, and with an observer of its own: observed KEY-ID
#include "arguments.hpp"

#include <venice_keys/client.hpp>
#include <venice_keys/stream_observer.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <string>

namespace asio = boost::asio;
namespace vk = venice_keys;

namespace {

// [own]
// Prints retries, and changes of an error budget.
class retry_log final : public vk::observer {
public:
    void retry_scheduled(const vk::event::retry_scheduled& what) noexcept override { print(what); }
    void error_budget_changed(const vk::event::error_budget_changed& what) noexcept override { print(what); }

private:
    template <class Event>
    static void print(const Event& what) noexcept
    {
        std::cout << Event::name;
        what.for_each_attribute([](std::string_view name, const vk::attribute_value& value) {
            std::cout << ' ' << name << '=';
            std::visit([](const auto& each) { std::cout << each; }, value);
        });
        std::cout << '\n';
    }
};
// [/own]

// [stats]
void print(const vk::client_stats& stats)
{
    const auto milliseconds = [&](double share) {
        return std::chrono::duration<double, std::milli>(stats.latency.quantile(share)).count();
    };
    std::cout << stats.calls_succeeded << " calls, " << stats.requests_written << " requests, " << stats.replays
              << " of them again; p50 " << milliseconds(0.5) << " ms, p99 " << milliseconds(0.99) << " ms\n";
}
// [/stats]

bool update(const std::string& id, const vk::config& config)
{
    asio::io_context io;
    vk::client client{io, vk::credentials::from_environment().value(), config};
    bool well = false;
    client.update_key(vk::key_update{id}.description("observed"), [&](const vk::result<vk::api_key>& key) {
        well = key.has_value();
        client.close(std::chrono::seconds{5}, [](const vk::result<void>&) {});
    });
    io.run();
    print(client.stats());
    return well;
}

} // namespace

int main(int argc, char* argv[])
try {
    arguments told{argc,
                   argv,
                   "observed",
                   {"KEY-ID"},
                   "Changes the description of a key twice, and shows what the client does meanwhile."};
    const std::string id = told.text(0);
    if (told.wrong())
        return arguments::wrong_use;
    // [stream]
    vk::config config = vk::config::from_environment().value();
    config.observer = std::make_shared<vk::stream_observer>(std::clog);
    // [/stream]
    const bool first = update(id, config);
    config.observer = std::make_shared<retry_log>();
    const bool second = update(id, config);
    return first && second ? 0 : 1;
} catch (const std::exception& thrown) {
    std::cerr << "observed: " << plain_text(thrown) << '\n';
    return 1;
}
