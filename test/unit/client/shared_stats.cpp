#include "client/shared_stats.hpp"

#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_client_shared_stats)

using namespace venice_keys;
using namespace venice_keys::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(what_the_pool_counts_is_published)
{
    pool_bench from;
    from.add();
    from.pump();
    from.net[0].come_up(true);
    from.net[0].finish_write();
    detail::shared_stats stats;
    BOOST_TEST(stats.read().requests_written == 0U);
    stats.publish(from.connections);
    const client_stats now = stats.read();
    BOOST_TEST(now.connections_opened == 1U);
    BOOST_TEST(now.sessions_resumed == 1U);
    BOOST_TEST(now.requests_written == 1U);
    BOOST_TEST(now.replies == 0U);
    BOOST_TEST(now.open_connections == 1U);
    BOOST_TEST(now.deepest_pipeline == 1U);
    BOOST_TEST(now.pipelining == pipelining_state::works);
}

BOOST_AUTO_TEST_CASE(a_success_has_a_latency_and_a_failure_has_none)
{
    detail::shared_stats stats;
    stats.call_ended(true, 3ms);
    stats.call_ended(false, 3ms);
    const client_stats now = stats.read();
    BOOST_TEST(now.calls_succeeded == 1U);
    BOOST_TEST(now.calls_failed == 1U);
    BOOST_TEST(now.latency.total() == 1U);
    BOOST_TEST(now.latency.counts[latency_histogram::bucket_of(3ms)] == 1U);
}

// Between two turns the inbox adds what it hands on.
BOOST_AUTO_TEST_CASE(waiting_calls_are_counted_until_the_pool_says_how_many_there_are)
{
    detail::shared_stats stats;
    stats.add_waiting_calls(2);
    stats.add_waiting_calls(3);
    BOOST_TEST(stats.waiting_calls() == 5U);
    pool_bench from;
    from.add();
    stats.publish(from.connections);
    BOOST_TEST(stats.read().waiting_calls == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
