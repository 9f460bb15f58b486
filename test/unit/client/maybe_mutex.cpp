#include "client/maybe_mutex.hpp"

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <thread>

BOOST_AUTO_TEST_SUITE(unit_client_maybe_mutex)

using venice_keys::detail::maybe_mutex;

BOOST_AUTO_TEST_CASE(it_keeps_threads_apart_where_there_are_several)
{
    maybe_mutex guard(true);
    int count = 0; // not atomic: a lost addition, or a tool that watches threads, shows who got in
    const auto add = [&] {
        for (int i = 0; i < 10'000; ++i) {
            const std::lock_guard lock(guard);
            ++count;
        }
    };
    std::thread other(add);
    add();
    other.join();
    BOOST_TEST(count == 20'000);
}

BOOST_AUTO_TEST_CASE(it_does_nothing_where_there_is_one)
{
    maybe_mutex guard(false);
    guard.lock();
    guard.lock(); // would wait for ever
    guard.unlock();
}

BOOST_AUTO_TEST_SUITE_END()
