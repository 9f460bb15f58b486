// Promise 3, cancelling shifts nothing: in the pipeline's part of it.
#include "support/printing.hpp"
#include "unit/support/conversation.hpp"

BOOST_AUTO_TEST_SUITE(unit_wire_promise_03_cancelling)

using namespace venice_keys;
using namespace venice_keys::test;
using action = wire::pipeline::action;
using state = wire::slot::state;
using numbers = std::vector<std::size_t>;

BOOST_AUTO_TEST_CASE(a_staged_slot_is_withdrawn_and_never_sent)
{
    conversation talk(3);
    for (std::size_t i = 0; i < 3; ++i)
        talk.stage(i);
    BOOST_TEST(talk.line.withdraw(talk[1], start_time));
    BOOST_TEST(talk[1].where() == state::waiting);
    BOOST_TEST(!talk[1].is_linked());
    const std::string sent = talk.gather();
    BOOST_TEST(sent.find("request-0") != std::string::npos);
    BOOST_TEST(sent.find("request-1") == std::string::npos);
    BOOST_TEST(sent.find("request-2") != std::string::npos);
    BOOST_TEST(talk.feed(reply_to(0) + reply_to(2)) == action::read);
    BOOST_TEST(talk.answers[1] == std::tuple(std::size_t{2}, std::string("reply-2"), false));
}

BOOST_AUTO_TEST_CASE(a_withdrawn_slot_can_be_staged_again_behind_the_others)
{
    conversation talk(2);
    talk.stage(0);
    talk.stage(1);
    BOOST_TEST(talk.line.withdraw(talk[0], start_time));
    talk.stage(0);
    const std::string sent = talk.gather();
    BOOST_TEST(sent.find("request-1") < sent.find("request-0"));
}

BOOST_AUTO_TEST_CASE(a_written_slot_swallows_its_answer_and_the_next_goes_to_the_next)
{
    for (std::size_t gone = 0; gone < 3; ++gone) {
        conversation talk(3);
        talk.stage_and_write_all();
        BOOST_TEST(!talk.line.withdraw(talk[gone], start_time));
        BOOST_TEST(talk[gone].where() == state::abandoned);
        BOOST_TEST(talk.line.owed() == 3u);
        BOOST_TEST(talk.feed(reply_to(0) + reply_to(1) + reply_to(2)) == action::read);
        for (std::size_t i = 0; i < 3; ++i)
            BOOST_TEST(talk.answers.at(i) == std::tuple(i, "reply-" + std::to_string(i), i == gone));
    }
}

BOOST_AUTO_TEST_CASE(a_slot_abandoned_in_the_middle_of_its_answer_swallows_the_rest)
{
    const std::string stream = reply_to(0) + reply_to(1);
    for (std::size_t place = 0; place < reply_to(0).size(); ++place) {
        conversation talk(2);
        talk.stage_and_write_all();
        (void)talk.feed(stream.substr(0, place));
        BOOST_TEST(!talk.line.withdraw(talk[0], start_time));
        BOOST_TEST(talk.feed(stream.substr(place)) == action::read);
        BOOST_TEST(talk.answers.at(0) == std::tuple(std::size_t{0}, std::string("reply-0"), true));
        BOOST_TEST(talk.answers.at(1) == std::tuple(std::size_t{1}, std::string("reply-1"), false));
    }
}

BOOST_AUTO_TEST_CASE(an_abandoned_slot_still_counts_as_in_flight_and_may_stall)
{
    conversation talk(1);
    talk.stage_and_write_all();
    (void)talk.line.withdraw(talk[0], start_time);
    BOOST_TEST(talk.line.in_flight() == 1u);
    BOOST_TEST(talk.line.silent_since().has_value());
}

BOOST_AUTO_TEST_CASE(an_abandoned_slot_is_given_back_when_the_connection_is_lost)
{
    conversation talk(3);
    talk.stage_and_write_all();
    (void)talk.line.withdraw(talk[1], start_time);
    BOOST_TEST(talk.end(false) == action::fail);
    BOOST_TEST(talk.owed() == (numbers{0, 1, 2}), boost::test_tools::per_element());
    BOOST_TEST(talk[0].where() == state::written);
    BOOST_TEST(talk[1].where() == state::abandoned);
}

BOOST_AUTO_TEST_SUITE_END()
