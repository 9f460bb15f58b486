// Connecting that fails: rounds, back-off, certificates.
#include "support/printing.hpp"
#include "unit/support/http2_peer.hpp"
#include "unit/support/pool_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_connecting)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

void check_all_failed(const pool_bench& it, errc why)
{
    for (const fake_call& each : it.calls) {
        BOOST_TEST_REQUIRE(each.ends() == 1u);
        BOOST_TEST(each.why()->code == why);
        BOOST_TEST(each.why()->delivery == delivery::not_sent);
        BOOST_TEST(each.why()->attempts == 0u);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(connecting_goes_on_as_long_as_someone_waits)
{
    pool_bench it(test_pool_settings(1));
    it.submit(2);
    for (std::size_t i = 0; i < 20; ++i) {
        BOOST_TEST_REQUIRE(it.net.made.size() == i + 1);
        it.net[i].refuse();
        it.wait_until_due();
    }
    BOOST_TEST(it.calls[0].ends() == 0u);
    BOOST_TEST(it.unreachable.empty());
    it.come_up_and_prove(20);
    BOOST_TEST(it.calls[0].was_answered());
    BOOST_TEST(it.calls[0].attempts() == 1u);
    it.net[20].finish_write();
    it.answer(20);
    BOOST_TEST(it.calls[1].was_answered());
}

BOOST_AUTO_TEST_CASE(who_waits_no_longer_learns_what_it_waited_for_and_what_failed_last)
{
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    BOOST_TEST(!it.connections.out_of_time(it.calls[0]).cause.failed());
    it.net[0].refuse();
    const error pausing = it.connections.out_of_time(it.calls[0]);
    BOOST_TEST(pausing.code == errc::deadline_exceeded);
    BOOST_TEST(pausing.cause == errc::connect_failed);
    BOOST_TEST(pausing.detail == "example.org:443 refuses: Connection refused; the time ran out while waiting for the "
                                 "next attempt to connect");
    it.wait_until_due();
    const error trying = it.connections.out_of_time(it.calls[0]);
    BOOST_TEST(trying.cause == errc::connect_failed);
    BOOST_TEST(trying.detail == "example.org:443 refuses: Connection refused; the time ran out while waiting for a "
                                "connection (connecting to example.org:443)");
    BOOST_TEST(it.connections.withdraw(it.calls[0]));
    it.net[1].refuse();
    BOOST_TEST(it.connections.deadline() == time_point::max()); // nobody waits: nobody connects
    BOOST_TEST(it.net.made.size() == 2u);
}

BOOST_AUTO_TEST_CASE(attempts_side_by_side_are_one_failure_and_then_one_feels_its_way)
{
    auto settings = test_pool_settings(4);
    settings.retry.base_delay = 100ms;
    settings.retry.max_delay = 400ms;
    pool_bench it(settings);
    it.submit(10);
    BOOST_TEST_REQUIRE(it.net.made.size() == 4u);
    for (std::size_t i = 0; i < 4; ++i)
        it.net[i].refuse();
    BOOST_TEST(it.connections.deadline() <= it.net.now + 100ms); // not as after a second, third and fourth failure
    for (std::size_t next = 4; next < 6; ++next) {
        it.wait_until_due();
        BOOST_TEST_REQUIRE(it.net.made.size() == next + 1);
        it.net[next].refuse();
    }
    BOOST_TEST(it.calls[0].ends() == 0u);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_fails_ends_the_wait_at_once)
{
    pool_bench it(test_pool_settings(3));
    it.submit(3);
    it.net[1].refuse({errc::tls_failed, "the certificate of example.org can't be trusted"}, net::outlook::permanent);
    check_all_failed(it, errc::tls_failed);
    BOOST_TEST(it.unreachable.size() == 1u);
    BOOST_TEST(it.calls[0].why()->detail == "the certificate of example.org can't be trusted");
}

// There may be no thread to resolve on, for instance.
BOOST_AUTO_TEST_CASE(an_attempt_that_can_not_be_started_fails_as_others_do)
{
    pool_bench it(test_pool_settings(1));
    it.net.not_started = make_error_code(boost::system::errc::resource_unavailable_try_again);
    it.submit(1);
    BOOST_TEST(it.connections.deadline() <= it.net.now); // it is told of in the next turn
    it.wait({});
    if (it.net.made.size() != 2u)
        BOOST_TEST(it.connections.deadline() > it.net.now);
    it.net.not_started = {};
    while (it.net.made.size() != 2)
        it.wait_until_due();
    BOOST_TEST(it.calls[0].ends() == 0u);
    it.net[1].come_up();
    it.answer(1);
    BOOST_TEST(it.calls[0].was_answered());
}

// Under TLS 1.3 the server reads the end of a handshake together with the request.
BOOST_AUTO_TEST_CASE(what_a_server_refuses_with_the_handshake_was_not_sent_and_is_not_tried_again)
{
    for (const auto what : {policy::operation::update, policy::operation::create, policy::operation::get}) {
        pool_bench it(test_pool_settings(1));
        it.add(what, what == policy::operation::update ? "key" : "");
        it.pump();
        if (what != policy::operation::create)
            it.submit(1); // waits behind it
        it.net[0].come_up();
        BOOST_TEST(it.net[0].requests().size() == 1u);
        it.net[0].turn_away();
        for (const fake_call& each : it.calls) {
            BOOST_TEST_REQUIRE(each.ends() == 1u);
            BOOST_TEST(each.why()->code == errc::tls_failed);
            BOOST_TEST(each.why()->delivery == delivery::not_sent);
            BOOST_TEST(!each.why()->maybe_applied());
            BOOST_TEST(each.why()->detail == "the server wants a client certificate");
        }
        BOOST_TEST(it.net.made.size() == 1u);
        BOOST_TEST(it.connections.waiting() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(the_turn_of_a_key_passes_when_the_server_refuses_the_handshake)
{
    pool_bench it(test_pool_settings(1));
    fake_call& abandoned = it.add(policy::operation::update, "key");
    it.pump();
    it.net[0].come_up();
    BOOST_TEST(!it.connections.withdraw(abandoned));
    fake_call& behind = it.add(policy::operation::update, "key");
    it.net[0].turn_away();
    BOOST_TEST(abandoned.releases() == 1u);
    BOOST_TEST(behind.ends() == 1u); // it waited for a connection by then
    BOOST_TEST(it.connections.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(a_call_on_a_connection_that_is_turned_away_goes_to_one_that_is_open)
{
    pool_bench it(test_pool_settings(2, 1));
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(2); // one on it, the other on a new one
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].come_up();
    BOOST_TEST(it.unanswered(1).size() == 1u);
    it.net[1].turn_away();
    it.net[0].finish_write();
    it.answer(0);
    it.net[0].finish_write();
    it.answer(0);
    for (const fake_call& each : it.calls)
        BOOST_TEST(each.was_answered());
}

BOOST_AUTO_TEST_CASE(connections_that_are_lost_side_by_side_count_once)
{
    pool_settings settings = test_pool_settings(16);
    pool_bench it(settings);
    it.connections.warm_up(16);
    it.pump();
    for (std::size_t i = 0; i < 16; ++i)
        it.net[i].come_up();
    for (std::size_t i = 0; i < 16; ++i)
        it.net[i].end();
    it.submit(1);
    it.wait(settings.retry.base_delay); // the longest pause after one failure
    BOOST_TEST(it.net.made.size() == 17u);
}

BOOST_AUTO_TEST_CASE(a_tls_failure_that_is_not_the_certificates_gets_its_rounds)
{
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    it.net[0].refuse({errc::tls_failed, "the TLS handshake"});
    BOOST_TEST(it.calls[0].ends() == 0u);
}

BOOST_AUTO_TEST_CASE(connecting_for_too_long_is_a_failure_and_says_where)
{
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    for (std::size_t round = 0; round < 4; ++round) {
        BOOST_TEST_REQUIRE(it.net.made.size() == round + 1);
        it.wait(test_session_limits().connect_timeout);
        BOOST_TEST(it.net[round].closed());
        if (it.net.made.size() == round + 1)
            it.wait_until_due();
    }
    BOOST_TEST(it.calls[0].ends() == 0u);
    const std::string why = it.connections.out_of_time(it.calls[0]).detail;
    BOOST_TEST(why.find("config::connect_timeout") != std::string::npos, why);
}

BOOST_AUTO_TEST_CASE(the_back_off_is_kept)
{
    auto settings = test_pool_settings(1);
    settings.retry.max_attempts = 10;
    settings.retry.base_delay = 100ms;
    settings.retry.max_delay = 400ms;
    pool_bench it(settings);
    it.submit(1);
    std::chrono::milliseconds range = 100ms;
    for (std::size_t i = 0; i < 8; ++i) {
        it.net[i].refuse();
        const auto due = it.connections.deadline();
        BOOST_TEST(due >= it.net.now);
        BOOST_TEST(due <= it.net.now + range);
        if (due > it.net.now) {
            it.net.now = due - 1us;
            it.pump();
            BOOST_TEST(it.net.made.size() == i + 1);
        }
        it.submit(1); // another call doesn't hurry it
        BOOST_TEST(it.net.made.size() == i + (it.net.now < due ? 1 : 2));
        it.net.now = due;
        it.pump();
        BOOST_TEST_REQUIRE(it.net.made.size() == i + 2);
        range = std::min<std::chrono::milliseconds>(2 * range, 400ms);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_ends_the_back_off)
{
    pool_bench it;
    it.submit(1);
    it.net[0].refuse();
    it.wait_until_due();
    it.submit(8);
    BOOST_TEST(it.net.made.size() == 2u); // one feels its way
    it.net[1].come_up();
    BOOST_TEST(it.net.made.size() <= 3u);
    it.net[1].finish_write();
    it.answer(1);
    BOOST_TEST(it.connections.connections() == 4u);
}

BOOST_AUTO_TEST_CASE(a_usable_connection_keeps_the_calls_of_one_that_can_not_come_up)
{
    pool_bench it(test_pool_settings(2, 1));
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(3);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].refuse({errc::tls_failed, "another certificate"}, net::outlook::permanent);
    BOOST_TEST(it.unreachable.size() == 1u); // who waits for connections is told
    BOOST_TEST(it.calls[3].ends() == 0u);
    for (int i = 0; i < 3; ++i) {
        it.net[0].finish_write();
        it.answer(0);
    }
    BOOST_TEST(it.calls[3].was_answered());
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_at_once_each_time_is_not_tried_in_a_hot_loop)
{
    for (const bool with_a_request : {true, false}) {
        pool_bench it(test_pool_settings(1));
        it.submit(1);
        if (!with_a_request)
            BOOST_TEST(it.connections.withdraw(it.calls[0]));
        it.net[0].come_up();
        it.net[0].end();
        it.submit(1);
        it.pump();
        BOOST_TEST(it.net.made.size() == 1u);
        BOOST_TEST(it.connections.deadline() > it.net.now);
        it.wait_until_due();
        BOOST_TEST(it.net.made.size() == 2u);
    }
}

// As servers do that restart, or have too many connections. With TLS 1.2 the server says it together with the end of
// the handshake, and nothing was asked then.
BOOST_AUTO_TEST_CASE(a_server_that_goes_away_at_once_each_time_is_not_tried_in_a_hot_loop)
{
    const std::string farewell =
        http2_peer::settings() + http2_peer::goaway(0, NGHTTP2_ENHANCE_YOUR_CALM, "too many connections");
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    for (std::size_t i = 0; i < 5; ++i) {
        it.net[i].come_up(false, "h2", farewell);
        BOOST_TEST_REQUIRE(it.net.made.size() == i + 1);
        const error why = it.connections.out_of_time(it.calls[0]);
        BOOST_TEST(why.detail.find("ENHANCE_YOUR_CALM): too many connections") != std::string::npos, why.detail);
        while (it.net.made.size() == i + 1)
            it.wait_until_due();
    }
    BOOST_TEST(it.calls[0].attempts() == 0u);
    it.net[5].come_up();
    it.answer(5);
    BOOST_TEST(it.calls[0].was_answered());
}

BOOST_AUTO_TEST_CASE(warming_up_does_not_hurry_to_a_server_that_goes_away_at_once)
{
    pool_bench it(test_pool_settings(2));
    it.connections.warm_up(2);
    it.pump();
    it.net[0].come_up(false, "h2");
    it.net[0].bring(http2_peer::settings() + http2_peer::goaway(0));
    BOOST_TEST(it.net[0].closed());
    BOOST_TEST(it.net.made.size() == 2u); // the other one is under way
}

BOOST_AUTO_TEST_CASE(answers_on_other_connections_do_not_hurry_the_attempts_at_another)
{
    auto settings = test_pool_settings(2, 1);
    settings.retry.base_delay = settings.retry.max_delay = 10s;
    pool_bench it(settings);
    it.submit(1);
    it.come_up_and_prove(0);
    it.submit(40);
    BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    it.net[1].refuse();
    const auto due = it.connections.deadline();
    BOOST_TEST_REQUIRE(due > it.net.now + 1ms);
    for (int i = 0; i < 20; ++i) {
        it.net[0].finish_write();
        it.answer(0);
        BOOST_TEST_REQUIRE(it.net.made.size() == 2u);
    }
    const auto latest = it.net.now + 10s;
    while (it.net.made.size() == 2u && it.net.now < latest)
        it.wait_until_due();
    BOOST_TEST(it.net.made.size() >= 3u);
}

BOOST_AUTO_TEST_CASE(warming_up_goes_on_and_ends_when_it_is_in_vain)
{
    pool_bench it(test_pool_settings(2));
    it.connections.warm_up(2);
    it.pump();
    it.net[0].refuse();
    it.net[1].refuse();
    for (std::size_t next = 2; next < 8; ++next) {
        it.wait_until_due();
        it.net[next].refuse();
    }
    BOOST_TEST(it.unreachable.empty());
    BOOST_TEST_REQUIRE(it.connections.connect_trouble() != nullptr);
    BOOST_TEST(it.connections.connect_trouble()->code == errc::connect_failed);
    it.wait_until_due();
    it.net[8].refuse({errc::tls_failed, "who is that"}, net::outlook::permanent);
    BOOST_TEST_REQUIRE(it.unreachable.size() == 1u);
    BOOST_TEST(it.unreachable[0].code == errc::tls_failed);
    BOOST_TEST(it.connections.deadline() == time_point::max());
}

BOOST_AUTO_TEST_CASE(a_call_after_the_giving_up_begins_anew)
{
    pool_bench it(test_pool_settings(1));
    it.submit(1);
    it.net[0].refuse({errc::tls_failed, "who is that"}, net::outlook::permanent);
    BOOST_TEST(it.calls[0].ends() == 1u);
    it.submit(1);
    it.wait_until_due();
    it.come_up_and_prove(1);
    BOOST_TEST(it.calls[1].was_answered());
}

BOOST_AUTO_TEST_SUITE_END()
