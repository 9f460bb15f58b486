// venice-keys-emulator: the emulator as a program. It serves until SIGINT or SIGTERM.
// Exit codes: 0 after a signal; 1 when it can't serve (a port, a file); 2 for a wrong use.
#include <venice_keys/emulator.hpp>

#include <CLI/CLI.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace {

namespace vk = venice_keys;

constexpr int cannot_serve = 1;
constexpr int wrong_use = 2;
constexpr const char* token_variable = "VENICE_KEYS_EMULATOR_TOKEN";

struct settings {
    vk::emulator_options emulator;
    std::string token_file;
    bool print_token = false;
    std::string ca_file;
    std::vector<std::string> faults;
};

// Why the program ends before it serves.
struct failure {
    int exit_code;
    std::string text;
};

std::string system_text(int number)
{
    return std::generic_category().message(number);
}

// RFC 6750 section 2.1.
bool is_token(std::string_view text)
{
    constexpr std::string_view others = "-._~+/=";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    });
}

// A new file that nobody else can read.
std::optional<failure> write_token_file(const std::string& path, const std::string& token)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return failure{cannot_serve, fmt::format("token file {}: {}", path, system_text(errno))};
    const std::string line = token + '\n';
    const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const int why = errno;
    ::close(file);
    if (!written)
        return failure{cannot_serve, fmt::format("token file {}: {}", path, system_text(why))};
    return std::nullopt;
}

// The token from where it is kept; left empty when a new one is wanted.
std::optional<failure> find_token(settings& wanted)
{
    std::string& token = wanted.emulator.token;
    std::string source;
    const char* const variable = std::getenv(token_variable);
    if (!wanted.token_file.empty()) {
        std::ifstream file{wanted.token_file};
        if (!file && errno == ENOENT)
            return std::nullopt; // it is going to be written
        if (!file)
            return failure{cannot_serve, fmt::format("token file {}: {}", wanted.token_file, system_text(errno))};
        std::getline(file, token);
        source = "token file " + wanted.token_file;
    } else if (variable != nullptr) {
        token = variable;
        source = token_variable;
    } else if (!wanted.print_token) {
        return failure{
            wrong_use,
            fmt::format("nobody would know the token: give --token-file or --print-token, or set {}", token_variable)};
    } else {
        return std::nullopt;
    }
    if (!is_token(token))
        return failure{cannot_serve, source + " does not hold a bearer token"};
    return std::nullopt;
}

std::optional<failure> write_ca_file(const std::string& path, const std::string& pem)
{
    std::ofstream file{path};
    file << pem;
    file.close();
    if (!file)
        return failure{cannot_serve, fmt::format("CA file {}: {}", path, system_text(errno))};
    return std::nullopt;
}

// Everything that has to be done between the emulator's start and its first request.
std::optional<failure> prepare(vk::emulator& emulator, const settings& wanted, bool new_token)
{
    for (const std::string& text : wanted.faults) {
        vk::result<vk::fault> rule = vk::fault::parse(text);
        if (!rule)
            return failure{wrong_use, fmt::format("--fault {}: {}", text, rule.error().detail)};
        emulator.add_fault(*std::move(rule));
    }
    if (new_token && !wanted.token_file.empty()) {
        if (auto why = write_token_file(wanted.token_file, emulator.token()))
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
    if (const auto why = find_token(wanted))
        return report(*why);
    const bool new_token = wanted.emulator.token.empty();

    boost::asio::io_context io;
    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    std::optional<vk::emulator> emulator;
    try {
        emulator.emplace(io.get_executor(), wanted.emulator);
    } catch (const boost::system::system_error& why) {
        return report(failure{cannot_serve, why.what()});
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

void describe(CLI::App& app, settings& wanted)
{
    vk::emulator_options& options = wanted.emulator;
    app.add_option("--address", options.address, "IP address to listen on")->capture_default_str();
    app.add_option("--port", options.port, "Port of HTTPS; 0 takes a free one")->capture_default_str();
    app.add_option_function<std::uint16_t>(
        "--http-port", [&options](const std::uint16_t& port) { options.http_port = port; },
        "Port of plain HTTP, for a proxy in front; 0 takes a free one");
    app.add_option("--keys", options.initial_keys, "Keys that are there at the start")->capture_default_str();
    app.add_option("--seed", options.seed, "Of the keys' ids and of random faults")->capture_default_str();
    app.add_option("--token-file", wanted.token_file,
                   "File with the token; if there is none, a new token is written there for its owner alone to read");
    app.add_flag("--print-token", wanted.print_token, "Print the token");
    app.add_option("--fault", wanted.faults,
                   "What goes wrong, and when: KIND[,MODIFIER=VALUE...], as in close,after=10,times=3,applied=never. "
                   "Kinds: close, reset, stall, delay=TIME, answer=STATUS, cut=BYTES, swap, malformed, raw=BYTES. "
                   "Modifiers: after, times, every, random, applied, only, method, and retry-after of answer. "
                   "May be repeated")
        ->expected(1)
        ->take_all();
    app.add_option("--requests-per-minute", options.requests_per_minute,
                   "What the rate-limit headers say; 0 sends none")
        ->capture_default_str();
    app.add_flag(
        "--no-limits", [&options](std::int64_t) { options.enforce_limits = false; },
        "Don't hold callers to the service's limits");

    CLI::Option* const certificate =
        app.add_option("--certificate", options.certificate_file, "PEM file of the certificate, with its chain");
    CLI::Option* const key = app.add_option("--private-key", options.private_key_file, "PEM file of its key");
    certificate->needs(key);
    key->needs(certificate);
    app.add_option("--ca-file", wanted.ca_file, "Write the CA that clients have to trust there, as PEM")
        ->excludes(certificate);
    app.footer(fmt::format("The token comes from --token-file, else from the environment's {}, else it is made.\n"
                           "Standard output gets base_url=..., then http_base_url=... and token=... where asked for.\n"
                           "Exit codes: 0 after SIGINT or SIGTERM, 1 when it can't serve, 2 for a wrong use.",
                           token_variable));
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Venice's API-keys resource as a local HTTPS server, with faults on demand.", "venice-keys-emulator"};
    settings wanted;
    describe(app, wanted);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& why) {
        return app.exit(why) == 0 ? 0 : wrong_use;
    }
    return serve(std::move(wanted));
}
