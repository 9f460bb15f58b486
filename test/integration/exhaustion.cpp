// What happens when the system has no more to give: every call ends, once, and nothing is thrown out of the executor's
// run(). A program of its own: its operator new, its aligned_alloc and its pthread_create fail when a test says so.
#include "support/operator_new.hpp"
#include "support/scripted_world.hpp"

#include <boost/asio/post.hpp>

#include <dlfcn.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <new>

namespace {

// Of this thread.
thread_local long until_failure = 0; // allocations that succeed before
thread_local long failures_left = 0; // allocations that fail then, one after the other
std::atomic<bool> no_threads{false};

} // namespace

void test::about_to_allocate()
{
    if (failures_left == 0)
        return;
    if (until_failure > 0) {
        --until_failure;
        return;
    }
    --failures_left;
    throw std::bad_alloc{};
}
void test::about_to_allocate_aligned()
{
    about_to_allocate();
}
void test::allocated(void* /*block*/) noexcept
{
}
void test::about_to_free(void* /*block*/) noexcept
{
}

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                              void* argument) noexcept
{
    using function = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
    static const auto real = reinterpret_cast<function>(dlsym(RTLD_NEXT, "pthread_create"));
    return no_threads ? EAGAIN : real(thread, attributes, start, argument);
}

using namespace test;
using namespace std::chrono_literals;
using vk::errc;

namespace {

// How calls ended, by number. Takes no memory, which is lacking.
class tallies {
public:
    struct tally {
        bool asked = false;
        bool begun = false;
        unsigned ends = 0;
        vk::errc code{}; // of a failure
        bool maybe_applied = false;
        bool retryable = false;
    };

    [[nodiscard]] auto handler(std::size_t number)
    {
        return [this, number](const auto& with) {
            tally& mine = all.at(number);
            ++mine.ends;
            if (with)
                return;
            mine.code = code_of(with);
            mine.maybe_applied = with.error().maybe_applied();
            mine.retryable = with.error().retryable();
        };
    }

    [[nodiscard]] bool ended() const noexcept
    {
        return std::ranges::all_of(all, [](const tally& each) { return !each.begun || each.ends != 0; });
    }

    std::array<tally, 8> all{};
    std::string description = "d"; // of the creation: short, so that copying it takes no memory
};

const std::string a_list = R"({"object":"list","data":[]})";
const std::string a_creation =
    R"({"success":true,"data":{"id":"new","apiKey":"VENICE-new","apiKeyType":"INFERENCE","description":"d",)"
    R"("expiresAt":null,"consumptionLimit":{"usd":null,"diem":null,"vcu":null}}})";

// Answers updates, creations and lists.
scripted_server::script answers_each()
{
    return [](scripted_connection& here) {
        while (const auto request = here.read_request()) {
            const bool creates = request->head.starts_with("POST");
            const bool lists = request->head.starts_with("GET");
            if (!here.send(creates ? reply(200, a_creation) : lists ? reply(200, a_list) : updated(request->id())))
                return;
        }
        here.close();
    };
}

constexpr std::size_t creation = 5; // its number

// One call, or several, from their start to their end, with connecting, while the first allocation fails, the second,
// and so on until none does; and as many behind each as `in_a_row` says.
struct rehearsal {
    explicit rehearsal(vk::threading how, long failures) : in_a_row(failures)
    {
        settings.threading = how;
        settings.max_connections = 3;
        settings.retry.base_delay = settings.retry.max_delay = std::chrono::milliseconds{1};
    }

