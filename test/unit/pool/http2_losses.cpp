// What a server over HTTP/2 asks for besides, calm or HTTP/1.1, and how a pool feels its way after a loss.
#include "support/printing.hpp"
#include "unit/support/http2_pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_http2_losses)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

// One connection that is up and has answered call 0.
struct answering : http2_pool_bench {
    explicit answering(const pool_settings& settings = http2_pool_settings(2), const http2_peer_settings& own = {})
        : http2_pool_bench(settings)
    {
        submit(1);
        http2_pool_bench::come_up_and_prove(0, own);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_server_that_asks_for_calm_gets_nothing_new_for_a_second)
{
    answering it(http2_pool_settings(2, 8));
    it.submit(7);
    it.reset(0, 1, NGHTTP2_ENHANCE_YOUR_CALM);
    const time_point began = it.net.now;
    it.submit(3); // there would be room for two
    it.wait(999ms);
    BOOST_TEST(it.owed(0) == 6u);
    BOOST_TEST(it.net.made.size() == 1u); // nor on a new connection
    BOOST_TEST(it.connections.waiting() == 4u);
    it.answer_all(0);
    BOOST_TEST(it.owed(0) == 0u);
    it.wait_until_due();
    BOOST_TEST(it.net.now == began + 1s);
    BOOST_TEST(it.owed(0) == 4u);
    it.answer_all(0);
    BOOST_TEST(it.answered() == 11u);
}

BOOST_AUTO_TEST_CASE(what_is_staged_when_calm_is_asked_for_waits_as_well)
{
    answering it(http2_pool_settings(2, 8));
    it.pool_bench::submit(2); // being written
    it.pool_bench::submit(2); // staged behind them
    it.peer(0).hear(it.net[0].written());
    it.reset(0, 1, NGHTTP2_ENHANCE_YOUR_CALM); // the write ends now
    BOOST_TEST(it.unanswered(0) == texts{"2"}, boost::test_tools::per_element());
    it.wait(1s);
    BOOST_TEST(it.owed(0) == 4u);
}

BOOST_AUTO_TEST_CASE(after_the_pause_there_are_half_as_many_streams_which_grow_with_the_answers)
{
    answering it(http2_pool_settings(1, 8));
    it.submit(40);
    BOOST_TEST(it.owed(0) == 8u);
    it.reset(0, 1, NGHTTP2_ENHANCE_YOUR_CALM);
    it.reset(0, 2, NGHTTP2_ENHANCE_YOUR_CALM); // the same occasion
    it.answer_all(0);
    it.wait(1s);
    BOOST_TEST(it.owed(0) == 4u);
    std::size_t most = 4;
    for (std::size_t answers = 0; answers < 4 * (4 + 5 + 6 + 7);) {
        const std::size_t now = it.owed(0);
        BOOST_TEST(now >= most);
        BOOST_TEST(now <= most + 1);
        most = now;
        answers += now;
        it.submit(now);
        it.answer_all(0);
    }
    BOOST_TEST(it.owed(0) == 8u);
}

BOOST_AUTO_TEST_CASE(half_is_half_of_what_the_peer_allows)
{
    answering it(http2_pool_settings(1), {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 10}});
    it.submit(40);
    BOOST_TEST(it.owed(0) == 10u);
    it.reset(0, 1, NGHTTP2_ENHANCE_YOUR_CALM);
    it.answer_all(0);
    it.wait(1s);
    BOOST_TEST(it.owed(0) == 5u);
}

BOOST_AUTO_TEST_CASE(a_goaway_that_asks_for_calm_holds_back_the_next_connection_too)
{
    answering it(http2_pool_settings(2, 8));
    it.submit(4);
    it.go_away_after(0, 2, NGHTTP2_ENHANCE_YOUR_CALM);
    it.wait(999ms);
    BOOST_TEST(it.net.made.size() == 1u);
    it.wait(1ms);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.submit(8);
    it.come_up(1);
    BOOST_TEST(it.owed(1) == 4u);
}

