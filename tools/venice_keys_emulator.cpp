// venice-keys-emulator: the emulator as a program. It serves until SIGINT or SIGTERM.
// Exit codes: 0 after a signal; 1 when it can't serve (a port, a file); 2 for a wrong use.
#include "arguments.hpp"
#include "emulator_token.hpp"

#include <venice_keys/emulator.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace vk = venice_keys;
using emulator_program::cannot_serve;
using emulator_program::failure;
using emulator_program::system_text;
using emulator_program::token_variable;

struct settings {
    vk::emulator_options emulator;
    std::string protocol = "automatic";
    std::string token_file;
    bool print_token = false;
    std::string ca_file;
    std::vector<std::string> faults;
    bool no_limits = false;
    bool older_rules = false;
    bool no_budget_headers = false;
    bool wallet_messages = false;
};

std::optional<failure> write_ca_file(const std::string& path, const std::string& pem)
{
    std::ofstream file{path};
    file << pem;
    file.close();
    if (!file)
        return failure{cannot_serve, fmt::format("the CA file {} can't be written: {}", path, system_text(errno))};
    return std::nullopt;
}

// Does everything that has to be done between the emulator's start and its first request.
std::optional<failure> prepare(vk::emulator& emulator, const settings& wanted, bool new_token)
{
    for (const std::string& text : wanted.faults) {
        emulator.add_fault(vk::fault::parse(text).value()); // the text has been checked
    }
    if (new_token && !wanted.token_file.empty()) {
        if (auto why = emulator_program::write_token_file(wanted.token_file, emulator.token()))
            return why;
    }
    if (!wanted.ca_file.empty())
        return write_ca_file(wanted.ca_file, emulator.ca_pem());
    return std::nullopt;
}

void announce(const vk::emulator& emulator, bool with_token)
{
    fmt::print("base_url={}\n", emulator.base_url());
    if (emulator.http_port() != 0)
        fmt::print("http_base_url={}\n", emulator.http_base_url());
    if (with_token)
        fmt::print("token={}\n", emulator.token());
    std::fflush(stdout);
}

int report(const failure& why)
{
    fmt::print(stderr, "venice-keys-emulator: {}\n", why.text);
    return why.exit_code;
}

int serve(settings wanted)
{
    if (const auto why = emulator_program::find_token(wanted.token_file, wanted.emulator.token))
        return report(*why);
    const bool new_token = wanted.emulator.token.empty();
    wanted.emulator.enforce_limits = !wanted.no_limits;
    wanted.emulator.rules = wanted.older_rules ? vk::service_rules::older : vk::service_rules::current;
    wanted.emulator.budget_headers = !wanted.no_budget_headers;
    wanted.emulator.wallets = wanted.wallet_messages ? vk::wallet_form::message : vk::wallet_form::token;

    boost::asio::io_context io;
    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    std::optional<vk::emulator> emulator;
    try {
        emulator.emplace(io.get_executor(), wanted.emulator);
    } catch (const boost::system::system_error& why) {
        std::string text = tools::plain_text(why);
        if (why.code() == boost::asio::error::address_in_use)
            text += wanted.emulator.http_port ? " (--port or --http-port)" : " (--port)";
        return report(failure{cannot_serve, std::move(text)});
    }
    if (const auto why = prepare(*emulator, wanted, new_token))
        return report(*why);
    announce(*emulator, wanted.print_token);
    signals.async_wait([&](boost::system::error_code ec, int /*number*/) {
        if (!ec)
            emulator->stop();
    });
    io.run();
    return 0;
}

std::string check_address(const std::string& text)
{
    boost::system::error_code ec;
    boost::asio::ip::make_address(text, ec);
    return ec ? fmt::format("'{}' is not an IP address", text) : std::string{};
}

// Returns an empty text when the protocol is in `to`, and otherwise what is wrong.
std::string read_protocol(const std::string& text, vk::protocol& to)
{
    if (text == "automatic")
        to = vk::protocol::automatic;
    else if (text == "http1")
        to = vk::protocol::http1;
    else if (text == "http2")
        to = vk::protocol::http2;
    else
        return fmt::format("'{}' is not automatic, http1 or http2", text);
    return {};
}

std::string check_fault(const std::string& text)
{
    const vk::result<vk::fault> rule = vk::fault::parse(text);
    return rule ? std::string{} : fmt::format("'{}': {}", text, rule.error().detail);
}

void describe_limits(tools::arguments& arguments, settings& wanted)
{
    vk::emulator_options& options = wanted.emulator;
    arguments.flag("--no-limits", wanted.no_limits, "Don't hold callers to the service's limits");
    arguments.flag("--older-rules", wanted.older_rules,
                   "As an older page of the service's documentation: 20 failures of any status, unknown keys 404");
    arguments.number("--error-budget", options.error_budget, 1, 1'000'000,
                     "Failures in 30 s that a key is forgiven; 50, or 20 by the older rules");
    arguments.number("--unknown-key-status", options.unknown_key_status, 400, 404,
                     "What an id that is unknown or expired is answered with: 400, or 404 by the older rules");
    arguments.rule([&options] {
        const unsigned status = options.unknown_key_status.value_or(400);
        return status > 400 && status < 404 ? fmt::format("--unknown-key-status: '{}' is neither 400 nor 404", status)
                                            : std::string{};
    });
    arguments.flag("--no-budget-headers", wanted.no_budget_headers, "Don't tell what is left of the error budget");
    arguments.number("--requests-per-minute", options.requests_per_minute, 0, std::numeric_limits<unsigned>::max(),
                     "What rate-limit headers of the kind that models have say; 0 sends none");
}

