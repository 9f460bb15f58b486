#include "policy/pacer.hpp"

#include "support/printing.hpp"

#include <cstdint>
#include <limits>

BOOST_AUTO_TEST_SUITE(unit_policy_pacer)

using namespace venice_keys::policy;
using namespace std::chrono_literals;

namespace {

const time_point start{1h};

} // namespace

BOOST_AUTO_TEST_CASE(it_holds_nothing_back_before_it_knows_anything)
{
    const pacer fresh;
    for (const time_point now : {time_point{}, time_point{1s}, start}) {
        BOOST_TEST(fresh.admits(1'000'000, now));
        BOOST_TEST(fresh.opens_at(now) == time_point::max());
        BOOST_TEST(fresh.wakes_at(1'000'000, now) == now);
        BOOST_TEST(fresh.blank(now));
    }
}

BOOST_AUTO_TEST_CASE(a_hold_ends_at_its_time)
{
    pacer paced;
    paced.hold(start + 10s);
    BOOST_TEST(!paced.admits(0, start + 10s - 1ns));
    BOOST_TEST(paced.admits(0, start + 10s));
    BOOST_TEST(paced.opens_at(start) == start + 10s);
    BOOST_TEST(paced.wakes_at(0, start) == start + 10s);
    BOOST_TEST(paced.opens_at(start + 10s) == time_point::max());
    BOOST_TEST(!paced.blank(start));
    BOOST_TEST(paced.blank(start + 10s));
}

BOOST_AUTO_TEST_CASE(the_longest_of_several_holds_counts)
{
    pacer paced;
    paced.hold(start + 10s);
    paced.hold(start + 5s);
    BOOST_TEST(paced.opens_at(start) == start + 10s);
    paced.hold(start + 15s);
    BOOST_TEST(paced.opens_at(start) == start + 15s);
}

BOOST_AUTO_TEST_CASE(a_hold_within_a_used_up_window_lasts_as_long_as_the_later_of_the_two)
{
    pacer paced;
    paced.report(0, start + 20s, start);
    paced.hold(start + 10s);
    BOOST_TEST(paced.opens_at(start) == start + 20s);
    BOOST_TEST(paced.wakes_at(0, start) == start + 20s);
    paced.hold(start + 30s);
    BOOST_TEST(paced.opens_at(start) == start + 30s);
    BOOST_TEST(paced.wakes_at(0, start) == start + 30s);
}

BOOST_AUTO_TEST_CASE(what_answers_may_open_still_opens_by_itself_at_the_reset)
{
    pacer paced;
    paced.report(3, start + 20s, start);
    BOOST_TEST(!paced.admits(3, start));
    BOOST_TEST(paced.opens_at(start) == time_point::max());
    paced.report(1, start + 20s, start);
    BOOST_TEST(paced.wakes_at(2, start) == start + 20s);
    BOOST_TEST(paced.wakes_at(3, start) == start + 80s); // the next window is taken to be like this one for a minute
    BOOST_TEST(paced.admits(3, start + 80s));
}

BOOST_AUTO_TEST_CASE(a_window_is_remembered_while_it_says_something)
{
    pacer paced;
    paced.report(3, start + 20s, start);
    BOOST_TEST(!paced.blank(start + 80s - 1ns));
    BOOST_TEST(paced.blank(start + 80s));
}

BOOST_AUTO_TEST_CASE(the_largest_number_means_no_limit)
{
    pacer paced;
    paced.report(std::numeric_limits<std::uint64_t>::max(), start + 20s, start);
    BOOST_TEST(paced.admits(1'000'000, start));
    BOOST_TEST(paced.admits(1'000'000, start + 20s));
}

BOOST_AUTO_TEST_SUITE_END()
