// The demonstration's judge must find what the demonstration says that there is none of.
#include "demo_check.hpp"

#include "support/printing_values.hpp"

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(integration_examples_demo_check)

namespace {

namespace vk = venice_keys;

vk::api_key key(std::string id)
{
    vk::api_key made;
    made.id = std::move(id);
    made.limit_period = vk::limit_period::epoch;
    return made;
}

// A round of two keys that went as planned; each test spoils one thing.
struct round_of_two {
    std::vector<vk::api_key> before{key("a"), key("b")};
    std::vector<demo::planned_change> plan = demo::plan_round(before, 1, 7);
    std::vector<vk::result<vk::api_key>> answers{plan[0].expected, plan[1].expected};
    std::vector<vk::api_key> held{plan[0].expected, plan[1].expected};
    std::vector<vk::journal_entry> journal;

    round_of_two()
    {
        for (const vk::api_key& each : held)
            add_to_journal(each);
    }

    void add_to_journal(const vk::api_key& changed)
    {
        vk::journal_entry entry;
        entry.number = journal.size() + 1;
        entry.key = changed;
        journal.push_back(entry);
    }

    [[nodiscard]] demo::findings judge(std::size_t may_repeat = 0) const
    {
        return demo::check_round(plan, answers, held, journal, may_repeat);
    }

    [[nodiscard]] std::string only_fault() const
    {
        const demo::findings found = judge();
        BOOST_TEST(found.applied == 1U);
        return found.faults.size() == 1 ? found.faults.front() : std::to_string(found.faults.size()) + " faults";
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_round_as_planned_has_no_fault)
{
    const demo::findings found = round_of_two{}.judge();
    BOOST_TEST(found.applied == 2U);
    BOOST_TEST(found.again == 0U);
    BOOST_TEST(found.faults.empty());
}

BOOST_AUTO_TEST_CASE(a_plan_changes_every_key_and_rounds_differ)
{
    const round_of_two first;
    const auto second = demo::plan_round(first.held, 2, 7);
    for (std::size_t i = 0; i != second.size(); ++i) {
        BOOST_TEST(first.plan[i].expected != first.before[i]);
        BOOST_TEST(second[i].expected != first.plan[i].expected);
        BOOST_TEST(first.plan[i].update.validate());
    }
}

BOOST_AUTO_TEST_CASE(an_update_that_failed_is_found)
{
    round_of_two ran;
    ran.answers[1] = vk::error{vk::errc::not_found};
    BOOST_TEST(ran.only_fault() == "b: not found; not sent");
}

BOOST_AUTO_TEST_CASE(an_answer_with_another_value_is_found)
{
    round_of_two ran;
    ran.answers[0]->limits.usd = -1;
    BOOST_TEST(ran.only_fault() == "a: the answer has another limits.usd");
}

BOOST_AUTO_TEST_CASE(a_lost_update_is_found)
{
    round_of_two ran;
    ran.held[1] = ran.before[1];
    ran.journal.pop_back();
    BOOST_TEST(ran.only_fault().starts_with("b: the server holds another "));
}

BOOST_AUTO_TEST_CASE(a_lost_key_is_found)
{
    round_of_two ran;
    ran.held.pop_back();
    BOOST_TEST(ran.only_fault() == "b: the server has lost the key");
}

BOOST_AUTO_TEST_CASE(an_update_that_the_journal_lacks_is_found)
{
    round_of_two ran;
    ran.journal.pop_back();
    BOOST_TEST(ran.only_fault() == "b: the journal does not have the update");
}

BOOST_AUTO_TEST_CASE(an_older_value_in_the_journal_is_found)
{
    round_of_two ran;
    ran.journal.front().key.expires_at = vk::timestamp{};
    BOOST_TEST(ran.only_fault() == "a: the journal has a change with another expires_at");
}

BOOST_AUTO_TEST_CASE(more_repeats_than_the_client_owns_up_to_are_found)
{
    round_of_two ran;
    ran.add_to_journal(ran.held[0]);
    BOOST_TEST(ran.judge(1).faults.empty());
    BOOST_TEST(ran.judge(1).again == 1U);
    BOOST_TEST_REQUIRE(ran.judge(0).faults.size() == 1U);
    BOOST_TEST(ran.judge(0).faults.front() == "1 updates applied again, of at most 0");
}

BOOST_AUTO_TEST_CASE(a_change_that_nobody_asked_for_is_found)
{
    round_of_two ran;
    ran.add_to_journal(key("c"));
    BOOST_TEST_REQUIRE(ran.judge().faults.size() == 1U);
    BOOST_TEST(ran.judge().faults.front() == "c: a change that nobody asked for");
}

BOOST_AUTO_TEST_SUITE_END()
