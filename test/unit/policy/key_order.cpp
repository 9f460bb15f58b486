#include "policy/key_order.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_policy_key_order)

using namespace venice_keys::policy;

namespace {

struct change : ordered_change {};

} // namespace

BOOST_AUTO_TEST_CASE(a_change_that_has_not_entered_has_no_turn)
{
    const change one;
    BOOST_TEST(!one.in_key_order());
    BOOST_TEST(!one.at_front());
}

BOOST_AUTO_TEST_CASE(the_first_change_of_a_key_has_the_turn_at_once)
{
    key_order all;
    change one;
    BOOST_TEST(all.enter(one, "a"));
    BOOST_TEST(one.in_key_order());
    BOOST_TEST(one.at_front());
    BOOST_TEST(all.size() == 1u);
    BOOST_TEST(all.leave(one) == nullptr);
    BOOST_TEST(!one.in_key_order());
    BOOST_TEST(!one.at_front());
    BOOST_TEST(all.size() == 0u);
}

BOOST_AUTO_TEST_CASE(the_next_waits_and_gets_the_turn_when_the_first_leaves)
{
    key_order all;
    change first, second, third;
    all.enter(first, "a");
    BOOST_TEST(!all.enter(second, "a"));
    BOOST_TEST(!all.enter(third, "a"));
    BOOST_TEST(second.in_key_order());
    BOOST_TEST(!second.at_front());
    BOOST_TEST(all.leave(first) == &second);
    BOOST_TEST(second.at_front());
    BOOST_TEST(!third.at_front());
    BOOST_TEST(all.leave(second) == &third);
    BOOST_TEST(all.leave(third) == nullptr);
    BOOST_TEST(all.size() == 0u);
}

BOOST_AUTO_TEST_CASE(an_id_is_the_same_in_any_case_of_letters)
{
    key_order all;
    change first, second, other;
    BOOST_TEST(all.enter(first, "e28e82dc-9DF2-4b47"));
    BOOST_TEST(!all.enter(second, "E28E82DC-9df2-4B47"));
    BOOST_TEST(all.enter(other, "e28e82dc-9df2-4b48"));
    BOOST_TEST(all.leave(first) == &second);
    BOOST_TEST(all.leave(second) == nullptr);
    BOOST_TEST(all.leave(other) == nullptr);
}

BOOST_AUTO_TEST_CASE(other_keys_do_not_wait)
{
    key_order all;
    change one, two, empty;
    BOOST_TEST(all.enter(one, "a"));
    BOOST_TEST(all.enter(two, "b"));
    BOOST_TEST(all.enter(empty, ""));
    BOOST_TEST(all.size() == 3u);
    all.leave(one);
    all.leave(two);
    all.leave(empty);
}

BOOST_AUTO_TEST_CASE(keys_are_told_apart_by_their_text_and_not_by_where_it_stands)
{
    key_order all;
    const std::string here = "the same key, twice";
    const std::string there = here;
    change one, two;
    BOOST_TEST(all.enter(one, here));
    BOOST_TEST(!all.enter(two, there));
    all.leave(two);
    all.leave(one);
}

BOOST_AUTO_TEST_CASE(a_key_outlives_the_text_of_the_change_that_brought_it)
{
    key_order all;
    auto first_key = std::make_unique<std::string>("a key that is too long to be kept in the string itself");
    const std::string key = *first_key;
    change first, second, third;
    all.enter(first, *first_key);
    all.enter(second, key);
    all.leave(first);
    first_key.reset();
    BOOST_TEST(!all.enter(third, key));
    BOOST_TEST(all.leave(second) == &third);
    all.leave(third);
}

BOOST_AUTO_TEST_CASE(one_that_waits_leaves_without_a_trace)
{
    key_order all;
    change first, second, third;
    all.enter(first, "a");
    all.enter(second, "a");
    all.enter(third, "a");
    BOOST_TEST(all.leave(second) == nullptr);
    BOOST_TEST(!second.in_key_order());
    BOOST_TEST(first.at_front());
    BOOST_TEST(all.leave(first) == &third);
    BOOST_TEST(all.leave(third) == nullptr);
}

BOOST_AUTO_TEST_CASE(the_last_that_waits_leaves_and_the_next_comes_after_the_others)
{
    key_order all;
    change first, second, third, fourth;
    all.enter(first, "a");
    all.enter(second, "a");
    all.enter(third, "a");
    all.leave(third);
    all.enter(fourth, "a");
    BOOST_TEST(all.leave(first) == &second);
    BOOST_TEST(all.leave(second) == &fourth);
    all.leave(fourth);
}

BOOST_AUTO_TEST_CASE(who_has_left_may_enter_again_at_the_end)
{
    key_order all;
    change first, second;
    all.enter(first, "a");
    all.enter(second, "a");
    all.leave(first);
    BOOST_TEST(!all.enter(first, "a"));
    BOOST_TEST(!first.at_front());
    BOOST_TEST(all.leave(second) == &first);
    BOOST_TEST(all.leave(first) == nullptr);
    BOOST_TEST(all.enter(first, "b"));
    all.leave(first);
}

BOOST_AUTO_TEST_CASE(lanes_may_die_before_the_changes_in_them)
{
    change first, second, third, other;
    {
        key_order all;
        all.enter(first, "a");
        all.enter(second, "a");
        all.enter(third, "a");
        all.enter(other, "b");
    }
    // The destructors of the changes would find a list or a table that is gone.
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
