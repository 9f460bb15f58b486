#include "emulator/fault_rules.hpp"

#include "emulator/fault_access.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_fault_rules)

namespace {

using venice_keys::fault;
using venice_keys::fault_access;
using venice_keys::emulation::fault_rules;
using venice_keys::emulation::request;

request ask(std::string method, std::string target, std::string body)
{
    request asked;
    asked.method = std::move(method);
    asked.target = std::move(target);
    asked.body = std::move(body);
    return asked;
}

// One character for each of so many requests: the kind that struck it, or a dot.
std::string strikes(fault_rules& rules, int requests)
{
    std::string out;
    for (int i = 0; i < requests; ++i) {
        const auto struck = rules.strike(ask("PATCH", "/api/v1/api_keys", "{}"));
        out += !struck ? '.' : fault_access(*struck)->kind == fault::kind::close ? 'c' : 'r';
    }
    return out;
}

std::string strikes(fault rule, int requests)
{
    fault_rules rules{1};
    rules.add(std::move(rule));
    return strikes(rules, requests);
}

} // namespace

BOOST_AUTO_TEST_CASE(without_rules_nothing_strikes)
{
    fault_rules rules{1};
    BOOST_TEST(strikes(rules, 5) == ".....");
}

BOOST_AUTO_TEST_CASE(a_rule_strikes_once_unless_told_otherwise)
{
    BOOST_TEST(strikes(fault::close(), 5) == "c....");
}

BOOST_AUTO_TEST_CASE(after_lets_requests_pass_first)
{
    BOOST_TEST(strikes(fault::close().after(2), 5) == "..c..");
}

BOOST_AUTO_TEST_CASE(times_bounds_the_strikes)
{
    BOOST_TEST(strikes(fault::close().after(1).times(3), 6) == ".ccc..");
}

BOOST_AUTO_TEST_CASE(times_zero_is_without_end)
{
    BOOST_TEST(strikes(fault::close().times(0), 6) == "cccccc");
}

BOOST_AUTO_TEST_CASE(every_leaves_gaps_between_strikes)
{
    BOOST_TEST(strikes(fault::close().after(1).times(3).every(2), 12) == ".c..c..c....");
}

BOOST_AUTO_TEST_CASE(overread_counts_and_strikes_only_what_has_bytes_behind_it)
{
    fault_rules rules{1};
    BOOST_TEST(!rules.watch_overread());
    rules.add(fault::overread(fault::behind::drop).after(1));
    BOOST_TEST(rules.watch_overread());
    request alone = ask("PATCH", "/a", "{}");
    request followed = alone;
    followed.followed = true;
    BOOST_TEST(!rules.strike(alone).has_value());
    BOOST_TEST(!rules.strike(followed).has_value());
    BOOST_TEST(!rules.strike(alone).has_value());
    BOOST_TEST(rules.strike(followed).has_value());
    BOOST_TEST(rules.strike(followed).has_value());
}

BOOST_AUTO_TEST_CASE(what_belongs_to_one_protocol_counts_and_strikes_its_requests_alone)
{
    request old = ask("PATCH", "/a", "{}");
    old.followed = true;
    request young = old;
    young.stream = 1;
    for (const fault& rule : {fault::refuse(), fault::goaway(fault::last::at), fault::streams(1), fault::window(1)}) {
        fault_rules rules{1};
        rules.add(fault{rule}.after(1));
        BOOST_TEST(!rules.strike(old).has_value());
        BOOST_TEST(!rules.strike(young).has_value());
        BOOST_TEST(!rules.strike(old).has_value());
        BOOST_TEST(rules.strike(young).has_value());
    }
    fault_rules rules{1};
    rules.add(fault::overread(fault::behind::drop));
    BOOST_TEST(!rules.strike(young).has_value());
    BOOST_TEST(rules.strike(old).has_value());
    rules.clear();
    rules.add(fault::silent().times(0));
    BOOST_TEST(rules.strike(old).has_value());
    BOOST_TEST(rules.strike(young).has_value());
}

BOOST_AUTO_TEST_CASE(only_for_counts_and_strikes_what_holds_the_text)
{
    fault_rules rules{1};
    rules.add(fault::close().after(1).only_for("needle"));
    BOOST_TEST(!rules.strike(ask("PATCH", "/a", "hay")).has_value());
    BOOST_TEST(!rules.strike(ask("PATCH", "/a", "a needle")).has_value());
    BOOST_TEST(!rules.strike(ask("PATCH", "/a", "hay")).has_value());
    BOOST_TEST(rules.strike(ask("PATCH", "/needle", "hay")).has_value());
}

BOOST_AUTO_TEST_CASE(only_method_counts_and_strikes_that_method_alone)
{
    fault_rules rules{1};
    rules.add(fault::close().after(1).only_method("POST"));
    BOOST_TEST(!rules.strike(ask("GET", "/a", "")).has_value());
    BOOST_TEST(!rules.strike(ask("POST", "/a", "")).has_value());
    BOOST_TEST(!rules.strike(ask("PATCH", "/a", "POST")).has_value());
    BOOST_TEST(!rules.strike(ask("post", "/a", "")).has_value());
    BOOST_TEST(rules.strike(ask("POST", "/a", "")).has_value());
}

BOOST_AUTO_TEST_CASE(a_method_and_a_text_must_both_fit)
{
    fault_rules rules{1};
    rules.add(fault::close().only_method("POST").only_for("needle"));
    BOOST_TEST(!rules.strike(ask("POST", "/a", "hay")).has_value());
    BOOST_TEST(!rules.strike(ask("GET", "/a", "needle")).has_value());
    BOOST_TEST(rules.strike(ask("POST", "/a", "needle")).has_value());
}

BOOST_AUTO_TEST_CASE(the_first_of_two_rules_strikes_and_the_other_waits_its_turn)
{
    fault_rules rules{1};
    rules.add(fault::close().after(1));
    rules.add(fault::reset().times(2));
    BOOST_TEST(strikes(rules, 5) == "rcr..");
}

BOOST_AUTO_TEST_CASE(after_counts_requests_that_another_rule_strikes)
{
    fault_rules rules{1};
    rules.add(fault::close().times(2));
    rules.add(fault::reset().after(2));
    BOOST_TEST(strikes(rules, 4) == "ccr.");
}

BOOST_AUTO_TEST_CASE(cleared_rules_strike_no_more)
{
    fault_rules rules{1};
    rules.add(fault::close().times(0));
    BOOST_TEST(strikes(rules, 2) == "cc");
    rules.clear();
    BOOST_TEST(strikes(rules, 2) == "..");
}

BOOST_AUTO_TEST_CASE(chance_comes_from_the_seed_and_has_the_right_rate)
{
    const auto run = [](std::uint64_t seed) {
        fault_rules rules{seed};
        rules.add(fault::close().at_random(0.3).times(0));
        return strikes(rules, 1000);
    };
    const std::string first = run(1);
    BOOST_TEST(first == run(1));
    BOOST_TEST(first != run(2));
    const auto struck = std::count(first.begin(), first.end(), 'c');
    BOOST_TEST(struck > 230);
    BOOST_TEST(struck < 370);
}

BOOST_AUTO_TEST_CASE(only_a_strike_uses_up_a_time)
{
    fault_rules rules{1};
    rules.add(fault::close().at_random(0.1).times(3));
    const std::string all = strikes(rules, 1000);
    BOOST_TEST(std::count(all.begin(), all.end(), 'c') == 3);
    BOOST_TEST(all.front() == '.');
}

BOOST_AUTO_TEST_SUITE_END()
