#include "policy/standing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <ostream>

namespace venice_keys::policy {

static std::ostream& boost_test_print_type(std::ostream& to, hold value)
{
    return to << static_cast<int>(value);
}

} // namespace venice_keys::policy

BOOST_AUTO_TEST_SUITE(unit_policy_standing)

using namespace venice_keys::policy;
using namespace std::chrono_literals;

namespace {

const time_point start{1h};

void answer(standing& token, unsigned status, time_point now, int count = 1)
{
    for (int i = 0; i < count; ++i) {
        token.sent();
        token.answered(status, now);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_new_token_holds_nothing_back)
{
    const standing token({});
    BOOST_TEST(token.holds(false, start) == hold::none);
    BOOST_TEST(token.holds(true, start) == hold::none);
    BOOST_TEST((token.opens_at(true, start) == time_point::max()));
    BOOST_TEST((token.wakes_at(true, start) == time_point::max()));
    BOOST_TEST(token.blank(start));
}

BOOST_AUTO_TEST_CASE(a_status_of_400_and_up_is_a_failure)
{
    for (const unsigned status : {200U, 204U, 302U, 399U}) {
        standing token({});
        answer(token, status, start);
        BOOST_TEST(token.failures(start) == 0u);
        BOOST_TEST(token.in_flight() == 0u);
    }
    for (const unsigned status : {400U, 401U, 404U, 429U, 500U, 503U, 599U}) {
        standing token({});
        answer(token, status, start);
        BOOST_TEST(token.failures(start) == 1u);
        BOOST_TEST(token.in_flight() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(failures_hold_back_until_they_count_no_more)
{
    standing token({});
    answer(token, 404, start, 16);
    BOOST_TEST(token.holds(false, start) == hold::error_budget);
    BOOST_TEST((token.opens_at(false, start) == start + 30s));
    BOOST_TEST((token.wakes_at(false, start) == start + 30s));
    BOOST_TEST(token.holds(false, start + 30s) == hold::none);
}

BOOST_AUTO_TEST_CASE(when_both_hold_it_opens_at_the_later_time)
{
    for (const auto pause : {10s, 40s}) {
        standing token({});
        answer(token, 404, start, 16);
        token.hold_until(false, start + pause);
        BOOST_TEST(token.holds(false, start) == hold::rate_limit);
        const time_point opens = start + std::max(30s, pause);
        BOOST_TEST((token.opens_at(false, start) == opens));
        BOOST_TEST((token.wakes_at(false, start) == opens));
        BOOST_TEST(token.holds(false, opens - 1ns) != hold::none);
        BOOST_TEST(token.holds(false, opens) == hold::none);
    }
}

BOOST_AUTO_TEST_CASE(a_time_counts_also_when_an_answer_is_wanted_besides)
{
    standing token({});
    for (int i = 0; i < 16; ++i)
        token.sent();
    token.hold_until(false, start + 10s);
    BOOST_TEST((token.opens_at(false, start) == start + 10s)); // not before, whatever is answered
    BOOST_TEST((token.wakes_at(false, start) == time_point::max()));
}

BOOST_AUTO_TEST_CASE(a_silent_connection_does_not_keep_closed_what_time_opens)
{
    standing token({});
    answer(token, 404, start, 15);
    token.sent();
    BOOST_TEST(token.holds(false, start) == hold::error_budget);
    BOOST_TEST((token.opens_at(false, start) == time_point::max()));
    BOOST_TEST((token.wakes_at(false, start) == start + 30s));

    standing paced({});
    paced.report(1, start + 5s, start);
    paced.sent();
    BOOST_TEST(paced.holds(false, start) == hold::rate_limit);
    BOOST_TEST((paced.opens_at(false, start) == time_point::max()));
    BOOST_TEST((paced.wakes_at(false, start) == start + 65s));
}

BOOST_AUTO_TEST_CASE(a_limit_of_creations_leaves_other_requests_alone)
{
    standing token({});
    token.hold_until(true, start + 10s);
    BOOST_TEST(token.holds(false, start) == hold::none);
    BOOST_TEST((token.opens_at(false, start) == time_point::max()));
    BOOST_TEST(token.holds(true, start) == hold::rate_limit);
    BOOST_TEST((token.opens_at(true, start) == start + 10s));
    BOOST_TEST((token.wakes_at(true, start) == start + 10s));
    BOOST_TEST(token.holds(true, start + 10s) == hold::none);
    BOOST_TEST(!token.blank(start));
    BOOST_TEST(token.blank(start + 10s));
}

BOOST_AUTO_TEST_CASE(a_general_limit_holds_creations_as_well)
{
    standing token({});
    token.hold_until(false, start + 10s);
    BOOST_TEST(token.holds(true, start) == hold::rate_limit);
    BOOST_TEST((token.opens_at(true, start) == start + 10s));
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_tried_by_one_at_a_time)
{
    standing token({});
    answer(token, 401, start);
    BOOST_TEST(token.token_refused());
    BOOST_TEST(token.holds(false, start) == hold::none);
    token.sent();
    BOOST_TEST(token.holds(false, start) == hold::refused_token);
    BOOST_TEST((token.opens_at(false, start) == time_point::max()));
    BOOST_TEST((token.wakes_at(false, start) == time_point::max()));
    token.forgotten();
    BOOST_TEST(token.holds(false, start) == hold::none);
}

BOOST_AUTO_TEST_CASE(a_trial_that_succeeds_lifts_the_refusal_and_no_other_does)
{
    for (const unsigned status : {400U, 401U, 403U, 404U, 408U, 429U, 500U, 503U}) {
        standing token({});
        answer(token, 401, start);
        answer(token, status, start);
        BOOST_TEST(token.token_refused());
    }
    standing token({});
    answer(token, 401, start);
    answer(token, 200, start);
    BOOST_TEST(!token.token_refused());
}

BOOST_AUTO_TEST_CASE(it_is_blank_when_nothing_is_in_flight_no_failure_counts_and_no_limit_is_known)
{
    standing token({});
    token.sent();
    BOOST_TEST(!token.blank(start));
    token.answered(404, start);
    BOOST_TEST(!token.blank(start + 30s - 1ns));
    BOOST_TEST(token.blank(start + 30s));
    token.report(5, start + 40s, start + 30s);
    BOOST_TEST(!token.blank(start + 39s));
    BOOST_TEST(token.blank(start + 100s));
}

BOOST_AUTO_TEST_SUITE_END()
