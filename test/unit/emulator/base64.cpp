#include "emulator/base64.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(unit_emulator_base64)

using venice_keys::emulation::base64;
using venice_keys::emulation::base64url;

// RFC 4648 section 10.
BOOST_AUTO_TEST_CASE(it_writes_what_the_standard_shows)
{
    BOOST_TEST(base64("") == "");
    BOOST_TEST(base64("f") == "Zg==");
    BOOST_TEST(base64("fo") == "Zm8=");
    BOOST_TEST(base64("foobar") == "Zm9vYmFy");
}

BOOST_AUTO_TEST_CASE(for_a_url_it_takes_other_characters_and_no_padding)
{
    BOOST_TEST(base64("\xFB\xFF\xFE") == "+//+");
    BOOST_TEST(base64url("\xFB\xFF\xFE") == "-__-");
    BOOST_TEST(base64url("f") == "Zg");
}

BOOST_AUTO_TEST_SUITE_END()
