// What an update costs through the public client with its default policies: keeps so many in flight, and prints one
// line of JSON. Updates before the measured ones warm everything up; they count nowhere. Times are microseconds.
//
//   ok                       measured updates whose result is the key that was asked for
//   cpu_us, wall_us          for all measured updates; the CPU time is the process's, user and system
//   rss_kb                   the most memory that was resident, KiB
//   allocations_per_update   by the library and Asio, less those that a copy of the result makes; null where they can't
//                            be counted
//   openssl_allocations_per_update   by OpenSSL, which makes some for each record that it writes
//   p50_us, p99_us           of one update, from its call to its result
#include "load.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <thread>

namespace {

namespace asio = boost::asio;
namespace vk = venice_keys;
using bench::load;

struct settings : bench::options {
    std::size_t connections = 1;
    std::size_t depth = 16;
    unsigned threads = 0; // 0: one, and the client is told so
};

vk::config config_for(const settings& wanted)
{
    vk::config config;
    config.base_url = fmt::format("https://{}:{}/api/v1", wanted.host, wanted.port);
    config.tls.ca_file = wanted.ca_file;
    config.max_connections = wanted.connections;
    config.pipeline_depth = wanted.depth;
    if (wanted.threads == 0)
        config.threading = vk::threading::single;
    return config;
}

struct usage : bench::usage {
    std::uint64_t allocations = 0;
    std::uint64_t openssl_allocations = 0;

    [[nodiscard]] static usage now()
    {
        return {bench::usage::now(), bench::allocations(bench::owner::library),
                bench::allocations(bench::owner::openssl)};
    }
};

void print(const load& measured, const usage& before, const usage& after)
{
    if (const std::string trouble = measured.trouble(); !trouble.empty())
        throw std::runtime_error(trouble);
    auto latencies = measured.latencies();
    const auto each = [&latencies](std::uint64_t from, std::uint64_t to, std::uint64_t less) {
        const double made = static_cast<double>(to - from) / static_cast<double>(latencies.size());
        return bench::counts_allocations() ? fmt::format("{:.3f}", made - static_cast<double>(less)) : "null";
    };
    fmt::print("{{{},\"allocations_per_update\":{},\"openssl_allocations_per_update\":{}}}\n",
               bench::figures("venice-keys", latencies, before, after),
               each(before.allocations, after.allocations, measured.allocations_of_a_result()),
               each(before.openssl_allocations, after.openssl_allocations, 0));
}

void run(const settings& wanted)
{
    asio::io_context io(wanted.threads == 0 ? 1 : static_cast<int>(wanted.threads));
    vk::client client(io.get_executor(), vk::credentials(vk::secret(bench::token)), config_for(wanted));
    usage before;
    usage after;
    load measured(client, wanted.updates, wanted, [&] {
        after = usage::now();
        client.close(std::chrono::seconds(1), asio::detached);
    });
    load warm_up(client, wanted.warm_up, wanted, [&] {
        before = usage::now();
        measured.start();
    });
    if (wanted.warm_up != 0)
        warm_up.start();
    else
        asio::post(io, [&] {
            before = usage::now();
            measured.start();
        });
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < wanted.threads; ++i)
        others.emplace_back([&io] { io.run(); });
    io.run();
    others.clear();
    if (const std::string trouble = warm_up.trouble(); !trouble.empty())
        throw std::runtime_error("in the warm-up: " + trouble);
    print(measured, before, after);
}

} // namespace

int main(int argc, char** argv)
{
    settings wanted;
    wanted.in_flight = 16;
    tools::arguments told(
        "update_bench", "Measures what an update costs through venice-keys. The server must answer any token and id.");
    wanted.add_to(told);
    told.number("--connections", wanted.connections, 1, 1'000, "config::max_connections");
    told.number("--depth", wanted.depth, 1, 1'000, "config::pipeline_depth");
    told.number("--threads", wanted.threads, 0, 64,
                "So many threads, with the default config::threading. 0: one, with threading::single");
    if (const auto code = told.read(argc, argv))
        return *code;
    bench::count_openssl_apart();
    try {
        run(wanted);
        return 0;
    } catch (const std::exception& failure) {
        fmt::print(stderr, "update_bench: {}\n", tools::plain_text(failure));
        return 1;
    }
}
