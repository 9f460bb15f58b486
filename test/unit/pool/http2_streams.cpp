// How many requests an HTTP/2 connection carries, and when another one opens beside it.
#include "support/printing.hpp"
#include "unit/support/http2_pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_http2_streams)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

http2_peer_settings most_streams(std::uint32_t count)
{
    return {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, count}};
}

} // namespace

BOOST_AUTO_TEST_CASE(the_streams_of_a_connection_are_filled_before_another_opens)
{
    http2_pool_bench it(http2_pool_settings(3, 4));
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(4);
    BOOST_TEST(it.owed(0) == 4u);
    BOOST_TEST(it.net.made.size() == 1u);
    it.submit(1);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.come_up_and_prove(1);
    BOOST_TEST(it.calls[5].was_answered());
    it.answer(0, 2);
    it.submit(2); // the one that is in use is filled up first
    BOOST_TEST(it.owed(0) == 4u);
    BOOST_TEST(it.owed(1) == 1u);
    BOOST_TEST(it.net.made.size() == 2u);
}

BOOST_AUTO_TEST_CASE(no_more_open_than_allowed_and_the_rest_waits_for_a_stream)
{
    http2_pool_bench it(http2_pool_settings(3, 4));
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(4);
    it.submit(20);
    BOOST_TEST_REQUIRE(it.net.made.size() == 3u);
    it.come_up(1, {});
    it.come_up(2, {});
    for (std::size_t i = 0; i < 3; ++i)
        BOOST_TEST(it.owed(i) == 4u);
    BOOST_TEST(it.connections.waiting() == 12u);
    it.answer_all(1);
    BOOST_TEST(it.owed(1) == 4u);
    BOOST_TEST(it.connections.waiting() == 8u);
    BOOST_TEST(it.net.made.size() == 3u);
}

