// What each fault looks like from the other end of an HTTP/2 connection, and what it does to the keys.
#include <venice_keys/emulator.hpp>

#include "integration/plain_http2.hpp"
#include "integration/served_emulator.hpp"
#include "integration/served_http2.hpp"
#include "support/printing.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(integration_emulator_http2_faults)

namespace {

namespace vk = venice_keys;
using namespace std::chrono_literals;
using test::described;
using test::http2_user;
using test::plain_http2;
using test::served;
using test::soon;
using end = test::plain_client::end;
using vk::fault;

// One client and three updates, asked for at once: of the keys 0, 1 and 2, on streams 1, 3 and 5. The rule strikes the
// second.
struct fixture {
    explicit fixture(fault rule) : here{taking_a_moment()}, client{here}
    {
        here.emulator.add_fault(std::move(rule).only_for(here.id(1)));
        first = client.update(0, "first");
        second = client.update(1, "second");
        third = client.update(2, "third");
    }
    explicit fixture(std::string_view rule) : fixture(fault::parse(rule).value()) {}

    // So that the requests have all come when the first is answered.
    static vk::emulator_options taking_a_moment()
    {
        vk::emulator_options options = test::with_keys(3);
        options.service_time = 100ms;
        return options;
    }

    [[nodiscard]] bool answered(std::int32_t id) { return client.at(id).whole && client.at(id).reply.status == 200; }

    // Which of the three updates have been applied, as in "13".
    [[nodiscard]] std::string applied() const
    {
        std::string out;
        for (const auto& entry : here.emulator.journal())
            out += entry.key.description == "first" ? '1' : entry.key.description == "second" ? '2' : '3';
        std::sort(out.begin(), out.end());
        return out;
    }

    // The others are answered, and the connection is good for more.
    void others_are_answered()
    {
        BOOST_TEST(described(client.wait(first).reply) == "first");
        BOOST_TEST(described(client.wait(third).reply) == "third");
        BOOST_TEST(client.wait(client.list()).reply.status == 200U);
        BOOST_TEST(client.goaways().empty());
    }

