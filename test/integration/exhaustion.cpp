// What happens when the system has no more to give: every call ends, once, and nothing is thrown out of the executor's
// run(). A program of its own: its operator new and its pthread_create fail when a test says so.
#include "support/scripted_world.hpp"

#include <dlfcn.h>
#include <pthread.h>

#include <cerrno>
#include <cstdlib>
#include <new>

namespace {

thread_local long until_failure = -1; // allocations of this thread; negative: none fails
std::atomic<bool> no_threads{false};

} // namespace

// Not inline: g++ 12 would take malloc and free inside new and delete for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size)
{
    if (until_failure >= 0 && until_failure-- == 0)
        throw std::bad_alloc{};
    if (void* const block = std::malloc(size == 0 ? 1 : size))
        return block;
    throw std::bad_alloc{};
}
[[gnu::noinline]] void* operator new[](std::size_t size)
{
    return operator new(size);
}
[[gnu::noinline]] void operator delete(void* block) noexcept
{
    std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t /*size*/) noexcept
{
    std::free(block);
}
[[gnu::noinline]] void operator delete[](void* block) noexcept
{
    std::free(block);
}
[[gnu::noinline]] void operator delete[](void* block, std::size_t /*size*/) noexcept
{
    std::free(block);
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
    BOOST_TEST((failed.error().delivery == vk::delivery::not_sent));
    BOOST_TEST(text_of(world.update()) == "success");
}

// An update from its start to its answer, with connecting, while the first allocation fails, the second, and so on
// until none does.
BOOST_AUTO_TEST_CASE(whichever_allocation_fails_the_update_ends_once)
{
    const authority trusted;
    scripted_server server(trusted.issue(), answers_all());
    const vk::config settings = quick_config(server.base_url("127.0.0.1"), trusted.pem());
    std::size_t failures = 0;
    std::size_t not_begun = 0;
    std::size_t thrown = 0;
    bool reached = true;
    for (long which = 0; reached; ++which) {
        BOOST_REQUIRE(which < 5'000);
        asio::io_context io;
        vk::client client(io.get_executor(), vk::credentials(vk::secret(the_token)), settings);
        outcomes results(2);
        bool begun = true;
        until_failure = which;
        try {
            client.update_key(vk::key_update("some-key").usd(1), results.handler(0));
        } catch (const std::bad_alloc&) {
            begun = false;
            ++not_begun;
        }
        const auto until = std::chrono::steady_clock::now() + patience;
        while (begun && results.completed() == 0 && std::chrono::steady_clock::now() < until) {
            try {
                io.run_one_for(50ms);
            } catch (const std::bad_alloc&) {
                ++thrown;
                BOOST_TEST_MESSAGE("thrown out of run() with allocation " << which);
            }
        }
        reached = until_failure < 0; // else none was left to fail
        until_failure = -1;
        if (begun) {
            BOOST_TEST_REQUIRE(results.completed() == 1U, "allocation " << which);
            failures += results[0] ? 0U : 1U;
            if (!results[0])
                BOOST_TEST_MESSAGE("allocation " << which << ": " << text_of(results[0]));
        }
        // The client is as good as new.
        client.update_key(vk::key_update("some-key").usd(2), results.handler(1));
        BOOST_REQUIRE_MESSAGE(run_until(io, [&] { return results.completed() == (begun ? 2U : 1U); }),
                              "after allocation " << which);
        BOOST_TEST(text_of(results[1]) == "success", "after allocation " << which);
        BOOST_TEST(client.stats().waiting_calls == 0U);
        client.close(5s, [](vk::result<void>) {});
        BOOST_REQUIRE(run_out(io));
    }
    BOOST_TEST_MESSAGE(not_begun << " calls were not begun, " << failures << " failed");
    BOOST_TEST(not_begun != 0U);
    BOOST_TEST(failures != 0U);
    BOOST_TEST(thrown == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
