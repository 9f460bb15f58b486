#include "emulator/random_hex.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_random_hex)

namespace {

using venice_keys::emulation::random_hex;

} // namespace

BOOST_AUTO_TEST_CASE(a_byte_is_two_digits_in_lower_case)
{
    std::set<char> digits;
    for (int i = 0; i < 20; ++i) {
        const std::string text = random_hex(32).value();
        BOOST_TEST(text.size() == 64U);
        digits.insert(text.begin(), text.end());
    }
    BOOST_TEST(std::string(digits.begin(), digits.end()) == "0123456789abcdef");
}

BOOST_AUTO_TEST_CASE(no_two_are_the_same)
{
    std::set<std::string> drawn;
    for (int i = 0; i < 100; ++i)
        drawn.insert(random_hex(16).value());
    BOOST_TEST(drawn.size() == 100U);
}

BOOST_AUTO_TEST_SUITE_END()
