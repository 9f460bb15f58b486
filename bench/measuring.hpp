// What update_bench and the peers in C++ share: the options that all of them take, the ids, what a process has used,
// and percentiles.
#pragma once

#include "../tools/arguments.hpp"

#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

using clock = std::chrono::steady_clock;

// The server accepts any token.
inline constexpr std::string_view token = "VENICE-ADMIN-bench-0123456789abcdef0123456789abcdef";

struct options {
    std::string host = "localhost";
    std::uint16_t port = 443;
    std::string ca_file;
    std::size_t updates = 20'000;
    std::size_t warm_up = 2'000;
    std::chrono::milliseconds settle{0};
    std::size_t in_flight = 32;

    void add_to(tools::arguments& told)
    {
        told.text("--host", host, "The server's name", "NAME", [](const std::string& text) {
            const bool good = !text.empty() && text.find_first_of(" \t\r\n/") == std::string::npos;
            return good ? std::string{} : fmt::format("'{}' is no name of a host", text);
        });
        told.number("--port", port, 1, 65535, "Its port");
        told.text("--ca", ca_file, "Certificates to trust, PEM", "PATH", [](const std::string& text) {
            return std::ifstream{text} ? std::string{} : fmt::format("'{}' can't be read", text);
        });
        told.number("--updates", updates, 1, 100'000'000, "How many are measured");
        told.number("--warm-up", warm_up, 0, 100'000'000, "How many go before");
        told.time("--settle", settle, std::chrono::seconds(10),
                  "How long nothing is sent between those and the measured");
        told.number("--in-flight", in_flight, 1, 100'000, "Updates under way at any time");
    }
    // How many different ids are sent in turn: at least as many as are in flight.
    [[nodiscard]] std::size_t ids() const noexcept { return std::max<std::size_t>(256, in_flight); }
};

inline std::string make_id(std::size_t number)
{
    return fmt::format("00000000-0000-4000-8000-{:012x}", number);
}

// What this process has used until now.
struct usage {
    std::int64_t cpu_us = 0; // user and system time
    std::int64_t rss_kb = 0; // the most that was resident
    clock::time_point when;
    std::int64_t unix_us = 0; // `when` as time of day, for whoever has started the program

    [[nodiscard]] static usage now()
    {
        rusage used{};
        getrusage(RUSAGE_SELF, &used);
        const auto us = [](const timeval& time) {
            return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
        };
        const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
        return {us(used.ru_utime) + us(used.ru_stime), used.ru_maxrss, clock::now(),
                std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count()};
    }
};

// The members of the line of JSON that all programs print; more may follow. `latencies` must not be empty, and are put
// into another order. The CPU time and the wall-clock time are of the measured updates; `cpu_all_us` is of the process,
// from its start to the end of the updates, and `ended_at_us` is the time of day of that end.
inline std::string figures(std::string_view program, std::vector<clock::duration>& latencies, const usage& before,
                           const usage& after)
{
    const auto percentile = [&latencies](double part) {
        const auto at =
            latencies.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(latencies.size() - 1));
        std::ranges::nth_element(latencies, at);
        return std::chrono::duration<double, std::micro>(*at).count();
    };
    const auto wall = std::chrono::duration_cast<std::chrono::microseconds>(after.when - before.when).count();
    return fmt::format(R"("program":"{}","ok":{},"cpu_us":{},"wall_us":{},"rss_kb":{},"p50_us":{:.1f},"p99_us":{:.1f},)"
                       R"("cpu_all_us":{},"ended_at_us":{})",
                       program, latencies.size(), after.cpu_us - before.cpu_us, wall, after.rss_kb, percentile(0.5),
                       percentile(0.99), after.cpu_us, after.unix_us);
}

} // namespace bench
