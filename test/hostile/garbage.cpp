// Answers that are damaged at random. Whatever comes: no crash, no hang, and never a value for the wrong key.
#include "support/scripted_world.hpp"

#include <algorithm>
#include <cstdlib>
#include <random>

BOOST_AUTO_TEST_SUITE(hostile_garbage)

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

namespace {

using generator = std::mt19937_64;

// VENICE_KEYS_SEED repeats a run, or makes a new one.
std::uint64_t seed()
{
    const char* const given = std::getenv("VENICE_KEYS_SEED"); // NOLINT(concurrency-mt-unsafe): nobody sets it
    return given == nullptr ? 20'260'821U : std::strtoull(given, nullptr, 10);
}

std::size_t below(generator& random, std::size_t limit)
{
    return static_cast<std::size_t>(random() % limit);
}

std::string noise(generator& random, std::size_t size)
{
    std::string out(size, '\0');
    std::ranges::generate(out, [&random] { return static_cast<char>(random()); });
    return out;
}

// Bytes that mean something to a parser of HTTP or JSON.
std::string splinter(generator& random)
{
    static const std::vector<std::string> all{
        "\r\n",
        "\r\n\r\n",
        "\n",
        "\r",
        "\0",
        "HTTP/1.1 200 OK\r\n",
        "Content-Length: 3\r\n",
        "{",
        "}",
        "[",
        "\"",
        "\"id\":",
        "null",
        "Transfer-Encoding: chunked\r\n",
        "0\r\n",
        "ffffffff",
        "1e999",
        "\\ud800",
        "\xff",
        "HTTP/1.1 100 X\r\n\r\n",
        "Connection: close\r\n",
        ":",
        " ",
        "\t",
        "-1",
        "\"success\":",
        "HTTP/1.0 200\r\n\r\n",
        "Content-Encoding: gzip\r\n",
    };
    return all[below(random, all.size())];
}

std::string damaged(generator& random, std::string bytes)
{
    const std::size_t blows = 1 + below(random, 4);
    for (std::size_t i = 0; i != blows && !bytes.empty(); ++i) {
        const std::size_t at = below(random, bytes.size());
        switch (below(random, 7)) {
        case 0:
            bytes[at] = static_cast<char>(random());
            break;
        case 1:
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(random, 8)));
            break;
        case 2:
            bytes.insert(at, splinter(random));
            break;
        case 3:
            bytes.erase(at, 1 + below(random, 30));
            break;
        case 4:
            bytes.resize(at);
            break;
        case 5:
            bytes.insert(at, bytes.substr(below(random, bytes.size()), below(random, 60)));
            break;
        default:
            bytes.insert(at, noise(random, below(random, 20)));
            break;
        }
    }
    return bytes;
}

