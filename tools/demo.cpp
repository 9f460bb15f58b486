// The demonstration: the library's main job on real sockets, against an emulator in this process. It updates many keys
// at once, checks each of them, and does it again while the emulator drops connections.
#include "arguments.hpp"
#include "demo_check.hpp"
#include "demo_plan.hpp"
#include "demo_round.hpp"
#include "demo_terminal.hpp"

#include <venice_keys/emulator.hpp>

#include <boost/asio/io_context.hpp>

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <limits>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace vk = venice_keys;
using demo::terminal;

struct settings {
    std::size_t keys = 500;
    std::uint64_t seed = 1;
};

// An emulator with a thread of its own.
class service {
public:
    explicit service(const settings& wanted)
        : emulator_(io_.get_executor(), options_for(wanted)), thread_([this] { io_.run(); })
    {
    }
    service(const service&) = delete;
    service& operator=(const service&) = delete;
    ~service()
    {
        emulator_.stop();
        thread_.join();
    }

    [[nodiscard]] vk::emulator& emulator() noexcept { return emulator_; }

private:
    static vk::emulator_options options_for(const settings& wanted)
    {
        vk::emulator_options options;
        options.initial_keys = wanted.keys;
        options.seed = wanted.seed;
        options.requests_per_minute = 10'000'000; // more than the demonstration can send
        return options;
    }

    asio::io_context io_{1};
    vk::emulator emulator_;
    std::thread thread_;
};

std::string milliseconds(demo::duration time)
{
    return fmt::format("{:.1f} ms", std::chrono::duration<double, std::milli>(time).count());
}

// By nearest rank: the smallest value that at least `percent` of all do not exceed.
std::string percentile(const std::vector<demo::duration>& sorted, std::size_t percent)
{
    return milliseconds(sorted[(sorted.size() * percent + 99) / 100 - 1]);
}

void print_table(terminal& out, const demo::round_outcome& ran, const demo::findings& found, std::uint64_t handshakes,
                 std::uint64_t dropped)
{
    const double seconds = std::chrono::duration<double>(ran.time).count();
    out.row("updates", fmt::format("{} of {} applied", found.applied, ran.answers.size()));
    out.row("time", fmt::format("{}, the handshakes included", milliseconds(ran.time)));
    out.row("updates a second", fmt::format("{:.0f}", static_cast<double>(ran.answers.size()) / seconds));
    out.row("latency p50", fmt::format("{}, from call to answer: all start at once", percentile(ran.latencies, 50)));
    out.row("latency p99", percentile(ran.latencies, 99));
    out.row("connections", fmt::format("{}", ran.client.connections_opened));
    out.row("handshakes", fmt::format("{}, {} of them resumed", handshakes, ran.client.sessions_resumed));
    out.row("deepest pipeline", fmt::format("{}", ran.client.deepest_pipeline));
    if (dropped == 0)
        return;
    out.row("connections lost",
            fmt::format("{} while they owed answers; the emulator dropped {}", ran.client.connections_lost, dropped));
    out.row("sent again", fmt::format("{} requests", ran.client.replays));
    out.row("applied again", fmt::format("{} updates, with the same values", found.again));
}

// Plays one round, from plan to judgement. Returns whether every key is as it should be.
bool play_round(terminal& out, vk::emulator& emulator, unsigned number, const settings& wanted)
{
    const std::vector<demo::planned_change> plan = demo::plan_round(emulator.keys(), number, wanted.seed);
    vk::config config;
    config.base_url = emulator.base_url();
    config.tls.ca_pem = emulator.ca_pem();
    config.threading = vk::threading::single;

    const vk::emulator_stats before = emulator.stats();
    const std::size_t known = emulator.journal().size();
    const demo::round_outcome ran = demo::run_round(config, vk::credentials{vk::secret{emulator.token()}}, plan, out);
    const vk::emulator_stats after = emulator.stats();
    const std::vector<vk::journal_entry> journal = emulator.journal();

    const demo::findings found =
        demo::check_round(plan, ran.answers, emulator.keys(), std::span{journal}.subspan(known), ran.client.replays);
    print_table(out, ran, found, after.handshakes - before.handshakes, after.faults - before.faults);
    for (const std::string& fault : std::span{found.faults}.first(std::min<std::size_t>(found.faults.size(), 10)))
        out.bad(fault);
    const bool well = found.faults.empty() && found.applied == plan.size();
    const std::string verdict = fmt::format("{} of {} keys are as planned", found.applied, plan.size());
    well ? out.good(verdict + ": answers, fields and journal compared") : out.bad(verdict);
    return well;
}

void tell_how_to_run_it_for_real(terminal& out)
{
    out.heading("Against the real service");
    out.line("  This changes real keys: the USD limit of each key in ids.txt becomes 50.\n"
             "  docs/guide/real-service.md says how to make an admin key, how to try it\n"
             "  with one key first, and what happens when the service refuses.\n"
             "\n"
             "    ./dev build\n"
             "    read -rs VENICE_API_KEY && export VENICE_API_KEY    # an admin key\n"
             "    build/release/docs/examples/list_keys > ids.txt\n"
             "    build/release/docs/examples/update_many 50 < ids.txt");
}

int run(const settings& wanted)
{
    terminal out{stdout};
    service venice{wanted};
    vk::emulator& emulator = venice.emulator();
    out.line(fmt::format("An emulator of Venice's API with {} keys, on {}", wanted.keys, emulator.base_url()));

    out.heading("1. All keys at once");
    const bool calm = play_round(out, emulator, 1, wanted);

    out.heading("2. The same while the emulator drops connections mid-pipeline");
    // Some connections are closed before the update is applied, some reset after it: the client can't tell which.
    emulator.add_fault(vk::fault::close().after(wanted.keys / 25).every(40).times(0).applied(vk::fault::apply::never));
    emulator.add_fault(vk::fault::reset().after(wanted.keys / 15).every(60).times(0).applied(vk::fault::apply::before));
    const bool stormy = play_round(out, emulator, 2, wanted);

    tell_how_to_run_it_for_real(out);
    return calm && stormy ? 0 : 1;
}

} // namespace

int main(int argc, char* argv[])
try {
    settings wanted;
    tools::arguments arguments{"venice-keys-demo",
                               "Updates all keys of an emulated account at once, checks each, and does it again while\n"
                               "connections are dropped."};
    arguments.number("--keys", wanted.keys, 1, 100'000, "How many keys");
    arguments.number("--seed", wanted.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                     "Of the keys and their changes");
    arguments.footer("Exit codes: 0 if every key is as planned, 1 if one is not, 2 for a wrong use.");
    if (const auto code = arguments.read(argc, argv))
        return *code;
    return run(wanted);
} catch (const std::exception& thrown) {
    fmt::print(stderr, "venice-keys-demo: {}\n", tools::plain_text(thrown));
    return 1;
}
