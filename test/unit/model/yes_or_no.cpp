#include <venice_keys/yes_or_no.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_model_yes_or_no)

using namespace venice_keys;

namespace {

std::string printed(yes_or_no value)
{
    std::ostringstream out;
    out << value;
    return out.str();
}

} // namespace

BOOST_AUTO_TEST_CASE(only_yes_is_true)
{
    const yes_or_no yes = true;
    const yes_or_no no = false;
    const yes_or_no open;
    BOOST_TEST((yes.told() && yes.yes() && !yes.no() && yes));
    BOOST_TEST((no.told() && !no.yes() && no.no() && !no));
    BOOST_TEST((!open.told() && !open.yes() && !open.no() && !open));
    BOOST_TEST((yes == true && no == false && open != true && open != false && open == yes_or_no{}));
}

BOOST_AUTO_TEST_CASE(each_prints_as_a_word)
{
    BOOST_TEST(printed(true) == "yes");
    BOOST_TEST(printed(false) == "no");
    BOOST_TEST(printed({}) == "not told");
}

BOOST_AUTO_TEST_SUITE_END()
