#include "policy/replay.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(unit_policy_replay)

using namespace venice_keys::policy;

BOOST_AUTO_TEST_CASE(only_a_loss_without_an_answer_costs_an_attempt)
{
    attempts count;
    for (int i = 0; i < 100; ++i)
        count.lost(loss::after_answers);
    BOOST_TEST(count.left(1));
    count.lost(loss::no_answer);
    BOOST_TEST(!count.left(1));
    BOOST_TEST(count.left(2));
    count.lost(loss::no_answer);
    BOOST_TEST(!count.left(2));
    BOOST_TEST(count.left(3));
}

BOOST_AUTO_TEST_CASE(a_budget_is_as_large_as_it_is_said_to_be)
{
    for (const unsigned size : {0u, 1u, 5u, 100u}) {
        replay_budget budget(size);
        for (unsigned i = 0; i < size; ++i)
            BOOST_TEST(budget.spend(loss::no_answer));
        BOOST_TEST(!budget.spend(loss::no_answer));
        BOOST_TEST(!budget.spend(loss::no_answer));
    }
}

BOOST_AUTO_TEST_CASE(a_loss_after_answers_is_free_also_with_nothing_left)
{
    replay_budget budget(0);
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(budget.spend(loss::after_answers));
}

BOOST_AUTO_TEST_CASE(ten_answers_give_one_back)
{
    replay_budget budget(1);
    BOOST_TEST(budget.spend(loss::no_answer));
    for (int i = 0; i < 9; ++i)
        budget.answered();
    BOOST_TEST(!budget.spend(loss::no_answer));
    budget.answered();
    BOOST_TEST(budget.spend(loss::no_answer));
    BOOST_TEST(!budget.spend(loss::no_answer));
}

BOOST_AUTO_TEST_CASE(answers_fill_it_up_to_its_size_and_no_further)
{
    replay_budget budget(2);
    for (int i = 0; i < 1000; ++i)
        budget.answered();
    BOOST_TEST(budget.spend(loss::no_answer));
    BOOST_TEST(budget.spend(loss::no_answer));
    BOOST_TEST(!budget.spend(loss::no_answer));
}

BOOST_AUTO_TEST_CASE(the_largest_budget_does_not_overflow)
{
    replay_budget budget(1'000'000);
    for (int i = 0; i < 1'000'000; ++i)
        BOOST_TEST_REQUIRE(budget.spend(loss::no_answer));
    BOOST_TEST(!budget.spend(loss::no_answer));
}

BOOST_AUTO_TEST_SUITE_END()
