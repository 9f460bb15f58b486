// Time over HTTP/2: silence and PING, answers that take too long, and answers that nobody waits for.
#include "support/printing.hpp"
#include "unit/support/http2_talk.hpp"

BOOST_AUTO_TEST_SUITE(unit_wire_multiplex_times)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using namespace std::chrono_literals;
using action = wire::conversation::action;
using lateness = wire::conversation::lateness;
using state = wire::slot::state;
using texts = std::vector<std::string>;

namespace {

// Silence: 10 s. Whole: 20 s.
struct waiting final : http2_talk {
    explicit waiting(std::size_t updates) : http2_talk(updates)
    {
        stage_and_write();
        hear_settings();
    }
    void hear_settings()
    {
        BOOST_TEST(feed(peer.settings() + http2_peer::settings_ack()) == action::read);
        write();
    }

    [[nodiscard]] auto due() { return (line.deadline() - start_time) / 1ms; }
    // As the session does it.
    auto tick(wire::time_point now)
    {
        BOOST_TEST(feed({}, now) == action::read);
        return line.tick(now);
    }
    std::size_t pings() { return peer.count(NGHTTP2_PING); }
};

void check(const std::optional<wire::conversation::overdue>& late, lateness why)
{
    BOOST_TEST_REQUIRE(late.has_value());
    BOOST_TEST(late->why == why);
}

} // namespace

BOOST_AUTO_TEST_CASE(with_nothing_owed_nothing_is_due)
{
    waiting talk(1);
    BOOST_TEST(talk.feed(talk.peer.answer(1, "")) == action::read);
    BOOST_TEST(talk.line.deadline() == wire::time_point::max());
    BOOST_TEST(!talk.tick(start_time + 1h).has_value());
    BOOST_TEST(!talk.line.silent_since().has_value());
    BOOST_TEST(!talk.line.wants_write());
}

BOOST_AUTO_TEST_CASE(silence_begins_with_the_oldest_request_and_again_with_every_byte)
{
    waiting talk(2);
    BOOST_TEST(talk.line.silent_since() == start_time);
    BOOST_TEST(talk.feed(talk.peer.ping(), start_time + 1s) == action::read);
    BOOST_TEST(talk.line.silent_since() == start_time + 1s);
    talk.add("PATCH");
    talk.stage_and_write(start_time + 2s); // does not hide that the others have waited longer
    BOOST_TEST(talk.line.silent_since() == start_time + 1s);
    BOOST_TEST(talk.feed(talk.peer.answer(1, "") + talk.peer.answer(3, "") + talk.peer.answer(5, ""),
                         start_time + 3s) == action::read);
    BOOST_TEST(!talk.line.silent_since().has_value());
    talk.add("PATCH");
    talk.stage_and_write(start_time + 1h);
    BOOST_TEST(talk.line.silent_since() == start_time + 1h);
}

