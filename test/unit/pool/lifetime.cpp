// Before the first call and after the last: warming up, closing, and what to say meanwhile.
#include "pool/pool.hpp"

#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_lifetime)

using namespace venice_keys;
using namespace venice_keys::test;

BOOST_AUTO_TEST_CASE(warming_up_opens_connections_without_a_call)
{
    pool_bench it;
    it.connections.warm_up(3);
    it.pump();
    BOOST_TEST(it.net.made.size() == 3u);
    for (std::size_t i = 0; i < 3; ++i)
        it.net[i].come_up(i != 0);
    BOOST_TEST(it.connections.usable() == 3u);
    BOOST_TEST(it.connections.counters().connections_opened == 3u);
    BOOST_TEST(it.connections.counters().sessions_resumed == 2u);
    it.net[1].end();
    BOOST_TEST(it.net.made.size() == 3u); // it was warm once
}

BOOST_AUTO_TEST_CASE(warming_up_opens_no_more_than_the_most)
{
    pool_bench it(test_pool_settings(2));
    it.connections.warm_up(100);
    it.pump();
    BOOST_TEST(it.net.made.size() == 2u);
}

BOOST_AUTO_TEST_CASE(closing_ends_every_call_and_every_connection)
{
    pool_bench it(test_pool_settings(1, 2));
    it.submit(5);
    it.come_up_and_prove(0); // 1 and 2 are being written
    BOOST_TEST(!it.connections.withdraw(it.calls[2]));
    it.connections.close({errc::closed, "the end"});
    it.collect();
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.connections.connections() == 0u);
    BOOST_TEST(it.calls[0].was_answered());
    for (const std::size_t i : {1u, 3u, 4u}) {
        BOOST_TEST_REQUIRE(it.calls[i].ends() == 1u);
        BOOST_TEST(it.calls[i].why()->code == errc::closed);
        BOOST_TEST(it.calls[i].why()->delivery == (i == 1 ? delivery::sent_unanswered : delivery::not_sent));
        BOOST_TEST(it.calls[i].why()->attempts == (i == 1 ? 1u : 0u));
    }
    BOOST_TEST(it.calls[2].ends() == 0u);
    BOOST_TEST(it.calls[2].was_released());
}

BOOST_AUTO_TEST_CASE(closing_ends_a_staged_call_as_not_sent)
{
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(1); // being written
    it.submit(1); // staged behind it
    BOOST_TEST(it.calls[2].where() == wire::slot::state::staged);
    it.connections.close({errc::closed, "the end"});
    BOOST_TEST(it.calls[2].why()->delivery == delivery::not_sent);
}

BOOST_AUTO_TEST_CASE(a_pool_that_dies_lets_go_of_its_calls_and_ends_none)
{
    std::deque<fake_call> calls;
    struct owner final : net::turn_owner {
        void on_failure(boost::system::error_code cause) noexcept override { BOOST_ERROR("an event threw: " << cause); }
        void on_turn_end() override {}
    } nobody;
    fake_network net{nobody};
    account_queues mine;
    {
        pool dying(net, test_pool_settings(1, 2), net.clocks(), 1);
        dying.use_token(mine, secret("token"));
        for (std::size_t i = 0; i < 4; ++i)
            dying.submit(calls.emplace_back(i), mine);
        dying.pump(net.now);
        net[0].come_up();
        dying.pump(net.now);
        BOOST_TEST(net[0].writing());
    }
    BOOST_TEST(net[0].closed());
    for (const fake_call& each : calls) {
        BOOST_TEST(!each.wire::slot::is_linked());
        BOOST_TEST(each.ends() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(what_a_call_waits_for_is_said_in_words)
{
    pool_bench it(test_pool_settings(1));
    it.add();
    BOOST_TEST(it.connections.wait_of(it.calls[0], "") == "a connection");
    it.pump();
    BOOST_TEST(it.connections.wait_of(it.calls[0], "") == "a connection (connecting to example.org:443)");
    it.net[0].refuse();
    BOOST_TEST(it.connections.wait_of(it.calls[0], "") ==
               "example.org:443 refuses: Connection refused; the next attempt to connect");
    it.wait_until_due();
    it.net[1].come_up();
    BOOST_TEST(it.connections.wait_of(it.calls[0], "") == "the answer");
    it.submit(1);
    BOOST_TEST(it.connections.wait_of(it.calls[1], "") == "a free place on a connection");
    it.answer(1);
    it.submit(1);
    BOOST_TEST(it.connections.wait_of(it.calls[2], "") == "the socket to take the request");
}

BOOST_AUTO_TEST_SUITE_END()
