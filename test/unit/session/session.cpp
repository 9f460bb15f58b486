#include "session/session.hpp"

#include "unit/support/session_bench.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(unit_session_session)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using bench = session_bench;
using numbers = std::vector<std::size_t>;

BOOST_AUTO_TEST_CASE(it_connects_when_it_is_opened_and_says_when_it_is_up)
{
    bench it;
    BOOST_TEST(it.one.connecting());
    BOOST_TEST(!it.one.usable());
    BOOST_TEST(it.one.never_opened());
    BOOST_TEST(it.one.phase() == "connecting to example.org:443");
    it.wire().come_up(true);
    BOOST_TEST(it.opens == 1u);
    BOOST_TEST(it.was_resumed);
    BOOST_TEST(it.turns == 1u);
    BOOST_TEST(it.one.usable());
    BOOST_TEST(!it.one.connecting());
    BOOST_TEST(!it.one.never_opened());
    BOOST_TEST(!it.one.has_answered());
}

BOOST_AUTO_TEST_CASE(everything_staged_goes_out_in_one_write)
{
    bench it;
    it.wire().come_up();
    for (std::size_t i = 0; i < 3; ++i)
        it.submit(i);
    BOOST_TEST(it.flush() == 3u);
    BOOST_TEST(it.wire().writes() == 1u);
    BOOST_TEST(it.wire().requests().size() == 3u);
    BOOST_TEST(it.flush() == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_staged_during_a_write_goes_out_when_it_has_ended)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.flush();
    it.submit(1);
    it.submit(2);
    BOOST_TEST(it.flush() == 0u);
    BOOST_TEST(it.wire().requests().size() == 1u);
    it.wire().finish_write();
    BOOST_TEST(it.wire().requests().size() == 3u);
    BOOST_TEST(it.wire().writes() == 2u);
}

BOOST_AUTO_TEST_CASE(answers_go_out_as_many_as_arrive)
{
    bench it;
    it.wire().come_up();
    for (std::size_t i = 0; i < 4; ++i)
        it.submit(i);
    it.flush();
    const std::string two_and_a_half = reply_to(0) + reply_to(1) + reply_to(2).substr(0, 10);
    it.wire().bring(two_and_a_half);
    BOOST_TEST(it.answered == (numbers{0, 1}), boost::test_tools::per_element());
    BOOST_TEST(it.one.has_answered());
    it.wire().bring(reply_to(2).substr(10) + reply_to(3));
    BOOST_TEST(it.answered == (numbers{0, 1, 2, 3}), boost::test_tools::per_element());
    BOOST_TEST(it.one.in_flight() == 0u);
    BOOST_TEST(it.one.usable());
}

BOOST_AUTO_TEST_CASE(an_answer_may_come_before_the_write_has_ended)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.flush();
    it.wire().bring(reply_to(0));
    BOOST_TEST(it.answered == numbers{0}, boost::test_tools::per_element());
    it.submit(1);
    BOOST_TEST(it.flush() == 0u);
    it.wire().finish_write();
    BOOST_TEST(it.wire().requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_unsent_request_is_withdrawn_and_a_sent_one_is_not)
{
    bench it;
    it.wire().come_up();
    it.submit(0);
    it.submit(1);
    BOOST_TEST(it.one.withdraw(*it.slots[0]));
    it.flush();
    BOOST_TEST(it.wire().requests() == std::vector<std::string>{"request-1"}, boost::test_tools::per_element());
    BOOST_TEST(!it.one.withdraw(*it.slots[1]));
    it.wire().bring(reply_to(1));
    BOOST_TEST(it.answered == numbers{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