BOOST_AUTO_TEST_CASE(the_peers_limit_bounds_the_streams_and_so_does_our_own)
{
    for (const std::uint32_t told : {2U, 1'000U}) {
        http2_pool_bench it(http2_pool_settings(1, 5));
        it.submit(1);
        it.come_up_and_prove(0, most_streams(told));
        it.submit(10);
        BOOST_TEST(it.owed(0) == std::min(told, 5U));
        it.answer_all(0);
        BOOST_TEST(it.owed(0) == std::min(told, 5U));
    }
}

BOOST_AUTO_TEST_CASE(a_limit_that_changes_counts_from_then_on)
{
    http2_pool_bench it(http2_pool_settings(2, 10));
    it.submit(1);
    it.come_up_and_prove(0, most_streams(2));
    it.submit(3);
    BOOST_TEST(it.owed(0) == 2u);
    BOOST_TEST(it.connecting() == 1u); // for the third
    it.say(0, http2_peer::settings(most_streams(8)));
    BOOST_TEST(it.owed(0) == 3u);
    it.submit(4);
    BOOST_TEST(it.owed(0) == 7u);
    it.say(0, http2_peer::settings(most_streams(1))); // those before stay
    it.submit(1);
    it.answer_all(0);
    BOOST_TEST(it.answered() == 8u);
    BOOST_TEST(it.owed(0) == 1u);
}

BOOST_AUTO_TEST_CASE(many_calls_of_a_cold_client_open_as_many_connections_as_their_streams_need)
{
    for (const auto& [count, needed] :
         {std::pair(1U, 1U), std::pair(100U, 1U), std::pair(101U, 2U), std::pair(500U, 5U)}) {
        http2_pool_bench it(http2_pool_settings(16));
        it.submit(count);
        BOOST_TEST(it.net.made.size() == needed);
        for (std::size_t i = 0; i < needed; ++i)
            it.come_up(i, {});
        for (std::size_t i = 0; i < needed; ++i)
            it.answer_all(i);
        BOOST_TEST(it.answered() == count);
        BOOST_TEST(it.net.made.size() == needed);
    }
}

BOOST_AUTO_TEST_CASE(where_the_first_speaks_an_older_protocol_the_others_that_are_needed_open_then)
{
    http2_pool_bench it(http2_pool_settings(16));
    it.submit(500);
    BOOST_TEST_REQUIRE(it.net.made.size() == 5u);
    it.net[0].come_up();
    BOOST_TEST(it.net.made.size() == 16u);
}

BOOST_AUTO_TEST_CASE(what_the_peer_allows_is_remembered_for_the_connections_to_come)
{
    http2_pool_bench it(http2_pool_settings(16));
    it.submit(1);
    it.come_up_and_prove(0, most_streams(10));
    it.submit(100);
    BOOST_TEST(it.owed(0) == 10u);
    BOOST_TEST(it.connecting() == 9u);
    it.come_up(1); // nothing is known of its own limit yet
    BOOST_TEST(it.net.made.size() == 10u);
    BOOST_TEST(it.owed(1) == 90u);
    it.submit(100); // ten of them there, and ten on each of nine
    BOOST_TEST(it.owed(1) == 100u);
    BOOST_TEST(it.connecting() == 9u);
}

BOOST_AUTO_TEST_CASE(a_limit_of_none_says_nothing_of_other_connections)
{
    http2_pool_bench it(http2_pool_settings(16));
    it.submit(1);
    it.come_up_and_prove(0, most_streams(0));
    it.submit(90);
    BOOST_TEST(it.owed(0) == 0u);
    BOOST_TEST(it.connecting() == 1u);
}

BOOST_AUTO_TEST_CASE(a_creation_has_a_connection_to_itself)
{
    for (const operation what : {operation::create, operation::web3_create}) {
        http2_pool_bench it(http2_pool_settings(1));
        it.submit(1);
        it.come_up_and_prove(0);
        it.submit(2);
        const fake_call& creation = it.ask(what);
        BOOST_TEST(it.unanswered(0) == (texts{"1", "2"}), boost::test_tools::per_element());
        it.submit(2);
        it.answer_all(0);
        BOOST_TEST(it.unanswered(0) == texts{"3"}, boost::test_tools::per_element());
        it.submit(2);
        BOOST_TEST(it.unanswered(0) == texts{"3"}, boost::test_tools::per_element());
        it.answer(0, 3);
        BOOST_TEST(creation.was_answered());
        BOOST_TEST(it.owed(0) == 4u);
    }
}

BOOST_AUTO_TEST_CASE(others_use_another_connection_while_a_creation_is_under_way)
{
    http2_pool_bench it(http2_pool_settings(2));
    it.submit(1);
    it.come_up_and_prove(0);
    it.ask(operation::create);
    it.submit(3);
    BOOST_TEST(it.unanswered(0) == texts{"1"}, boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.come_up(1, {});
    BOOST_TEST(it.unanswered(1) == (texts{"2", "3", "4"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(others_do_not_wait_for_the_connection_of_a_creation)
{
    http2_pool_bench it(http2_pool_settings(3));
    it.ask(operation::create);
    it.submit(2);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.submit(2);
    BOOST_TEST(it.net.made.size() == 2u); // has room for them
    it.come_up(1);                        // the creation takes the first that is there
    BOOST_TEST(it.unanswered(1) == texts{"0"}, boost::test_tools::per_element());
    it.come_up(0);
    BOOST_TEST(it.owed(0) == 4u);
}

BOOST_AUTO_TEST_CASE(a_read_that_nobody_waits_for_gives_its_stream_back_at_once)
{
    http2_pool_bench it(http2_pool_settings(1, 2));
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(3);
    BOOST_TEST(!it.connections.withdraw(it.calls[1]));
    it.pump();
    it.hear_all();
    BOOST_TEST(it.peer(0).resets(3).size() == 1u);
    it.wait({});
    BOOST_TEST(it.calls[1].was_released());
    BOOST_TEST(it.unanswered(0) == (texts{"2", "3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_change_that_nobody_waits_for_keeps_its_stream_and_the_turn_of_its_key)
{
    http2_pool_bench it(http2_pool_settings(1, 2));
    it.submit(1);
    it.come_up_and_prove(0);
    it.ask(operation::update, "k");
    const fake_call& next = it.ask(operation::update, "k");
    it.submit(1);
    BOOST_TEST(!it.connections.withdraw(it.calls[1]));
    it.wait(1s);
    BOOST_TEST(it.unanswered(0) == (texts{"1", "3"}), boost::test_tools::per_element());
    it.answer(0, 1);
    BOOST_TEST(it.calls[1].was_released());
    BOOST_TEST(next.attempts() == 1u);
}

// While a write does not end, calls may be given to a connection that then takes fewer.
BOOST_AUTO_TEST_CASE(what_is_staged_above_a_limit_that_was_lowered_goes_elsewhere)
{
    for (const std::uint32_t lowered : {0U, 2U}) {
        http2_pool_bench it(http2_pool_settings(2));
        it.submit(1);
        it.come_up_and_prove(0);
        it.pool_bench::submit(2); // being written
        it.pool_bench::submit(3); // staged behind them
        BOOST_TEST(it.calls[5].where() == wire::slot::state::staged);
        it.net[0].bring(http2_peer::settings({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, lowered}}));
        BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
        it.hear_all();
        BOOST_TEST(it.owed(0) == 2u);
        it.come_up(1, {});
        BOOST_TEST(it.owed(1) == 3u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
