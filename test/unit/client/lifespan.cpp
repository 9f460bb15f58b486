#include "client/lifespan.hpp"

#include "support/printing.hpp"

BOOST_AUTO_TEST_SUITE(unit_client_lifespan)

using namespace std::chrono_literals;
using venice_keys::detail::lifespan;
using time_point = lifespan::time_point;

namespace {

constexpr time_point noon{12h};
constexpr time_point never = time_point::max();

} // namespace

BOOST_AUTO_TEST_CASE(a_client_that_nobody_closes_stays_open)
{
    lifespan it;
    BOOST_TEST(it.open());
    BOOST_TEST(!it.closed());
    BOOST_TEST(!it.is_to_close(true, never));
    BOOST_TEST(it.deadline() == never);
    BOOST_TEST(!it.take_destruction());
}

BOOST_AUTO_TEST_CASE(it_closes_when_it_is_idle)
{
    lifespan it;
    it.close_by(noon);
    BOOST_TEST(!it.open());
    BOOST_TEST(!it.closed());
    BOOST_TEST(!it.is_to_close(false, noon - 1s));
    BOOST_TEST(it.is_to_close(true, noon - 1s));
}

BOOST_AUTO_TEST_CASE(it_closes_at_the_earliest_time_that_anybody_gave)
{
    lifespan it;
    it.close_by(noon);
    it.close_by(noon + 1s);
    BOOST_TEST(it.deadline() == noon);
    it.close_by(noon - 1s);
    BOOST_TEST(it.deadline() == noon - 1s);
    BOOST_TEST(it.is_to_close(false, noon - 1s));
}

BOOST_AUTO_TEST_CASE(it_closes_once)
{
    lifespan it;
    it.close_by(noon);
    it.has_closed();
    BOOST_TEST(it.closed());
    BOOST_TEST(!it.is_to_close(true, noon));
    BOOST_TEST(it.deadline() == never);
    it.close_by(noon); // another close() changes nothing
    BOOST_TEST(it.closed());
    BOOST_TEST(!it.is_to_close(true, noon));
}

BOOST_AUTO_TEST_CASE(it_is_destroyed_once_at_any_time)
{
    for (const bool closes : {false, true}) {
        lifespan it;
        if (closes)
            it.has_closed();
        it.ask_to_destroy();
        BOOST_TEST(!it.destroyed()); // a turn does it
        BOOST_TEST(it.take_destruction());
        BOOST_TEST(it.destroyed());
        BOOST_TEST(it.closed());
        BOOST_TEST(!it.open());
        BOOST_TEST(!it.take_destruction());
        it.has_closed();
        it.close_by(noon);
        BOOST_TEST(it.destroyed());
    }
}

BOOST_AUTO_TEST_SUITE_END()
