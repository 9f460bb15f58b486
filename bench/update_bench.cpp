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

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <thread>

namespace {

namespace asio = boost::asio;
namespace vk = venice_keys;
using bench::load;

struct settings {
    std::string host = "localhost";
    std::uint16_t port = 443;
    std::string ca_file;
    std::size_t updates = 20'000;
    std::size_t warm_up = 2'000;
    std::size_t connections = 1;
    std::size_t depth = 16;
    std::size_t in_flight = 16;
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

struct usage {
    std::int64_t cpu_us = 0;
    std::int64_t rss_kb = 0;
    std::uint64_t allocations = 0;
    std::uint64_t openssl_allocations = 0;
    load::clock::time_point when;
};

usage used_so_far()
{
    rusage of{};
    getrusage(RUSAGE_SELF, &of);
    const auto us = [](const timeval& time) {
        return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
    };
    return {us(of.ru_utime) + us(of.ru_stime), of.ru_maxrss, bench::allocations(bench::owner::library),
            bench::allocations(bench::owner::openssl), load::clock::now()};
}

double percentile(std::vector<load::clock::duration>& of, double part)
{
    const auto at = of.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(of.size() - 1));
    std::ranges::nth_element(of, at);
    return std::chrono::duration<double, std::micro>(*at).count();
}

void print(const load& measured, const usage& before, const usage& after)
{
    if (const std::string trouble = measured.trouble(); !trouble.empty())
        throw std::runtime_error(trouble);
    auto latencies = measured.latencies();
    const auto updates = static_cast<double>(latencies.size());
    const double held = static_cast<double>(measured.allocations_of_a_result());
    const auto each = [updates](std::uint64_t from, std::uint64_t to, double less) {
        return bench::counts_allocations() ? fmt::format("{:.3f}", static_cast<double>(to - from) / updates - less)
                                           : std::string("null");
    };
    const auto wall = std::chrono::duration_cast<std::chrono::microseconds>(after.when - before.when);
    fmt::print("{{\"program\":\"venice-keys\",\"ok\":{},\"cpu_us\":{},\"wall_us\":{},\"rss_kb\":{},"
               "\"allocations_per_update\":{},\"openssl_allocations_per_update\":{},\"p50_us\":{:.1f},"
               "\"p99_us\":{:.1f}}}\n",
               latencies.size(), after.cpu_us - before.cpu_us, wall.count(), after.rss_kb,
               each(before.allocations, after.allocations, held),
               each(before.openssl_allocations, after.openssl_allocations, 0), percentile(latencies, 0.5),
               percentile(latencies, 0.99));
}

void run(const settings& wanted)
{
    asio::io_context io(wanted.threads == 0 ? 1 : static_cast<int>(wanted.threads));
    vk::client client(io.get_executor(),
                      vk::credentials(vk::secret("VENICE-ADMIN-bench-0123456789abcdef0123456789abcdef")),
                      config_for(wanted));
    usage before;
    usage after;
    load measured(client, wanted.updates, wanted.in_flight, [&] {
        after = used_so_far();
        client.close(std::chrono::seconds(1), asio::detached);
    });
    load warm_up(client, wanted.warm_up, wanted.in_flight, [&] {
        before = used_so_far();
        measured.start();
    });
    if (wanted.warm_up != 0)
        warm_up.start();
    else
        asio::post(io, [&] {
            before = used_so_far();
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
    CLI::App app("Measures what an update costs through venice-keys. The server must answer any token and id.");
    app.add_option("--host", wanted.host, "The server's name")->capture_default_str();
    app.add_option("--port", wanted.port, "Its port")->capture_default_str();
    app.add_option("--ca", wanted.ca_file, "Certificates to trust, PEM; without it the system's")
        ->check(CLI::ExistingFile);
    app.add_option("--updates", wanted.updates, "How many are measured")->check(CLI::PositiveNumber);
    app.add_option("--warm-up", wanted.warm_up, "How many go before")->check(CLI::NonNegativeNumber);
    app.add_option("--connections", wanted.connections, "config::max_connections")->check(CLI::Range(1, 1'000));
    app.add_option("--depth", wanted.depth, "config::pipeline_depth")->check(CLI::Range(1, 1'000));
    app.add_option("--in-flight", wanted.in_flight, "Updates under way at any time")->check(CLI::PositiveNumber);
    app.add_option("--threads", wanted.threads,
                   "So many threads, with the default config::threading. Without it: one, with threading::single")
        ->check(CLI::Range(1, 64));
    CLI11_PARSE(app, argc, argv);
    bench::count_openssl_apart();
    try {
        run(wanted);
        return 0;
    } catch (const std::exception& failure) {
        fmt::print(stderr, "update_bench: {}\n", failure.what());
        return 1;
    }
}
