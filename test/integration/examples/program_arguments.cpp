// What the demonstration and the programs of the benchmark say to arguments that are wrong: all of it, before anything
// starts.
#include "integration/examples/child.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(integration_examples_program_arguments)

namespace {

using integration::child;
using words = std::vector<std::string>;

struct wrong_use {
    words arguments;
    words complaints;
};

void check(const std::string& program, const std::vector<wrong_use>& uses)
{
    for (const auto& [arguments, complaints] : uses) {
        child run{program, arguments, {}};
        const std::string said = run.read_all();
        for (const std::string& each : complaints)
            BOOST_TEST(said.find(each) != std::string::npos, "not '" << each << "' but " << said);
        std::size_t lines = 0; // one a complaint, and the hint at the end
        for (const char each : said)
            lines += each == '\n' ? 1U : 0U;
        BOOST_TEST(lines == complaints.size() + 1, said);
        BOOST_TEST(said.find("surplus") == std::string::npos, said); // it could have been a token
        BOOST_TEST(run.wait() == 2);
    }
}

// Of every program that is measured, where there are any. `good`: options that must be given, with values; each once.
[[maybe_unused]] std::vector<wrong_use> of_the_benchmark(const std::vector<std::pair<std::string, std::string>>& good)
{
    const auto with = [&good](const words& wrong) {
        words all;
        for (const auto& [name, value] : good)
            if (std::ranges::find(wrong, name) == wrong.end())
                all.insert(all.end(), {name, value});
        all.insert(all.end(), wrong.begin(), wrong.end());
        return all;
    };
    return {
        {with({"--port", "0"}), {"--port: '0' is not a whole number from 1 to 65535"}},
        {with({"--port", "65536"}), {"--port: '65536' is not"}},
        {with({"--updates", "0"}), {"--updates: '0' is not a whole number from 1 to 100000000"}},
        {with({"--updates", "100000001"}), {"--updates: '100000001' is not"}},
        {with({"--warm-up", "-1"}), {"--warm-up: '-1' is not a whole number from 0 to 100000000"}},
        {with({"--in-flight", "0"}), {"--in-flight: '0' is not a whole number from 1 to 100000"}},
        {with({"--in-flight", "1e3"}), {"--in-flight: '1e3' is not"}},
        {with({"--host", ""}), {"--host: '' is no name of a host"}},
        {with({"--host", "a/b"}), {"--host: 'a/b' is no name of a host"}},
        {with({"--ca", "/nowhere/ca.pem"}), {"--ca: '/nowhere/ca.pem' can't be read"}},
        {with({"--port", "x", "--updates", "y", "--in-flight", "z", "surplus", "--unknown=surplus", "--warm-up"}),
         {"--port: 'x'", "--updates: 'y'", "--in-flight: 'z'", "an argument belongs to no option",
          "--unknown: there is no such option", "--warm-up: "}},
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(the_demonstration_tells_all_that_is_wrong_with_its_arguments)
{
    check(VENICE_KEYS_DEMO_PROGRAM,
          {{{"--keys", "0"}, {"--keys: '0' is not a whole number from 1 to 100000"}},
           {{"--keys", "100001"}, {"--keys: '100001' is not"}},
           {{"--keys", "-5"}, {"--keys: '-5' is not"}},
           {{"--keys", "5x"}, {"--keys: '5x' is not"}},
           {{"--seed", "-1"}, {"--seed: '-1' is not a whole number from 0 to 18446744073709551615"}},
           {{"--seed", "18446744073709551616"}, {"--seed: '18446744073709551616' is not"}},
           {{"--keys", "x", "surplus", "--token=surplus", "--seed"},
            {"--keys: 'x'", "an argument belongs to no option", "--token: there is no such option", "--seed: "}}});
}

#ifdef VENICE_KEYS_UPDATE_BENCH_PROGRAM
BOOST_AUTO_TEST_CASE(the_benchmark_tells_all_that_is_wrong_with_its_arguments)
{
    check(VENICE_KEYS_UPDATE_BENCH_PROGRAM, of_the_benchmark({}));
    check(VENICE_KEYS_UPDATE_BENCH_PROGRAM,
          {{{"--connections", "0"}, {"--connections: '0' is not a whole number from 1 to 1000"}},
           {{"--depth", "1001"}, {"--depth: '1001' is not a whole number from 1 to 1000"}},
           {{"--threads", "65"}, {"--threads: '65' is not a whole number from 0 to 64"}},
           {{"--connections", "a", "--depth", "b", "--threads", "c"},
            {"--connections: 'a'", "--depth: 'b'", "--threads: 'c'"}}});
}

BOOST_AUTO_TEST_CASE(a_peer_tells_all_that_is_wrong_with_its_arguments)
{
    check(VENICE_KEYS_PEER_PROGRAM, of_the_benchmark({{"--port", "443"}, {"--ca", "/dev/null"}}));
    check(VENICE_KEYS_PEER_PROGRAM, {{{}, {"--port: it is missing", "--ca: it is missing"}},
                                     {{"--http2", "--in-flight", "0"},
                                      {"--port: it is missing", "--ca: it is missing", "--in-flight: '0' is not"}}});
}
#endif

BOOST_AUTO_TEST_SUITE_END()
