#include "policy/depth.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(unit_policy_depth)

using venice_keys::policy::depth;

namespace {

std::size_t answers_until(depth& allowed, std::size_t limit)
{
    std::size_t answers = 0;
    while (allowed.limit() < limit && answers < 100'000) {
        allowed.answered();
        ++answers;
    }
    return answers;
}

} // namespace

BOOST_AUTO_TEST_CASE(it_begins_with_the_most)
{
    BOOST_TEST(depth(16).limit() == 16u);
    BOOST_TEST(depth(1).limit() == 1u);
}

BOOST_AUTO_TEST_CASE(a_break_halves_it_and_one_is_the_least)
{
    depth allowed(16);
    for (const std::size_t next : {8u, 4u, 2u, 1u, 1u, 1u}) {
        allowed.broken();
        BOOST_TEST(allowed.limit() == next);
    }
    depth odd(5);
    odd.broken();
    BOOST_TEST(odd.limit() == 2u);
}

BOOST_AUTO_TEST_CASE(half_is_half_of_what_was_possible)
{
    depth allowed(100);
    allowed.broken(10);
    BOOST_TEST(allowed.limit() == 5u);
    allowed.broken(10);
    BOOST_TEST(allowed.limit() == 2u);
}

BOOST_AUTO_TEST_CASE(four_pipelines_of_answers_add_one)
{
    depth allowed(16);
    allowed.broken();
    BOOST_TEST(answers_until(allowed, 9) == 32u);
    BOOST_TEST(answers_until(allowed, 10) == 36u);
}

BOOST_AUTO_TEST_CASE(it_never_grows_over_the_most)
{
    depth allowed(4);
    allowed.broken();
    for (int i = 0; i < 10'000; ++i)
        allowed.answered();
    BOOST_TEST(allowed.limit() == 4u);
}

BOOST_AUTO_TEST_CASE(a_break_takes_the_credit_back)
{
    depth allowed(16);
    allowed.broken(); // 8
    for (int i = 0; i < 31; ++i)
        allowed.answered();
    allowed.broken(); // 4
    BOOST_TEST(answers_until(allowed, 5) == 16u);
}

BOOST_AUTO_TEST_SUITE_END()
