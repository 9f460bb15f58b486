// Ends with a connection open, as its argument says: `static`, with a client that is destroyed after main(), or
// `thread`, while a thread of its own makes updates. The service is in the environment.
#include <venice_keys/client.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace {

namespace asio = boost::asio;
namespace vk = venice_keys;

std::string variable(const char* name)
{
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

vk::config settings()
{
    vk::config made;
    made.base_url = variable("VENICE_BASE_URL");
    made.tls.ca_file = variable("VENICE_CA_FILE");
    return made;
}

// They are made before anything of OpenSSL, and so die after it.
asio::io_context io;
std::optional<vk::client> client;

int end_with_a_static_client()
{
    client.emplace(io.get_executor(), vk::credentials(vk::secret(variable("VENICE_API_KEY"))), settings());
    std::optional<bool> good;
    client->rate_limits([&good](const vk::result<vk::account_limits>& got) { good = got.has_value(); });
    while (!good)
        io.run_one();
    return *good ? 0 : 1;
}

int end_with_a_running_thread()
{
    // Nothing of the thread's own may die under it: that would be the program's mistake.
    struct life {
        asio::io_context io;
        std::optional<vk::client> client;
        std::atomic<int> done{0};
        std::function<void()> next;
    };
    auto* const ours = new life;
    ours->client.emplace(ours->io.get_executor(), vk::credentials(vk::secret(variable("VENICE_API_KEY"))), settings());
    ours->next = [ours] {
        ours->client->rate_limits([ours](const vk::result<vk::account_limits>& got) {
            ours->done += got.has_value() ? 1 : 0;
            ours->next();
        });
    };
    static life* reachable = nullptr; // else it would be a leak
    reachable = ours;
    for (int i = 0; i != 4; ++i)
        reachable->next();
    std::thread([ours] { ours->io.run(); }).detach();
    while (ours->done < 20)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return 0;
}

} // namespace

int main(int count, char** arguments)
{
    const std::string_view how = count == 2 ? arguments[1] : "";
    if (how == "static")
        return end_with_a_static_client();
    if (how == "thread")
        return end_with_a_running_thread();
    std::fputs("usage: ending_program static|thread\n", stderr);
    return 2;
}
