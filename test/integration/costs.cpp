// What a client does not cost: locks where it was promised one thread, allocations for an update beyond its result and
// for an observer, memory for the length of a bulk update, much memory for a call that waits. A program of its own: its
// pthread_mutex_lock, its operator new and its aligned_alloc count what its threads do.
#include "support/operator_new.hpp"
#include "support/world.hpp"

#include <venice_keys/observer.hpp>

#include <boost/asio/detail/concurrency_hint.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>

#include <memory>
#include <mutex>
#include <optional>
#include <ranges>

namespace {

thread_local std::size_t locks = 0;
thread_local std::size_t allocations = 0;

} // namespace

extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept
{
    using function = int (*)(pthread_mutex_t*);
    static const auto real = reinterpret_cast<function>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
    ++locks;
    return real(mutex);
}

void test::about_to_allocate()
{
    ++allocations;
}
void test::about_to_allocate_aligned()
{
    ++allocations;
}
void test::allocated(void* /*block*/) noexcept
{
}
void test::about_to_free(void* /*block*/) noexcept
{
}

using namespace test;
using namespace std::chrono_literals;

namespace {

// Updates in so many lanes, in each one after the other, each started by the one before it.
struct chain {
    vk::client& client;
    const std::vector<std::string>& ids;
    std::size_t left;
    asio::io_context& io; // stopped at the end
    std::size_t under_way = 0;
    std::size_t failed = 0;

    void go(std::size_t lanes = 1)
    {
        for (; lanes != 0 && left != 0; --lanes)
            start();
    }

private:
    void start()
    {
        --left;
        ++under_way;
        client.update_key(vk::key_update(ids[left % ids.size()]).usd(1), [this](const updated_key& key) {
            failed += key ? 0U : 1U;
            --under_way;
            if (left != 0)
                start();
            else if (under_way == 0)
                io.stop();
        });
    }
};

struct fixture {
    hosted_emulator server{256};
    std::vector<std::string> ids = server.ids();

    // What `count` adds up to during so many updates, after others have warmed everything up.
    [[nodiscard]] std::size_t cost(const std::size_t& count, vk::threading how,
                                   std::shared_ptr<vk::observer> who = nullptr, std::size_t updates = 100,
                                   std::size_t lanes = 1)
    {
        asio::io_context io(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE); // which takes no locks of its own
        vk::config settings = server.config();
        // Asio's resolver needs those locks.
        settings.base_url = "https://127.0.0.1:" + std::to_string(server->port()) + "/api/v1";
        settings.threading = how;
        settings.observer = std::move(who);
        vk::client client(io.get_executor(), server.credentials(), settings);
        // In one call of run(): what Asio keeps lasts no longer.
        chain warm{client, ids, 300 * lanes, io};
        warm.go(lanes);
        io.run();
        io.restart();
        BOOST_TEST_REQUIRE(warm.left == 0U);
        chain measured{client, ids, updates, io};
        std::size_t before = 0;
        asio::post(io, [&] {
            before = count;
            measured.go(lanes);
        });
        io.run();
        const std::size_t after = count;
        BOOST_TEST(measured.left == 0U);
        BOOST_TEST(measured.failed == 0U);
        return after - before;
    }
    // A session ticket, which is kept, may come late on a machine that is busy.
    [[nodiscard]] std::size_t fewest_allocations(vk::threading how, const std::shared_ptr<vk::observer>& who,
                                                 std::size_t updates, std::size_t lanes = 1)
    {
        std::size_t fewest = cost(allocations, how, who, updates, lanes);
        for (int round = 0; round != 2; ++round)
            fewest = std::min(fewest, cost(allocations, how, who, updates, lanes));
        return fewest;
    }
};

struct silent final : vk::observer {};

// The most that is allocated at the time of a sink's call.
std::size_t memory_of_a_bulk_update(std::size_t items)
{
    asio::io_context io(1);
    vk::config settings;
    settings.threading = vk::threading::single;
    static const hosted_emulator trusted(1);
    settings.tls.ca_pem = trusted.config().tls.ca_pem; // the system's store would be read
    vk::client client(io.get_executor(), vk::credentials(vk::secret("t0ken")), settings);
    std::size_t most = 0;
    std::size_t handed = 0;
    std::optional<vk::result<vk::bulk_summary>> done;
    // Without an id they are refused and cost no time.
    client.update_keys(
        std::views::iota(std::size_t{0}, items) | std::views::transform([](std::size_t) { return vk::key_update(""); }),
        vk::bulk_options(),
        [&](std::size_t, const updated_key&) {
            if (++handed % 128 == 0)
                most = std::max<std::size_t>(most, mallinfo2().uordblks + mallinfo2().hblkhd);
        },
        [&done](vk::result<vk::bulk_summary> with) { done = std::move(with); });
    const std::size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    BOOST_REQUIRE(run_until(
        io, [&done] { return done.has_value(); }, 110s));
    BOOST_TEST(handed == items);
    BOOST_TEST(done->value().refused == items);
    return most - std::min(before, most);
}

} // namespace

