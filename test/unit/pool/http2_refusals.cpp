// Promise 5 over HTTP/2, by stream: what is refused or reset alone, while its connection goes on, and GOAWAY.
#include "support/printing.hpp"
#include "unit/support/http2_pool_bench.hpp"

#include <algorithm>

BOOST_AUTO_TEST_SUITE(unit_pool_http2_refusals)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

pool_settings with(unsigned attempts, unsigned budget = 100, std::size_t connections = 2)
{
    pool_settings settings = http2_pool_settings(connections);
    settings.retry.max_attempts = attempts;
    settings.retry.budget = budget;
    return settings;
}

// One connection that is up and has answered call 0.
struct answering : http2_pool_bench {
    explicit answering(const pool_settings& settings = with(3)) : http2_pool_bench(settings)
    {
        submit(1);
        http2_pool_bench::come_up_and_prove(0);
    }
};

void check_failed(const fake_call& which, delivery how, unsigned attempts, std::string_view words = "")
{
    BOOST_TEST_REQUIRE(which.ends() == 1u);
    BOOST_TEST(!which.was_answered());
    BOOST_TEST_REQUIRE(which.why().has_value());
    BOOST_TEST(which.why()->code == errc::connection_lost, which.why()->message());
    BOOST_TEST(which.why()->delivery == how);
    BOOST_TEST(which.why()->attempts == attempts);
    BOOST_TEST(which.why()->detail.find(words) != std::string::npos, which.why()->detail);
    BOOST_TEST(which.at() == call::place::nowhere);
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_refused_goes_again_after_a_pause_and_the_others_stay)
{
    answering it;
    it.submit(3);
    it.reset(0, 2, NGHTTP2_REFUSED_STREAM);
    BOOST_TEST(it.calls[2].at() == call::place::pause);
    BOOST_TEST(it.unanswered(0) == (texts{"1", "3"}), boost::test_tools::per_element());
    BOOST_TEST(it.due() <= it.net.now + 100ms);
    it.wait_until_due();
    BOOST_TEST(it.unanswered(0) == (texts{"1", "3", "2"}), boost::test_tools::per_element());
    it.answer_all(0);
    BOOST_TEST(it.answered() == 4u);
    BOOST_TEST(it.calls[2].attempts() == 2u);
    BOOST_TEST(it.net.made.size() == 1u);
}

