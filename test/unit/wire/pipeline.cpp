#include "wire/pipeline.hpp"

#include "support/printing.hpp"
#include "unit/support/conversation.hpp"

BOOST_AUTO_TEST_SUITE(unit_wire_pipeline)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using namespace std::chrono_literals;
using action = wire::pipeline::action;
using state = wire::slot::state;
using numbers = std::vector<std::size_t>;

namespace {

std::string request_of(const request_slot& which)
{
    secret_bytes out;
    test_head().append({"PATCH", "/api_keys", which.body()}, out);
    return {out.begin(), out.end()};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_slot_goes_from_waiting_to_staged_to_written_and_out)
{
    conversation talk(1);
    BOOST_TEST(talk[0].where() == state::waiting);
    talk.stage(0);
    BOOST_TEST(talk[0].where() == state::staged);
    BOOST_TEST(talk.line.staged() == 1u);
    BOOST_TEST(talk.line.owed() == 0u);
    (void)talk.gather();
    BOOST_TEST(talk[0].where() == state::written);
    BOOST_TEST(talk.line.staged() == 0u);
    BOOST_TEST(talk.line.owed() == 1u);
    BOOST_TEST(talk.feed(reply_to(0)) == action::read);
    BOOST_TEST(!talk[0].is_linked());
    BOOST_TEST(talk[0].where() == state::written); // until reset()
    talk[0].reset();
    BOOST_TEST(talk[0].where() == state::waiting);
    BOOST_TEST(talk.line.in_flight() == 0u);
    BOOST_TEST(talk.line.answers() == 1u);
}

BOOST_AUTO_TEST_CASE(one_write_takes_all_that_is_staged_in_order_and_nothing_twice)
{
    conversation talk(3);
    talk.stage(0);
    talk.stage(1);
    BOOST_TEST(talk.gather() == request_of(talk[0]) + request_of(talk[1]));
    BOOST_TEST(talk.gather().empty());
    talk.stage(2);
    BOOST_TEST(talk.line.in_flight() == 3u);
    BOOST_TEST(talk.gather() == request_of(talk[2]));
}

BOOST_AUTO_TEST_CASE(gathering_appends_to_what_is_there)
{
    conversation talk(1);
    talk.stage(0);
    secret_bytes out("before ");
    talk.line.gather(out, start_time);
    BOOST_TEST(out == secret_bytes("before ") + secret_bytes(request_of(talk[0]).c_str()));
}

BOOST_AUTO_TEST_CASE(answers_go_to_the_requests_in_order)
{
    conversation talk(3);
    talk.stage_and_write_all();
    BOOST_TEST(talk.feed(reply_to(0) + reply_to(1) + reply_to(2)) == action::read);
    BOOST_TEST_REQUIRE(talk.answers.size() == 3u);
    for (std::size_t i = 0; i < 3; ++i)
        BOOST_TEST(talk.answers[i] == std::tuple(i, "reply-" + std::to_string(i), false),
                   "request " << i << ": " << std::get<1>(talk.answers[i]));
}

BOOST_AUTO_TEST_CASE(a_staged_request_behind_written_ones_keeps_its_place)
{
    conversation talk(3);
    talk.stage(0);
    (void)talk.gather();
    talk.stage(1);
    talk.stage(2);
    BOOST_TEST(talk.feed(reply_to(0)) == action::read);
    (void)talk.gather();
    BOOST_TEST(talk.feed(reply_to(1) + reply_to(2)) == action::read);
    BOOST_TEST(talk.answers.size() == 3u);
    BOOST_TEST(std::get<0>(talk.answers[2]) == 2u);
}

BOOST_AUTO_TEST_CASE(connection_close_ends_it_and_leaves_the_others_unanswered)
{
    conversation talk(4);
    talk.stage(0);
    talk.stage(1);
    talk.stage(2);
    (void)talk.gather();
    talk.stage(3);
    BOOST_TEST(!talk.line.ended());
    BOOST_TEST(talk.feed(reply_to(0) + reply_to(1, "Connection: close\r\n")) == action::read);
    BOOST_TEST(talk.line.ended());
    BOOST_TEST(talk.answers.size() == 2u);
    BOOST_TEST(talk.owed() == numbers{2}, boost::test_tools::per_element());
    BOOST_TEST(talk.staged() == numbers{3}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_answer_behind_one_that_said_close_is_not_believed)
{
    conversation talk(2);
    talk.stage_and_write_all();
    BOOST_TEST(talk.feed(reply_to(0, "Connection: close\r\n") + reply_to(1)) == action::fail);
    BOOST_TEST(talk.line.why().code == errc::protocol_error);
    BOOST_TEST(talk.answers.size() == 1u);
    BOOST_TEST(talk.owed() == numbers{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_orderly_end_with_nothing_owed_asks_for_a_close)
{
    for (const bool clean : {true, false}) {
        conversation talk(2);
        talk.stage(0);
        (void)talk.gather();
        (void)talk.feed(reply_to(0));
        talk.stage(1);
        BOOST_TEST(talk.end(clean) == action::close);
        BOOST_TEST(talk.line.ended());
        BOOST_TEST(talk.staged() == numbers{1}, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(an_end_that_owes_answers_says_where_it_came)
{
    for (const bool clean : {true, false}) {
        conversation before(1);
        before.stage_and_write_all();
        BOOST_TEST(before.end(clean) == action::fail);
        BOOST_TEST(before.line.why().code == errc::connection_lost);
        BOOST_TEST(before.line.why().detail.find("before the answer") != std::string::npos);

        conversation amid(1);
        amid.stage_and_write_all();
        BOOST_TEST(amid.feed("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab") == action::read);
        BOOST_TEST(amid.end(clean) == action::fail);
        BOOST_TEST(amid.line.why().detail.find("middle of an answer") != std::string::npos);
        BOOST_TEST((amid.line.why().detail.find("close_notify") == std::string::npos) == clean);
        BOOST_TEST(amid.owed() == numbers{0}, boost::test_tools::per_element());
    }
}

// RFC 9112 section 9.8.
BOOST_AUTO_TEST_CASE(an_answer_without_a_length_is_complete_only_with_a_close_notify)
{
    for (const bool clean : {true, false}) {
        conversation talk(2);
        talk.stage_and_write_all();
        BOOST_TEST(talk.feed("HTTP/1.1 200 OK\r\n\r\nuntil the end") == action::read);
        BOOST_TEST(talk.end(clean) == (clean ? action::answer : action::fail));
        BOOST_TEST(talk.answers.size() == (clean ? 1u : 0u));
        if (clean) {
            BOOST_TEST(std::get<1>(talk.answers[0]) == "until the end");
            BOOST_TEST(talk.line.ended());
        }
        BOOST_TEST(talk.owed() == (clean ? numbers{1} : numbers{0, 1}), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(what_the_parser_refuses_fails_with_its_reason)
{
    conversation talk(2);
    talk.stage_and_write_all();
    BOOST_TEST(talk.feed(reply_to(0) + "HTTP/2.0 200 OK\r\n\r\n") == action::fail);
    BOOST_TEST(talk.line.why().code == errc::protocol_error);
    BOOST_TEST(!talk.line.why().detail.empty());
    BOOST_TEST(talk.answers.size() == 1u);
    BOOST_TEST(talk.owed() == numbers{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_slot_put_back_is_owed_again_in_front)
{
    conversation talk(3);
    talk.stage_and_write_all();
    const auto step = talk.line.receive(reply_to(0), start_time);
    BOOST_TEST_REQUIRE(step.what == action::answer);
    BOOST_TEST(talk.line.answers() == 1u);
    talk.line.put_back(*step.who);
    BOOST_TEST(talk.line.answers() == 0u);
    BOOST_TEST(talk.line.owed() == 3u);
    BOOST_TEST(talk.owed() == (numbers{0, 1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(slots_are_taken_in_order_and_only_once)
{
    conversation talk(5);
    talk.stage(3);
    talk.stage(1);
    (void)talk.gather();
    talk.stage(4);
    talk.stage(0);
    BOOST_TEST(talk.owed() == (numbers{3, 1}), boost::test_tools::per_element());
    BOOST_TEST(talk.staged() == (numbers{4, 0}), boost::test_tools::per_element());
    BOOST_TEST(talk.line.in_flight() == 0u);
    BOOST_TEST(talk.owed().empty());
    BOOST_TEST(talk.staged().empty());
}

BOOST_AUTO_TEST_CASE(silence_begins_with_the_oldest_request_and_again_with_every_byte)
{
    conversation talk(3);
    BOOST_TEST(!talk.line.silent_since().has_value());
    talk.stage(0);
    BOOST_TEST(!talk.line.silent_since().has_value());
    (void)talk.gather(start_time);
    BOOST_TEST(talk.line.silent_since() == start_time);
    talk.stage(1);
    (void)talk.gather(start_time + 1s); // does not hide that the first has waited longer
    BOOST_TEST(talk.line.silent_since() == start_time);
    (void)talk.feed("HTTP/1.1 200", start_time + 2s);
    BOOST_TEST(talk.line.silent_since() == start_time + 2s);
    (void)talk.feed(" OK\r\nContent-Length: 0\r\n\r\n", start_time + 3s);
    BOOST_TEST(talk.line.silent_since() == start_time + 3s);
    (void)talk.feed(reply_to(1), start_time + 4s);
    BOOST_TEST(!talk.line.silent_since().has_value());
    talk.stage(2);
    (void)talk.gather(start_time + 1h);
    BOOST_TEST(talk.line.silent_since() == start_time + 1h);
}

BOOST_AUTO_TEST_CASE(no_bytes_are_no_news)
{
    conversation talk(1);
    BOOST_TEST(talk.feed("") == action::read);
    talk.stage_and_write_all();
    BOOST_TEST(talk.feed("", start_time + 1s) == action::read);
    BOOST_TEST(talk.line.silent_since() == start_time);
}

namespace {

using lateness = wire::pipeline::lateness;

void check_overdue(conversation& talk, std::chrono::seconds at, lateness why)
{
    const wire::time_point when = talk.line.deadline();
    BOOST_TEST((when - start_time) / 1s == at / 1s);
    BOOST_TEST(!talk.line.tick(when - 1ms).has_value());
    const auto late = talk.line.tick(when);
    BOOST_TEST_REQUIRE(late.has_value());
    BOOST_TEST(late->why == why);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_answer_is_overdue_when_no_byte_comes_and_when_it_is_not_whole_in_time)
{
    conversation talk(2);
    BOOST_TEST(talk.line.deadline() == wire::time_point::max());
    talk.stage(0);
    (void)talk.gather();
    check_overdue(talk, 10s, lateness::silent);
    (void)talk.feed("H", start_time + 8s);
    check_overdue(talk, 18s, lateness::silent);
    (void)talk.feed("T", start_time + 16s);
    check_overdue(talk, 20s, lateness::slow);
    talk.stage(1); // behind it, and gets no time before it is the first
    (void)talk.gather(start_time + 17s);
    check_overdue(talk, 20s, lateness::slow);
    (void)talk.feed(reply_to(0).substr(2), start_time + 18s);
    check_overdue(talk, 28s, lateness::silent);
    (void)talk.feed("H", start_time + 27s);
    (void)talk.feed("T", start_time + 36s);
    check_overdue(talk, 38s, lateness::slow);
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_waits_for_gets_the_time_of_one_silence_in_all)
{
    conversation talk(3);
    talk.stage_and_write_all();
    (void)talk.feed("H", start_time + 1s);
    (void)talk.line.withdraw(talk[1], start_time + 2s); // not the first: that one has its time
    check_overdue(talk, 11s, lateness::silent);
    (void)talk.line.withdraw(talk[0], start_time + 3s);
    check_overdue(talk, 11s, lateness::silent);
    (void)talk.feed("T", start_time + 9s);
    check_overdue(talk, 13s, lateness::unwanted);
    (void)talk.feed(reply_to(0).substr(2), start_time + 12s);
    (void)talk.feed("H", start_time + 13s);
    check_overdue(talk, 22s, lateness::unwanted); // the next has its own
    (void)talk.feed(reply_to(1).substr(1), start_time + 14s);
    (void)talk.feed("H", start_time + 23s);
    check_overdue(talk, 33s, lateness::silent);
}

BOOST_AUTO_TEST_CASE(a_stall_exempt_request_is_overdue_only_when_nobody_waits_for_it)
{
    request_slot patient(0, true);
    conversation talk(0);
    talk.line.stage(patient);
    (void)talk.gather();
    BOOST_TEST(talk.line.deadline() == wire::time_point::max());
    (void)talk.feed("H", start_time + 100s);
    BOOST_TEST(talk.line.deadline() == wire::time_point::max());
    (void)talk.line.withdraw(patient, start_time + 101s);
    (void)talk.feed("T", start_time + 105s);
    check_overdue(talk, 111s, lateness::unwanted);
    BOOST_TEST(talk.line.take_written().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