BOOST_AUTO_TEST_SUITE(integration_costs)

BOOST_AUTO_TEST_CASE(the_counts_count)
{
    std::mutex mutex;
    const std::size_t locks_before = locks;
    mutex.lock();
    mutex.unlock();
    BOOST_TEST(locks == locks_before + 1);
    const std::size_t before = allocations;
    const std::string text(100, 'x');
    const std::size_t after = allocations;
    BOOST_TEST(text.size() == 100U);
    BOOST_TEST(after == before + 1);
}

BOOST_FIXTURE_TEST_CASE(a_client_on_a_single_thread_takes_no_lock_and_so_no_strand, fixture)
{
    BOOST_TEST(cost(locks, vk::threading::single) == 0U);
    BOOST_TEST(cost(locks, vk::threading::multi) >= 100U); // else nothing was seen
}

BOOST_FIXTURE_TEST_CASE(an_update_allocates_nothing_but_its_values, fixture)
{
    for (const auto how : {vk::threading::single, vk::threading::multi}) {
        // Of a start and an end there is more.
        const std::size_t few = fewest_allocations(how, nullptr, 100);
        const std::size_t many = fewest_allocations(how, nullptr, 1'100);
        BOOST_TEST(many - few == 2 * 1'000U); // the ids, going and coming
    }
}

// Beside reads, writes and turns, too. The bounds leave room for a connection or a ticket that comes late in either
// run.
BOOST_FIXTURE_TEST_CASE(an_update_with_many_in_flight_allocates_nothing_but_its_values, fixture)
{
    constexpr std::size_t updates = 5'000;
    const std::size_t few = fewest_allocations(vk::threading::single, nullptr, 1'000, 100);
    const std::size_t many = fewest_allocations(vk::threading::single, nullptr, 1'000 + updates, 100);
    BOOST_TEST(many - few >= 2 * updates - updates / 200);
    BOOST_TEST(many - few <= 2 * updates + updates / 200);
}

BOOST_AUTO_TEST_CASE(a_call_that_waits_takes_a_kibibyte_at_most)
{
    asio::io_context io(1);
    asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0}); // takes connections and says nothing
    vk::config settings;
    settings.base_url = "https://127.0.0.1:" + std::to_string(silent.local_endpoint().port()) + "/api/v1";
    settings.tls.ca_pem = hosted_emulator(1).config().tls.ca_pem; // the system's store would be read
    settings.threading = vk::threading::single;
    vk::client client(io.get_executor(), vk::credentials(vk::secret("t0ken")), settings);
    std::size_t ended = 0;
    constexpr std::size_t count = 20'000;
    const std::size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    for (std::size_t i = 0; i != count; ++i) {
        std::string id = std::to_string(i);
        id = std::string("00000000-0000-4000-8000-000000000000").replace(36 - id.size(), id.size(), id);
        client.update_key(vk::key_update(std::move(id))
                              .usd(50)
                              .diem(vk::clear)
                              .limit_period(vk::limit_period::month)
                              .description("tenant 42")
                              .expires_at(vk::clear),
                          [&ended](const updated_key&) { ++ended; });
    }
    io.poll();
    const std::size_t each = (mallinfo2().uordblks + mallinfo2().hblkhd - before) / count;
    BOOST_TEST_MESSAGE("bytes: " << each);
    BOOST_TEST(ended == 0U);
    BOOST_TEST(client.stats().waiting_calls == count);
    BOOST_TEST(each <= 1024U);
    BOOST_TEST(each > 256U); // else it was not seen
}

BOOST_FIXTURE_TEST_CASE(an_observer_costs_no_allocation, fixture)
{
    const std::size_t without = fewest_allocations(vk::threading::single, nullptr, 100);
    const std::size_t with = fewest_allocations(vk::threading::single, std::make_shared<silent>(), 100);
    BOOST_TEST(without == with);
    BOOST_TEST(without >= 2 * 100U); // the ids, going and coming: else nothing was counted
}

BOOST_AUTO_TEST_CASE(a_million_items_need_no_more_memory_than_a_thousand)
{
    static_cast<void>(memory_of_a_bulk_update(1'000)); // what is made once
    const std::size_t few = memory_of_a_bulk_update(1'000);
    const std::size_t many = memory_of_a_bulk_update(1'000'000);
    BOOST_TEST_MESSAGE("1,000: " << few << ", 1,000,000: " << many);
    BOOST_TEST(few > 0U);
    BOOST_TEST(many <= few + few / 4 + 16 * 1024);
}

BOOST_AUTO_TEST_SUITE_END()