    served here;
    http2_user client;
    std::int32_t first = 0;
    std::int32_t second = 0;
    std::int32_t third = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_reset_ends_its_stream_alone)
{
    fixture f{"rst=internal_error"};
    BOOST_TEST(f.client.wait(f.second).rst.value() == NGHTTP2_INTERNAL_ERROR);
    BOOST_TEST(f.client.at(f.second).reply.status == 0U);
    f.others_are_answered();
    BOOST_TEST(f.applied() == "13");
}

BOOST_AUTO_TEST_CASE(a_reset_may_come_behind_any_part_of_the_answer)
{
    for (const std::string_view part : {"head", "half", "whole"}) {
        fixture f{"rst=0x1234,part=" + std::string{part}};
        f.others_are_answered();
        f.client.until([&] { return f.client.at(f.second).rst.has_value(); });
        const auto& struck = f.client.at(f.second);
        BOOST_TEST(struck.rst.value() == 0x1234U);
        BOOST_TEST(struck.reply.status == 200U);
        BOOST_TEST(struck.whole == (part == "whole"));
        const std::size_t length = std::stoul(struck.reply.fields.at("content-length"));
        BOOST_TEST(struck.reply.body.size() == (part == "head" ? 0 : part == "half" ? length / 2 : length));
        BOOST_TEST(f.applied() == "123");
    }
}

BOOST_AUTO_TEST_CASE(a_refused_stream_may_have_been_applied)
{
    fixture honest{fault::refuse()};
    BOOST_TEST(honest.client.wait(honest.second).rst.value() == NGHTTP2_REFUSED_STREAM);
    honest.others_are_answered();
    BOOST_TEST(honest.applied() == "13");
    fixture liar{"refuse,applied=before"};
    BOOST_TEST(liar.client.wait(liar.second).rst.value() == NGHTTP2_REFUSED_STREAM);
    liar.others_are_answered();
    BOOST_TEST(liar.applied() == "123");
}

BOOST_AUTO_TEST_CASE(a_server_may_ask_for_calm_or_for_http_1_1)
{
    fixture calm{"calm"};
    BOOST_TEST(calm.client.wait(calm.second).rst.value() == NGHTTP2_ENHANCE_YOUR_CALM);
    calm.others_are_answered();
    fixture old{"http11"};
    BOOST_TEST(old.client.wait(old.second).rst.value() == NGHTTP2_HTTP_1_1_REQUIRED);
    old.others_are_answered();
}

BOOST_AUTO_TEST_CASE(goaway_below_a_request_leaves_it_and_what_follows_alone)
{
    fixture f{"goaway=below,code=internal_error,text=restarting"};
    BOOST_TEST(f.client.wait_for_end() == end::closed);
    BOOST_TEST_REQUIRE(f.client.goaways().size() == 1U);
    BOOST_TEST(f.client.goaways()[0].last == f.first);
    BOOST_TEST(f.client.goaways()[0].code == NGHTTP2_INTERNAL_ERROR);
    BOOST_TEST(f.client.goaways()[0].text == "restarting");
    BOOST_TEST(f.answered(f.first));
    BOOST_TEST(!f.answered(f.second));
    BOOST_TEST(f.applied() == "1");
}

BOOST_AUTO_TEST_CASE(goaway_lets_what_is_at_or_below_it_finish)
{
    served here;
    here.emulator.add_fault(fault::delay(400ms).only_for(here.id(0)));
    here.emulator.add_fault(fault::goaway(fault::last::at).only_for(here.id(1)));
    http2_user client{here};
    const std::int32_t slow = client.update(0, "slow");
    const std::int32_t second = client.update(1, "second");
    BOOST_TEST(described(client.wait(second).reply) == "second");
    BOOST_TEST(client.goaways().at(0).last == second);
    BOOST_TEST(client.goaways().at(0).code == NGHTTP2_NO_ERROR);
    BOOST_TEST(client.wait_for_end() == end::closed);
    BOOST_TEST(described(client.at(slow).reply) == "slow");
}

BOOST_AUTO_TEST_CASE(after_a_goaway_new_streams_are_ignored)
{
    served here;
    here.emulator.add_fault(fault::delay(300ms).only_for(here.id(0)));
    here.emulator.add_fault(fault::goaway(fault::last::at).only_for(here.id(1)));
    http2_user client{here};
    client.update(0, "slow");
    // nghttp2 opens no stream after a GOAWAY, so that these two have to be on their way before it comes.
    client.update(1, "second");
    client.update(2, "third");
    BOOST_TEST(client.wait_for_end() == end::closed);
    BOOST_TEST(here.emulator.journal().size() == 2U);
}

BOOST_AUTO_TEST_CASE(goaway_may_say_that_nothing_was_processed_and_lie)
{
    fixture f{"goaway=none,applied=before"};
    BOOST_TEST(f.client.wait_for_end() == end::closed);
    BOOST_TEST(f.client.goaways().at(0).last == 0);
    BOOST_TEST(!f.answered(f.second));
    BOOST_TEST(f.answered(f.first));
    BOOST_TEST(f.applied() == "12");
}

BOOST_AUTO_TEST_CASE(a_notice_of_goaway_changes_nothing_yet)
{
    fixture f{"goaway=all"};
    BOOST_TEST(described(f.client.wait(f.first).reply) == "first");
    BOOST_TEST(described(f.client.wait(f.second).reply) == "second");
    BOOST_TEST(described(f.client.wait(f.third).reply) == "third");
    BOOST_TEST(f.client.goaways().at(0).last == 0x7FFF'FFFF);
    // nghttp2 has nothing more to say after a GOAWAY.
    BOOST_TEST(f.client.send_raw(std::string("\0\0\x8\6\0\0\0\0\00012345678", 17)));
    BOOST_TEST(f.client.wire().read_some() == std::string("\0\0\x8\6\1\0\0\0\00012345678", 17));
}

BOOST_AUTO_TEST_CASE(goaway_may_close_at_once)
{
    fixture f{"goaway=at,then=close,code=enhance_your_calm"};
    BOOST_TEST(f.client.wait_for_end() == end::closed);
    BOOST_TEST(f.client.goaways().at(0).last == f.second);
    BOOST_TEST(f.client.goaways().at(0).code == NGHTTP2_ENHANCE_YOUR_CALM);
    BOOST_TEST(!f.answered(f.second));
    BOOST_TEST(!f.answered(f.third));
}

BOOST_AUTO_TEST_CASE(a_stalled_stream_stands_alone_and_pings_are_answered)
{
    fixture f{fault::stall()};
    f.others_are_answered();
    f.client.ping();
    BOOST_TEST(f.client.until([&] { return f.client.pongs() == 1; }));
    BOOST_TEST(!f.client.at(f.second).closed);
    BOOST_TEST(f.applied() == "13");
}

BOOST_AUTO_TEST_CASE(a_silent_connection_answers_nothing_not_even_a_ping)
{
    fixture f{"silent"};
    BOOST_TEST(soon([&] { return f.here.emulator.stats().requests == 3; }));
    f.client.ping();
    f.client.wire().timeout(300ms);
    BOOST_TEST(f.client.wait_for_end() == end::timed_out);
    BOOST_TEST(f.client.pongs() == 0U);
    BOOST_TEST(!f.answered(f.second));
    BOOST_TEST(!f.answered(f.third));
    // It is the way back that is silent: what has come is served.
    BOOST_TEST(f.applied() == "13");
}

BOOST_AUTO_TEST_CASE(a_silence_may_end)
{
    const auto begin = std::chrono::steady_clock::now();
    fixture f{"silent=400ms"};
    f.client.ping();
    BOOST_TEST(described(f.client.wait(f.second).reply) == "second");
    BOOST_TEST((std::chrono::steady_clock::now() - begin) >= 400ms);
    f.others_are_answered();
    BOOST_TEST(f.client.pongs() == 1U);
    BOOST_TEST(f.applied() == "123");
}

BOOST_AUTO_TEST_CASE(streams_can_become_few_and_many_again)
{
    served here;
    here.emulator.add_fault(fault::streams(0).lasting(1s));
    http2_user client{here};
    BOOST_TEST(described(client.wait(client.update(0, "first")).reply) == "first");
    const auto& said = client.setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
    BOOST_TEST(client.until([&] { return said.size() >= 2; }));
    BOOST_TEST(said.at(1) == 0U);
    const auto begin = std::chrono::steady_clock::now();
    const std::int32_t waits = client.update(1, "second"); // nghttp2 keeps it back
    BOOST_TEST(described(client.wait(waits).reply) == "second");
    BOOST_TEST((std::chrono::steady_clock::now() - begin) >= 200ms);
    BOOST_TEST(said == (std::vector<std::uint32_t>{128, 0, 128}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(windows_can_close_and_open_again)
{
    served here;
    here.emulator.add_fault(fault::window(0).lasting(1s));
    http2_user client{here};
    BOOST_TEST(described(client.wait(client.update(0, "first")).reply) == "first");
    const auto& said = client.setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE);
    BOOST_TEST(client.until([&] { return said.size() >= 2; }));
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(described(client.wait(client.update(1, "second")).reply) == "second"); // its body has to wait
    BOOST_TEST((std::chrono::steady_clock::now() - begin) >= 200ms);
    BOOST_TEST(said == (std::vector<std::uint32_t>{65'535, 0, 65'535}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(swapped_answers_come_on_each_others_streams)
{
    fixture f{fault::swap()};
    BOOST_TEST(described(f.client.wait(f.first).reply) == "first");
    BOOST_TEST(described(f.client.wait(f.second).reply) == "third");
    BOOST_TEST(described(f.client.wait(f.third).reply) == "second");
    BOOST_TEST(f.applied() == "123");
}

BOOST_AUTO_TEST_CASE(close_says_goodbye_without_a_goaway)
{
    fixture f{fault::close()};
    BOOST_TEST(f.client.wait_for_end() == end::closed);
    BOOST_TEST(f.client.goaways().empty());
    BOOST_TEST(f.answered(f.first));
    BOOST_TEST(!f.answered(f.second));
    BOOST_TEST(!f.answered(f.third));
    BOOST_TEST(f.applied() == "1");
}

BOOST_AUTO_TEST_CASE(reset_is_a_reset_of_the_connection)
{
    fixture f{fault::reset()};
    BOOST_TEST(f.client.wait_for_end() == end::reset);
    BOOST_TEST(!f.answered(f.second));
}

BOOST_AUTO_TEST_CASE(cut_sends_so_many_bytes_of_the_frames_and_no_goodbye)
{
    for (const std::size_t bytes : {5U, 200U}) {
        fixture f{fault::cut(bytes)};
        BOOST_TEST(f.client.wait_for_end() == end::truncated);
        BOOST_TEST(f.answered(f.first));
        BOOST_TEST(!f.answered(f.second));
        BOOST_TEST(f.client.at(f.second).reply.status == (bytes == 5 ? 0U : 200U));
        BOOST_TEST(f.client.at(f.second).reply.body.empty() == (bytes == 5));
        BOOST_TEST(f.applied() == "12");
    }
}

BOOST_AUTO_TEST_CASE(raw_sends_frames_of_ones_own)
{
    // The answer to a PING.
    fixture f{R"(raw=\x00\x00\x08\x06\x01\x00\x00\x00\x0012345678)"};
    f.others_are_answered();
    BOOST_TEST(f.client.pongs() == 1U);
    BOOST_TEST(!f.client.at(f.second).closed);
}

BOOST_AUTO_TEST_CASE(answers_of_other_kinds_are_as_over_http_1_1)
{
    fixture status{"answer=503,retry-after=2"};
    BOOST_TEST(status.client.wait(status.second).reply.status == 503U);
    BOOST_TEST(status.client.at(status.second).reply.fields.at("retry-after") == "2");
    status.others_are_answered();
    fixture malformed{"malformed"};
    BOOST_TEST(malformed.client.wait(malformed.second).reply.status == 200U);
    boost::system::error_code ec;
    static_cast<void>(boost::json::parse(malformed.client.at(malformed.second).reply.body, ec));
    BOOST_TEST(ec.failed());
    malformed.others_are_answered();
    fixture late{"refuse,applied=late"};
    late.others_are_answered();
    BOOST_TEST(soon([&] { return late.applied() == "123"; }));
}

BOOST_AUTO_TEST_CASE(a_delay_ends_when_the_emulator_stops)
{
    fixture f{fault::delay(60s)};
    BOOST_TEST(soon([&] { return f.here.emulator.stats().faults == 1; }));
    f.here.emulator.stop();
    BOOST_TEST(f.client.wait_for_end() == end::closed);
    BOOST_TEST(!f.answered(f.second));
}

BOOST_AUTO_TEST_SUITE_END()
