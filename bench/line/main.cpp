// bench_line: puts a line in front of servers on this machine, and has two servers of its own that can't bear
// pipelining, behind the same kind of line. When it accepts connections it prints one line of JSON with the ports, and
// it serves until SIGTERM.
//
//   relays            one for each --relay, in their order
//   closes, drops     of the servers (one_by_one.hpp); only with --certificate
#include "one_by_one.hpp"
#include "relay.hpp"

#include "../../tools/arguments.hpp"

#include <boost/asio/signal_set.hpp>

#include <fmt/ranges.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <deque>
#include <fstream>
#include <optional>

namespace {

namespace asio = boost::asio;

struct settings {
    std::vector<std::string> targets;
    std::uint32_t one_way_us = 20'000;
    std::chrono::milliseconds service_time{100};
    std::string certificate_file;
    std::string private_key_file;
};

std::optional<std::uint16_t> port_of(const std::string& text)
{
    std::uint16_t port = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() && port != 0 ? std::optional(port)
                                                                                        : std::nullopt;
}

void run(const settings& wanted)
{
    asio::io_context io(1);
    std::deque<line::relay> relays;
    std::vector<std::uint16_t> ports;
    const auto behind_the_line = [&](std::uint16_t target) {
        return relays.emplace_back(io, target, std::chrono::microseconds(wanted.one_way_us)).port();
    };
    for (const std::string& each : wanted.targets)
        ports.push_back(behind_the_line(*port_of(each)));
    std::string told = fmt::format("\"relays\":[{}]", fmt::join(ports, ","));
    std::deque<line::one_by_one> servers;
    if (!wanted.certificate_file.empty())
        for (const auto& [name, how] : {std::pair{"closes", line::manner::closes}, {"drops", line::manner::drops}}) {
            servers.emplace_back(io, how, wanted.service_time, wanted.certificate_file, wanted.private_key_file);
            told += fmt::format(",\"{}\":{}", name, behind_the_line(servers.back().port()));
        }
    asio::signal_set ends(io, SIGTERM, SIGINT);
    ends.async_wait([&io](const boost::system::error_code&, int) { io.stop(); });
    fmt::print("{{{}}}\n", told);
    std::fflush(stdout);
    io.run();
}

std::string readable(const std::string& path)
{
    return std::ifstream{path} ? std::string{} : fmt::format("'{}' can't be read", path);
}

} // namespace

int main(int argc, char** argv)
{
    settings wanted;
    tools::arguments told("bench_line", "Delays what goes to servers on this machine, as a line would.");
    told.texts("--relay", wanted.targets, "The port of a server on 127.0.0.1; may be repeated",
               [](const std::string& text) { return port_of(text) ? "" : fmt::format("'{}' is no port", text); });
    told.number("--one-way", wanted.one_way_us, 0, 10'000'000, "Microseconds that the way takes in each direction");
    told.time("--service", wanted.service_time, std::chrono::seconds(10), "What the own servers take for an answer");
    told.text("--certificate", wanted.certificate_file, "Theirs, PEM", "PATH", readable);
    told.text("--key", wanted.private_key_file, "Its private key, PEM", "PATH", readable);
    told.rule([&] {
        return wanted.certificate_file.empty() == wanted.private_key_file.empty()
                   ? ""
                   : "--certificate and --key: one is useless without the other";
    });
    if (const auto code = told.read(argc, argv))
        return *code;
    try {
        run(wanted);
        return 0;
    } catch (const std::exception& failure) {
        fmt::print(stderr, "bench_line: {}\n", tools::plain_text(failure));
        return 1;
    }
}
