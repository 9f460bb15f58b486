#include "support/printing.hpp"

#include <venice_keys/confirmation.hpp>

#include <sstream>

BOOST_AUTO_TEST_SUITE(unit_model_confirmation)

using namespace venice_keys;

BOOST_AUTO_TEST_CASE(each_verdict_has_a_text)
{
    BOOST_TEST(to_string(confirmation::verdict::in_effect) == "in effect");
    BOOST_TEST(to_string(confirmation::verdict::differs) == "differs");
    BOOST_TEST(to_string(confirmation::verdict::unreadable) == "unreadable");
    std::ostringstream out;
    out << confirmation::verdict::differs;
    BOOST_TEST(out.str() == "differs");
}

BOOST_AUTO_TEST_CASE(a_fresh_one_claims_nothing)
{
    BOOST_TEST(confirmation{}.what == confirmation::verdict::unreadable);
    BOOST_TEST(!confirmation{}.key.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
