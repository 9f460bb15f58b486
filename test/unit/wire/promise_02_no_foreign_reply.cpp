// Promise 2, never someone else's reply: on one connection, in the pipeline's part of it.
#include "support/printing.hpp"
#include "unit/support/conversation.hpp"

BOOST_AUTO_TEST_SUITE(unit_wire_promise_02_no_foreign_reply)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using action = wire::pipeline::action;
using state = wire::slot::state;
using numbers = std::vector<std::size_t>;

BOOST_AUTO_TEST_CASE(bytes_with_nothing_outstanding_poison)
{
    conversation fresh(0);
    BOOST_TEST(fresh.feed(reply_to(0)) == action::fail);
    BOOST_TEST(fresh.line.why().code == errc::protocol_error);

    conversation used(1);
    used.stage_and_write_all();
    BOOST_TEST(used.feed(reply_to(0)) == action::read);
    BOOST_TEST(used.feed("\r\n") == action::fail);
    BOOST_TEST(used.line.why().code == errc::protocol_error);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_only_staged_is_not_outstanding)
{
    conversation talk(1);
    talk.stage(0);
    BOOST_TEST(talk.feed(reply_to(0)) == action::fail);
    BOOST_TEST(talk.answers.empty());
    BOOST_TEST(talk.staged() == numbers{0}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_surplus_answer_poisons_and_the_right_ones_stay)
{
    conversation talk(2);
    talk.stage_and_write_all();
    BOOST_TEST(talk.feed(reply_to(0) + reply_to(1) + reply_to(2)) == action::fail);
    BOOST_TEST(talk.line.why().code == errc::protocol_error);
    BOOST_TEST(talk.answers.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_second_answer_to_one_request_poisons_before_the_next_request_is_written)
{
    conversation talk(2);
    talk.stage(0);
    (void)talk.gather();
    talk.stage(1);
    BOOST_TEST(talk.feed(reply_to(0) + "H") == action::fail);
    BOOST_TEST(talk.staged() == numbers{1}, boost::test_tools::per_element());
}

// Five requests, the third abandoned after it was written, and every way to cut what comes into two.
BOOST_AUTO_TEST_CASE(a_script_of_five_with_one_abandoned_ends_alike_wherever_it_is_cut)
{
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "6\r\nreply-\r\n1\r\n3\r\n0\r\nX: y\r\n\r\n";
    const std::string stream = reply_to(0) + "HTTP/1.1 100 Continue\r\n\r\n" + reply_to(1, "CF-RAY: 1\r\n") +
                               reply_to(2) + chunked + reply_to(4);
    for (std::size_t place = 0; place <= stream.size(); ++place) {
        BOOST_TEST_CONTEXT("cut at " << place)
        {
            conversation talk(5);
            talk.stage_and_write_all();
            BOOST_TEST(!talk.line.withdraw(talk[2], start_time));
            BOOST_TEST(talk.feed(std::string_view(stream).substr(0, place)) == action::read);
            BOOST_TEST(talk.feed(std::string_view(stream).substr(place)) == action::read);
            BOOST_TEST_REQUIRE(talk.answers.size() == 5u);
            for (std::size_t i = 0; i < 5; ++i)
                BOOST_TEST(talk.answers[i] == std::tuple(i, "reply-" + std::to_string(i), i == 2),
                           "request " << i << ": " << std::get<1>(talk.answers[i]));
            BOOST_TEST(talk.line.in_flight() == 0u);
            BOOST_TEST(talk.left.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(an_end_after_any_byte_leaves_just_the_unanswered_ones)
{
    const std::string one = reply_to(0);
    std::string stream;
    for (std::size_t i = 0; i < 4; ++i)
        stream += reply_to(i);
    for (std::size_t length = 0; length < stream.size(); ++length) {
        for (const bool clean : {true, false}) {
            BOOST_TEST_CONTEXT("the first " << length << " bytes")
            {
                conversation talk(4);
                talk.stage_and_write_all();
                BOOST_TEST(talk.feed(stream.substr(0, length)) == action::read);
                BOOST_TEST(talk.end(clean) == action::fail);
                BOOST_TEST(talk.line.why().code == errc::connection_lost);
                numbers left;
                for (std::size_t i = length / one.size(); i < 4; ++i)
                    left.push_back(i);
                BOOST_TEST(talk.owed() == left, boost::test_tools::per_element());
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
