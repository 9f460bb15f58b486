#include "policy/operations.hpp"

#include "support/printing.hpp"

#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_policy_operations)

using namespace venice_keys::policy;

BOOST_AUTO_TEST_CASE(each_rule_is_found_by_its_operation)
{
    for (std::size_t i = 0; i < operation_rules.size(); ++i) {
        const auto which = static_cast<operation>(i);
        BOOST_TEST(operation_rules[i].which == which);
        BOOST_TEST(&rule_of(which) == &operation_rules[i]);
    }
    BOOST_TEST(operation_rules.back().which == operation::web3_create); // the last there is
}

BOOST_AUTO_TEST_CASE(no_two_operations_ask_for_the_same)
{
    std::set<std::string> seen;
    for (const operation_rule& rule : operation_rules)
        seen.insert(std::string(rule.method) + ' ' + std::string(rule.url_template));
    BOOST_TEST(seen.size() == operation_rules.size());
}

BOOST_AUTO_TEST_CASE(methods_and_targets_are_those_of_the_service)
{
    const auto asks = [](operation which, std::string_view method, std::string_view target) {
        BOOST_TEST(rule_of(which).method == method);
        BOOST_TEST(rule_of(which).url_template == target);
    };
    asks(operation::update, "PATCH", "/api_keys");
    asks(operation::list, "GET", "/api_keys");
    asks(operation::get, "GET", "/api_keys/{id}");
    asks(operation::create, "POST", "/api_keys");
    asks(operation::remove, "DELETE", "/api_keys?id={id}");
    asks(operation::rate_limits, "GET", "/api_keys/rate_limits");
    asks(operation::rate_limit_log, "GET", "/api_keys/rate_limits/log");
    asks(operation::web3_challenge, "GET", "/api_keys/generate_web3_key");
    asks(operation::web3_create, "POST", "/api_keys/generate_web3_key");
}

BOOST_AUTO_TEST_CASE(update_and_delete_alone_change_a_key_and_are_ordered)
{
    for (const operation_rule& rule : operation_rules)
        BOOST_TEST(rule.ordered == (rule.which == operation::update || rule.which == operation::remove));
}

BOOST_AUTO_TEST_CASE(what_creates_travels_alone_and_nothing_else_does)
{
    for (const operation_rule& rule : operation_rules) {
        BOOST_TEST(rule.creates == (rule.which == operation::create || rule.which == operation::web3_create));
        BOOST_TEST(rule.exclusive == rule.creates);
    }
}

BOOST_AUTO_TEST_CASE(the_wallet_operations_alone_do_without_the_token)
{
    for (const operation_rule& rule : operation_rules)
        BOOST_TEST(rule.authorized ==
                   !(rule.which == operation::web3_challenge || rule.which == operation::web3_create));
}

BOOST_AUTO_TEST_CASE(what_only_reads_may_be_repeated)
{
    for (const operation_rule& rule : operation_rules)
        if (rule.method == "GET") {
            BOOST_TEST(rule.may_replay);
            BOOST_TEST(rule.retry_failed);
        }
}

BOOST_AUTO_TEST_SUITE_END()
