// Requests over HTTP/2 as a server reads them, and their answers.
#include "support/printing.hpp"
#include "unit/support/http2_talk.hpp"

BOOST_AUTO_TEST_SUITE(unit_wire_multiplex_requests)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using namespace std::chrono_literals;
using action = wire::conversation::action;
using state = wire::slot::state;
using texts = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(a_server_reads_the_request_that_was_meant)
{
    http2_talk talk(1);
    talk.stage_and_write();
    const http2_request& seen = talk.peer.requests.at(1);
    texts fields;
    for (const http2_field& each : seen.fields)
        fields.push_back(each.name + ": " + each.value);
    const texts expected{":method: PATCH",
                         ":scheme: https",
                         ":authority: example.org",
                         ":path: /api_keys?id=",
                         "user-agent: test",
                         "accept: application/json",
                         "accept-encoding: identity",
                         "authorization: Bearer token",
                         "content-type: application/json",
                         "content-length: 9"};
    BOOST_TEST(fields == expected, boost::test_tools::per_element());
    BOOST_TEST(seen.body == "request-0");
    BOOST_TEST(seen.whole);
}

BOOST_AUTO_TEST_CASE(a_request_without_content_says_nothing_of_content)
{
    http2_talk talk;
    talk.add("GET");
    talk.stage_and_write();
    const http2_request& seen = talk.peer.requests.at(1);
    BOOST_TEST(seen[":method"] == "GET");
    BOOST_TEST(seen["content-type"] == "(none)");
    BOOST_TEST(seen["content-length"] == "(none)");
    BOOST_TEST(seen.whole);
    BOOST_TEST(talk.peer.count(NGHTTP2_DATA, http2_peer::end_stream) == 0u);
}

BOOST_AUTO_TEST_CASE(the_first_write_has_preface_settings_and_requests)
{
    http2_talk talk(2);
    BOOST_TEST(talk.line.wants_write()); // also with nothing staged
    talk.stage_and_write();
    const auto& frames = talk.peer.frames;
    BOOST_TEST_REQUIRE(frames.size() == 6u);
    BOOST_TEST(frames[0].type == NGHTTP2_SETTINGS);
    const std::string expected =
        http2_peer::number(NGHTTP2_SETTINGS_ENABLE_PUSH, 2) + http2_peer::number(0, 4) +
        http2_peer::number(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 2) + http2_peer::number(1024 * 1024, 4) +
        http2_peer::number(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, 2) + http2_peer::number(16 * 1024, 4) +
        http2_peer::number(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 2) + http2_peer::number(1, 4);
    BOOST_TEST(frames[0].payload == expected);
    BOOST_TEST(frames[1].type == NGHTTP2_WINDOW_UPDATE); // of the connection
    BOOST_TEST(frames[1].stream == 0);
    BOOST_TEST(http2_peer::value(frames[1].payload) > 10u * 1024 * 1024);
    for (const std::size_t nth : {0u, 1u}) { // each whole before the next
        BOOST_TEST(frames[2 + 2 * nth].type == NGHTTP2_HEADERS);
        BOOST_TEST(frames[3 + 2 * nth].type == NGHTTP2_DATA);
        BOOST_TEST(frames[3 + 2 * nth].stream == http2_talk::stream(nth));
    }
    BOOST_TEST(!talk.line.wants_write());
    BOOST_TEST(talk.write().empty());
}

BOOST_AUTO_TEST_CASE(a_token_is_never_indexed)
{
    http2_talk talk(3);
    talk.stage_and_write();
    for (const auto& [id, request] : talk.peer.requests)
        for (const http2_field& each : request.fields)
            BOOST_TEST(each.never_indexed == (each.name == "authorization"), each.name);
    BOOST_TEST(talk.peer.in_table("example.org"));
    BOOST_TEST(!talk.peer.in_table("token"));
}

