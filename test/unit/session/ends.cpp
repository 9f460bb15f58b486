// What ends a session, and what it says then.
#include "session/session.hpp"

#include "support/printing.hpp"
#include "unit/support/session_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_session_ends)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using namespace std::chrono_literals;
using bench = session_bench;
using numbers = std::vector<std::size_t>;

BOOST_AUTO_TEST_CASE(a_mismatch_closes_and_the_request_is_owed_with_the_others)
{
    bench it;
    it.wire().come_up();
    for (std::size_t i = 0; i < 3; ++i)
        it.submit(i);
    it.flush();
    it.submit(3);
    it.wire().bring(reply_to(0) + reply_to(2) + reply_to(1));
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.closed_with->code == errc::reply_mismatch);
    BOOST_TEST(it.answered == numbers{0}, boost::test_tools::per_element());
    BOOST_TEST(it.owed == (numbers{1, 2}), boost::test_tools::per_element());
    BOOST_TEST(it.unsent == numbers{3}, boost::test_tools::per_element());
    BOOST_TEST(it.wire().closed());
}

BOOST_AUTO_TEST_CASE(a_mismatch_as_the_first_answer_proves_nothing)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.flush();
    it.wire().bring(reply_to(3));
    BOOST_TEST(!it.one.has_answered());
}

BOOST_AUTO_TEST_CASE(bytes_while_idle_close_it)
{
    bench it;
    it.wire().come_up();
    it.wire().bring("HTTP/1.1 408 Request Time-out\r\n\r\n");
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.closed_with->code == errc::protocol_error);
    BOOST_TEST(it.owed.empty());
}

BOOST_AUTO_TEST_CASE(an_end_while_idle_closes_it)
{
    for (const bool clean : {true, false}) {
        bench it;
        it.wire().come_up();
        it.wire().end(clean);
        BOOST_TEST_REQUIRE(it.closed_with.has_value());
        BOOST_TEST(it.closed_with->code == errc::connection_lost);
        BOOST_TEST(it.one.ended_by_peer());
        BOOST_TEST(it.turns == 2u);
    }
}

