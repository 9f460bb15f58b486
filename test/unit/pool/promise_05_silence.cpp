// Promise 5, connections that die without a word, and answers that never become whole.
#include "support/printing.hpp"
#include "unit/support/pool_bench.hpp"

#include <algorithm>

BOOST_AUTO_TEST_SUITE(unit_pool_promise_05_silence)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

void serve(pool_bench& it, std::size_t which)
{
    if (it.net[which].writing())
        it.net[which].finish_write();
    it.answer(which);
}

const auto stall = test_session_limits().stall_timeout;

} // namespace

BOOST_AUTO_TEST_CASE(of_connections_that_died_together_one_is_tried_and_the_replay_goes_to_a_new_one)
{
    pool_bench it;
    it.prove(4);
    it.wait(30s);
    it.submit(1);
    it.wait(stall);
    for (std::size_t i = 0; i < 4; ++i)
        BOOST_TEST(it.net[i].closed());
    BOOST_TEST_REQUIRE(it.net.made.size() == 5u);
    it.net[4].come_up();
    serve(it, 4);
    BOOST_TEST(it.calls[4].was_answered());
    BOOST_TEST(it.calls[4].attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(one_that_showed_a_byte_after_the_other_fell_silent_is_trusted)
{
    pool_bench it;
    it.prove(3);
    it.wait(30s);
    it.submit(2);
    it.net.now += 1s;
    serve(it, 1);
    it.wait(stall - 1s);
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.net[1].open());
    BOOST_TEST(it.net[2].closed());
    BOOST_TEST(it.unanswered(1) == texts{"3"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(silence_over_a_creation_says_nothing_of_other_connections)
{
    pool_bench it(test_pool_settings(2));
    it.prove(2);
    it.net.now += 500ms;
    fake_call& created = it.add(policy::operation::create);
    it.pump();
    const std::size_t its = it.unanswered(0).empty() ? 1 : 0;
    it.net[its].finish_write();
    it.wait(stall + 1s); // the service works
    BOOST_TEST(it.net[its].open());
    BOOST_TEST(!it.connections.withdraw(created));
    it.wait(stall);
    BOOST_TEST(it.net[its].closed());
    BOOST_TEST(it.net[1 - its].open());
}

BOOST_AUTO_TEST_CASE(one_that_owes_an_answer_and_was_silent_as_long_gets_nothing_more_until_it_shows_a_byte)
{
    for (const bool alive : {true, false}) {
        pool_bench it(test_pool_settings(2));
        it.prove(2);
        it.wait(30s);
        it.submit(1);
        it.wait(2s);
        it.submit(1);
        BOOST_TEST(it.unanswered(0) == texts{"3"}, boost::test_tools::per_element());
        it.net[0].finish_write();
        it.wait(stall - 2s);
        BOOST_TEST(it.net[1].closed());
        BOOST_TEST(it.net[0].open()); // it may still answer
        BOOST_TEST_REQUIRE(it.net.made.size() == 3u);
        it.submit(2);
        it.net[2].come_up();
        BOOST_TEST(it.unanswered(0) == texts{"3"}, boost::test_tools::per_element());
        BOOST_TEST(it.unanswered(2) == texts{"2"}, boost::test_tools::per_element());
        if (alive) {
            it.answer(0);
            auto owed = it.unanswered(0);
            std::sort(owed.begin(), owed.end()); // in either order
            BOOST_TEST(owed == (texts{"4", "5"}), boost::test_tools::per_element());
        } else {
            it.wait(2s);
            BOOST_TEST(it.net[0].closed());
            BOOST_TEST(it.calls[3].ends() == 0u);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_creation_under_way_is_left_alone_when_another_connection_stalls)
{
    pool_bench it(test_pool_settings(2));
    it.prove(2);
    const fake_call& creation = it.add(policy::operation::create);
    it.pump();
    it.net[1].finish_write();
    it.submit(1);
    BOOST_TEST(it.unanswered(0) == texts{"3"}, boost::test_tools::per_element());
    it.wait(stall);
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.net[1].open());
    BOOST_TEST_REQUIRE(it.net.made.size() == 3u);
    it.net[2].come_up();
    serve(it, 2);
    it.answer(1);
    BOOST_TEST(creation.was_answered());
    it.submit(2); // its byte has cleared it
    BOOST_TEST(!it.unanswered(1).empty());
}

BOOST_AUTO_TEST_CASE(what_trickles_for_nobody_passes_the_turn_of_its_key_on_in_time)
{
    pool_bench it(test_pool_settings(1));
    it.prove(1);
    fake_call& gone = it.add(policy::operation::update, "k");
    const fake_call& next = it.add(policy::operation::update, "k");
    it.pump();
    it.net[0].finish_write();
    BOOST_TEST(!it.connections.withdraw(gone));
    it.net[0].bring("HTTP/1.1 200 OK\r\nX: ");
    for (auto time = 0s; time < stall; time += 1s) {
        BOOST_TEST_REQUIRE(it.net[0].open());
        it.net[0].bring("x");
        it.wait(1s);
    }
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(gone.was_released());
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].come_up();
    serve(it, 1);
    BOOST_TEST(next.was_answered());
}

BOOST_AUTO_TEST_CASE(what_trickles_for_somebody_costs_the_others_no_more_than_the_time_of_one_answer)
{
    pool_bench it(test_pool_settings(1));
    it.prove(1);
    it.submit(2);
    it.net[0].finish_write();
    it.net[0].bring("HTTP/1.1 200 OK\r\nX: ");
    const auto limit = test_session_limits().answer_timeout;
    for (auto time = 0s; time < limit; time += 1s) {
        BOOST_TEST_REQUIRE(it.net[0].open());
        it.net[0].bring("x");
        it.wait(1s);
    }
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].come_up();
    serve(it, 1);
    serve(it, 1);
    BOOST_TEST(it.calls[1].was_answered());
    BOOST_TEST(it.calls[2].was_answered());
}

BOOST_AUTO_TEST_SUITE_END()
