// Every frame of HTTP/2 in every state of a stream, and bytes cut anywhere.
#include "support/printing.hpp"
#include "unit/support/http2_talk.hpp"

#include <functional>
#include <sstream>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_wire_multiplex_events)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using action = wire::conversation::action;
using texts = std::vector<std::string>;

namespace {

enum class stands { idle, open, half_closed, answering, closed, reset_by_us, reset_by_peer, after_goaway };

constexpr std::pair<stands, const char*> states[] = {
    {stands::idle, "idle"},
    {stands::open, "open"},
    {stands::half_closed, "half-closed"},
    {stands::answering, "answering"},
    {stands::closed, "closed"},
    {stands::reset_by_us, "reset by us"},
    {stands::reset_by_peer, "reset by the peer"},
    {stands::after_goaway, "after GOAWAY"},
};

// Stream 1 stands as it is asked for; stream 3 waits for its answer.
struct standing final : http2_talk {
    explicit standing(stands how)
    {
        add(how == stands::reset_by_us ? "GET" : "PATCH", how == stands::open ? std::string(70'000, 'b') : "x");
        add("PATCH", "y");
        stage_and_write();
        (void)feed(peer.settings() + http2_peer::settings_ack());
        write();
        switch (how) {
        case stands::idle:
        case stands::open:
        case stands::half_closed:
            break;
        case stands::answering:
            (void)feed(peer.head(1, "200"));
            break;
        case stands::closed:
            (void)feed(peer.answer(1, ""));
            break;
        case stands::reset_by_us:
            (void)line.withdraw(*slots[0], start_time);
            (void)feed({});
            write();
            break;
        case stands::reset_by_peer:
            (void)feed(peer.reset(1, NGHTTP2_INTERNAL_ERROR));
            break;
        case stands::after_goaway:
            (void)feed(peer.goaway(3));
            break;
        }
        log.clear();
    }
};

using make_frame = std::function<std::string(http2_peer&, std::int32_t)>;

// What comes of it in each of the states, in their order, or one for all: it goes on (.), fails (F) or closes (C), and
// before that stream 1 was answered (A) or lost (L), or stream 3 was lost as not processed (N).
struct frame_case {
    const char* name;
    const char* outcomes;
    make_frame make;
};

const frame_case every_frame[] = {
    {"DATA", "F F F . F . F F",
     [](http2_peer& peer, std::int32_t id) {
         return peer.data(id, "d", http2_peer::none);
     }},
    {"DATA, the last", "F F F A F . F F",
     [](http2_peer& peer, std::int32_t id) {
         return peer.data(id, "d");
     }},
    {"HEADERS", "F . . L F . F .",
     [](http2_peer& peer, std::int32_t id) {
         return peer.head(id, "200");
     }},
    {"HEADERS, the last", "F A A L F . F A",
     [](http2_peer& peer, std::int32_t id) {
         return peer.head(id, "200", {}, http2_peer::end_headers | http2_peer::end_stream);
     }},
    {"trailers", "F L L A F . F L",
     [](http2_peer& peer, std::int32_t id) {
         return peer.headers(id, {{"x", "y"}}, http2_peer::end_headers | http2_peer::end_stream);
     }},
    {"PRIORITY", ".",
     [](http2_peer& peer, std::int32_t id) {
         return peer.priority(id);
     }},
    {"PRIORITY, too short", "F",
     [](http2_peer&, std::int32_t id) {
         return http2_peer::frame(NGHTTP2_PRIORITY, 0, id, "1234");
     }},
    {"RST_STREAM", "F L L L . . . L",
     [](http2_peer& peer, std::int32_t id) {
         return peer.reset(id, NGHTTP2_CANCEL);
     }},
    {"RST_STREAM, too short", "F",
     [](http2_peer&, std::int32_t id) {
         return http2_peer::frame(NGHTTP2_RST_STREAM, 0, id, "123");
     }},
    {"SETTINGS", ".",
     [](http2_peer& peer, std::int32_t) {
         return peer.settings();
     }},
    {"SETTINGS on a stream", "F",
     [](http2_peer&, std::int32_t id) {
         return http2_peer::frame(NGHTTP2_SETTINGS, 0, id, "");
     }},
    {"SETTINGS, cut", "F",
     [](http2_peer&, std::int32_t) {
         return http2_peer::frame(NGHTTP2_SETTINGS, 0, 0, "12345");
     }},
    {"SETTINGS, acknowledged again", "F",
     [](http2_peer&, std::int32_t) {
         return http2_peer::settings_ack();
     }},
    {"PUSH_PROMISE", "F",
     [](http2_peer& peer, std::int32_t id) {
         return http2_peer::frame(
             NGHTTP2_PUSH_PROMISE, http2_peer::end_headers, id,
             http2_peer::number(2, 4) +
                 peer.block({{":method", "GET"}, {":scheme", "https"}, {":authority", "example.org"}, {":path", "/"}}));
     }},
    {"PING", ".",
     [](http2_peer& peer, std::int32_t) {
         return peer.ping();
     }},
    {"PING, an answer to none", ".",
     [](http2_peer& peer, std::int32_t) {
         return peer.ping("12345678", http2_peer::ack);
     }},
    {"PING on a stream", "F",
     [](http2_peer&, std::int32_t id) {
         return http2_peer::frame(NGHTTP2_PING, 0, id, "12345678");
     }},
    {"PING, too short", "F",
     [](http2_peer& peer, std::int32_t) {
         return peer.ping("1234567");
     }},
    {"GOAWAY", "N N N N NC NC NC N",
     [](http2_peer& peer, std::int32_t) {
         return peer.goaway(1);
     }},
    {"GOAWAY on a stream", "F",
     [](http2_peer&, std::int32_t id) {
         return http2_peer::frame(NGHTTP2_GOAWAY, 0, id, std::string(8, '\0'));
     }},
    {"GOAWAY, too short", "F",
     [](http2_peer&, std::int32_t) {
         return http2_peer::frame(NGHTTP2_GOAWAY, 0, 0, "1234567");
     }},
    {"WINDOW_UPDATE", "F . . . . . . .",
     [](http2_peer& peer, std::int32_t id) {
         return peer.window_update(id, 1);
     }},
    {"WINDOW_UPDATE by nothing", "F F F F . . . F",
     [](http2_peer& peer, std::int32_t id) {
         return peer.window_update(id, 0);
     }},
    {"WINDOW_UPDATE past the end", "F . L L . . . L",
     [](http2_peer& peer, std::int32_t id) {
         return peer.window_update(id, 0x7FFF'FFFF);
     }},
    {"WINDOW_UPDATE of the connection past the end", "F . F F F F F F",
     [](http2_peer& peer, std::int32_t) {
         return peer.window_update(0, 0x7FFF'FFFF);
     }},
    {"CONTINUATION", "F",
     [](http2_peer&, std::int32_t id) {
         return http2_peer::frame(NGHTTP2_CONTINUATION, http2_peer::end_headers, id, "");
     }},
    {"HEADERS that go on as another frame", "F",
     [](http2_peer& peer, std::int32_t id) {
         return peer.head(id, "200", {}, http2_peer::none) + peer.ping();
     }},
    {"a frame of a kind that nobody knows", ".",
     [](http2_peer&, std::int32_t id) {
         return http2_peer::frame(0x42, 0xFF, id, "whatever");
     }},
    {"a frame that is too large", "F",
     [](http2_peer&, std::int32_t id) {
         return http2_peer::frame(0x42, 0, id, std::string(16'385, 'x'));
     }},
    {"HEADERS that can't be decoded", "F",
     [](http2_peer&, std::int32_t id) {
         return http2_peer::frame(NGHTTP2_HEADERS, http2_peer::end_headers, id, "\xFF\xFF\xFF\xFF\xFF\xFF");
     }},
    {"DATA with more padding than there is", "F F F F F . F F",
     [](http2_peer&, std::int32_t id) {
         return http2_peer::frame(NGHTTP2_DATA, http2_peer::padded, id,
                                  "\xFF"
                                  "d");
     }},
};

std::string outcome(const http2_talk& talk, action what)
{
    std::string text;
    for (const std::string& each : talk.log) {
        if (each.starts_with("answer 0 200"))
            text += 'A';
        else if (each.starts_with("lost 0 unanswered"))
            text += 'L';
        else if (each.starts_with("lost 1 not_processed"))
            text += 'N';
        else
            text += '?';
    }
    if (what == action::fail)
        text += 'F';
    if (what == action::close)
        text += 'C';
    return text.empty() ? "." : text;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_frame_in_every_state_has_its_outcome)
{
    for (const frame_case& each : every_frame) {
        std::istringstream outcomes(each.outcomes);
        std::string expected;
        for (const auto& [state, called] : states) {
            outcomes >> expected; // the last one stays
            BOOST_TEST_CONTEXT(each.name << ", " << called)
            {
                standing talk(state);
                const std::size_t owed = talk.line.owed();
                const action what = talk.feed(each.make(talk.peer, state == stands::idle ? 5 : 1));
                BOOST_TEST(outcome(talk, what) == expected, (talk.log.empty() ? talk.why() : talk.log.front()));
                if (what == action::fail) {
                    BOOST_TEST(talk.line.why().code == errc::protocol_error);
                    BOOST_TEST(!talk.line.why().detail.empty());
                    BOOST_TEST(!talk.line.wants_write());
                }
                talk.give_up();
                BOOST_TEST(talk.log.size() == owed); // each once
                for (const auto& slot : talk.slots)
                    BOOST_TEST(!slot->is_linked());
            }
        }
    }
}

namespace {

// Five requests: answered with an interim head, padding, continuations and trailers, in pieces, out of order; one is
// refused, one reset, and the peer goes away.
std::string script(http2_peer& peer)
{
    std::string bytes =
        http2_peer::settings({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 7}}) + http2_peer::settings_ack();
    bytes += peer.head(3, "103", {{"link", "x"}});
    bytes += peer.head(1, "200", {{"cf-ray", "1"}});
    const std::string block = peer.block({{":status", "200"}, {"cf-ray", "2"}, {"date", "today"}});
    bytes += http2_peer::frame(NGHTTP2_HEADERS, http2_peer::none, 3, block.substr(0, 5));
    bytes += http2_peer::frame(NGHTTP2_CONTINUATION, http2_peer::end_headers, 3, block.substr(5));
    bytes += peer.data(3, "thr", http2_peer::none) + peer.ping() + peer.reset(5, NGHTTP2_REFUSED_STREAM);
    bytes +=
        http2_peer::frame(NGHTTP2_DATA, http2_peer::padded, 1, http2_peer::number(3, 1) + "one" + std::string(3, '\0'));
    bytes += peer.data(3, "ee", http2_peer::none) + peer.priority(9) + http2_peer::frame(0xBE, 1, 3, "?");
    bytes += peer.headers(3, {{"trailer", "y"}}, http2_peer::end_headers | http2_peer::end_stream);
    bytes += peer.head(7, "500") + peer.data(7, "sev", http2_peer::none) + peer.reset(7, NGHTTP2_INTERNAL_ERROR);
    bytes += peer.goaway(7, NGHTTP2_ENHANCE_YOUR_CALM, "slowly") + peer.data(1, "!");
    return bytes;
}

const texts script_outcome{
    "lost 2 refused connection_lost: the server reset the request's stream: REFUSED_STREAM",
    "answer 1 200 three",
    "answer 3 500 sev broken: connection_lost: the server reset the request's stream: INTERNAL_ERROR",
    "lost 4 not_processed connection_lost: the server ends the connection (GOAWAY, ENHANCE_YOUR_CALM): slowly",
    "answer 0 200 one!",
};

} // namespace

BOOST_AUTO_TEST_CASE(bytes_cut_anywhere_end_alike)
{
    http2_peer measure;
    const std::size_t size = script(measure).size();
    for (std::size_t place = 0; place <= size; ++place)
        BOOST_TEST_CONTEXT("cut at " << place)
        {
            http2_talk talk(5);
            talk.stage_and_write();
            const std::string bytes = script(talk.peer);
            const action first = talk.feed(std::string_view(bytes).substr(0, place));
            const action second = talk.feed(std::string_view(bytes).substr(place));
            BOOST_TEST((place == size ? first : second) == action::close);
            BOOST_TEST(talk.log == script_outcome, boost::test_tools::per_element());
            BOOST_TEST(talk.line.take_wishes().fewer_requests);
            BOOST_TEST(talk.line.in_flight() == 0u);
        }
}

BOOST_AUTO_TEST_CASE(single_bytes_end_alike)
{
    http2_talk talk(5);
    talk.stage_and_write();
    for (const char each : script(talk.peer))
        (void)talk.feed(std::string(1, each));
    BOOST_TEST(talk.log == script_outcome, boost::test_tools::per_element());
    BOOST_TEST(talk.line.ended());
}

// Promise 4 and 5: what breaks off anywhere leaves each request with one fate, and those that were told keep theirs.
BOOST_AUTO_TEST_CASE(an_end_after_any_byte_leaves_each_request_with_one_fate)
{
    http2_peer measure;
    const std::size_t size = script(measure).size();
    for (std::size_t length = 0; length < size; ++length)
        BOOST_TEST_CONTEXT("the first " << length << " bytes")
        {
            http2_talk talk(5);
            talk.stage_and_write();
            (void)talk.feed(script(talk.peer).substr(0, length));
            BOOST_TEST(talk.end(length % 2 == 0) == action::fail);
            const std::size_t told = talk.log.size();
            for (std::size_t i = 0; i < told; ++i)
                BOOST_TEST(talk.log[i] == script_outcome[i]);
            talk.give_up();
            BOOST_TEST(talk.log.size() == 5u);
        }
}

BOOST_AUTO_TEST_SUITE_END()
