// The micro benchmarks. Without arguments of its own it is a program of Google Benchmark; bench/check uses the rest.
#include "harness.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

namespace {

constexpr const char* usage = "usage: micro [OPTIONS OF GOOGLE BENCHMARK]\n"
                              "       micro --platform             what instruction counts depend on\n"
                              "       micro --names                of all benchmarks\n"
                              "       micro --count NAME [ROUNDS]  run so many rounds, without measuring anything;\n"
                              "                                    prints the rounds and the items in one of them\n";

constexpr std::size_t most_rounds = 1'000'000'000;

int complain(const std::string& what)
{
    std::fprintf(stderr, "micro: %s\n%s", what.c_str(), usage);
    return 2;
}

int count(const micro::definitions& all, std::span<char*> arguments)
{
    if (arguments.empty() || arguments.size() > 2)
        return complain("--count takes a name, and perhaps a number");
    const micro::definition* const which = all.find(arguments[0]);
    if (which == nullptr)
        return complain("--count: there is no benchmark '" + std::string{arguments[0]} + "'");
    std::size_t rounds = which->how_many.rounds;
    if (arguments.size() == 2) {
        const std::string_view digits = arguments[1];
        const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), rounds);
        if (code != std::errc{} || end != digits.data() + digits.size() || rounds == 0 || rounds > most_rounds)
            return complain("--count: '" + std::string{digits} + "' rounds are not a whole number from 1 to " +
                            std::to_string(most_rounds));
    }
    micro::count_rounds(*which, rounds);
    std::printf("%zu %zu\n", rounds, which->how_many.items);
    return 0;
}

void measure(benchmark::State& state, const micro::definition& which)
{
    // How many rounds run between two looks of Google Benchmark at its counter; large ones run one by one.
    const auto batch =
        static_cast<benchmark::IterationCount>(std::min<std::size_t>(which.how_many.rounds / 100 + 1, 16));
    const std::unique_ptr<micro::body> what = which.make();
    while (state.KeepRunningBatch(batch))
        what->run(static_cast<std::size_t>(batch));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(which.how_many.items));
}

} // namespace

int main(int argc, char** argv)
{
    micro::definitions all;
    micro::add_codec(all);
    micro::add_wire(all);
    micro::add_policy(all);

    const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
    const std::string_view mode = argc > 1 ? arguments[1] : "";
    if (mode == "--count")
        return count(all, arguments.subspan(2));
    if ((mode == "--platform" || mode == "--names") && argc > 2)
        return complain(std::string{mode} + " takes nothing more");
    if (mode == "--platform") {
        std::printf("%s\n", micro::platform().c_str());
        return micro::is_optimized() ? 0 : complain("built without optimization: its counts say nothing");
    }
    if (mode == "--names") {
        for (const micro::definition& each : all)
            std::printf("%s\n", each.name.c_str());
        return 0;
    }

    for (const micro::definition& each : all)
        benchmark::RegisterBenchmark(each.name.c_str(), [&each](benchmark::State& state) { measure(state, each); });
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return complain("what Google Benchmark does not know");
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