BOOST_AUTO_TEST_CASE(a_slot_goes_from_waiting_to_staged_to_written_and_out)
{
    http2_talk talk(1);
    talk.line.stage(talk[0]);
    BOOST_TEST(talk[0].where() == state::staged);
    BOOST_TEST(talk.line.sendable() == 1u);
    talk.write();
    BOOST_TEST(talk[0].where() == state::written);
    BOOST_TEST(talk.line.owed() == 1u);
    BOOST_TEST(talk.line.staged() == 0u);
    BOOST_TEST(talk.feed(talk.peer.settings() + talk.peer.answer(1, "hello")) == action::read);
    BOOST_TEST(talk.news() == texts{"answer 0 200 hello"}, boost::test_tools::per_element());
    BOOST_TEST(!talk[0].is_linked());
    BOOST_TEST(talk.line.in_flight() == 0u);
    BOOST_TEST(talk.line.answers() == 1u);
    talk[0].reset();
    talk.stage_and_write();
    BOOST_TEST(talk.feed(talk.peer.answer(3, "again")) == action::read);
    BOOST_TEST(talk.news() == texts{"answer 0 200 again"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(answers_find_their_requests_in_any_order_and_come_as_they_were_whole)
{
    http2_talk talk(3);
    talk.stage_and_write();
    std::string bytes = talk.peer.settings() + talk.peer.head(5, "200") + talk.peer.head(1, "200");
    bytes += talk.peer.data(5, "thi", http2_peer::none) + talk.peer.answer(3, "second") + talk.peer.data(1, "first") +
             talk.peer.data(5, "rd");
    BOOST_TEST(talk.feed(bytes) == action::read);
    BOOST_TEST(talk.news() == (texts{"answer 1 200 second", "answer 0 200 first", "answer 2 200 third"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(fields_that_count_are_taken)
{
    http2_talk talk(1);
    talk.stage_and_write();
    const std::string bytes = talk.peer.settings() + talk.peer.answer(1, "", "429",
                                                                      {{"date", "Mon, 23 Nov 2026 12:00:00 GMT"},
                                                                       {"cf-ray", "8f1c-AMS"},
                                                                       {"retry-after", "3"},
                                                                       {"x-ratelimit-limit-requests", "500"},
                                                                       {"x-ratelimit-remaining-requests", "0"},
                                                                       {"x-ratelimit-reset-requests", "1795435200"},
                                                                       {"x-ratelimit-remaining", "12"},
                                                                       {"x-ratelimit-resets", "1795435200000"},
                                                                       {"content-encoding", "utf-8"}});
    const auto step = talk.line.receive(bytes, start_time);
    BOOST_TEST_REQUIRE(step.what == action::answer);
    BOOST_TEST(step.answer->status == 429u);
    BOOST_TEST(step.answer->date == "Mon, 23 Nov 2026 12:00:00 GMT");
    BOOST_TEST(step.answer->request_id == "8f1c-AMS");
    BOOST_TEST(step.answer->retry_after == "3");
    BOOST_TEST(step.answer->requests.limit.value() == 500u);
    BOOST_TEST(step.answer->requests.remaining.value() == 0u);
    BOOST_TEST(step.answer->requests.reset.value() == 1795435200u);
    BOOST_TEST(step.answer->error_budget.remaining.value() == 12u);
    BOOST_TEST(step.answer->error_budget.resets.value() == 1795435200000u);
    BOOST_TEST(step.answer->keep_alive);
}

BOOST_AUTO_TEST_CASE(interim_answers_and_trailers_are_skipped)
{
    http2_talk talk(1);
    talk.stage_and_write();
    std::string bytes = talk.peer.settings();
    for (int i = 0; i < 8; ++i)
        bytes += talk.peer.head(1, "103", {{"retry-after", "9"}});
    bytes += talk.peer.head(1, "200") + talk.peer.data(1, "body", http2_peer::none) +
             talk.peer.headers(1, {{"retry-after", "7"}, {"x-ratelimit-remaining", "1"}},
                               http2_peer::end_headers | http2_peer::end_stream);
    const auto step = talk.line.receive(bytes, start_time);
    BOOST_TEST_REQUIRE(step.what == action::answer);
    BOOST_TEST(step.answer->status == 200u);
    BOOST_TEST(step.answer->body == "body");
    BOOST_TEST(step.answer->retry_after.empty());
    BOOST_TEST(!step.answer->error_budget.remaining.has_value());
}

BOOST_AUTO_TEST_CASE(padding_and_continuations_change_nothing)
{
    http2_talk talk(1);
    talk.stage_and_write();
    const std::string block = talk.peer.block({{":status", "200"}, {"date", "today"}});
    const std::string bytes = talk.peer.settings() +
                              http2_peer::frame(NGHTTP2_HEADERS, http2_peer::padded, 1,
                                                http2_peer::number(3, 1) + block.substr(0, 4) + std::string(3, '\0')) +
                              http2_peer::frame(NGHTTP2_CONTINUATION, http2_peer::none, 1, block.substr(4, 3)) +
                              http2_peer::frame(NGHTTP2_CONTINUATION, http2_peer::end_headers, 1, block.substr(7)) +
                              http2_peer::frame(NGHTTP2_DATA, http2_peer::padded | http2_peer::end_stream, 1,
                                                http2_peer::number(2, 1) + "body" + std::string(2, '\0'));
    BOOST_TEST(talk.feed(bytes) == action::read);
    BOOST_TEST(talk.news() == texts{"answer 0 200 body"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_more_is_sent_than_the_peer_allows)
{
    http2_talk talk(150);
    BOOST_TEST(talk.line.capacity() == 100u);
    for (const auto& each : talk.slots)
        talk.line.stage(*each);
    BOOST_TEST(talk.line.sendable() == 100u); // before the peer's SETTINGS
    talk.write();
    BOOST_TEST(talk.peer.requests.size() == 100u);
    BOOST_TEST(talk.line.sendable() == 0u);
    BOOST_TEST(!talk.line.wants_write());
    BOOST_TEST(talk.feed(talk.peer.settings({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 99}})) == action::read);
    BOOST_TEST(talk.line.capacity() == 99u);
    talk.write(); // acknowledges
    BOOST_TEST(talk.feed(talk.peer.answer(1, "")) == action::read);
    BOOST_TEST(talk.line.sendable() == 0u);
    BOOST_TEST(talk.feed(talk.peer.answer(3, "")) == action::read);
    BOOST_TEST(talk.line.sendable() == 1u);
    BOOST_TEST(talk.line.wants_write());
    talk.write();
    BOOST_TEST(talk.peer.requests.size() == 101u);
    BOOST_TEST(talk.feed(talk.peer.settings({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1000}})) == action::read);
    BOOST_TEST(talk.line.capacity() == 100u); // what the limits allow
    BOOST_TEST(talk.feed(talk.peer.settings({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0}})) == action::read);
    BOOST_TEST(talk.line.capacity() == 0u);
    BOOST_TEST(!talk.line.ending());
}

BOOST_AUTO_TEST_CASE(our_own_limit_counts_as_well)
{
    wire::conversation_limits few;
    few.streams = 2;
    http2_talk talk(3, few);
    talk.stage_and_write();
    BOOST_TEST(talk.peer.requests.size() == 2u);
    BOOST_TEST(talk.line.staged() == 1u);
    BOOST_TEST(talk[2].where() == state::staged);
}

BOOST_AUTO_TEST_CASE(a_body_that_does_not_fit_the_window_goes_on_when_it_grows)
{
    http2_talk talk;
    talk.add("POST", std::string(70'000, 'b'));
    talk.stage_and_write();
    BOOST_TEST(talk.peer.requests.at(1).body.size() == 65'535u);
    BOOST_TEST(!talk.line.wants_write());
    BOOST_TEST(talk.feed(talk.peer.settings() + talk.peer.window_update(0, 10'000) +
                         talk.peer.window_update(1, 10'000)) == action::read);
    BOOST_TEST(talk.line.wants_write());
    talk.write();
    BOOST_TEST(talk.peer.requests.at(1).body == talk[0].body());
    BOOST_TEST(talk.peer.requests.at(1).whole);
}

BOOST_AUTO_TEST_CASE(an_answer_before_the_request_was_whole_ends_it)
{
    http2_talk talk;
    talk.add("POST", std::string(70'000, 'b'));
    talk.stage_and_write();
    BOOST_TEST(talk.feed(talk.peer.settings() + talk.peer.answer(1, "no", "413")) == action::read);
    BOOST_TEST(talk.news() == texts{"answer 0 413 no"}, boost::test_tools::per_element());
    talk.slots.clear(); // nothing of the request is looked at again
    talk.write();
    BOOST_TEST(talk.peer.resets(1) == std::vector<std::size_t>{NGHTTP2_CANCEL}, boost::test_tools::per_element());
    BOOST_TEST(talk.feed(talk.peer.window_update(0, 10'000)) == action::read);
    talk.write();
    BOOST_TEST(talk.peer.requests.at(1).body.size() == 65'535u);
}

BOOST_AUTO_TEST_CASE(an_answer_of_a_mebibyte_needs_no_room_made)
{
    http2_talk talk(1);
    talk.stage_and_write();
    std::string bytes = talk.peer.settings() + http2_peer::settings_ack() + talk.peer.head(1, "200");
    for (int i = 0; i < 64; ++i)
        bytes += talk.peer.data(1, std::string(16 * 1024, 'b'), i == 63 ? http2_peer::end_stream : http2_peer::none);
    BOOST_TEST(talk.feed(bytes) == action::read);
    BOOST_TEST_REQUIRE(talk.log.size() == 1u);
    BOOST_TEST(talk.log[0].size() == std::string("answer 0 200 ").size() + 1024 * 1024);
}

BOOST_AUTO_TEST_CASE(numbers_of_streams_run_out_and_nothing_is_lost)
{
    wire::conversation_limits two;
    two.streams = 2;
    http2_talk talk(3, two, 0x7FFF'FFFB);
    talk.stage_and_write();
    BOOST_TEST(talk.line.ending());
    BOOST_TEST(talk.line.capacity() == 0u);
    const auto sent = talk.peer.requests.size();
    BOOST_TEST(talk.line.owed() == sent);
    BOOST_TEST(talk.line.staged() == 3 - sent);
    BOOST_TEST(talk.feed(talk.peer.settings() + talk.peer.answer(0x7FFF'FFFB, "")) ==
               (sent == 1 ? action::close : action::read));
}

BOOST_AUTO_TEST_CASE(the_alpn_name_chooses_the_conversation)
{
    BOOST_TEST(wire::make_conversation("h2", {})->protocol() == "h2");
    BOOST_TEST(!wire::make_conversation("h2", {})->in_order());
    BOOST_TEST(wire::make_conversation("http/1.1", {})->protocol() == "http/1.1");
    BOOST_TEST(wire::make_conversation("", {})->protocol() == "http/1.1");
}

BOOST_AUTO_TEST_SUITE_END()