    template <class Start>
    void play(Start start)
    {
        bool reached = true;
        for (long which = 0; reached; ++which) {
            BOOST_TEST_CONTEXT("allocation " << which << ", " << in_a_row << " in a row")
            {
                BOOST_TEST_REQUIRE(which < 20'000);
                reached = play_once(which, start);
            }
        }
        BOOST_TEST_MESSAGE(not_begun << " calls were not begun, " << failed << " failed");
        BOOST_TEST(not_begun != 0U);
        BOOST_TEST(failed != 0U);
        BOOST_TEST(thrown == 0U);
    }

    // Starts a call that may not begin.
    template <class Call>
    static void begin(tallies& into, std::size_t number, Call call)
    {
        into.all.at(number).asked = into.all.at(number).begun = true;
        try {
            call(into.handler(number));
        } catch (const std::bad_alloc&) {
            into.all.at(number).begun = false;
        }
    }

    authority trusted;
    scripted_server server{trusted.issue(), answers_each()};
    vk::config settings = quick_config(server.base_url("127.0.0.1"), trusted.pem());
    long in_a_row;
    std::size_t not_begun = 0;
    std::size_t failed = 0;
    std::size_t thrown = 0;

private:
    // What the server has seen may have been done, and the creation may not be repeated. (It may see later what is on
    // its way still.)
    void check(const tallies& told)
    {
        const tallies::tally& made = told.all[creation];
        const std::string named = '"' + told.description + '"';
        const auto requests = server.requests();
        const auto seen = std::ranges::count_if(requests, [&](const seen_request& each) {
            return each.head.starts_with("POST") && each.body.find(named) != std::string::npos;
        });
        BOOST_TEST(seen <= 1);
        if (made.ends != 0 && made.code == vk::errc{}) {
            BOOST_TEST(seen == 1);
        } else if (seen != 0 || made.maybe_applied) {
            BOOST_TEST(made.code == vk::errc::outcome_unknown);
            BOOST_TEST(made.maybe_applied);
            BOOST_TEST(!made.retryable);
        }
    }

    // Whether an allocation has failed.
    template <class Start>
    bool play_once(long which, Start& start)
    {
        asio::io_context io;
        vk::client client(io.get_executor(), vk::credentials(vk::secret(the_token)), settings);
        tallies seen;
        seen.description += std::to_string(which);
        until_failure = which;
        failures_left = in_a_row;
        start(client, seen);
        const auto until = std::chrono::steady_clock::now() + patience;
        while (!seen.ended() && std::chrono::steady_clock::now() < until) {
            try {
                io.run_one_for(50ms);
            } catch (const std::bad_alloc&) {
                ++thrown;
            }
        }
        const bool reached = failures_left != in_a_row;
        failures_left = 0;
        BOOST_TEST(thrown == 0U);
        for (const tallies::tally& each : seen.all) {
            BOOST_TEST_REQUIRE(each.ends == (each.begun ? 1U : 0U));
            failed += each.code != vk::errc{} ? 1U : 0U;
        }
        for (const tallies::tally& each : seen.all)
            not_begun += each.asked && !each.begun ? 1U : 0U;
        check(seen);
        // The client is as good as new.
        outcomes after(2);
        client.update_key(vk::key_update("some-key").usd(2), after.handler(0));
        client.update_key(vk::key_update("another-key").usd(2), after.handler(1));
        BOOST_REQUIRE(run_until(io, [&] { return after.all(); }));
        BOOST_TEST(text_of(after[0]) == "success");
        BOOST_TEST(text_of(after[1]) == "success");
        BOOST_TEST(client.stats().waiting_calls == 0U);
        BOOST_TEST(seen.ended());
        client.close(5s, [](vk::result<void>) {});
        BOOST_REQUIRE(run_out(io));
        for (const tallies::tally& each : seen.all)
            BOOST_TEST(each.ends <= 1U);
        return reached;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(integration_exhaustion)

BOOST_AUTO_TEST_CASE(without_a_thread_to_resolve_on_the_call_ends_and_a_later_one_succeeds)
{
    scripted_world world(answers_all());
    world.settings.retry.base_delay = 1ms;
    world.settings.timeout = 500ms;
    world.start();
    no_threads = true;
    const updated_key failed = world.update();
    no_threads = false;
    BOOST_TEST(!failed.has_value());
    BOOST_TEST(text_of(failed).find("resolving localhost") != std::string::npos, text_of(failed));
    BOOST_TEST(text_of(failed).find("Resource temporarily unavailable") != std::string::npos, text_of(failed));
    BOOST_TEST(failed.error().delivery == vk::delivery::not_sent);
    BOOST_TEST(text_of(world.update()) == "success");
}

BOOST_AUTO_TEST_CASE(whichever_allocations_fail_an_update_ends_once)
{
    for (const auto how : {vk::threading::single, vk::threading::multi})
        for (const long in_a_row : {1L, 2L, 3L, 20L})
            rehearsal(how, in_a_row).play([](vk::client& client, tallies& seen) {
                rehearsal::begin(seen, 0, [&](auto handler) {
                    client.update_key(vk::key_update("some-key").usd(1), std::move(handler));
                });
            });
}

BOOST_AUTO_TEST_CASE(whichever_allocations_fail_an_update_by_a_proxy_ends_once)
{
    for (const bool encrypted : {false, true}) {
        rehearsal by_proxy(vk::threading::single, 1);
        server_options options;
        options.encrypted = encrypted;
        scripted_server proxy(
            by_proxy.trusted.issue(),
            [port = by_proxy.server.port()](scripted_connection& here) {
                if (here.read_request() && here.send("HTTP/1.1 200 OK\r\n\r\n"))
                    here.relay_to(port);
            },
            options);
        by_proxy.settings.proxy.url =
            (encrypted ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(proxy.port());
        by_proxy.play([](vk::client& client, tallies& seen) {
            rehearsal::begin(seen, 0, [&](auto handler) {
                client.update_key(vk::key_update("some-key").usd(1), std::move(handler));
            });
        });
    }
}

BOOST_AUTO_TEST_CASE(whichever_allocations_fail_a_creation_ends_once_and_is_unknown_if_it_may_have_left)
{
    for (const auto how : {vk::threading::single, vk::threading::multi})
        for (const long in_a_row : {1L, 2L, 20L})
            rehearsal(how, in_a_row).play([](vk::client& client, tallies& seen) {
                rehearsal::begin(seen, creation, [&](auto handler) {
                    client.create_key(vk::new_key(vk::key_type::inference, seen.description), std::move(handler));
                });
            });
}

BOOST_AUTO_TEST_CASE(whichever_allocations_fail_each_of_several_calls_ends_once)
{
    for (const auto how : {vk::threading::single, vk::threading::multi})
        for (const long in_a_row : {1L, 3L})
            rehearsal(how, in_a_row).play([](vk::client& client, tallies& seen) {
                for (std::size_t i = 0; i != 4; ++i) // three of them to one key
                    rehearsal::begin(seen, i, [&](auto handler) {
                        client.update_key(vk::key_update(i == 3 ? "another-key" : "some-key").usd(1),
                                          std::move(handler));
                    });
                rehearsal::begin(seen, 4, [&](auto handler) { client.list_keys(std::move(handler)); });
                rehearsal::begin(seen, 6, [&](auto handler) { client.warm_up(2, std::move(handler)); });
                rehearsal::begin(seen, creation, [&](auto handler) {
                    client.create_key(vk::new_key(vk::key_type::inference, seen.description), std::move(handler));
                });
            });
}

BOOST_AUTO_TEST_CASE(what_is_left_behind_a_handler_that_throws_needs_no_memory_to_be_handed_over)
{
    for (const auto how : {vk::threading::single, vk::threading::multi}) {
        scripted_world world(answers_all());
        world.settings.threading = how;
        unsigned ended = 0;
        const auto handler = [&](const updated_key& with) {
            BOOST_TEST(code_of(with) == errc::invalid_argument);
            if (ended++ == 0) {
                for (int i = 0; i != 8; ++i) // takes what Asio has kept
                    asio::post(world.io, [] {});
                failures_left = 1'000;
                throw 7;
            }
        };
        world.start().update_key(vk::key_update(""), handler);
        world.client->update_key(vk::key_update(""), handler);
        world.client->update_key(vk::key_update(""), handler);
        BOOST_CHECK_THROW(world.io.run(), int);
        BOOST_TEST(ended == 1U);
        failures_left = 0;
        BOOST_TEST(run_until(world.io, [&] { return ended == 3U; }));
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_is_destroyed_without_memory_ends_its_calls)
{
    for (const auto how : {vk::threading::single, vk::threading::multi}) {
        scripted_world world([](scripted_connection& here) { here.hold(); });
        world.settings.threading = how;
        tallies seen;
        world.start().update_key(vk::key_update("some-key").usd(1), seen.handler(0));
        seen.all[0].begun = true;
        BOOST_REQUIRE(run_until(world.io, [&] { return world.client->stats().requests_written == 1U; }));
        failures_left = 1'000;
        world.client.reset();
        failures_left = 0;
        BOOST_REQUIRE(run_until(world.io, [&] { return seen.ended(); }));
        BOOST_TEST(seen.all[0].ends == 1U);
        BOOST_TEST(seen.all[0].code == errc::closed);
        BOOST_TEST(run_out(world.io));
    }
}

// A post that fails half-way must not keep later ones from running.
BOOST_AUTO_TEST_CASE(whichever_allocation_fails_in_the_destruction_of_a_client_its_calls_end)
{
    const authority trusted;
    scripted_server server(trusted.issue(), [](scripted_connection& here) { here.hold(); });
    vk::config settings = quick_config(server.base_url("127.0.0.1"), trusted.pem());
    for (const auto how : {vk::threading::single, vk::threading::multi})
        for (const long in_a_row : {1L, 2L, 3L, 20L}) {
            settings.threading = how;
            bool reached = true;
            for (long which = 0; reached; ++which) {
                BOOST_TEST_CONTEXT("allocation " << which << ", " << in_a_row << " in a row")
                {
                    BOOST_TEST_REQUIRE(which < 1'000);
                    asio::io_context io;
                    std::optional<vk::client> client;
                    client.emplace(io.get_executor(), vk::credentials(vk::secret(the_token)), settings);
                    tallies seen;
                    rehearsal::begin(seen, 0, [&](auto handler) {
                        client->update_key(vk::key_update("some-key").usd(1), std::move(handler));
                    });
                    BOOST_REQUIRE(run_until(io, [&] { return client->stats().requests_written == 1U; }));
                    for (int i = 0; i != 8; ++i) // takes what Asio has kept
                        asio::post(io, [] {});
                    until_failure = which;
                    failures_left = in_a_row;
                    client.reset();
                    BOOST_CHECK_NO_THROW(static_cast<void>(run_until(
                        io, [&] { return seen.ended(); }, 2s)));
                    reached = failures_left != in_a_row;
                    failures_left = 0;
                    BOOST_REQUIRE(run_out(io));
                    BOOST_TEST_REQUIRE(seen.all[0].ends == 1U);
                    BOOST_TEST(seen.all[0].code == errc::closed);
                }
            }
        }
}

// Whoever closes is told so, and the call that is cut off ends, however little memory there is for words.
BOOST_AUTO_TEST_CASE(whichever_allocations_fail_closing_ends_once)
{
    const authority trusted;
    scripted_server server(trusted.issue(), [](scripted_connection& here) { here.hold(); });
    vk::config settings = quick_config(server.base_url("127.0.0.1"), trusted.pem());
    for (const auto how : {vk::threading::single, vk::threading::multi})
        for (const long in_a_row : {1L, 3L, 20L}) {
            settings.threading = how;
            std::size_t not_begun = 0;
            bool reached = true;
            for (long which = 0; reached; ++which) {
                BOOST_TEST_REQUIRE(which < 1'000);
                asio::io_context io;
                vk::client client(io.get_executor(), vk::credentials(vk::secret(the_token)), settings);
                tallies seen;
                rehearsal::begin(seen, 0, [&](auto handler) {
                    client.update_key(vk::key_update("some-key").usd(1), std::move(handler));
                });
                BOOST_REQUIRE(run_until(io, [&] { return client.stats().requests_written == 1U; }));
                until_failure = which;
                failures_left = in_a_row;
                rehearsal::begin(seen, 1, [&](auto handler) { client.close(0ms, std::move(handler)); });
                if (seen.all[1].begun)
                    BOOST_CHECK_NO_THROW(static_cast<void>(run_until(
                        io, [&] { return seen.ended(); }, 2s)));
                reached = failures_left != in_a_row;
                failures_left = 0;
                not_begun += seen.all[1].begun ? 0U : 1U;
                if (!seen.all[1].begun)
                    client.close(0ms, seen.handler(1)); // it can be had again
                BOOST_REQUIRE(run_out(io));
                BOOST_TEST_REQUIRE(seen.all[0].ends == 1U, "allocation " << which << ", " << in_a_row << " in a row");
                BOOST_TEST_REQUIRE(seen.all[1].ends == 1U, "allocation " << which << ", " << in_a_row << " in a row");
                BOOST_TEST(seen.all[0].maybe_applied);
            }
            BOOST_TEST(not_begun != 0U);
        }
}

BOOST_AUTO_TEST_SUITE_END()
