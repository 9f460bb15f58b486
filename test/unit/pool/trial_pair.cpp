// What a pair of updates shows of pipelining, and when it shows nothing. When one is tried: see pipelining.cpp.
#include "pool/trial_pair.hpp"

#include "support/printing.hpp"
#include "unit/support/session_bench.hpp"

BOOST_AUTO_TEST_SUITE(unit_pool_trial_pair)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::test;
using namespace std::chrono_literals;

namespace {

// A pair under way on a connection that has answered once.
struct bench : session_bench {
    bench() : carrier(net, test_session_limits(), net.clock(), *this)
    {
        carrier.open();
        net[1].come_up();
        carrier.submit(*slots[0]);
        (void)carrier.flush(net.now);
        net[1].finish_write();
        net[1].bring(reply_to(0));
        carrier.submit(*slots[1]);
        pair.given_first(&carrier);
    }

    void begin()
    {
        BOOST_TEST_REQUIRE(pair.wants_second(net.now));
        BOOST_TEST_REQUIRE(pair.begin() == &carrier);
        carrier.submit(*slots[2]);
        (void)carrier.flush(net.now);
    }

    connection carrier;
    policy::pipelining finding{8};
    trial_pair pair{finding};
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_certain_second_answer_shows_that_the_server_pipelines, bench)
{
    begin();
    BOOST_TEST(!pair.answered(false, net.now + 5s)); // the other is owed
    BOOST_TEST(pair.deadline() == net.now + 5s);
    BOOST_TEST(pair.on(carrier));
    BOOST_TEST(pair.answered(true, net.now + 6s));
    BOOST_TEST(finding.state() == pipelining_state::works);
    BOOST_TEST(!pair.on(carrier));
    BOOST_TEST(pair.deadline() == time_point::max());
}

BOOST_FIXTURE_TEST_CASE(a_second_answer_that_is_not_certain_shows_nothing, bench)
{
    begin();
    BOOST_TEST(!pair.answered(false, net.now + 5s));
    BOOST_TEST(!pair.answered(false, net.now + 5s));
    BOOST_TEST(finding.state() == pipelining_state::unknown);
    BOOST_TEST(finding.wants_trial(net.now)); // another may be tried
}

BOOST_FIXTURE_TEST_CASE(an_answer_with_nothing_owed_behind_it_ends_the_pair, bench)
{
    BOOST_TEST_REQUIRE(pair.begin() == &carrier);
    BOOST_TEST(!pair.answered(false, net.now + 5s));
    BOOST_TEST(!pair.on(carrier));
}

BOOST_FIXTURE_TEST_CASE(a_connection_that_closes_shows_that_the_server_does_not_pipeline, bench)
{
    begin();
    BOOST_TEST(pair.closed(net.now));
    BOOST_TEST(finding.state() == pipelining_state::fails);
    BOOST_TEST(!pair.on(carrier));
}

BOOST_FIXTURE_TEST_CASE(a_pair_that_was_taken_apart_shows_nothing, bench)
{
    begin();
    const connection other(net, test_session_limits(), net.clock(), *this);
    pair.end_on(other);
    BOOST_TEST(pair.on(carrier));
    pair.end_on(carrier);
    BOOST_TEST(!pair.on(carrier));
    BOOST_TEST(finding.state() == pipelining_state::unknown);
    BOOST_TEST(finding.wants_trial(net.now));
}

BOOST_FIXTURE_TEST_CASE(a_connection_is_given_up_when_the_second_answer_is_late, bench)
{
    begin();
    BOOST_TEST(!pair.answered(false, net.now + 5s));
    pair.tick(net.now + 4s);
    BOOST_TEST(!carrier.closed());
    pair.tick(net.now + 5s);
    BOOST_TEST(carrier.closed());
}

BOOST_FIXTURE_TEST_CASE(only_one_request_that_is_not_written_may_become_the_first_of_a_pair, bench)
{
    pair.given_first(nullptr);
    BOOST_TEST(!pair.wants_second(net.now));
    pair.given_first(&carrier);
    BOOST_TEST(pair.wants_second(net.now));
    (void)carrier.flush(net.now);
    BOOST_TEST(!pair.wants_second(net.now));
}

BOOST_AUTO_TEST_SUITE_END()
