#include "support/printing.hpp"

#include <venice_keys/decimal.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <random>
#include <sstream>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_decimal)

using namespace venice_keys;

namespace {

decimal read(std::string_view text)
{
    const std::optional<decimal> number = decimal::parse(text);
    BOOST_REQUIRE_MESSAGE(number.has_value(), text);
    return *number;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_fresh_one_is_zero)
{
    BOOST_TEST(decimal{}.text() == "0");
    BOOST_TEST(decimal{}.to_double() == 0.0);
    BOOST_TEST(decimal{} == read("-0.00"));
}

BOOST_AUTO_TEST_CASE(the_text_stays_as_it_was_but_for_needless_zeros_in_front)
{
    BOOST_TEST(read("10.2424").text() == "10.2424");
    BOOST_TEST(read("1.50").text() == "1.50");
    BOOST_TEST(read("-3").text() == "-3");
    BOOST_TEST(read("007.50").text() == "7.50");
    BOOST_TEST(read("-00.5").text() == "-0.5");
    BOOST_TEST(read("0").text() == "0");
    BOOST_TEST(read("000").text() == "0");
    BOOST_TEST(read("100").text() == "100");
    BOOST_TEST(read("0.0").text() == "0.0");
}

BOOST_AUTO_TEST_CASE(what_is_no_decimal_is_refused)
{
    for (const std::string_view text :
         {"",       "-",    "--1", "+1", ".",  ".5",  "5.",  "-.5",      "1.2.3", "1e5", "1E5",
          "1.5e-7", "0x10", "1,5", " 1", "1 ", "1 0", "NaN", "Infinity", "1-",    "٣"})
        BOOST_TEST(!decimal::parse(text).has_value(), text);
    BOOST_TEST(!decimal::parse(std::string_view("1\0", 2)).has_value());
}

BOOST_AUTO_TEST_CASE(it_has_at_most_64_characters)
{
    BOOST_TEST(read(std::string(64, '9')).text().size() == 64u);
    BOOST_TEST(!decimal::parse(std::string(65, '9')).has_value());
    BOOST_TEST(!decimal::parse(std::string(65, '0')).has_value());
    BOOST_TEST(read(std::string(64, '9')).to_double() == 1e64);
}

BOOST_AUTO_TEST_CASE(equal_values_are_equal_whatever_their_zeros)
{
    BOOST_TEST(read("1.50") == read("1.5"));
    BOOST_TEST(read("01") == read("1.000"));
    BOOST_TEST(read("-0") == read("0.0"));
    BOOST_TEST(read("1.5") != read("1.05"));
    BOOST_TEST(read("1") != read("-1"));
    BOOST_TEST(read("0.1") != read("1"));
}

BOOST_AUTO_TEST_CASE(values_are_ordered_as_numbers)
{
    constexpr std::array ascending{"-100", "-99.5", "-2",  "-1.50", "-1.4999", "-0.1", "-0.09", "0",
                                   "0.09", "0.1",   "0.5", "1",     "1.05",    "1.5",  "9.99",  "10"};
    for (std::size_t i = 0; i != ascending.size(); ++i) {
        for (std::size_t j = 0; j != ascending.size(); ++j)
            BOOST_TEST(((read(ascending[i]) <=> read(ascending[j])) == (i <=> j)), ascending[i] << ' ' << ascending[j]);
    }
    BOOST_TEST(read("0.10000000000000000000000000001") > read("0.1")); // which no double tells apart
}

BOOST_AUTO_TEST_CASE(any_number_of_cents_keeps_its_order_and_its_value)
{
    std::mt19937_64 random{29};
    std::uniform_int_distribution<std::int64_t> any{-100'000, 100'000};
    const auto text_of = [](std::int64_t cents) {
        const std::string digits = std::to_string(std::abs(cents) + 100);
        const std::string whole = std::to_string(std::abs(cents) / 100);
        return (cents < 0 ? "-" : "") + whole + "." + digits.substr(digits.size() - 2);
    };
    for (int i = 0; i != 5'000; ++i) {
        const std::int64_t a = any(random);
        const std::int64_t b = any(random);
        BOOST_TEST_REQUIRE(((read(text_of(a)) <=> read(text_of(b))) == (a <=> b)), text_of(a) << ' ' << text_of(b));
        BOOST_REQUIRE_EQUAL(read(text_of(a)).to_double(), static_cast<double>(a) / 100);
    }
}

BOOST_AUTO_TEST_CASE(it_prints_its_text)
{
    std::ostringstream out;
    out << read("0042.10");
    BOOST_TEST(out.str() == "42.10");
}

BOOST_AUTO_TEST_SUITE_END()
