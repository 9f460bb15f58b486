// Promise 5, what may be sent again: every operation and every status, as sentences.
#include "policy/operations.hpp"
#include "support/printing.hpp"

#include <algorithm>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_policy_promise_05_table)

using namespace venice_keys::policy;

namespace {

using operations = std::vector<operation>;

const operations repeatable{operation::update,        operation::list,        operation::get,
                            operation::remove,        operation::rate_limits, operation::rate_limit_log,
                            operation::web3_challenge};
const operations creating{operation::create, operation::web3_create};

// The statuses, of all that there can be, after which the operation may be sent again.
std::vector<unsigned> retried_after(operation which)
{
    std::vector<unsigned> all;
    for (unsigned status = 0; status < 1000; ++status)
        if (may_retry(rule_of(which), status))
            all.push_back(status);
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_operation_is_either_repeatable_or_creating)
{
    BOOST_TEST(repeatable.size() + creating.size() == operation_rules.size());
    for (const operation_rule& rule : operation_rules)
        BOOST_TEST(std::count(repeatable.begin(), repeatable.end(), rule.which) +
                       std::count(creating.begin(), creating.end(), rule.which) ==
                   1);
}

BOOST_AUTO_TEST_CASE(sent_and_unanswered_all_but_a_creation_may_be_sent_again)
{
    for (const operation which : repeatable)
        BOOST_TEST(rule_of(which).may_replay);
}

BOOST_AUTO_TEST_CASE(a_creation_is_never_repeated_once_it_was_sent_and_not_answered)
{
    for (const operation which : creating)
        BOOST_TEST(!rule_of(which).may_replay);
}

BOOST_AUTO_TEST_CASE(all_but_a_creation_may_be_sent_again_after_408_429_500_502_503_and_504_and_no_other_status)
{
    const std::vector<unsigned> expected{408, 429, 500, 502, 503, 504};
    for (const operation which : repeatable) {
        const auto actual = retried_after(which);
        BOOST_TEST(actual == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_creation_may_be_sent_again_after_429_and_no_other_status)
{
    const std::vector<unsigned> expected{429};
    for (const operation which : creating) {
        const auto actual = retried_after(which);
        BOOST_TEST(actual == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(only_a_repeated_delete_may_find_nothing)
{
    for (const operation_rule& rule : operation_rules)
        BOOST_TEST(rule.gone_when_done == (rule.which == operation::remove));
}

BOOST_AUTO_TEST_CASE(what_may_not_be_repeated_takes_nothing_else_along)
{
    for (const operation_rule& rule : operation_rules)
        BOOST_TEST((rule.may_replay || rule.exclusive), printing::enumerator(rule.which));
}

BOOST_AUTO_TEST_SUITE_END()
