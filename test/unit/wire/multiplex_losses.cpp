// What becomes of requests over HTTP/2 whose answers do not come: resets, GOAWAY, and what is no HTTP/2.
#include "support/printing.hpp"
#include "unit/support/http2_talk.hpp"

BOOST_AUTO_TEST_SUITE(unit_wire_multiplex_losses)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using action = wire::conversation::action;
using texts = std::vector<std::string>;

namespace {

// Requests that are written, and a peer that has said its SETTINGS.
struct written final : http2_talk {
    explicit written(std::size_t count, wire::conversation_limits limits = {}) : http2_talk(count, limits)
    {
        stage_and_write();
        BOOST_TEST(feed(peer.settings() + http2_peer::settings_ack()) == action::read);
        write();
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_refused_stream_is_refused_and_the_others_go_on)
{
    written talk(3);
    BOOST_TEST(talk.feed(talk.peer.reset(3, NGHTTP2_REFUSED_STREAM) + talk.peer.answer(5, "5")) == action::read);
    BOOST_TEST(talk.news() == (texts{"lost 1 refused connection_lost: the server reset the request's stream: "
                                     "REFUSED_STREAM",
                                     "answer 2 200 5"}),
               boost::test_tools::per_element());
    BOOST_TEST(talk.line.owed() == 1u);
    BOOST_TEST(!talk.line.ending());
    BOOST_TEST(!talk.line.take_wishes().fewer_requests);
}

BOOST_AUTO_TEST_CASE(any_other_reset_leaves_its_request_unanswered)
{
    for (const unsigned code : {NGHTTP2_NO_ERROR, NGHTTP2_INTERNAL_ERROR, NGHTTP2_CANCEL, NGHTTP2_STREAM_CLOSED}) {
        written talk(1);
        BOOST_TEST(talk.feed(talk.peer.reset(1, code)) == action::read);
        BOOST_TEST(talk.news() == texts{"lost 0 unanswered connection_lost: the server reset the request's stream: " +
                                        std::string(nghttp2_http2_strerror(code))},
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_stream_that_has_begun_to_answer_was_not_refused)
{
    written talk(1);
    BOOST_TEST(talk.feed(talk.peer.head(1, "200") + talk.peer.reset(1, NGHTTP2_REFUSED_STREAM)) == action::read);
    BOOST_TEST(talk.log.at(0).starts_with("lost 0 unanswered connection_lost"));
}

BOOST_AUTO_TEST_CASE(a_refusal_that_breaks_off_keeps_its_status)
{
    written talk(1);
    BOOST_TEST(talk.feed(talk.peer.head(1, "404") + talk.peer.data(1, "{", http2_peer::none) +
                         talk.peer.reset(1, NGHTTP2_INTERNAL_ERROR)) == action::read);
    BOOST_TEST(talk.news() == texts{"answer 0 404 { broken: connection_lost: the server reset the request's stream: "
                                    "INTERNAL_ERROR"},
               boost::test_tools::per_element());
    BOOST_TEST(talk.line.answers() == 1u);
}

// RFC 9113 section 8.1.
BOOST_AUTO_TEST_CASE(a_reset_behind_a_whole_answer_changes_nothing)
{
    written talk(2);
    BOOST_TEST(talk.feed(talk.peer.answer(1, "done") + talk.peer.reset(1, NGHTTP2_NO_ERROR) +
                         talk.peer.answer(3, "too")) == action::read);
    BOOST_TEST(talk.news() == (texts{"answer 0 200 done", "answer 1 200 too"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(calm_and_the_older_protocol_are_wishes)
{
    written talk(4);
    BOOST_TEST(talk.feed(talk.peer.reset(1, NGHTTP2_ENHANCE_YOUR_CALM)) == action::read);
    BOOST_TEST(talk.line.take_wishes().fewer_requests);
    BOOST_TEST(!talk.line.take_wishes().fewer_requests);
    BOOST_TEST(talk.news().at(0).starts_with("lost 0 unanswered"));
    BOOST_TEST(talk.feed(talk.peer.reset(3, NGHTTP2_HTTP_1_1_REQUIRED)) == action::read);
    BOOST_TEST(talk.line.take_wishes().older_protocol);
    BOOST_TEST(talk.news().at(0).starts_with("lost 1 outdated"));
    BOOST_TEST(talk.feed(talk.peer.goaway(5, NGHTTP2_ENHANCE_YOUR_CALM)) == action::read);
    BOOST_TEST(talk.line.take_wishes().fewer_requests);
    BOOST_TEST(talk.news().at(0).starts_with("lost 3 not_processed"));
    BOOST_TEST(talk.feed(talk.peer.goaway(5, NGHTTP2_HTTP_1_1_REQUIRED)) == action::read);
    BOOST_TEST(talk.line.take_wishes().older_protocol);
    BOOST_TEST(talk.line.owed() == 1u);
}

BOOST_AUTO_TEST_CASE(goaway_tells_what_was_not_processed_and_lets_the_rest_finish)
{
    written talk(3);
    talk.add("PATCH", "late");
    talk.line.stage(talk[3]);
    BOOST_TEST(talk.feed(talk.peer.goaway(3)) == action::read);
    BOOST_TEST(talk.news() ==
                   texts{"lost 2 not_processed connection_lost: the server ends the connection (GOAWAY, NO_ERROR)"},
               boost::test_tools::per_element());
    BOOST_TEST(talk.line.ending());
    BOOST_TEST(!talk.line.ended());
    BOOST_TEST(talk.line.capacity() == 0u);
    BOOST_TEST(talk.line.sendable() == 0u);
    BOOST_TEST(talk.write().empty());
    BOOST_TEST(talk.line.take_staged().size() == 1u);
    BOOST_TEST(talk.feed(talk.peer.answer(3, "b")) == action::read);
    BOOST_TEST(!talk.line.ended());
    BOOST_TEST(talk.feed(talk.peer.answer(1, "a")) == action::close);
    BOOST_TEST(talk.line.ended());
    BOOST_TEST(talk.news() == (texts{"answer 1 200 b", "answer 0 200 a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_second_goaway_may_lower_the_last_stream)
{
    written talk(3);
    BOOST_TEST(talk.feed(talk.peer.goaway(0x7FFF'FFFF)) == action::read);
    BOOST_TEST(talk.news().empty());
    BOOST_TEST(talk.line.ending());
    BOOST_TEST(talk.feed(talk.peer.answer(3, "b") + talk.peer.goaway(3)) == action::read);
    BOOST_TEST(talk.news().size() == 2u); // the answer, and stream 5
    BOOST_TEST(talk.feed(talk.peer.goaway(0)) == action::close);
    BOOST_TEST(talk.news().at(0).starts_with("lost 0 not_processed"));
}

BOOST_AUTO_TEST_CASE(goaway_does_not_unmake_what_has_begun)
{
    written talk(2);
    BOOST_TEST(talk.feed(talk.peer.head(1, "200") + talk.peer.head(3, "503") + talk.peer.goaway(0)) == action::close);
    const texts news = talk.news();
    BOOST_TEST_REQUIRE(news.size() == 2u);
    for (const std::string& each : news)
        BOOST_TEST((each.starts_with("lost 0 unanswered") || each.starts_with("answer 1 503  broken")), each);
}

BOOST_AUTO_TEST_CASE(goaway_with_nothing_owed_closes)
{
    written idle(0);
    BOOST_TEST(idle.feed(idle.peer.goaway(0)) == action::close);
    written used(1);
    BOOST_TEST(used.feed(used.peer.answer(1, "") + used.peer.goaway(1)) == action::close);
}

BOOST_AUTO_TEST_CASE(why_a_server_goes_away_is_told_without_secrets)
{
    written talk(2);
    const std::string said = "too many of token\r\n\tat a time, VENICE_ADMIN_KEY_abc, " + std::string(30, 'x');
    BOOST_TEST(talk.feed(talk.peer.goaway(1, NGHTTP2_INTERNAL_ERROR, said)) == action::read);
    BOOST_TEST(talk.news() == texts{"lost 1 not_processed connection_lost: the server ends the connection (GOAWAY, "
                                    "INTERNAL_ERROR): too many of [redacted] at a time, [redacted], [redacted]"},
               boost::test_tools::per_element());
    BOOST_TEST(talk.end(true) == action::fail);
    BOOST_TEST(talk.why().find("GOAWAY, INTERNAL_ERROR") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_malformed_answer_costs_its_own_stream)
{
    using fields = http2_peer::fields;
    const fields bad_heads[] = {
        {{"date", "x"}},                               // no status
        {{":status", "200"}, {":status", "200"}},      // twice
        {{"date", "x"}, {":status", "200"}},           // behind a field
        {{":status", "101"}},                          // nobody asked to switch
        {{":status", "20"}},                           // no status code
        {{":status", "099"}},                          // no status code
        {{":status", "200"}, {":path", "/"}},          // of a request
        {{":status", "200"}, {"connection", "close"}}, // of HTTP/1.1 (RFC 9113 section 8.2.2)
        {{":status", "200"}, {"transfer-encoding", "chunked"}},
        {{":status", "200"}, {"content-length", "5"}, {"content-length", "6"}},
        {{":status", "200"}, {"content-length", "x"}},
        {{":status", "200"}, {"content-encoding", "gzip"}},
    };
    for (const fields& each : bad_heads)
        BOOST_TEST_CONTEXT("from " << each.front().first << ' ' << each.back().first << ' ' << each.back().second)
        {
            written talk(2);
            BOOST_TEST(talk.feed(talk.peer.headers(1, each) + talk.peer.data(1, "") + talk.peer.answer(3, "fine")) ==
                       action::read);
            BOOST_TEST_REQUIRE(talk.log.size() == 2u);
            std::ranges::sort(talk.log);
            BOOST_TEST(talk.log[0] == "answer 1 200 fine");
            BOOST_TEST(talk.log[1].starts_with("lost 0 unanswered protocol_error: "), talk.log[1]);
            talk.write();
            BOOST_TEST(talk.peer.resets(1).size() == 1u);
            // What was under way before the peer knew of it is skipped.
            BOOST_TEST(talk.feed(talk.peer.data(1, "more", http2_peer::none)) == action::read);
        }
}

BOOST_AUTO_TEST_CASE(a_body_of_another_length_than_was_said_is_malformed)
{
    for (const std::string_view body : {"1234", "123456"}) {
        written talk(2);
        BOOST_TEST(talk.feed(talk.peer.head(1, "200", {{"content-length", "5"}}) + talk.peer.data(1, body)) ==
                   action::read);
        BOOST_TEST_REQUIRE(talk.log.size() == 1u);
        BOOST_TEST(talk.log[0].starts_with("lost 0 unanswered protocol_error: "), talk.log[0]);
        BOOST_TEST(talk.feed(talk.peer.head(3, "404", {{"content-length", "5"}}) + talk.peer.data(3, body)) ==
                   action::read);
        BOOST_TEST(talk.log.at(1).starts_with("answer 1 404 "), talk.log.at(1));
        BOOST_TEST(talk.log.at(1).find(" broken: protocol_error") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_ninth_interim_answer_is_one_too_many)
{
    written talk(2);
    std::string bytes;
    for (int i = 0; i < 9; ++i)
        bytes += talk.peer.head(1, "103");
    BOOST_TEST(talk.feed(bytes + talk.peer.answer(3, "")) == action::read);
    BOOST_TEST(talk.news() == (texts{"lost 0 unanswered protocol_error: more than eight interim (1xx) answers came",
                                     "answer 1 200 "}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_answer_that_ends_with_an_interim_head_is_malformed)
{
    written talk(1);
    BOOST_TEST(talk.feed(talk.peer.head(1, "103", {}, http2_peer::end_headers | http2_peer::end_stream)) ==
               action::read);
    BOOST_TEST(talk.log.at(0).starts_with("lost 0 unanswered protocol_error"));
}

BOOST_AUTO_TEST_CASE(the_end_of_the_stream_says_where_it_came)
{
    for (const bool clean : {true, false}) {
        written before(2);
        BOOST_TEST(before.feed(before.peer.answer(1, "")) == action::read);
        BOOST_TEST(before.end(clean) == action::fail);
        BOOST_TEST(before.why().starts_with("connection_lost: the connection ended before the answer"));
        BOOST_TEST((before.why().find("close_notify") == std::string::npos) == clean);

        written amid(1);
        BOOST_TEST(amid.feed(amid.peer.head(1, "200")) == action::read);
        BOOST_TEST(amid.end(clean) == action::fail);
        BOOST_TEST(amid.why().find("in the middle of an answer") != std::string::npos);

        written idle(1);
        BOOST_TEST(idle.feed(idle.peer.answer(1, "")) == action::read);
        BOOST_TEST(idle.end(clean) == action::close);
        BOOST_TEST(idle.line.ended());
    }
}

BOOST_AUTO_TEST_CASE(an_end_gives_what_came_before_it_first)
{
    written talk(3);
    const std::string bytes = talk.peer.answer(1, "a") + talk.peer.answer(3, "b");
    const auto step = talk.line.receive(bytes, start_time);
    BOOST_TEST(step.what == action::answer);
    BOOST_TEST(step.consumed == bytes.size());
    BOOST_TEST(talk.end(true) == action::fail);
    BOOST_TEST(talk.news() == texts{"answer 1 200 b"}, boost::test_tools::per_element());
    talk.give_up();
    BOOST_TEST(talk.news() == texts{"unanswered 2"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refusals_that_were_under_way_are_found_when_the_connection_is_given_up)
{
    written talk(4);
    BOOST_TEST(talk.feed(talk.peer.head(3, "404") + talk.peer.head(5, "200") + talk.peer.head(7, "503")) ==
               action::read);
    BOOST_TEST(talk.end(false) == action::fail);
    talk.give_up();
    BOOST_TEST(talk.news() == (texts{"refused 1 404", "refused 3 503", "unanswered 0", "unanswered 2"}),
               boost::test_tools::per_element());
    BOOST_TEST(talk.line.answers() == 2u);
    BOOST_TEST(talk.line.in_flight() == 0u);
    BOOST_TEST(talk.line.take_written().empty());
}

BOOST_AUTO_TEST_CASE(a_refusal_that_is_put_back_is_not_given_twice)
{
    written talk(1);
    BOOST_TEST(talk.feed(talk.peer.head(1, "404")) == action::read);
    const auto refused = talk.line.take_refused();
    BOOST_TEST_REQUIRE(refused.who == &talk[0]);
    talk.line.put_back(*refused.who);
    BOOST_TEST(talk.line.take_refused().who == nullptr);
    BOOST_TEST(talk.line.take_written().size() == 1u);
    BOOST_TEST(talk.line.answers() == 0u);
}

// Promise 2: nothing later on a connection is believed once an answer was for another request.
BOOST_AUTO_TEST_CASE(a_slot_put_back_is_owed_in_front_and_what_came_later_is_not_believed)
{
    written talk(3);
    const auto step = talk.line.receive(talk.peer.answer(3, "?") + talk.peer.head(5, "404"), start_time);
    BOOST_TEST_REQUIRE(step.what == action::answer);
    talk.line.put_back(*step.who);
    BOOST_TEST(talk.line.owed() == 3u);
    talk.give_up();
    BOOST_TEST(talk.news() == (texts{"unanswered 1", "unanswered 0", "unanswered 2"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(answers_that_were_not_given_yet_are_owed)
{
    written talk(3);
    const auto step = talk.line.receive(talk.peer.answer(3, "b") + talk.peer.answer(5, "c"), start_time);
    BOOST_TEST_REQUIRE(step.what == action::answer);
    BOOST_TEST(talk.line.owed() == 2u);
    talk.give_up();
    BOOST_TEST(talk.news() == (texts{"unanswered 0", "unanswered 2"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_http2_fails)
{
    http2_talk talk(1);
    talk.stage_and_write();
    BOOST_TEST(talk.feed("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n") == action::fail);
    BOOST_TEST(talk.why() ==
               "protocol_error: the server broke the rules of HTTP/2 (PROTOCOL_ERROR): SETTINGS expected");
    talk.give_up();
    BOOST_TEST(talk.news() == texts{"unanswered 0"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_surplus_answer_poisons_and_the_right_ones_stay)
{
    written talk(2);
    BOOST_TEST(talk.feed(talk.peer.answer(1, "right") + talk.peer.answer(1, "again")) == action::fail);
    BOOST_TEST(talk.why() == "protocol_error: an answer came on stream 1, which was owed none");
    BOOST_TEST(talk.news() == texts{"answer 0 200 right"}, boost::test_tools::per_element());
    written other(1);
    BOOST_TEST(other.feed(other.peer.answer(1, "") + other.peer.data(1, "x")) == action::fail);
}

BOOST_AUTO_TEST_CASE(an_answer_to_a_request_that_was_not_sent_poisons)
{
    written talk(1);
    talk.add("PATCH");
    talk.line.stage(talk[1]);
    BOOST_TEST(talk.feed(talk.peer.answer(3, "?")) == action::fail);
    BOOST_TEST(talk.why().starts_with("protocol_error: "));
    BOOST_TEST(talk.line.take_staged().size() == 1u);
    BOOST_TEST(talk.line.take_written().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
