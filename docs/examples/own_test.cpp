// How to test one's own code without the service: on the emulator, with the faults that production will bring.
//
// Nothing here sleeps or depends on luck. A fault strikes the request that it was set for, every call has a deadline,
// and what the service did is read from the emulator's journal. The program needs Boost.Test and the library
// venice_keys::emulator.
#define BOOST_TEST_MODULE own_test
#include <boost/test/unit_test.hpp>

#include <venice_keys/client.hpp>
#include <venice_keys/emulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <ostream>
#include <string>
#include <utility>

namespace asio = boost::asio;
namespace vk = venice_keys;
using namespace std::chrono_literals;

// The code to be tested. It would be in a file of its own.
namespace billing {

// [code]
enum class outcome {
    raised,
    no_such_key,      // the tenant has left: forget the key
    later,            // put it back into the queue, for `wait` at least
    ask_the_operator, // trying again does not help
};

struct raise_result {
    outcome what = outcome::raised;
    std::chrono::milliseconds wait{0};
};

asio::awaitable<raise_result> raise_limit(vk::client_view client, std::string id, double usd)
{
    const vk::result<vk::api_key> key =
        co_await client.update_key(vk::key_update{id}.usd(usd), vk::call_options{}.timeout(5s));
    if (key)
        co_return raise_result{outcome::raised};
    const vk::error& why = key.error();
    if (why.why() == vk::errc::not_found)
        co_return raise_result{outcome::no_such_key};
    if (why.retryable())
        co_return raise_result{outcome::later, why.retry_after.value_or(1s)};
    co_return raise_result{outcome::ask_the_operator};
}
// [/code]

std::ostream& operator<<(std::ostream& out, outcome what) // for Boost.Test
{
    return out << "outcome " << static_cast<int>(what);
}

// [fixture]
// A service with three keys and a client of it, on one loop that runs only inside of run(): no threads, no ports to
// choose, no certificates to make. Each test case gets a new one.
struct fixture {
    // Runs the loop until the coroutine has ended; rethrows what that throws.
    template <class T>
    T run(asio::awaitable<T> work)
    {
        std::future<T> result = asio::co_spawn(io, std::move(work), asio::use_future);
        while (result.wait_for(0s) != std::future_status::ready)
            io.run_one();
        return result.get();
    }

    raise_result raise(const std::string& id, double usd) { return run(raise_limit(client, id, usd)); }
    [[nodiscard]] vk::api_key key(std::size_t which) const { return venice.keys().at(which); }

    // Of a client of this service.
    [[nodiscard]] vk::credentials token() const { return vk::credentials{vk::secret{venice.token()}}; }
    [[nodiscard]] vk::config config() const
    {
        vk::config config;
        config.base_url = venice.base_url();
        config.tls.ca_pem = venice.ca_pem();
        return config;
    }

    asio::io_context io;
    vk::emulator venice{io, {.initial_keys = 3}}; // with the same ids in every run
    vk::client client{io, token(), config()};
};
// [/fixture]

BOOST_FIXTURE_TEST_CASE(a_limit_is_raised, fixture)
{
    BOOST_TEST(raise(key(1).id, 25).what == outcome::raised);
    BOOST_TEST(key(1).limits.usd.value() == 25);
    BOOST_TEST(!key(0).limits.usd.has_value()); // and no other
}

// [lost]
// The service applies the update, and the connection breaks before the answer comes. The client sends it again.
BOOST_FIXTURE_TEST_CASE(a_lost_answer_goes_unnoticed, fixture)
{
    venice.add_fault(vk::fault::close().only_for(key(0).id).applied(vk::fault::apply::before));
    BOOST_TEST(raise(key(0).id, 25).what == outcome::raised);
    BOOST_TEST(key(0).limits.usd.value() == 25);
    BOOST_TEST(venice.stats().faults == 1U); // it did strike: a fault that does not would make any test pass
    BOOST_TEST(venice.journal().size() == 2U);
}
// [/lost]

// [later]
// The service asks for a pause that is longer than the call's deadline: the call ends at once, and says how long.
BOOST_FIXTURE_TEST_CASE(a_long_pause_is_left_to_the_queue, fixture)
{
    venice.add_fault(vk::fault::answer(429).retry_after("30"));
    const raise_result result = raise(key(0).id, 25);
    BOOST_TEST(result.what == outcome::later);
    BOOST_TEST((result.wait > 25s && result.wait <= 30s));
    BOOST_TEST(!key(0).limits.usd.has_value());
}
// [/later]

BOOST_FIXTURE_TEST_CASE(a_key_that_does_not_exist_is_forgotten, fixture)
{
    BOOST_TEST(raise("no-such-key", 25).what == outcome::no_such_key);
}

BOOST_FIXTURE_TEST_CASE(a_refused_token_is_for_the_operator, fixture)
{
    venice.set_token("another-token");
    BOOST_TEST(raise(key(0).id, 25).what == outcome::ask_the_operator);
}

// [locked_out]
// Somebody else has spent the error budget of this token: the service refuses everything until its window is over.
BOOST_FIXTURE_TEST_CASE(a_locked_out_token_waits_in_the_queue, fixture)
{
    vk::config careless = config();
    careless.error_budget.enabled = false;
    vk::client other{io, token(), careless};
    for (int failures = 0; failures != 51; ++failures)
        run(raise_limit(other, "no-such-key", 25));
    BOOST_TEST(venice.stats().lockouts == 1U);

    const raise_result result = raise(key(0).id, 25);
    BOOST_TEST(result.what == outcome::later);
    BOOST_TEST((result.wait > 20s && result.wait <= 31s));
    BOOST_TEST(!key(0).limits.usd.has_value());
}
// [/locked_out]

} // namespace billing
