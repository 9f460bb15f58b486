// What an update costs through the public client with its default policies: keeps a number of updates in flight, and
// prints one line of JSON. Updates that come first warm everything up and do not count. Times are microseconds.
//
//   ok                       measured updates whose result is the key that was asked for
//   cpu_us, wall_us          for all measured updates; the CPU time is the process's, user and system
//   rss_kb                   the most memory that was resident, KiB
//   allocations_per_update   by the library and Asio, less those that a copy of the result makes; null where they can't
//                            be counted
//   openssl_allocations_per_update   by OpenSSL, which makes some for each record that it writes
//   p50_us, p99_us           of one update, from its call to its result
//   cpu_all_us, ended_at_us  measuring.hpp
//   connections, losses, replays   since the start: opened, ended while they owed an answer; requests sent again
#include "load.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace vk = venice_keys;
using bench::load;

struct settings : bench::options {
    std::optional<std::size_t> connections; // empty: as in config
    std::optional<std::size_t> depth;
    std::optional<std::size_t> max_streams;
    std::string protocol = "automatic";
    std::string error_budget = "on";
    unsigned threads = 0; // 0: one thread, and the client has threading::single
};

vk::config config_for(const settings& wanted)
{
    vk::config config;
    config.base_url = fmt::format("https://{}:{}/api/v1", wanted.host, wanted.port);
    config.tls.ca_file = wanted.ca_file;
    config.max_connections = wanted.connections.value_or(config.max_connections);
    config.pipeline_depth = wanted.depth.value_or(config.pipeline_depth);
    config.max_streams = wanted.max_streams.value_or(config.max_streams);
    if (wanted.protocol != "automatic")
        config.protocol = wanted.protocol == "http1" ? vk::protocol::http1 : vk::protocol::http2;
    config.error_budget.enabled = wanted.error_budget == "on";
    if (wanted.threads == 0)
        config.threading = vk::threading::single;
    return config;
}

tools::arguments::text_check one_of(std::vector<std::string> words)
{
    return [words = std::move(words)](const std::string& text) {
        const bool known = std::ranges::find(words, text) != words.end();
        return known ? std::string{} : fmt::format("'{}' is none of {}", text, fmt::join(words, ", "));
    };
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

void print(const load& measured, const usage& before, const usage& after, const vk::client_stats& all)
{
    if (const std::string trouble = measured.trouble(); !trouble.empty())
        throw std::runtime_error(trouble);
    auto latencies = measured.latencies();
    const auto each = [&latencies](std::uint64_t from, std::uint64_t to, std::uint64_t less) {
        const double made = static_cast<double>(to - from) / static_cast<double>(latencies.size());
        return bench::counts_allocations() ? fmt::format("{:.3f}", made - static_cast<double>(less)) : "null";
    };
    fmt::print("{{{},\"allocations_per_update\":{},\"openssl_allocations_per_update\":{},"
               "\"connections\":{},\"losses\":{},\"replays\":{}}}\n",
               bench::figures("venice-keys", latencies, before, after),
               each(before.allocations, after.allocations, measured.allocations_of_a_result()),
               each(before.openssl_allocations, after.openssl_allocations, 0), all.connections_opened,
               all.connections_lost, all.replays);
}

void run(const settings& wanted)
{
    asio::io_context io(wanted.threads == 0 ? 1 : static_cast<int>(wanted.threads));
    vk::client client(io.get_executor(), vk::credentials(vk::secret(bench::token)), config_for(wanted));
    usage before;
    usage after;
    vk::client_stats all;
    load measured(client, wanted.updates, wanted, [&] {
        after = usage::now();
        all = client.stats();
        client.close(std::chrono::seconds(1), asio::detached);
    });
    asio::steady_timer settle(io);
    const auto begin = [&] {
        settle.expires_after(wanted.settle);
        settle.async_wait([&](const boost::system::error_code&) {
            before = usage::now();
            measured.start();
        });
    };
    load warm_up(client, wanted.warm_up, wanted, begin);
    if (wanted.warm_up != 0)
        warm_up.start();
    else
        begin();
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < wanted.threads; ++i)
        others.emplace_back([&io] { io.run(); });
    io.run();
    others.clear();
    if (const std::string trouble = warm_up.trouble(); !trouble.empty())
        throw std::runtime_error("in the warm-up: " + trouble);
    print(measured, before, after, all);
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
    told.number("--max-streams", wanted.max_streams, 1, 1'000, "config::max_streams");
    told.text("--protocol", wanted.protocol, "config::protocol", "automatic|http1|http2",
              one_of({"automatic", "http1", "http2"}));
    told.text("--error-budget", wanted.error_budget, "config::error_budget.enabled", "on|off", one_of({"on", "off"}));
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