BOOST_AUTO_TEST_CASE(where_http1_is_required_every_connection_of_http2_is_drained_and_the_next_speaks_it)
{
    answering it(http2_pool_settings(3, 2));
    it.submit(4);
    it.come_up(1, {});
    BOOST_TEST(it.owed(0) == 2u);
    BOOST_TEST(it.owed(1) == 2u);
    it.reset(0, 1, NGHTTP2_HTTP_1_1_REQUIRED);
    BOOST_TEST(it.net.oldest_alone);
    it.submit(1);
    BOOST_TEST(it.unanswered(0) == texts{"2"}, boost::test_tools::per_element());
    BOOST_TEST(it.owed(1) == 2u);
    BOOST_TEST_REQUIRE(it.net.made.size() == 3u);
    it.net[2].come_up();
    it.wait(100ms);
    it.answer(0, 2);
    it.answer_all(1);
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.net[1].closed());
    it.pool_bench::answer(2);
    it.pool_bench::answer(2);
    BOOST_TEST(it.answered() == 6u);
    BOOST_TEST(it.calls[1].attempts() == 2u);
    BOOST_TEST(it.net[2].open());
}

BOOST_AUTO_TEST_CASE(what_was_sent_before_http1_was_required_goes_again_at_once_and_costs_no_budget)
{
    auto settings = http2_pool_settings(2);
    settings.retry.budget = 0;
    http2_pool_bench it(settings);
    it.submit(20);
    it.come_up(0, {});
    std::string bytes;
    for (std::size_t i = 0; i < 20; ++i)
        bytes += it.reset_of(0, i, NGHTTP2_HTTP_1_1_REQUIRED);
    it.say(0, bytes);
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.connections.waiting() == 20u);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].come_up();
    it.net[1].finish_write();
    it.pool_bench::answer(1);
    BOOST_TEST(it.answered() == 1u);
    BOOST_TEST(it.connections.waiting() + it.pool_bench::unanswered(1).size() == 19u);
}

BOOST_AUTO_TEST_CASE(a_server_that_wants_http1_and_gets_it_not_is_asked_so_often)
{
    http2_pool_bench it;
    const fake_call& which = it.ask(operation::update, "k");
    for (std::size_t i = 0; i < 3; ++i) { // retry_config::max_attempts
        BOOST_TEST(which.ends() == 0u);
        BOOST_TEST_REQUIRE(it.net.made.size() == i + 1);
        it.come_up(i, {});
        it.reset(i, 0, NGHTTP2_HTTP_1_1_REQUIRED);
    }
    BOOST_TEST_REQUIRE(which.ends() == 1u);
    BOOST_TEST(which.why()->delivery == delivery::sent_unanswered);
    BOOST_TEST(which.why()->attempts == 3u);
    BOOST_TEST(it.net.made.size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_of_a_protocol_that_is_out_of_date_closes)
{
    answering it(http2_pool_settings(2, 1));
    it.submit(2);
    it.come_up_and_prove(1);
    it.reset(0, 1, NGHTTP2_HTTP_1_1_REQUIRED);
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.net[1].closed());
}

BOOST_AUTO_TEST_CASE(after_a_loss_the_next_connection_carries_one_request_until_it_answers)
{
    answering it(http2_pool_settings(16));
    it.submit(50);
    it.net[0].end();
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.come_up(1, {});
    BOOST_TEST(it.owed(1) == 1u);
    it.submit(1);
    BOOST_TEST(it.net.made.size() == 2u); // and none opens beside it
    it.answer_all(1);
    BOOST_TEST(it.owed(1) == 50u);
    BOOST_TEST(it.net.made.size() == 2u);
    it.submit(60);
    BOOST_TEST(it.net.made.size() == 3u); // it is as before
    it.come_up(2);
    BOOST_TEST(it.owed(2) == 10u);
}

BOOST_AUTO_TEST_CASE(after_a_loss_connections_open_one_at_a_time_however_many_calls_wait)
{
    answering it(http2_pool_settings(16, 10));
    it.submit(20);
    it.come_up_and_prove(1);
    it.submit(10);
    it.net[0].end();
    it.net[1].end();
    BOOST_TEST(it.connections.waiting() == 20u);
    BOOST_TEST(it.connecting() == 1u);
    it.come_up(2, {});
    BOOST_TEST(it.owed(2) == 1u);
    BOOST_TEST(it.connecting() == 0u);
    it.answer_all(2);
    BOOST_TEST(it.owed(2) == 10u);
    BOOST_TEST(it.connecting() == 1u); // for the other nine
}