void describe_files(tools::arguments& arguments, settings& wanted)
{
    vk::emulator_options& options = wanted.emulator;
    arguments.text("--token-file", wanted.token_file,
                   "File with the token; if there is none, a new token is written there for its owner alone to read",
                   "PATH");
    arguments.flag("--print-token", wanted.print_token, "Print the token");
    arguments.text("--certificate", options.certificate_file, "PEM file of the certificate, with its chain", "PATH");
    arguments.text("--private-key", options.private_key_file, "PEM file of its key", "PATH");
    arguments.text("--ca-file", wanted.ca_file, "Write the CA that clients have to trust there, as PEM", "PATH");
    arguments.rule([&options] {
        return options.certificate_file.empty() != options.private_key_file.empty()
                   ? "--certificate and --private-key: only one is given; give both or neither"
                   : std::string{};
    });
    arguments.rule([&] {
        return !options.certificate_file.empty() && !wanted.ca_file.empty()
                   ? "--ca-file: there is no CA to write where --certificate is given"
                   : std::string{};
    });
    arguments.rule([&wanted] {
        const bool in_environment = std::getenv(token_variable) != nullptr; // NOLINT(concurrency-mt-unsafe): one thread
        const bool known = wanted.print_token || !wanted.token_file.empty() || in_environment;
        return known ? std::string{}
                     : fmt::format("nobody would know the token: give --token-file or --print-token, or set {}",
                                   token_variable);
    });
}

void describe(tools::arguments& arguments, settings& wanted)
{
    vk::emulator_options& options = wanted.emulator;
    arguments.text("--address", options.address, "IP address to listen on", "IP", check_address);
    arguments.number("--port", options.port, 0, 65535, "Port of HTTPS; 0 takes a free one");
    arguments.number("--http-port", options.http_port, 0, 65535,
                     "Port of plain HTTP, for a proxy in front; 0 takes a free one");
    arguments.number("--keys", options.initial_keys, 0, 1'000'000, "Keys that are there at the start");
    arguments.number("--seed", options.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                     "Of the keys' ids and of random faults");
    arguments.time("--service-time", options.service_time, std::chrono::hours{1},
                   "How long a request takes; over HTTP/1.1, those of one connection come one after the other");
    arguments.text("--protocol", wanted.protocol,
                   "What ALPN may choose: automatic (HTTP/2 before HTTP/1.1), http1 or http2", "NAME",
                   [&options](const std::string& text) { return read_protocol(text, options.protocol); });
    arguments.number("--max-streams", options.max_streams, 0, 0x7FFF'FFFF,
                     "Streams at a time on a connection of HTTP/2, as its SETTINGS say");
    arguments.number("--initial-window", options.initial_window, 0, 0x7FFF'FFFF,
                     "Bytes of a body that may come over HTTP/2 before more is asked for, as its SETTINGS say");
    arguments.flag("--wallet-messages", wanted.wallet_messages,
                   "Wallets sign a message, as the service has announced, in place of a token");
    arguments.texts(
        "--fault", wanted.faults,
        "What goes wrong, and when: KIND[,MODIFIER=VALUE...], as in close,after=10,times=3,applied=never. "
        "Kinds: close, reset, stall, delay=TIME, service=TIME, answer=STATUS, cut=BYTES, swap, malformed, "
        "raw=BYTES, overread=close|drop|ignore|refuse, silent[=TIME]; over HTTP/2 alone rst=CODE, refuse, calm, "
        "http11, goaway=none|below|at|all, streams=COUNT, window=BYTES. Modifiers: after, times, every, random, "
        "applied, only, method; retry-after, text and body of answer; part of rst; code, text and then of "
        "goaway; lasting of streams and window. May be repeated",
        check_fault);
    describe_limits(arguments, wanted);
    describe_files(arguments, wanted);
    arguments.footer(
        fmt::format("The token comes from --token-file, else from the environment's {}, else it is made.\n"
                    "Standard output gets base_url=..., then http_base_url=... and token=... where asked for.\n"
                    "Exit codes: 0 after SIGINT or SIGTERM, 1 when it can't serve, 2 for a wrong use: all that is\n"
                    "wrong with the arguments is reported, and nothing is started.",
                    token_variable));
}

} // namespace

int main(int argc, char** argv)
{
    settings wanted;
    tools::arguments arguments{"venice-keys-emulator",
                               "Venice's API-keys resource as a local HTTPS server, with faults on demand."};
    describe(arguments, wanted);
    if (const auto code = arguments.read(argc, argv))
        return *code;
    return serve(std::move(wanted));
}
