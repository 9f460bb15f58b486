// Sets the limits of keys to what a file says: nightly_limits FILE [--dry-run]
//
// Each line of the file is KEY-ID,USD; an empty USD means no limit. The file is checked whole before anything is
// changed: a wrong line is named, and nothing is sent. Only what differs is sent, so a run that failed can simply be
// repeated. With --dry-run the changes are printed, and not made.
//
// Exit status: 0: all is as the file says. 1: something is not; standard error says what and why, and the next run may
// put it right. 2: wrong arguments, or a wrong line: a person is needed, and nothing was changed.
//
// With systemd, a service with `Type=oneshot`, `EnvironmentFile=/etc/limits.env` and
// `ExecStart=/usr/local/bin/nightly_limits /etc/limits.csv`, and a timer with `OnCalendar=*-*-* 02:00 UTC` and
// `Persistent=true`. With cron, use flock, so that a slow run and the next one do not meet:
// `0 2 * * * flock -n /run/limits.lock nightly_limits /etc/limits.csv`. Replace the file with rename, not in place.
#include "arguments.hpp"

#include <venice_keys/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <charconv>
#include <chrono>
#include <exception>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace vk = venice_keys;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_failures = 10; // with so many something is wrong in general: no more are begun

using limit = std::optional<double>; // empty: no limit

// [line]
struct line {
    std::string id;
    limit usd;

    [[nodiscard]] vk::key_update update() const
    {
        vk::key_update update{id};
        usd ? update.usd(*usd) : update.usd(vk::clear);
        return update;
    }
};

// Throws std::runtime_error, which says what is wrong.
line parse(const std::string& text)
{
    const std::size_t comma = text.find(',');
    if (comma == std::string::npos)
        throw std::runtime_error{"'" + text + "' is not KEY-ID,USD"};
    line read{text.substr(0, comma), {}};
    if (comma + 1 != text.size()) {
        const char* const end = text.data() + text.size();
        const auto [behind, ec] = std::from_chars(text.data() + comma + 1, end, read.usd.emplace());
        if (ec != std::errc{} || behind != end)
            throw std::runtime_error{"'" + text.substr(comma + 1) + "' is not a number of USD"};
    }
    if (const vk::result<void> valid = read.update().validate(); !valid)
        throw std::runtime_error{"'" + text + "': " + valid.error().detail};
    return read;
}

std::istream& operator>>(std::istream& file, line& into)
{
    if (std::string text; std::getline(file, text))
        into = parse(text);
    return file;
}
// [/line]

// [check]
// Reads the whole file. Each wrong line is told, and then the result is empty; otherwise it says which key is in which
// line.
std::optional<std::map<std::string, std::size_t>> check(std::ifstream& file, const std::string& path)
{
    std::map<std::string, std::size_t> line_of;
    bool good = true;
    std::size_t number = 0;
    for (std::string text; std::getline(file, text);) {
        ++number;
        try {
            const auto [first, is_new] = line_of.emplace(parse(text).id, number);
            if (!is_new)
                throw std::runtime_error{"key " + first->first + " is also in line " + std::to_string(first->second)};
        } catch (const std::runtime_error& wrong) {
            std::cerr << "nightly_limits: " << path << ':' << number << ": " << wrong.what() << '\n';
            good = false;
        }
    }
    if (!file.eof() || number == 0) { // an empty file is rather a mistake than a wish
        std::cerr << "nightly_limits: " << path << ": there is nothing to read\n";
        good = false;
    }
    return good ? std::optional{std::move(line_of)} : std::nullopt;
}
// [/check]

std::ostream& operator<<(std::ostream& out, const limit& usd)
{
    return usd ? out << std::setprecision(12) << *usd << " USD" : out << "no limit";
}

// [apply]
// Makes the changes, or prints them. Returns whether the keys are as the file says, or would be.
asio::awaitable<bool> apply(vk::client& client, std::ifstream& file, std::map<std::string, limit> present, bool dry_run)
{
    std::size_t failures = 0;
    std::vector<std::string> begun; // the ids, for the sink: it is told a number
    file.clear();
    file.seekg(0);
    auto changes = std::ranges::istream_view<line>(file) | // one line at a time, when there is room for it
                   std::views::filter([&](const line& each) {
                       const auto key = present.find(each.id);
                       return key != present.end() && key->second != each.usd;
                   }) |
                   std::views::take_while([&](const line&) { return failures < most_failures; });
    if (dry_run) {
        for (const line& each : changes)
            std::cout << each.id << ": " << present[each.id] << " -> " << each.usd << '\n';
        co_return true;
    }
    auto updates = std::move(changes) | std::views::transform([&](const line& each) {
                       begun.push_back(each.id);
                       return each.update();
                   });
    auto tell = [&](std::size_t index, const vk::result<vk::api_key>& key) {
        if (key)
            return;
        ++failures;
        std::cerr << "nightly_limits: " << begun[index] << ": " << key.error() << '\n';
    };
    const vk::bulk_options options = vk::bulk_options{}.max_in_flight(32).each(vk::call_options{}.timeout(60s));
    const vk::bulk_summary all = (co_await client.update_keys(std::move(updates), options, tell)).value();
    std::cout << all << '\n';
    if (failures >= most_failures)
        std::cerr << "nightly_limits: stopped after " << failures << " failures\n";
    co_return failures == 0 && all.how == vk::bulk_summary::end::finished;
}
// [/apply]

asio::awaitable<void> run(vk::client& client, std::ifstream& file, std::map<std::string, std::size_t> line_of,
                          bool dry_run, bool& well)
{
    const vk::result<std::vector<vk::key_details>> keys = co_await client.list_keys();
    if (keys) {
        std::map<std::string, limit> present;
        for (const vk::key_details& key : *keys)
            present.emplace(key.id, key.limits.usd);
        bool all_there = true;
        for (const auto& [id, number] : line_of) {
            if (present.contains(id))
                continue;
            std::cerr << "nightly_limits: line " << number << ": the account has no active key " << id << '\n';
            all_there = false;
        }
        well = co_await apply(client, file, std::move(present), dry_run) && all_there;
    } else {
        std::cerr << "nightly_limits: " << keys.error() << '\n';
    }
    if (const vk::result<void> closed = co_await client.close(5s); !closed)
        std::cerr << "nightly_limits: " << closed.error() << '\n';
}

} // namespace

int main(int argc, char* argv[])
try {
    const bool dry_run = argc == 3 && std::string_view{argv[2]} == "--dry-run";
    arguments told{
        dry_run ? 2 : argc,
        argv,
        "nightly_limits",
        {"FILE [--dry-run]"},
        "Sets the limits of keys to what the lines KEY-ID,USD of FILE say; with --dry-run it only prints the changes."};
    const std::string path = told.text(0);
    if (told.wrong())
        return arguments::wrong_use;
    std::ifstream file{path};
    const std::optional<std::map<std::string, std::size_t>> line_of = check(file, path);
    if (!line_of)
        return arguments::wrong_use;
    asio::io_context io;
    vk::client client{io, vk::credentials::from_environment().value(), vk::config::from_environment().value()};
    bool well = false;
    asio::co_spawn(io, run(client, file, *line_of, dry_run, well), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    io.run();
    return well ? 0 : 1;
} catch (const std::exception& thrown) {
    std::cerr << "nightly_limits: " << plain_text(thrown) << '\n';
    return 1;
}