BOOST_AUTO_TEST_CASE(an_end_while_it_owes_answers_keeps_the_cause)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.flush();
    it.submit(1);
    it.wire().end(false, boost::asio::error::connection_reset);
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.closed_with->code == errc::connection_lost);
    BOOST_TEST(it.closed_with->cause == boost::asio::error::connection_reset);
    BOOST_TEST(it.owed == numbers{0}, boost::test_tools::per_element());
    BOOST_TEST(it.unsent == numbers{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_answer_that_says_close_is_the_last)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.submit(1);
    it.flush();
    it.wire().bring(reply_to(0, "Connection: close\r\n"));
    BOOST_TEST(it.answered == numbers{0}, boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.closed_with->code == errc::connection_lost);
    BOOST_TEST(it.owed == numbers{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_answer_until_the_end_is_taken_with_a_close_notify)
{
    for (const bool clean : {true, false}) {
        bench it;
        it.wire().come_up();
        it.submit(0);
        it.flush();
        it.wire().bring("HTTP/1.1 200 OK\r\n\r\nreply-0");
        it.wire().end(clean);
        BOOST_TEST(it.answered.size() == (clean ? 1u : 0u));
        BOOST_TEST(it.owed.size() == (clean ? 0u : 1u));
        BOOST_TEST(it.closed_with.has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_failed_write_stops_the_writing_and_not_the_reading)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.submit(1);
    it.flush();
    it.submit(2);
    it.wire().finish_write(boost::asio::error::broken_pipe);
    BOOST_TEST(!it.one.usable());
    BOOST_TEST(it.wire().writes() == 1u);
    BOOST_TEST(!it.closed_with.has_value());
    it.wire().bring(reply_to(0));
    BOOST_TEST(it.answered == numbers{0}, boost::test_tools::per_element());
    BOOST_TEST(!it.closed_with.has_value());
    it.wire().end(false, boost::asio::error::connection_reset);
    BOOST_TEST(it.owed == numbers{1}, boost::test_tools::per_element());
    BOOST_TEST(it.unsent == numbers{2}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(after_a_failed_write_nothing_waits_for_an_end_that_may_not_come)
{
    bench owing;
    owing.wire().come_up();
    owing.submit(0);
    owing.flush();
    owing.submit(1);
    owing.wire().finish_write(boost::asio::error::broken_pipe);
    owing.wire().bring(reply_to(0));
    BOOST_TEST(owing.answered == numbers{0}, boost::test_tools::per_element());
    BOOST_TEST(owing.closed_with.has_value());
    BOOST_TEST(owing.unsent == numbers{1}, boost::test_tools::per_element());

    bench answered;
    answered.wire().come_up();
    answered.submit(0);
    answered.flush();
    answered.wire().bring(reply_to(0));
    answered.submit(1);
    answered.wire().finish_write(boost::asio::error::broken_pipe);
    BOOST_TEST_REQUIRE(answered.closed_with.has_value());
    BOOST_TEST(answered.closed_with->cause == boost::asio::error::broken_pipe);
    BOOST_TEST(answered.one.ended_by_peer());
    BOOST_TEST(answered.unsent == numbers{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_overflow_is_an_answer_that_is_too_large)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.flush();
    it.wire().overflow();
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.closed_with->code == errc::reply_too_large);
}

BOOST_AUTO_TEST_CASE(a_failed_connect_is_handed_on)
{
    bench it;
    it.wire().refuse();
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.closed_with->code == errc::connect_failed);
    BOOST_TEST(it.closed_with->cause == boost::asio::error::connection_refused);
    BOOST_TEST(it.one.never_opened());
    BOOST_TEST(!it.one.permanent());

    bench other;
    other.wire().refuse({errc::tls_failed, "who is this"}, net::outlook::permanent);
    BOOST_TEST(other.one.permanent());
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_refused_after_it_came_up_hands_back_what_was_written)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.flush();
    it.submit(1);
    it.wire().turn_away();
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.closed_with->code == errc::tls_failed);
    BOOST_TEST(it.one.refused());
    BOOST_TEST(it.one.permanent());
    BOOST_TEST(!it.one.never_opened());
    BOOST_TEST(it.owed == numbers{0}, boost::test_tools::per_element());
    BOOST_TEST(it.unsent == numbers{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(closing_it_says_nothing_to_the_listener)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.flush();
    it.one.close();
    BOOST_TEST(it.wire().closed());
    BOOST_TEST(!it.closed_with.has_value());
    BOOST_TEST(it.one.deadline() == time_point::max());
    BOOST_TEST(it.one.take_written().size() == 1u);
}

BOOST_AUTO_TEST_CASE(connecting_for_too_long_says_at_what)
{
    bench it;
    BOOST_TEST(it.one.deadline() == it.net.now + test_session_limits().connect_timeout);
    it.wait(9s);
    BOOST_TEST(!it.closed_with.has_value());
    it.wait(1s);
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.closed_with->code == errc::connect_failed);
    BOOST_TEST(it.closed_with->detail.find("connecting to example.org:443") == 0u);
    BOOST_TEST(it.one.never_opened());
    BOOST_TEST(it.wire().closed());
}

BOOST_AUTO_TEST_CASE(a_connection_that_owes_nothing_idles_from_its_last_answer)
{
    bench it;
    it.net.now += 3s;
    it.wire().come_up();
    BOOST_TEST(it.one.deadline() == it.net.now + test_session_limits().idle_timeout);
    it.net.now += 10s;
    it.submit(0);
    it.flush();
    it.net.now += 1s;
    it.wire().bring(reply_to(0));
    BOOST_TEST(it.one.deadline() == it.net.now + test_session_limits().idle_timeout);
    it.wait(59s);
    BOOST_TEST(!it.closed_with.has_value());
    it.wait(1s);
    BOOST_TEST(it.closed_with.has_value());
    BOOST_TEST(!it.one.ended_by_peer());
}

BOOST_AUTO_TEST_CASE(a_connection_that_owes_an_answer_stalls_from_its_last_byte)
{
    bench it;
    it.wire().come_up();
    it.net.now += 30s;
    it.submit(0);
    it.flush();
    BOOST_TEST(it.one.deadline() == it.net.now + test_session_limits().stall_timeout);
    it.wait(4s);
    it.wire().bring("HTTP/1.1 2");
    BOOST_TEST(it.one.deadline() == it.net.now + test_session_limits().stall_timeout);
    it.wait(4s);
    BOOST_TEST(!it.closed_with.has_value());
    it.submit(1);
    it.flush();
    it.wait(1s);
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.closed_with->code == errc::connection_lost);
    BOOST_TEST(it.closed_with->detail.find("stall_timeout") != std::string::npos);
    BOOST_TEST(it.owed == numbers{0}, boost::test_tools::per_element());
    BOOST_TEST(it.unsent == numbers{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_answer_that_trickles_ends_it_in_its_time)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.flush();
    it.wire().bring("HTTP/1.1 200 OK\r\nX: ");
    for (int seconds = 0; seconds < 16; seconds += 4) {
        it.wait(4s);
        BOOST_TEST_REQUIRE(!it.closed_with.has_value());
        it.wire().bring("x");
    }
    it.wait(3s);
    BOOST_TEST(!it.closed_with.has_value());
    it.wait(1s);
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.closed_with->code == errc::connection_lost);
    BOOST_TEST(it.closed_with->detail.find("config::answer_timeout") != std::string::npos);
    BOOST_TEST(!it.one.stalled_since().has_value()); // it did show bytes
    BOOST_TEST(it.owed == numbers{0}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_waits_for_may_trickle_for_one_stall_timeout)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.flush();
    it.wait(2s);
    BOOST_TEST(!it.one.withdraw(*it.slots[0]));
    it.wire().bring("HTTP/1.1 200 OK\r\nX: ");
    it.wait(4s);
    it.wire().bring("x");
    BOOST_TEST(it.one.deadline() == it.net.now + 1s);
    it.wait(1s);
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.closed_with->detail.find("nobody waits") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_tells_since_when_it_had_stalled_and_a_byte_clears_the_suspicion)
{
    bench it;
    it.net.now += 1s;
    it.wire().come_up();
    BOOST_TEST(it.one.heard_at() == it.net.now);
    it.net.now += 1s;
    it.submit(0);
    it.flush();
    it.one.suspect();
    it.net.now += 1s;
    it.wire().bring("H");
    BOOST_TEST(!it.one.suspected());
    BOOST_TEST(it.one.heard_at() == it.net.now);
    const auto last = it.net.now;
    it.wait(5s);
    BOOST_TEST_REQUIRE(it.closed_with.has_value());
    BOOST_TEST(it.one.stalled_since() == last);
}

BOOST_AUTO_TEST_SUITE_END()