// Sends answers of which some are damaged, in pieces of any size, and ends connections in any way.
scripted_server::script vandal(std::uint64_t first_seed)
{
    return [first_seed](scripted_connection& here) {
        generator random(first_seed + here.number());
        for (;;) {
            const auto request = here.read_request();
            if (!request)
                return;
            std::string bytes = updated(request->id(), "of " + request->id());
            if (below(random, 4) == 0)
                bytes =
                    reply(400 + static_cast<unsigned>(below(random, 200)), R"({"error":"x","details":{"a":["b"]}})");
            if (below(random, 5) == 0)
                bytes = damaged(random, bytes);
            if (below(random, 40) == 0)
                bytes = noise(random, below(random, 400));
            while (!bytes.empty()) {
                const std::size_t piece = 1 + below(random, bytes.size());
                if (!here.send({bytes.data(), piece}))
                    return;
                bytes.erase(0, piece);
            }
            switch (below(random, 60)) {
            case 0:
                return here.close();
            case 1:
                return here.cut();
            case 2:
                return here.reset();
            default:
                break;
            }
        }
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(damaged_answers_never_become_the_value_of_another_key)
{
    BOOST_TEST_MESSAGE("VENICE_KEYS_SEED=" << seed());
    scripted_world world(vandal(seed()));
    world.settings.max_connections = 3;
    world.settings.stall_timeout = 40ms;
    world.settings.timeout = 10s;
    world.settings.retry.budget = 1000;
    world.settings.error_budget.enabled = false; // a damaged status often is a failure
    constexpr std::size_t count = 600;
    outcomes results(count);
    std::size_t started = 0;
    vk::client& client = world.start();
    while (started != count) {
        for (int i = 0; i != 20; ++i, ++started)
            client.update_key(vk::key_update("key-" + std::to_string(started)).usd(1), results.handler(started));
        BOOST_REQUIRE(run_until(world.io, [&] { return results.completed() + 30 >= started; }));
    }
    BOOST_REQUIRE(run_until(world.io, [&] { return results.all(); }));
    BOOST_TEST(results.each_once());
    for (std::size_t i = 0; i != count; ++i) {
        const std::string id = "key-" + std::to_string(i);
        if (results[i]) {
            BOOST_TEST(results[i]->id == id);
            continue;
        }
        const vk::error& why = results[i].error();
        BOOST_TEST(why.code.category() == vk::error_category());
        BOOST_TEST(why.code != errc::no_result);
        BOOST_TEST(why.message().find(the_token) == std::string::npos);
        BOOST_TEST(std::ranges::none_of(why.message(), [](char c) { return c >= 0 && c < ' '; }), why.message());
    }
    BOOST_TEST_MESSAGE(results.succeeded()
                       << " of " << count << " succeeded, on " << world.server.connections() << " connections");
    BOOST_TEST(results.succeeded() > count / 4);
    world.client.reset();
    BOOST_TEST(run_out(world.io));
}

BOOST_AUTO_TEST_CASE(one_damaged_answer_and_no_second_chance)
{
    BOOST_TEST_MESSAGE("VENICE_KEYS_SEED=" << seed());
    generator random(seed());
    // Each connection gets one answer, which is then cut off, so that even what is too short ends at once.
    std::mutex mutex;
    std::string next;
    scripted_world world([&](scripted_connection& here) {
        if (!here.read_request())
            return;
        std::string bytes;
        {
            const std::lock_guard lock(mutex);
            bytes = next;
        }
        here.send(bytes);
        here.close();
    });
    world.settings.retry.max_attempts = 1;
    world.settings.retry.max_delay = 1ms;
    world.settings.retry.budget = 1'000'000;
    for (int round = 0; round != 200; ++round) {
        {
            const std::lock_guard lock(mutex);
            next = damaged(random, updated("some-key", "yes"));
        }
        outcomes result(1);
        world.start().update_key(vk::key_update("some-key").usd(1), result.handler(0));
        BOOST_REQUIRE(run_until(
            world.io, [&] { return result.all(); }, 10s));
        if (result[0])
            BOOST_TEST(result[0]->id == "some-key");
        else
            BOOST_TEST(code_of(result[0]) != errc::deadline_exceeded);
    }
}

BOOST_AUTO_TEST_CASE(noise_in_place_of_tls)
{
    BOOST_TEST_MESSAGE("VENICE_KEYS_SEED=" << seed());
    scripted_world world(
        [](scripted_connection& here) {
            generator random(seed() + here.number());
            // Now and then something that looks like a TLS record.
            std::string bytes =
                below(random, 2) == 0 ? std::string("\x16\x03\x03\x00\x40\x02\x00\x00\x3c\x03\x03", 11) : "";
            here.send(bytes + noise(random, below(random, 300)));
            here.cut();
        },
        in_clear());
    world.settings.timeout = 60ms;
    world.settings.retry.max_delay = 1ms;
    for (int round = 0; round != 20; ++round) {
        outcomes result(1);
        world.start().update_key(vk::key_update("k").usd(1), result.handler(0));
        BOOST_REQUIRE(run_until(
            world.io, [&] { return result.all(); }, 10s));
        BOOST_TEST((code_of(result[0]) == errc::tls_failed || code_of(result[0]) == errc::deadline_exceeded),
                   text_of(result[0]));
        BOOST_TEST(result[0].error().delivery == vk::delivery::not_sent);
    }
}

BOOST_AUTO_TEST_SUITE_END()
