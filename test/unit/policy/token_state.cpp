#include "policy/token_state.hpp"

#include "support/printing.hpp"

#include <algorithm>

BOOST_AUTO_TEST_SUITE(unit_policy_token_state)

using namespace venice_keys::policy;
using namespace std::chrono_literals;

namespace {

const time_point start{1h};

void answer(token_state& token, unsigned status, time_point now, int count = 1)
{
    for (int i = 0; i < count; ++i) {
        token.sent();
        token.answered(status,
                       status == 401  ? token_acceptance::refused
                       : status < 400 ? token_acceptance::accepted
                                      : token_acceptance::none,
                       false, now);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(a_new_token_holds_nothing_back)
{
    const token_state token({});
    BOOST_TEST(token.holds(request_kind::ordinary, start) == hold::none);
    BOOST_TEST(token.holds(request_kind::creation, start) == hold::none);
    BOOST_TEST(token.opens_at(request_kind::creation, start) == time_point::max());
    BOOST_TEST(token.wakes_at(request_kind::creation, start) == time_point::max());
    BOOST_TEST(token.blank(start));
}

BOOST_AUTO_TEST_CASE(a_client_error_is_a_failure_and_nothing_else_is)
{
    for (const unsigned status : {200U, 204U, 302U, 399U, 429U, 500U, 503U, 599U}) {
        token_state token({});
        answer(token, status, start);
        BOOST_TEST(token.error_budget().failures(start) == 0u);
        BOOST_TEST(token.in_flight() == 0u);
    }
    for (const unsigned status : {400U, 401U, 402U, 403U, 404U, 408U, 422U, 499U}) {
        token_state token({});
        answer(token, status, start);
        BOOST_TEST(token.error_budget().failures(start) == 1u);
        BOOST_TEST(token.in_flight() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(what_the_service_does_not_count_gives_no_credit)
{
    token_state token({});
    const std::size_t before = token.error_budget().allowed(start);
    answer(token, 503, start, 10);
    answer(token, 429, start, 10);
    BOOST_TEST(token.error_budget().allowed(start) == before);
    answer(token, 200, start, 10);
    BOOST_TEST(token.error_budget().allowed(start) > before);
}

BOOST_AUTO_TEST_CASE(failures_hold_back_until_they_count_no_more)
{
    token_state token({});
    answer(token, 404, start, 16);
    BOOST_TEST(token.holds(request_kind::ordinary, start) == hold::error_budget);
    BOOST_TEST(token.opens_at(request_kind::ordinary, start) == start + 30s);
    BOOST_TEST(token.wakes_at(request_kind::ordinary, start) == start + 30s);
    BOOST_TEST(token.holds(request_kind::ordinary, start + 30s) == hold::none);
}

BOOST_AUTO_TEST_CASE(when_both_hold_it_opens_at_the_later_time)
{
    for (const auto pause : {10s, 40s}) {
        token_state token({});
        answer(token, 404, start, 16);
        token.hold_until(request_kind::ordinary, start + pause);
        BOOST_TEST(token.holds(request_kind::ordinary, start) == hold::rate_limit);
        const time_point opens = start + std::max(30s, pause);
        BOOST_TEST(token.opens_at(request_kind::ordinary, start) == opens);
        BOOST_TEST(token.wakes_at(request_kind::ordinary, start) == opens);
        BOOST_TEST(token.holds(request_kind::ordinary, opens - 1ns) != hold::none);
        BOOST_TEST(token.holds(request_kind::ordinary, opens) == hold::none);
    }
}

BOOST_AUTO_TEST_CASE(a_time_counts_also_when_an_answer_is_wanted_besides)
{
    token_state token({.strict = true});
    for (int i = 0; i < 16; ++i)
        token.sent();
    token.hold_until(request_kind::ordinary, start + 10s);
    BOOST_TEST(token.opens_at(request_kind::ordinary, start) == start + 10s); // not before, whatever is answered
    BOOST_TEST(token.wakes_at(request_kind::ordinary, start) == time_point::max());
}

BOOST_AUTO_TEST_CASE(a_silent_connection_does_not_keep_closed_what_time_opens)
{
    token_state token({});
    answer(token, 404, start, 15);
    token.sent();
    BOOST_TEST(token.holds(request_kind::ordinary, start) == hold::error_budget);
    BOOST_TEST(token.opens_at(request_kind::ordinary, start) == time_point::max());
    BOOST_TEST(token.wakes_at(request_kind::ordinary, start) == start + 30s);

    token_state paced({});
    paced.report(1, start + 5s, start);
    paced.sent();
    BOOST_TEST(paced.holds(request_kind::ordinary, start) == hold::rate_limit);
    BOOST_TEST(paced.opens_at(request_kind::ordinary, start) == time_point::max());
    BOOST_TEST(paced.wakes_at(request_kind::ordinary, start) == start + 65s);
}

BOOST_AUTO_TEST_CASE(a_limit_of_creations_leaves_other_requests_alone)
{
    token_state token({});
    token.hold_until(request_kind::creation, start + 10s);
    BOOST_TEST(token.holds(request_kind::ordinary, start) == hold::none);
    BOOST_TEST(token.opens_at(request_kind::ordinary, start) == time_point::max());
    BOOST_TEST(token.holds(request_kind::creation, start) == hold::rate_limit);
    BOOST_TEST(token.opens_at(request_kind::creation, start) == start + 10s);
    BOOST_TEST(token.wakes_at(request_kind::creation, start) == start + 10s);
    BOOST_TEST(token.holds(request_kind::creation, start + 10s) == hold::none);
    BOOST_TEST(!token.blank(start));
    BOOST_TEST(token.blank(start + 10s));
}

BOOST_AUTO_TEST_CASE(a_general_limit_holds_creations_as_well)
{
    token_state token({});
    token.hold_until(request_kind::ordinary, start + 10s);
    BOOST_TEST(token.holds(request_kind::creation, start) == hold::rate_limit);
    BOOST_TEST(token.opens_at(request_kind::creation, start) == start + 10s);
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_tried_by_one_at_a_time)
{
    token_state token({});
    answer(token, 401, start);
    BOOST_TEST(token.token_refused());
    BOOST_TEST(token.holds(request_kind::ordinary, start) == hold::none);
    token.sent();
    BOOST_TEST(token.holds(request_kind::ordinary, start) == hold::refused_token);
    BOOST_TEST(token.opens_at(request_kind::ordinary, start) == time_point::max());
    BOOST_TEST(token.wakes_at(request_kind::ordinary, start) == time_point::max());
    token.forgotten();
    BOOST_TEST(token.holds(request_kind::ordinary, start) == hold::none);
}

BOOST_AUTO_TEST_CASE(a_trial_that_succeeds_lifts_the_refusal_and_no_other_does)
{
    for (const unsigned status : {400U, 401U, 403U, 404U, 408U, 429U, 500U, 503U}) {
        token_state token({});
        answer(token, 401, start);
        answer(token, status, start);
        BOOST_TEST(token.token_refused());
    }
    token_state token({});
    answer(token, 401, start);
    answer(token, 200, start);
    BOOST_TEST(!token.token_refused());
}

BOOST_AUTO_TEST_CASE(it_is_blank_when_nothing_is_in_flight_no_failure_counts_and_no_limit_is_known)
{
    token_state token({});
    token.sent();
    BOOST_TEST(!token.blank(start));
    token.answered(404, token_acceptance::none, false, start);
    BOOST_TEST(!token.blank(start + 30s - 1ns));
    BOOST_TEST(token.blank(start + 30s));
    token.report(5, start + 40s, start + 30s);
    BOOST_TEST(!token.blank(start + 39s));
    BOOST_TEST(token.blank(start + 100s));
    token.report_budget(50, start + 130s, start + 100s);
    BOOST_TEST(!token.blank(start + 129s));
    BOOST_TEST(token.blank(start + 130s));
    token.budget_spent(start + 160s);
    BOOST_TEST(!token.blank(start + 159s));
    BOOST_TEST(token.blank(start + 160s));
}

BOOST_AUTO_TEST_CASE(a_spent_budget_holds_everything_whatever_the_settings)
{
    for (const bool enabled : {true, false}) {
        token_state token({.enabled = enabled});
        answer(token, 200, start, 100);
        token.budget_spent(start + 30s);
        for (const request_kind kind : request_kinds) {
            BOOST_TEST(token.holds(kind, start) == hold::error_budget);
            BOOST_TEST(token.opens_at(kind, start) == start + 30s);
            BOOST_TEST(token.wakes_at(kind, start) == start + 30s);
            BOOST_TEST(token.holds(kind, start + 30s) == hold::none);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_is_not_good_for_the_operation_is_good)
{
    token_state token({});
    answer(token, 401, start);
    BOOST_TEST(token.token_refused());
    token.sent();
    token.answered(401, token_acceptance::accepted, false, start);
    BOOST_TEST(!token.token_refused());
    BOOST_TEST(token.error_budget().failures(start) == 2u);
}

BOOST_AUTO_TEST_CASE(it_is_overfull_when_more_are_in_flight_than_would_be_sent)
{
    token_state token({});
    answer(token, 200, start, 10);
    for (int i = 0; i < 5; ++i)
        token.sent();
    BOOST_TEST(!token.overfull(request_kind::ordinary, start));
    token.report(5, start + 10s, start);
    BOOST_TEST(!token.overfull(request_kind::ordinary, start));
    token.report(4, start + 10s, start);
    BOOST_TEST(token.overfull(request_kind::ordinary, start));

    token_state creating({});
    creating.hold_until(request_kind::creation, start + 10s);
    BOOST_TEST(creating.overfull(request_kind::creation, start));
    BOOST_TEST(!creating.overfull(request_kind::ordinary, start));

    token_state failing({});
    answer(failing, 200, start, 10);
    for (int i = 0; i < 20; ++i)
        failing.sent();
    BOOST_TEST(!failing.overfull(request_kind::ordinary, start));
    failing.answered(404, token_acceptance::none, false, start);
    BOOST_TEST(failing.overfull(request_kind::ordinary, start));

    token_state spent({});
    spent.budget_spent(start + 1s);
    BOOST_TEST(spent.overfull(request_kind::ordinary, start));
    BOOST_TEST(!spent.overfull(request_kind::ordinary, start + 1s));

    token_state refused({});
    answer(refused, 401, start);
    BOOST_TEST(refused.overfull(request_kind::ordinary, start));
}

BOOST_AUTO_TEST_SUITE_END()