BOOST_AUTO_TEST_CASE(refusals_cost_attempts_also_where_the_connection_has_answered)
{
    for (const unsigned attempts : {1U, 3U}) {
        answering it(with(attempts));
        const fake_call& which = it.ask();
        for (unsigned i = 1; i < attempts; ++i) {
            it.reset(0, 1, NGHTTP2_REFUSED_STREAM);
            BOOST_TEST_REQUIRE(which.ends() == 0u);
            it.wait_until_due();
        }
        it.reset(0, 1, NGHTTP2_REFUSED_STREAM);
        check_failed(which, delivery::sent_unanswered, attempts, "REFUSED_STREAM");
        BOOST_TEST(it.connections.waiting() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(what_was_refused_or_reset_is_asked_again_within_the_budget_of_all)
{
    for (const std::uint32_t code : {NGHTTP2_REFUSED_STREAM, NGHTTP2_INTERNAL_ERROR}) {
        answering it(with(3, 2));
        it.submit(4);
        for (const std::size_t each : {1U, 2U, 3U, 4U})
            it.reset(0, each, code);
        it.wait(100ms);
        BOOST_TEST(it.owed(0) == 2u);
        std::size_t ended = 0;
        for (const fake_call& each : it.calls)
            if (each.why()) {
                check_failed(each, delivery::sent_unanswered, 1, "no retry is left in config::retry.budget");
                BOOST_TEST(each.why()->detail.find(nghttp2_http2_strerror(code)) != std::string::npos);
                ++ended;
            }
        BOOST_TEST(ended == 2u);
        BOOST_TEST(it.connections.waiting() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(what_can_not_be_asked_again_in_its_time_ends_at_once)
{
    answering it;
    const fake_call& which = it.ask(operation::get, {}, it.net.now);
    it.reset(0, 1, NGHTTP2_INTERNAL_ERROR);
    check_failed(which, delivery::sent_unanswered, 1, "INTERNAL_ERROR");
}

BOOST_AUTO_TEST_CASE(a_reset_of_any_other_kind_is_repeated_after_a_pause)
{
    for (const std::uint32_t code : {NGHTTP2_NO_ERROR, NGHTTP2_INTERNAL_ERROR, NGHTTP2_CANCEL, NGHTTP2_STREAM_CLOSED}) {
        for (const operation what : {operation::update, operation::remove, operation::list}) {
            answering it;
            const fake_call& which = it.ask(what, what == operation::list ? "" : "k");
            it.reset(0, 1, code);
            BOOST_TEST(which.at() == call::place::pause);
            BOOST_TEST(which.delivery() == delivery::sent_unanswered);
            BOOST_TEST(which.maybe_done_before());
            it.wait_until_due();
            it.answer(0, 1);
            BOOST_TEST(which.was_answered());
            BOOST_TEST(which.attempts() == 2u);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_creation_that_is_reset_for_whatever_reason_is_not_sent_again)
{
    for (const std::uint32_t code :
         {NGHTTP2_REFUSED_STREAM, NGHTTP2_HTTP_1_1_REQUIRED, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_INTERNAL_ERROR})
        for (const operation what : {operation::create, operation::web3_create}) {
            answering it;
            const fake_call& creation = it.ask(what);
            it.reset(0, 1, code);
            check_failed(creation, delivery::sent_unanswered, 1);
            it.wait(30s);
            BOOST_TEST(it.connections.counters().requests_written == 2u);
        }
}

BOOST_AUTO_TEST_CASE(a_creation_goes_again_after_a_goaway_that_did_not_process_it)
{
    answering it;
    const fake_call& creation = it.ask(operation::create);
    it.go_away(0, it.stream_of(0, 1) - 2);
    BOOST_TEST(creation.ends() == 0u);
    BOOST_TEST(creation.delivery() == delivery::not_sent);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u); // without a pause
    it.come_up(1, {});
    it.answer(1, 1);
    BOOST_TEST(creation.was_answered());
    BOOST_TEST(creation.attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(a_creation_that_goaway_may_have_let_pass_is_not_sent_again)
{
    answering it;
    const fake_call& creation = it.ask(operation::create);
    it.go_away_after(0, 1);
    BOOST_TEST(creation.ends() == 0u);
    it.net[0].end();
    check_failed(creation, delivery::sent_unanswered, 1);
}

BOOST_AUTO_TEST_CASE(what_was_too_much_before_the_limit_was_known_costs_nothing)
{
    http2_pool_bench it(with(1, 0, 1));
    it.submit(10);
    it.come_up(0);
    BOOST_TEST(it.owed(0) == 10u);
    std::string bytes =
        http2_peer::settings({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 2}}) + http2_peer::settings_ack();
    for (std::size_t i = 2; i < 10; ++i)
        bytes += it.reset_of(0, i, NGHTTP2_REFUSED_STREAM);
    it.say(0, bytes);
    BOOST_TEST(it.connections.waiting() == 8u);
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(it.owed(0) == 2u);
        it.answer_all(0);
    }
    BOOST_TEST(it.answered() == 10u);
    it.submit(1); // within the limit it is no haste
    it.reset(0, 10, NGHTTP2_REFUSED_STREAM);
    check_failed(it.calls[10], delivery::sent_unanswered, 1);
}

BOOST_AUTO_TEST_CASE(a_creation_that_was_refused_is_not_sent_again_though_it_was_too_much)
{
    http2_pool_bench it(with(3, 100, 1));
    it.ask(operation::create);
    it.come_up(0);
    it.say(0, http2_peer::settings({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0}}) +
                  it.reset_of(0, 0, NGHTTP2_REFUSED_STREAM));
    check_failed(it.calls[0], delivery::sent_unanswered, 1);
}

BOOST_AUTO_TEST_CASE(goaway_lets_the_rest_finish_while_what_is_new_goes_to_a_new_connection)
{
    answering it(with(1, 0));
    it.submit(4);
    it.go_away_after(0, 2);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u); // at once
    it.submit(1);
    it.come_up(1, {});
    BOOST_TEST(it.unanswered(1) == (texts{"3", "4", "5"}), boost::test_tools::per_element());
    BOOST_TEST(it.unanswered(0) == (texts{"1", "2"}), boost::test_tools::per_element());
    BOOST_TEST(it.net[0].open());
    it.answer(0, 1);
    it.answer(0, 2);
    BOOST_TEST(it.net[0].closed());
    it.answer_all(1);
    BOOST_TEST(it.answered() == 6u);
    BOOST_TEST(it.calls[1].attempts() == 1u);
    BOOST_TEST(it.calls[3].attempts() == 2u);
    BOOST_TEST(it.connections.counters().connections_lost == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_not_written_when_goaway_comes_goes_elsewhere_at_once)
{
    answering it(with(1, 0));
    it.pool_bench::submit(1); // being written
    it.pool_bench::submit(2); // staged behind it
    it.peer(0).hear(it.net[0].written());
    it.go_away_after(0, 1);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.come_up(1, {});
    BOOST_TEST(it.unanswered(1) == (texts{"2", "3"}), boost::test_tools::per_element());
    BOOST_TEST(it.calls[2].attempts() == 1u);
}

BOOST_AUTO_TEST_CASE(what_goaway_left_goes_again_when_the_connection_ends_before_its_answers)
{
    answering it;
    it.submit(2);
    it.go_away_after(0, 2);
    it.answer(0, 1);
    it.net[0].end();
    BOOST_TEST(it.connections.counters().connections_lost == 1u);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.come_up(1, {});
    BOOST_TEST(it.unanswered(1) == texts{"2"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_server_that_processes_nothing_on_any_connection_is_asked_so_often_and_with_back_off)
{
    for (const operation what : {operation::update, operation::create}) {
        http2_pool_bench it(with(3));
        const fake_call& which = it.ask(what, what == operation::update ? "k" : "");
        for (std::size_t i = 0; i < 3; ++i) {
            BOOST_TEST_REQUIRE(it.net.made.size() == i + 1);
            it.come_up(i, {});
            it.go_away(i, 0);
            BOOST_TEST(it.net[i].closed());
            if (i == 2)
                break;
            BOOST_TEST(which.ends() == 0u);
            BOOST_TEST(it.net.made.size() == i + 1); // not at once
            it.wait_until_due();
        }
        check_failed(which, delivery::not_sent, 3, "GOAWAY");
        it.wait(30s);
        BOOST_TEST(it.net.made.size() == 3u);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_malformed_or_too_large_costs_its_call_alone)
{
    auto settings = with(3);
    settings.session.reply.body_bytes = 100;
    answering it(settings);
    it.submit(3);
    const std::int32_t malformed = it.stream_of(0, 1);
    const std::int32_t large = it.stream_of(0, 2);
    it.say(0, it.peer(0).head(malformed, "200", {{"content-length", "x"}}) +
                  it.peer(0).answer(large, std::string(101, 'x')));
    BOOST_TEST(it.calls[1].at() == call::place::pause);
    BOOST_TEST_REQUIRE(it.calls[2].why().has_value()); // it would be as large again
    BOOST_TEST(it.calls[2].why()->code == errc::reply_too_large);
    BOOST_TEST(it.unanswered(0) == texts{"3"}, boost::test_tools::per_element());
    it.wait_until_due();
    it.answer_all(0);
    BOOST_TEST(it.answered() == 3u);
    BOOST_TEST(it.net.made.size() == 1u);
}

// As nginx does with few keepalive_requests: it goes away before it has answered anything, and answers what it took up.
BOOST_AUTO_TEST_CASE(goaway_that_names_a_request_costs_those_behind_it_nothing)
{
    http2_pool_bench it(http2_pool_settings(1));
    it.submit(20);
    for (std::size_t i = 0; i < 10; ++i) {
        BOOST_TEST_REQUIRE(it.net.made.size() == i + 1); // at once
        it.come_up(i, {});
        BOOST_TEST_REQUIRE(it.owed(i) == 20 - 2 * i);
        it.go_away_after(i, std::stoul(it.unanswered(i).at(1)));
        it.answer_all(i);
        BOOST_TEST(it.net[i].closed());
    }
    BOOST_TEST(it.answered() == 20u);
    BOOST_TEST(std::ranges::any_of(it.calls, [](const fake_call& each) { return each.attempts() > 3; }));
}

BOOST_AUTO_TEST_SUITE_END()
