#include "emulator/target.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_target)

namespace {

using venice_keys::emulation::percent_decode;
using venice_keys::emulation::query_parameter;
using venice_keys::emulation::split;

} // namespace

BOOST_AUTO_TEST_CASE(a_target_splits_at_the_first_question_mark)
{
    BOOST_TEST(split("/a?b=c?d").path == "/a");
    BOOST_TEST(split("/a?b=c?d").query == "b=c?d");
    BOOST_TEST(split("/a").path == "/a");
    BOOST_TEST(split("/a").query.empty());
}

BOOST_AUTO_TEST_CASE(a_parameter_is_found_by_its_whole_name)
{
    BOOST_TEST((query_parameter("a=1&id=x%2Fy&b", "id") == "x/y"));
    BOOST_TEST((query_parameter("bid=1", "id") == std::nullopt));
    BOOST_TEST((query_parameter("idx=1&id=2", "id") == "2"));
    BOOST_TEST((query_parameter("id", "id") == ""));
    BOOST_TEST((query_parameter("", "id") == std::nullopt));
}

BOOST_AUTO_TEST_CASE(percent_signs_want_two_hexadecimal_digits)
{
    BOOST_TEST((percent_decode("a%20b%C3%a9") == "a b\xC3\xA9"));
    for (const char* bad : {"%", "%2", "%zz", "%2z", "a%"})
        BOOST_TEST(!percent_decode(bad).has_value(), bad);
}

BOOST_AUTO_TEST_SUITE_END()
