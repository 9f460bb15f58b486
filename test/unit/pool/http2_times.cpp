// Connections over HTTP/2 that are silent, slow, or old.
#include "support/printing.hpp"
#include "unit/support/http2_pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_http2_times)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

const auto stall = test_session_limits().stall_timeout;

// One connection that has answered a few requests in 100 ms each.
struct used_to_100_ms : http2_pool_bench {
    explicit used_to_100_ms(const pool_settings& settings = http2_pool_settings(2)) : http2_pool_bench(settings)
    {
        submit(1);
        http2_pool_bench::come_up_and_prove(0);
        for (std::size_t i = 1; i < 6; ++i) {
            submit(1);
            net.now += 100ms;
            http2_pool_bench::answer(0, i);
        }
    }
    // The peer says that it is there.
    void answer_ping()
    {
        for (const http2_frame& each : peer(0).frames)
            if (each.type == NGHTTP2_PING && each.flags == http2_peer::none)
                say(0, http2_peer::ping(each.payload, http2_peer::ack));
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(one_slow_answer_keeps_nobody_from_its_connection)
{
    used_to_100_ms it;
    it.submit(1);
    it.wait(stall - 1s);
    it.submit(3);
    BOOST_TEST(it.net.made.size() == 1u);
    BOOST_TEST(it.owed(0) == 4u);
    for (const std::size_t each : {7U, 8U, 9U})
        it.answer(0, each);
    it.submit(2);
    BOOST_TEST(it.owed(0) == 3u);
    it.answer_all(0);
    BOOST_TEST(it.answered() == 12u);
    BOOST_TEST(it.net.made.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_silent_server_that_answers_a_ping_is_slow_and_goes_on)
{
    used_to_100_ms it;
    it.submit(1);
    it.wait(stall / 2);
    BOOST_TEST(it.peer(0).count(NGHTTP2_PING) == 1u);
    it.answer_ping();
    it.wait(stall - 1s);
    BOOST_TEST(it.net[0].open());
    it.submit(1);
    BOOST_TEST(it.owed(0) == 2u);
    BOOST_TEST(it.net.made.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_server_that_answers_no_ping_is_gone_and_its_calls_go_elsewhere)
{
    used_to_100_ms it;
    it.submit(3);
    const time_point written = it.net.now;
    while (it.net[0].open())
        it.wait_until_due();
    BOOST_TEST(it.net.now == written + stall / 2 + stall);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.come_up(1, {});
    BOOST_TEST(it.owed(1) == 1u); // until it has answered
    it.answer_all(1);
    it.answer_all(1);
    BOOST_TEST(it.answered() == 9u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_whole_in_its_time_drains_its_connection)
{
    auto settings = http2_pool_settings(2);
    settings.session.answer_timeout = 20s;
    used_to_100_ms it(settings);
    it.submit(2);
    for (int i = 0; i < 20; ++i) {
        it.say(0, it.peer(0).ping());
        it.wait(1s);
    }
    it.submit(1);
    BOOST_TEST(it.net.made.size() >= 2u);
    it.come_up(1, {});
    BOOST_TEST(!it.unanswered(1).empty());
}

BOOST_AUTO_TEST_CASE(an_old_connection_takes_nothing_more_and_keeps_what_it_owes)
{
    http2_pool_bench it(growing_old(http2_pool_settings(2)));
    it.submit(1);
    it.come_up_and_prove(0);
    const time_point opened = it.net.now;
    it.wait(9min - 1s);
    it.submit(2);
    BOOST_TEST(it.owed(0) == 2u);
    while (it.net.now < opened + 10min)
        it.wait(1s);
    it.submit(1);
    BOOST_TEST(it.owed(0) == 2u);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.answer(0, 1);
    BOOST_TEST(it.net[0].open()); // drained, not cut
    it.answer(0, 2);
    BOOST_TEST(it.net[0].closed());
    it.come_up(1);
    BOOST_TEST(it.unanswered(1) == texts{"3"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_creation_is_not_given_up_while_the_server_is_at_work_on_it)
{
    used_to_100_ms it(http2_pool_settings(1));
    const fake_call& creation = it.ask(operation::create);
    it.wait(4 * stall);
    BOOST_TEST(it.net[0].open());
    BOOST_TEST(it.peer(0).count(NGHTTP2_PING) == 0u);
    it.answer(0, 6);
    BOOST_TEST(creation.was_answered());
}

BOOST_AUTO_TEST_SUITE_END()
