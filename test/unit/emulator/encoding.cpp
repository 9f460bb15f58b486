#include "emulator/encoding.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_encoding)

using venice_keys::emulation::base64;
using venice_keys::emulation::base64url;
using venice_keys::emulation::random_hex;

// RFC 4648 section 10.
BOOST_AUTO_TEST_CASE(base64_is_what_the_standard_shows)
{
    BOOST_TEST(base64("") == "");
    BOOST_TEST(base64("f") == "Zg==");
    BOOST_TEST(base64("fo") == "Zm8=");
    BOOST_TEST(base64("foobar") == "Zm9vYmFy");
}

BOOST_AUTO_TEST_CASE(for_a_url_base64_takes_other_characters_and_no_padding)
{
    BOOST_TEST(base64("\xFB\xFF\xFE") == "+//+");
    BOOST_TEST(base64url("\xFB\xFF\xFE") == "-__-");
    BOOST_TEST(base64url("f") == "Zg");
}

BOOST_AUTO_TEST_CASE(a_random_byte_is_two_digits_in_lower_case)
{
    std::set<char> digits;
    for (int i = 0; i < 20; ++i) {
        const std::string text = random_hex(32).value();
        BOOST_TEST(text.size() == 64U);
        digits.insert(text.begin(), text.end());
    }
    BOOST_TEST(std::string(digits.begin(), digits.end()) == "0123456789abcdef");
}

BOOST_AUTO_TEST_CASE(no_two_random_texts_are_the_same)
{
    std::set<std::string> drawn;
    for (int i = 0; i < 100; ++i)
        drawn.insert(random_hex(16).value());
    BOOST_TEST(drawn.size() == 100U);
}

BOOST_AUTO_TEST_SUITE_END()
