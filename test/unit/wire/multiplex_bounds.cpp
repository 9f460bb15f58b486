// Promise 11, bounded, over HTTP/2: one answer's head, fields and body cost its own stream, and what a peer sends
// besides answers is counted.
#include "support/printing.hpp"
#include "unit/support/http2_talk.hpp"

#include <functional>

BOOST_AUTO_TEST_SUITE(unit_wire_multiplex_bounds)

using namespace venice_keys;
using namespace venice_keys::test;
using action = wire::conversation::action;
using texts = std::vector<std::string>;

namespace {

wire::conversation_limits limits_with(const wire::reply_limits& limits)
{
    wire::conversation_limits all;
    all.reply = limits;
    return all;
}

struct small final : http2_talk {
    explicit small(std::size_t count, wire::reply_limits limits = {256, 10, 32})
        : http2_talk(count, limits_with(limits))
    {
        stage_and_write();
        BOOST_TEST(feed(peer.settings() + http2_peer::settings_ack()) == action::read);
        write();
    }

    // The first request's answer is too large, the second's is fine.
    void check(const std::string& bytes, std::string_view first)
    {
        BOOST_TEST(feed(bytes) == action::read);
        BOOST_TEST(feed(peer.answer(3, "fine")) == action::read);
        BOOST_TEST_REQUIRE(log.size() == 2u);
        BOOST_TEST(log[0].starts_with(first), log[0]);
        BOOST_TEST(log[1] == "answer 1 200 fine");
        write();
        BOOST_TEST(peer.resets(1) == std::vector<std::size_t>{NGHTTP2_CANCEL}, boost::test_tools::per_element());
        BOOST_TEST(feed(peer.data(1, "and more", http2_peer::none) + peer.data(1, "")) == action::read);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_body_may_be_as_long_as_its_limit_and_not_longer)
{
    small fits(1);
    BOOST_TEST(fits.feed(fits.peer.answer(1, std::string(32, 'b'))) == action::read);
    BOOST_TEST(fits.log.at(0) == "answer 0 200 " + std::string(32, 'b'));

    constexpr std::string_view lost =
        "lost 0 unanswered reply_too_large: the body is larger than config::max_reply_bytes";
    small whole(2);
    whole.check(whole.peer.head(1, "200") + whole.peer.data(1, std::string(33, 'b'), http2_peer::none), lost);
    small pieces(2);
    pieces.check(pieces.peer.head(1, "200") + pieces.peer.data(1, std::string(32, 'b'), http2_peer::none) +
                     pieces.peer.data(1, "b", http2_peer::none),
                 lost);
    small said(2); // before any of it has come
    said.check(said.peer.head(1, "200", {{"content-length", "33"}}), lost);
    small far(2);
    far.check(far.peer.head(1, "200", {{"content-length", "9223372036854775807"}}), lost);
}

BOOST_AUTO_TEST_CASE(a_refusal_that_is_too_large_keeps_its_status)
{
    small body(2);
    body.check(body.peer.head(1, "404") + body.peer.data(1, std::string(33, 'b'), http2_peer::none),
               "answer 0 404  broken: reply_too_large: the body is larger");
    small head(2);
    head.check(head.peer.head(1, "404", {{"x", std::string(256, 'x')}}),
               "answer 0 404  broken: reply_too_large: the head is larger");
}

BOOST_AUTO_TEST_CASE(a_head_may_be_as_large_as_its_limit_and_not_larger)
{
    constexpr std::size_t status = 7 + 3 + 32; // RFC 9113 section 6.5.2
    for (const std::size_t size : {256u - status - 32 - 1, 256u - status - 32}) {
        small talk(2);
        const bool fits = 1 + size + 32 + status <= 256;
        const std::string bytes = talk.peer.head(1, "200", {{"x", std::string(size, 'x')}});
        if (fits) {
            BOOST_TEST(talk.feed(bytes + talk.peer.data(1, "")) == action::read);
            BOOST_TEST(talk.log.at(0) == "answer 0 200 ");
        } else {
            talk.check(bytes, "lost 0 unanswered reply_too_large: the head is larger than config::max_header_bytes");
        }
    }
}

BOOST_AUTO_TEST_CASE(each_head_has_the_whole_limit)
{
    small talk(1);
    std::string bytes;
    for (int i = 0; i < 3; ++i)
        bytes += talk.peer.head(1, "103", {{"x", std::string(150, 'x')}});
    bytes += talk.peer.head(1, "200", {{"x", std::string(150, 'x')}});
    bytes += talk.peer.headers(1, {{"x", std::string(150, 'x')}}, http2_peer::end_headers | http2_peer::end_stream);
    BOOST_TEST(talk.feed(bytes) == action::read);
    BOOST_TEST(talk.log == texts{"answer 0 200 "}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(fields_are_counted_and_those_of_trailers_with_them)
{
    const wire::reply_limits roomy{10'000, 10, 32};
    http2_peer::fields ten(10, {"a", ""});
    http2_peer::fields eleven(11, {"a", ""});
    constexpr std::string_view lost = "lost 0 unanswered reply_too_large: the answer has more header fields than";
    small fits(1, roomy);
    BOOST_TEST(fits.feed(fits.peer.head(1, "200", ten, http2_peer::end_headers | http2_peer::end_stream)) ==
               action::read);
    BOOST_TEST(fits.log.at(0) == "answer 0 200 ");
    small head(2, roomy);
    head.check(head.peer.head(1, "200", eleven), lost);
    small trailers(2, roomy);
    std::string bytes = trailers.peer.head(1, "200", ten);
    bytes += trailers.peer.headers(1, {{"a", ""}}, http2_peer::end_headers | http2_peer::end_stream);
    BOOST_TEST(trailers.feed(bytes) == action::read);
    BOOST_TEST(trailers.log.at(0).starts_with(lost));
    small invalid(2, roomy); // those that are skipped count as well
    invalid.check(invalid.peer.head(1, "200", http2_peer::fields(11, {"a", "\r\n"})), lost);
}

// Fields that are in the table cost the sender a byte each.
BOOST_AUTO_TEST_CASE(a_head_that_is_small_on_the_wire_counts_as_what_it_holds)
{
    small talk(2, {4'096, 100, 32});
    const std::pair<std::string, std::string> long_one{"x", std::string(2'000, 'x')};
    const std::string bytes = talk.peer.head(1, "200", {long_one, long_one, long_one});
    BOOST_TEST(bytes.size() < 4'096u);
    BOOST_TEST(talk.feed(bytes) == action::read);
    BOOST_TEST(talk.log.at(0).starts_with("lost 0 unanswered reply_too_large: the head is larger"));
}

namespace {

// How many of these a peer may send before it is given up.
template <class Make>
std::size_t tolerated(http2_talk& talk, Make make)
{
    for (std::size_t count = 0; count < 5'000; ++count) {
        if (talk.feed(make()) == action::fail) {
            BOOST_TEST(talk.line.why().code == errc::protocol_error);
            return count;
        }
        if (count % 100 == 0)
            talk.write();
    }
    return 5'000;
}

} // namespace

BOOST_AUTO_TEST_CASE(frames_that_bring_nothing_are_bounded)
{
    const std::pair<const char*, std::function<std::string(http2_peer&)>> floods[] = {
        {"SETTINGS",
         [](http2_peer& peer) {
             return peer.settings();
         }},
        {"PING",
         [](http2_peer& peer) {
             return peer.ping();
         }},
        {"PING, acknowledged",
         [](http2_peer& peer) {
             return peer.ping("12345678", http2_peer::ack);
         }},
        {"WINDOW_UPDATE",
         [](http2_peer& peer) {
             return peer.window_update(0, 1);
         }},
        {"PRIORITY",
         [](http2_peer& peer) {
             return peer.priority(1);
         }},
        {"empty DATA",
         [](http2_peer& peer) {
             return peer.data(1, "", http2_peer::none);
         }},
        {"padding",
         [](http2_peer&) {
             return http2_peer::frame(NGHTTP2_DATA, http2_peer::padded, 1, std::string(1, 9) + std::string(9, '\0'));
         }},
        {"a kind that nobody knows",
         [](http2_peer&) {
             return http2_peer::frame(0x42, 0, 0, "x");
         }},
        {"RST_STREAM of a closed stream",
         [](http2_peer& peer) {
             return peer.reset(3, NGHTTP2_NO_ERROR);
         }},
        {"GOAWAY",
         [](http2_peer& peer) {
             return peer.goaway(1);
         }},
    };
    for (const auto& [name, make] : floods)
        BOOST_TEST_CONTEXT(name)
        {
            small talk(2);
            BOOST_TEST(talk.feed(talk.peer.head(1, "200") + talk.peer.answer(3, "")) == action::read);
            const std::size_t count = tolerated(talk, [&frame = make, &talk] { return frame(talk.peer); });
            BOOST_TEST(count > 900u);
            BOOST_TEST(count < 1'100u);
            BOOST_TEST(talk.why() == "protocol_error: too many frames came that bring no answer");
        }
}

BOOST_AUTO_TEST_CASE(answers_make_up_for_frames_that_bring_nothing)
{
    small talk(1);
    for (std::int32_t id = 1; id < 1'000; id += 2) {
        std::string bytes;
        for (int i = 0; i < 8; ++i)
            bytes += talk.peer.window_update(0, 1);
        BOOST_TEST(talk.feed(bytes + talk.peer.answer(id, "x")) == action::read);
        talk[0].reset();
        talk.stage_and_write();
    }
    BOOST_TEST(talk.line.answers() == 500u);
}

// Ten reads may be reset within one round trip, and a server may have sent all of their answers by then.
BOOST_AUTO_TEST_CASE(what_was_under_way_on_streams_that_we_reset_is_no_fault_of_the_peers)
{
    for (const std::size_t streams : {1U, 100U}) {
        wire::conversation_limits limits;
        limits.streams = streams;
        http2_talk talk(0, limits);
        (void)talk.write();
        BOOST_TEST(talk.feed(http2_peer::settings()) == action::read);
        std::string late;
        for (std::size_t i = 0; i < 10; ++i) {
            const std::size_t read = talk.add("GET");
            (void)talk.stage_and_write();
            (void)talk.line.withdraw(talk[read], start_time);
            BOOST_TEST(talk.feed("") == action::read);
            (void)talk.write(); // the reset
            late += talk.peer.head(http2_talk::stream(i), "200");
            const std::string part(1'400, ' ');
            for (std::size_t size = 0; size + part.size() <= limits.reply.body_bytes; size += part.size())
                late += http2_peer::data(http2_talk::stream(i), part, http2_peer::none);
        }
        BOOST_TEST(talk.feed(late) == action::read, talk.why());
        BOOST_TEST(talk.news().size() == 10u);
        (void)talk.add("PATCH", "still there");
        (void)talk.stage_and_write();
        BOOST_TEST(talk.feed(talk.peer.answer(http2_talk::stream(10), "here")) == action::read);
        BOOST_TEST(talk.news() == texts{"answer 10 200 here"}, boost::test_tools::per_element());
        // More than there was room for is not believed.
        BOOST_TEST(talk.feed(http2_peer::data(1, "", http2_peer::none)) == action::read);
        std::string flood;
        for (std::size_t i = 0; i < 10 * limits.reply.body_bytes / 256 + wire::frame_watch::allowance; ++i)
            flood += http2_peer::data(1, "x", http2_peer::none);
        BOOST_TEST(talk.feed(flood) == action::fail);
    }
}

BOOST_AUTO_TEST_CASE(a_stalled_write_does_not_gather_acknowledgements_without_bound)
{
    small talk(1);
    std::string bytes;
    for (int i = 0; i < 5'000; ++i)
        bytes += talk.peer.ping();
    BOOST_TEST(talk.feed(bytes) == action::fail);
}

BOOST_AUTO_TEST_CASE(a_header_block_has_a_bounded_number_of_continuations)
{
    for (const std::size_t count : {8u, 9u}) {
        small talk(1);
        std::string bytes =
            http2_peer::frame(NGHTTP2_HEADERS, http2_peer::none, 1, talk.peer.block({{":status", "200"}}));
        for (std::size_t i = 1; i < count; ++i)
            bytes += http2_peer::frame(NGHTTP2_CONTINUATION, http2_peer::none, 1, "");
        bytes += http2_peer::frame(NGHTTP2_CONTINUATION, http2_peer::end_headers, 1, "");
        BOOST_TEST(talk.feed(bytes) == (count == 8 ? action::read : action::fail));
        if (count == 9)
            BOOST_TEST(talk.why() == "protocol_error: more than eight CONTINUATION frames came");
    }
}

BOOST_AUTO_TEST_CASE(more_settings_in_a_frame_than_anyone_has_fail)
{
    small talk(1);
    BOOST_TEST(talk.feed(talk.peer.settings(std::vector<std::pair<unsigned, std::uint32_t>>(33, {0x99, 0}))) ==
               action::fail);
}

BOOST_AUTO_TEST_CASE(room_is_made_as_it_is_used)
{
    small talk(1, {256, 10, 64 * 1024 * 1024});
    BOOST_TEST(talk.feed(talk.peer.head(1, "200")) == action::read);
    for (int i = 0; i < 3'000; ++i) // 48 MiB
        BOOST_TEST(talk.feed(talk.peer.data(1, std::string(16'384, 'b'), http2_peer::none)) == action::read);
    talk.write();
    BOOST_TEST(talk.peer.count(NGHTTP2_WINDOW_UPDATE) > 3u);
    BOOST_TEST(talk.line.owed() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