BOOST_AUTO_TEST_CASE(a_suspect_connection_keeps_no_other_from_opening_after_a_loss)
{
    answering it(http2_pool_settings(3, 2));
    it.submit(2);
    const time_point written = it.net.now;
    it.connections.warm_up(2);
    it.pump();
    it.come_up(1, {}); // answers nothing
    it.wait(4s);
    it.submit(1);
    BOOST_TEST(it.owed(1) == 1u);
    while (it.net[0].open())
        it.wait_until_due();
    BOOST_TEST(it.net.now == written + 4s + test_session_limits().stall_timeout);
    BOOST_TEST(it.net[1].open()); // it has more time
    BOOST_TEST_REQUIRE(it.net.made.size() == 3u);
    it.come_up(2, {});
    it.answer_all(2);
    it.answer_all(2);
    BOOST_TEST(it.answered() == 3u);
}

BOOST_AUTO_TEST_CASE(a_creation_keeps_no_other_connection_from_opening_after_a_loss)
{
    answering it(http2_pool_settings(3));
    it.ask(operation::create);
    it.net[0].end();
    const fake_call& creation = it.ask(operation::create);
    it.submit(2); // while its connection comes up
    BOOST_TEST(it.connecting() == 2u);
    it.come_up(1, {});
    BOOST_TEST(it.unanswered(1) == texts{"2"}, boost::test_tools::per_element());
    it.come_up(2, {});
    it.answer_all(2);
    it.answer_all(2);
    BOOST_TEST(it.answered() == 3u);
    it.net[2].end();
    it.submit(1); // while it is under way
    BOOST_TEST(it.connecting() == 1u);
    BOOST_TEST(creation.ends() == 0u);
}

BOOST_AUTO_TEST_CASE(a_slow_answer_after_a_loss_costs_the_others_a_second)
{
    answering it(http2_pool_settings(4));
    it.submit(3);
    it.net[0].end();
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.come_up(1, {});
    BOOST_TEST(it.owed(1) == 1u);
    it.wait(999ms);
    BOOST_TEST(it.net.made.size() == 2u);
    it.wait(1ms);
    BOOST_TEST_REQUIRE(it.net.made.size() == 3u);
    it.come_up(2, {});
    BOOST_TEST(it.owed(2) == 1u); // carefully
    it.answer_all(2);
    it.answer_all(2);
    BOOST_TEST(it.answered() == 3u);
    it.answer_all(1); // it has come after all
    BOOST_TEST(it.answered() == 4u);
    BOOST_TEST(it.connections.counters().replays == 3u);
    it.submit(1);
    BOOST_TEST(it.owed(1) + it.owed(2) == 1u); // both are in use
    BOOST_TEST(it.net.made.size() == 3u);
}

BOOST_AUTO_TEST_CASE(servers_that_are_silent_after_a_loss_are_tried_one_a_second)
{
    answering it(http2_pool_settings(16));
    it.submit(20);
    const time_point lost = it.net.now;
    it.net[0].end();
    for (std::size_t i = 1; i < 5; ++i) {
        BOOST_TEST_REQUIRE(it.net.made.size() == i + 1);
        BOOST_TEST(it.net.now == lost + std::chrono::seconds(i - 1));
        it.come_up(i, {});
        BOOST_TEST(it.owed(i) == 1u);
        while (it.net.made.size() == i + 1)
            it.wait_until_due();
    }
}

BOOST_AUTO_TEST_CASE(a_connection_without_streams_keeps_no_other_from_opening_after_a_loss)
{
    answering it(http2_pool_settings(3));
    it.submit(2);
    it.net[0].end();
    it.come_up(1, {});
    it.reset(1, 1, NGHTTP2_REFUSED_STREAM);
    it.say(1, http2_peer::settings({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0}}));
    it.submit(1);
    BOOST_TEST(it.net.made.size() == 3u);
}

BOOST_AUTO_TEST_CASE(connections_are_opened_ahead_after_a_loss_too)
{
    answering it(http2_pool_settings(4));
    it.ask(operation::create);
    it.net[0].end(); // it is over, and nothing waits
    for (std::size_t i = 1; i < 4; ++i) {
        it.connections.warm_up(i);
        it.pump();
        it.come_up(i, {});
    }
    BOOST_TEST(it.connections.usable() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
