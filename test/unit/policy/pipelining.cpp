#include "policy/pipelining.hpp"

#include "support/printing.hpp"

BOOST_AUTO_TEST_SUITE(unit_policy_pipelining)

using namespace std::chrono_literals;
using venice_keys::policy::pipelining;
using venice_keys::policy::time_point;
using state = venice_keys::pipelining_state;

namespace {

const time_point start{1h};

} // namespace

BOOST_AUTO_TEST_CASE(one_at_a_time_until_a_pair_was_answered)
{
    pipelining rule(16);
    BOOST_TEST(rule.state() == state::unknown);
    BOOST_TEST(rule.limit() == 1u);
    BOOST_TEST(rule.wants_trial(start));
    rule.trial_began();
    BOOST_TEST(!rule.wants_trial(start + 1h)); // one trial at a time
    BOOST_TEST(rule.limit() == 1u);
    rule.succeeded();
    BOOST_TEST(rule.state() == state::works);
    BOOST_TEST(rule.limit() == 16u);
    BOOST_TEST(!rule.wants_trial(start + 1h));
}

BOOST_AUTO_TEST_CASE(what_fails_is_asked_again_ever_more_rarely)
{
    pipelining rule(16);
    time_point now = start;
    for (const auto pause : {2min, 4min, 8min, 16min, 32min, 64min, 64min}) {
        BOOST_TEST(rule.wants_trial(now));
        rule.trial_began();
        rule.failed(now);
        BOOST_TEST(rule.state() == state::fails);
        BOOST_TEST(rule.limit() == 1u);
        BOOST_TEST(!rule.wants_trial(now + pause - 1ms));
        now += pause;
    }
    BOOST_TEST(rule.wants_trial(now));
    rule.trial_began();
    rule.succeeded();
    BOOST_TEST(rule.limit() == 16u);
}

BOOST_AUTO_TEST_CASE(a_trial_that_says_nothing_is_made_again)
{
    pipelining rule(16);
    rule.trial_began();
    rule.trial_ended();
    BOOST_TEST(rule.state() == state::unknown);
    BOOST_TEST(rule.wants_trial(start));
}

BOOST_AUTO_TEST_CASE(a_depth_of_one_asks_for_no_trial)
{
    BOOST_TEST(!pipelining(1).wants_trial(start));
    BOOST_TEST(pipelining(1).limit() == 1u);
}

BOOST_AUTO_TEST_CASE(what_worked_fails_after_two_connections_that_brought_nothing_behind_a_request)
{
    pipelining rule(16, state::works);
    rule.broken(true, start);
    BOOST_TEST(rule.limit() == 8u);
    for (int i = 0; i < 100; ++i)
        rule.answered_behind(); // forgiven
    rule.broken(true, start);
    rule.broken(false, start); // it had: says nothing of the rest
    BOOST_TEST(rule.state() == state::works);
    rule.broken(true, start);
    BOOST_TEST(rule.state() == state::fails);
    BOOST_TEST(!rule.wants_trial(start + 2min - 1ms));
    BOOST_TEST(rule.wants_trial(start + 2min));
}

BOOST_AUTO_TEST_CASE(where_some_of_several_servers_pipeline_the_others_are_noticed)
{
    pipelining rule(16, state::works);
    rule.broken(true, start);
    for (int i = 0; i < 99; ++i)
        rule.answered_behind(); // on other connections
    rule.broken(true, start);
    BOOST_TEST(rule.state() == state::fails);
}

BOOST_AUTO_TEST_CASE(it_says_when_more_may_be_in_flight)
{
    pipelining rule(2, state::works);
    BOOST_TEST(!rule.answered());
    rule.broken(false, start);
    BOOST_TEST(rule.limit() == 1u);
    unsigned answers = 0;
    while (!rule.answered())
        BOOST_TEST_REQUIRE(++answers < 100u);
    BOOST_TEST(rule.limit() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
