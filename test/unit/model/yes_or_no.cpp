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
    BOOST_TEST(yes.told());
    BOOST_TEST(yes.yes());
    BOOST_TEST(!yes.no());
    BOOST_TEST(static_cast<bool>(yes));
    BOOST_TEST(no.told());
    BOOST_TEST(!no.yes());
    BOOST_TEST(no.no());
    BOOST_TEST(!no);
    BOOST_TEST(!open.told());
    BOOST_TEST(!open.yes());
    BOOST_TEST(!open.no());
    BOOST_TEST(!open);
    BOOST_TEST(yes == yes_or_no(true));
    BOOST_TEST(no == yes_or_no(false));
    BOOST_TEST(open != yes_or_no(true));
    BOOST_TEST(open != yes_or_no(false));
    BOOST_TEST(open == yes_or_no{});
}

BOOST_AUTO_TEST_CASE(each_prints_as_a_word)
{
    BOOST_TEST(printed(true) == "yes");
    BOOST_TEST(printed(false) == "no");
    BOOST_TEST(printed({}) == "not told");
}

BOOST_AUTO_TEST_SUITE_END()