BOOST_AUTO_TEST_CASE(a_silent_peer_is_asked_and_given_up_when_it_does_not_answer)
{
    waiting talk(1);
    BOOST_TEST(talk.due() == 5'000);
    BOOST_TEST(!talk.tick(start_time + 4'999ms).has_value());
    BOOST_TEST(!talk.line.wants_write());
    BOOST_TEST(!talk.tick(start_time + 5s).has_value());
    BOOST_TEST(talk.line.wants_write());
    talk.write(start_time + 6s); // after another write
    BOOST_TEST(talk.pings() == 1u);
    BOOST_TEST(talk.due() == 16'000);
    BOOST_TEST(!talk.tick(start_time + 15'999ms).has_value());
    const auto late = talk.tick(start_time + 16s);
    check(late, lateness::silent);
    BOOST_TEST(late->dead_since == start_time);
    BOOST_TEST(talk.line.take_written().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_peer_that_answers_the_ping_is_slow_and_not_dead)
{
    waiting talk(1);
    BOOST_TEST(!talk.tick(start_time + 5s).has_value());
    talk.write(start_time + 5s);
    BOOST_TEST(talk.feed(talk.peer.ping(std::string(8, '\0'), http2_peer::ack), start_time + 6s) == action::read);
    // One in a period.
    BOOST_TEST(talk.due() == 15'000);
    BOOST_TEST(!talk.tick(start_time + 14s).has_value());
    BOOST_TEST(!talk.line.wants_write());
    BOOST_TEST(!talk.tick(start_time + 15s).has_value());
    talk.write(start_time + 15s);
    BOOST_TEST(talk.pings() == 2u);
    BOOST_TEST(talk.feed(talk.peer.answer(1, "slow"), start_time + 16s) == action::read);
    BOOST_TEST(talk.news() == texts{"answer 0 200 slow"}, boost::test_tools::per_element());
    BOOST_TEST(talk.line.deadline() == wire::time_point::max());
}

BOOST_AUTO_TEST_CASE(any_byte_is_life)
{
    waiting talk(1);
    BOOST_TEST(!talk.tick(start_time + 5s).has_value());
    talk.write(start_time + 5s);
    BOOST_TEST(talk.feed(talk.peer.head(1, "200").substr(0, 3), start_time + 14s) == action::read);
    BOOST_TEST(!talk.tick(start_time + 18s).has_value());
    BOOST_TEST(talk.line.silent_since() == start_time + 14s);
}

BOOST_AUTO_TEST_CASE(a_ping_that_could_not_be_written_tells_by_half_a_period_more)
{
    waiting talk(1);
    BOOST_TEST(!talk.tick(start_time + 5s).has_value()); // and a write is under way for ever
    BOOST_TEST(talk.due() == 15'000);
    BOOST_TEST(!talk.tick(start_time + 14'999ms).has_value());
    check(talk.tick(start_time + 15s), lateness::silent);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_whole_in_time_ends_the_connection_for_new_requests_first)
{
    waiting talk(1);
    talk.add("PATCH");
    talk.stage_and_write(start_time + 4s);
    const auto ping = [&] {
        return talk.peer.ping();
    };
    for (int second = 1; second < 20; ++second)
        BOOST_TEST(talk.feed(ping(), start_time + std::chrono::seconds(second)) == action::read);
    talk.write();
    BOOST_TEST(!talk.tick(start_time + 19'999ms).has_value());
    BOOST_TEST(!talk.line.ending());
    BOOST_TEST(!talk.tick(start_time + 20s).has_value()); // the second one has its time
    BOOST_TEST(talk.line.ending());
    BOOST_TEST(talk.line.capacity() == 0u);
    BOOST_TEST(!talk.line.ended());
    BOOST_TEST(talk.feed(talk.peer.answer(3, "in time"), start_time + 21s) == action::read);
    BOOST_TEST(talk.due() == 21'000); // at once
    check(talk.tick(start_time + 21s), lateness::slow);
    BOOST_TEST(talk.news() == texts{"answer 1 200 in time"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_late_answer_is_an_answer)
{
    waiting talk(2);
    BOOST_TEST(talk.feed(talk.peer.answer(1, ""), start_time + 19s) == action::read);
    talk.add("PATCH");
    talk.stage_and_write(start_time + 19s);
    BOOST_TEST(!talk.tick(start_time + 20s).has_value());
    BOOST_TEST(talk.line.ending());
    BOOST_TEST(talk.feed(talk.peer.answer(3, "late"), start_time + 21s) == action::read);
    BOOST_TEST(talk.feed(talk.peer.answer(5, "last"), start_time + 22s) == action::close);
    BOOST_TEST(talk.news() == (texts{"answer 0 200 ", "answer 1 200 late", "answer 2 200 last"}),
               boost::test_tools::per_element());
    BOOST_TEST(talk.line.ended());
}

BOOST_AUTO_TEST_CASE(a_written_change_is_never_reset)
{
    http2_talk talk;
    talk.add("PATCH", std::string(70'000, 'b')); // more than the first window
    talk.add("POST", "x");
    talk.add("DELETE");
    talk.stage_and_write();
    for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST(!talk.line.withdraw(talk[i], start_time));
        BOOST_TEST(talk[i].where() == state::abandoned);
    }
    BOOST_TEST(talk.feed(talk.peer.settings() + talk.peer.window_update(0, 10'000) +
                         talk.peer.window_update(1, 10'000)) == action::read);
    talk.write();
    for (const std::int32_t stream : {1, 3, 5})
        BOOST_TEST(talk.peer.resets(stream).empty());
    BOOST_TEST(talk.peer.requests.at(1).body.size() == 70'000u); // and sent to its end
    BOOST_TEST(talk.line.owed() == 3u);
    BOOST_TEST(talk.feed(talk.peer.answer(1, "a") + talk.peer.answer(5, "c") + talk.peer.answer(3, "b")) ==
               action::read);
    BOOST_TEST(talk.news() == (texts{"answer 0 200 a", "answer 2 200 c", "answer 1 200 b"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_staged_request_is_withdrawn_and_never_sent)
{
    http2_talk talk(3);
    for (const auto& each : talk.slots)
        talk.line.stage(*each);
    BOOST_TEST(talk.line.withdraw(talk[1], start_time));
    BOOST_TEST(talk[1].where() == state::waiting);
    talk.write();
    BOOST_TEST(talk.peer.requests.size() == 2u);
    BOOST_TEST(talk.peer.requests.at(1).body == "request-0");
    BOOST_TEST(talk.peer.requests.at(3).body == "request-2");
}

BOOST_AUTO_TEST_CASE(a_read_that_nobody_waits_for_is_reset_and_given_back)
{
    waiting talk(1);
    talk.add("GET");
    talk.stage_and_write();
    BOOST_TEST(!talk.line.withdraw(talk[1], start_time + 1s));
    BOOST_TEST(talk.due() == 1'000);
    BOOST_TEST(talk.line.wants_write());
    BOOST_TEST(talk.line.owed() == 2u);
    BOOST_TEST(talk.feed({}, start_time + 1s) == action::read);
    BOOST_TEST(talk.news() ==
                   texts{"lost 1 unanswered cancelled: nobody waited for the answer, and its stream was reset"},
               boost::test_tools::per_element());
    BOOST_TEST(talk.line.owed() == 1u);
    talk.write();
    BOOST_TEST(talk.peer.resets(3) == std::vector<std::size_t>{NGHTTP2_CANCEL}, boost::test_tools::per_element());
    // What was under way is skipped, also a head: the table of its encoder is kept up with.
    std::string bytes = talk.peer.answer(3, "?", "200", {{"date", "today"}});
    bytes += talk.peer.answer(1, "!", "200", {{"date", "today"}});
    BOOST_TEST(talk.feed(bytes) == action::read);
    BOOST_TEST(talk.news() == texts{"answer 0 200 !"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(resets_are_rationed)
{
    waiting talk(0);
    for (int i = 0; i < 12; ++i)
        talk.add("GET");
    talk.stage_and_write();
    for (const auto& each : talk.slots)
        (void)talk.line.withdraw(*each, start_time);
    BOOST_TEST(talk.feed({}) == action::read);
    BOOST_TEST(talk.news().size() == 10u);
    BOOST_TEST(talk.line.owed() == 2u); // these swallow their answers
    BOOST_TEST(talk.feed(talk.peer.answer(21, "") + talk.peer.answer(23, "")) == action::read);
    talk.news();
    for (int round = 0; round < 8; ++round) {
        const std::size_t made = talk.add("PATCH");
        talk.stage_and_write();
        BOOST_TEST(talk.feed(talk.peer.answer(http2_talk::stream(made), "")) == action::read);
    }
    talk.news();
    const std::size_t read = talk.add("GET"); // ten answers later
    talk.stage_and_write();
    (void)talk.line.withdraw(talk[read], start_time);
    BOOST_TEST(talk.feed({}) == action::read);
    BOOST_TEST(talk.news().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_waits_for_gets_the_time_of_one_silence)
{
    waiting talk(2);
    (void)talk.line.withdraw(talk[0], start_time + 3s);
    for (int second = 4; second < 13; ++second)
        BOOST_TEST(talk.feed(talk.peer.ping(), start_time + std::chrono::seconds(second)) == action::read);
    talk.write();
    BOOST_TEST(!talk.tick(start_time + 12'999ms).has_value());
    BOOST_TEST(!talk.line.ending());
    BOOST_TEST(!talk.tick(start_time + 13s).has_value());
    BOOST_TEST(talk.line.ending());
    BOOST_TEST(talk.feed(talk.peer.answer(3, ""), start_time + 14s) == action::read);
    check(talk.tick(start_time + 14s), lateness::unwanted);
}

BOOST_AUTO_TEST_CASE(while_only_stall_exempt_requests_are_owed_nothing_is_late)
{
    waiting talk(0);
    talk.add("POST", "x", true);
    talk.stage_and_write();
    BOOST_TEST(talk.line.deadline() == wire::time_point::max());
    BOOST_TEST(!talk.line.silent_since().has_value());
    BOOST_TEST(!talk.tick(start_time + 1h).has_value());
    BOOST_TEST(!talk.line.wants_write()); // nor is anything asked
    // One that is not exempt has its own time, from when it was written.
    talk.add("PATCH");
    talk.stage_and_write(start_time + 1h);
    BOOST_TEST(talk.line.silent_since() == start_time + 1h);
    BOOST_TEST(!talk.tick(start_time + 1h + 5s).has_value());
    BOOST_TEST(talk.line.wants_write());
    BOOST_TEST(talk.feed(talk.peer.answer(3, ""), start_time + 1h + 6s) == action::read);
    BOOST_TEST(!talk.line.silent_since().has_value());
    // Nor is one that nobody waits for.
    (void)talk.line.withdraw(talk[0], start_time + 2h);
    BOOST_TEST(talk.line.silent_since() == start_time + 2h);
    check(talk.tick(start_time + 2h + 10s), lateness::unwanted);
}

BOOST_AUTO_TEST_CASE(a_ping_of_the_peer_is_answered)
{
    waiting talk(0);
    BOOST_TEST(talk.feed(talk.peer.ping("abcdefgh")) == action::read);
    BOOST_TEST(talk.line.wants_write());
    talk.write();
    BOOST_TEST_REQUIRE(talk.peer.count(NGHTTP2_PING, http2_peer::ack) == 1u);
    BOOST_TEST(talk.peer.frames.back().payload == "abcdefgh");
}

BOOST_AUTO_TEST_SUITE_END()
