// A session whose server has chosen HTTP/2.
#include "support/printing.hpp"
#include "unit/support/http2_peer.hpp"
#include "unit/support/session_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_session_http2)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using numbers = std::vector<std::size_t>;
using fate = wire::conversation::fate;

namespace {

// With a stall time-out of 5 s and an answer time-out of 20 s.
struct bench final : session_bench {
    bench()
    {
        wire().come_up(false, "h2");
        flush();
        finish();
        wire().bring(http2_peer::settings() + http2_peer::settings_ack());
        finish();
    }

    void finish()
    {
        if (wire().writing())
            wire().finish_write();
        peer.hear(wire().written());
    }
    void send(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            submit(sent++);
        flush();
        finish();
    }
    std::string answer(std::size_t which)
    {
        return peer.answer(static_cast<std::int32_t>(2 * which + 1), "reply-" + std::to_string(which));
    }

    http2_peer peer;
    std::size_t sent = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(it_speaks_the_protocol_that_was_chosen)
{
    bench it;
    BOOST_TEST(it.one.protocol() == "h2");
    BOOST_TEST(!it.one.in_order());
    BOOST_TEST(it.one.capacity() == 100u);
    BOOST_TEST(it.peer.count(NGHTTP2_SETTINGS) == 1u);
    it.send(3);
    BOOST_TEST(it.peer.requests.size() == 3u);
    it.wire().bring(it.answer(2) + it.answer(0));
    BOOST_TEST(it.answered == (numbers{2, 0}), boost::test_tools::per_element());
    BOOST_TEST(it.one.has_answered());
    BOOST_TEST(it.one.owed() == 1u);
}

BOOST_AUTO_TEST_CASE(the_preface_needs_no_request)
{
    session_bench it;
    it.wire().come_up(false, "h2");
    BOOST_TEST(it.wishes_to_write == 1u);
    BOOST_TEST(it.wire().writes() == 1u); // in that turn
    http2_peer peer;
    peer.hear(it.wire().written());
    BOOST_TEST(peer.count(NGHTTP2_SETTINGS) == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_server_asks_for_is_written_and_told)
{
    bench it;
    it.send(2);
    const unsigned before = it.wishes_to_write;
    it.wire().bring(it.peer.ping());
    BOOST_TEST(it.wishes_to_write > before);
    it.flush();
    it.finish();
    BOOST_TEST(it.peer.count(NGHTTP2_PING, http2_peer::ack) == 1u);
    it.wire().bring(it.peer.reset(1, NGHTTP2_ENHANCE_YOUR_CALM));
    BOOST_TEST(it.calms == 1u);
    it.wire().bring(it.peer.reset(3, NGHTTP2_HTTP_1_1_REQUIRED));
    BOOST_TEST(it.net.oldest_alone);
    BOOST_TEST(it.outdated == 1u);
    BOOST_TEST_REQUIRE(it.lost.size() == 2u);
    BOOST_TEST(std::get<1>(it.lost[0]) == fate::unanswered);
    BOOST_TEST(std::get<1>(it.lost[1]) == fate::outdated);
    BOOST_TEST(it.one.usable());
}

BOOST_AUTO_TEST_CASE(goaway_ends_it_when_the_rest_has_been_answered)
{
    bench it;
    it.send(2);
    it.submit(2); // not written yet
    it.wire().bring(it.peer.goaway(1));
    BOOST_TEST(it.endings == 1u);
    BOOST_TEST(!it.one.usable());
    BOOST_TEST_REQUIRE(it.lost.size() == 1u);
    BOOST_TEST(std::get<1>(it.lost[0]) == fate::not_processed);
    BOOST_TEST(!it.one.closed());
    it.wire().bring(it.answer(0));
    BOOST_TEST(it.one.closed());
    BOOST_TEST(it.answered == numbers{0}, boost::test_tools::per_element());
    BOOST_TEST(it.unsent == numbers{2}, boost::test_tools::per_element());
    BOOST_TEST(it.owed.empty());
    BOOST_TEST(it.closed_with->code == errc::connection_lost);
}

BOOST_AUTO_TEST_CASE(goaway_before_anything_was_asked_is_the_servers_end_of_it)
{
    bench it;
    it.wire().bring(it.peer.goaway(0, NGHTTP2_ENHANCE_YOUR_CALM, "too many connections"));
    BOOST_TEST(it.one.closed());
    BOOST_TEST(it.one.ended_by_peer());
    BOOST_TEST(it.closed_with->code == errc::connection_lost);
    BOOST_TEST(it.closed_with->detail.find("GOAWAY, ENHANCE_YOUR_CALM): too many connections") != std::string::npos,
               it.closed_with->detail);
    BOOST_TEST(it.calms == 1u);
}

BOOST_AUTO_TEST_CASE(goaway_that_takes_all_requests_back_is_the_servers_end_of_it)
{
    bench it;
    it.send(1);
    it.wire().bring(it.peer.goaway(0));
    BOOST_TEST(it.one.closed());
    BOOST_TEST(it.one.ended_by_peer());
    BOOST_TEST(it.lost.size() == 1u);
    BOOST_TEST(it.closed_with->detail == "the server closed the connection"); // there was no earlier answer
}

BOOST_AUTO_TEST_CASE(an_answer_for_another_request_closes_it_and_the_later_ones_are_not_believed)
{
    bench it;
    it.send(3);
    it.wire().bring(it.peer.answer(3, "reply-0") + it.answer(0) + it.peer.head(5, "404"));
    BOOST_TEST(it.one.closed());
    BOOST_TEST(it.closed_with->code == errc::reply_mismatch);
    BOOST_TEST(it.answered.empty());
    BOOST_TEST(it.owed == (numbers{1, 0, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_silent_server_is_asked_before_it_is_given_up)
{
    using namespace std::chrono_literals;
    bench it;
    it.send(1);
    const auto start = it.net.now;
    BOOST_TEST(it.one.deadline() == start + 2'500ms);
    it.wait(2s);
    it.wait(1s);
    BOOST_TEST(it.one.wants_write());
    it.flush();
    it.finish();
    BOOST_TEST(it.peer.count(NGHTTP2_PING) == 1u);
    it.wait(4s);
    BOOST_TEST(!it.one.closed());
    it.wait(1s);
    BOOST_TEST(it.one.closed());
    BOOST_TEST(it.one.stalled_since() == start);
    BOOST_TEST(it.owed == numbers{0}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_whole_in_time_ends_it_first_for_new_calls)
{
    using namespace std::chrono_literals;
    bench it;
    it.send(1);
    for (int second = 0; second < 19; ++second) {
        it.wait(1s);
        it.wire().bring(it.peer.ping());
        it.flush();
        it.finish();
    }
    it.send(1);
    it.wait(1s);
    BOOST_TEST(it.endings == 1u);
    BOOST_TEST(!it.one.closed());
    it.wire().bring(it.answer(1));
    BOOST_TEST(it.answered == numbers{1}, boost::test_tools::per_element());
    it.wait(0s);
    BOOST_TEST(it.one.closed());
    BOOST_TEST(it.owed == numbers{0}, boost::test_tools::per_element());
    BOOST_TEST(!it.one.stalled_since().has_value());
}

BOOST_AUTO_TEST_CASE(a_refusal_that_breaks_off_with_its_connection_is_one)
{
    bench it;
    it.send(2);
    it.wire().bring(it.peer.head(3, "404") + it.peer.data(3, "reply-1", http2_peer::none));
    it.wire().end(false);
    BOOST_TEST(it.answered == numbers{1}, boost::test_tools::per_element());
    BOOST_TEST(it.owed == numbers{0}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
