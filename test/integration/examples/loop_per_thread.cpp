// The example of a pool with a loop a thread: all work is done, a key's in its order, and the threads end.
#include "integration/examples/child.hpp"
#include "integration/examples/service.hpp"
#include "support/printing.hpp"

#include <venice_keys/emulator.hpp>

#include <map>
#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(integration_examples_loop_per_thread)

namespace {

namespace vk = venice_keys;
using integration::child;
using integration::path_of;
using integration::service;

} // namespace

BOOST_AUTO_TEST_CASE(each_key_is_updated_once_and_always_by_the_same_loop)
{
    service venice{41}; // not a multiple of the loops, so that dealing out the work in turns would show
    std::string ids;
    for (int round = 0; round != 2; ++round)
        for (const vk::api_key& key : venice.emulator().keys())
            ids += key.id + '\n';
    child example{path_of("loop_per_thread"), {"4", "12.5"}, venice.environment(), ids};
    BOOST_TEST(example.read_all() == "82 of 82 keys updated\n");
    BOOST_TEST(example.wait() == 0);

    std::map<std::string, std::set<std::uint64_t>> connections;
    std::set<std::uint64_t> all;
    for (const vk::journal_entry& change : venice.emulator().journal()) {
        BOOST_TEST(change.key.limits.usd == 12.5);
        connections[change.key.id].insert(change.connection);
        all.insert(change.connection);
    }
    BOOST_TEST(venice.emulator().journal().size() == 82U);
    BOOST_TEST(connections.size() == 41U);
    for (const auto& [id, used] : connections)
        BOOST_TEST(used.size() == 1U, id); // over HTTP/2 a client with so little to do has one
    BOOST_TEST(all.size() == 4U);          // and 41 keys are enough for each loop to have some
}

BOOST_AUTO_TEST_CASE(what_a_loop_could_not_do_is_told_by_all_of_them)
{
    service venice{1};
    child example{path_of("loop_per_thread"),
                  {"3", "1"},
                  venice.environment(),
                  venice.key(0).id + "\nno-such-key\nnor-this\nnor-that\n"};
    const std::string said = example.read_all();
    for (const std::string id : {"no-such-key", "nor-this", "nor-that"})
        BOOST_TEST(said.find(id + ": not found (HTTP 400)") != std::string::npos, said);
    BOOST_TEST(said.ends_with("1 of 4 keys updated\n"), said);
    BOOST_TEST(example.wait() == 1);
    BOOST_TEST(venice.key(0).limits.usd == 1.0);
}

BOOST_AUTO_TEST_CASE(a_pool_without_work_ends)
{
    service venice{0};
    child example{path_of("loop_per_thread"), {"2", "1"}, venice.environment()};
    BOOST_TEST(example.read_all() == "0 of 0 keys updated\n");
    BOOST_TEST(example.wait() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
