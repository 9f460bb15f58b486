#include "emulator/json_text.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_json_text)

namespace {

using namespace std::chrono_literals;
using namespace venice_keys::emulation;
using venice_keys::timestamp;

template <class Value>
std::string written(void (*append)(std::string&, Value), Value value)
{
    std::string out = "[";
    append(out, value);
    return out + ']';
}

std::string number(std::optional<double> value)
{
    return written<std::optional<double>>(&append_number, value);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_string_is_escaped_where_json_wants_it_and_no_more)
{
    BOOST_TEST(written<std::string_view>(&append_string, "é/'") == R"(["é/'"])");
    BOOST_TEST(written<std::string_view>(&append_string, "\"\\\n\x1f") == R"(["\"\\\u000a\u001f"])");
}

BOOST_AUTO_TEST_CASE(a_whole_number_has_neither_point_nor_exponent)
{
    BOOST_TEST(number(50) == "[50]");
    BOOST_TEST(number(9'999'999'999.0) == "[9999999999]");
    BOOST_TEST(number(0.01) == "[0.01]");
    BOOST_TEST(number(100.023) == "[100.023]");
    BOOST_TEST(number(std::nullopt) == "[null]");
}

BOOST_AUTO_TEST_CASE(an_amount_is_a_text_with_four_decimals)
{
    BOOST_TEST(written<std::uint64_t>(&append_amount, 102'424) == R"(["10.2424"])");
    BOOST_TEST(written<std::uint64_t>(&append_amount, 7) == R"(["0.0007"])");
}

BOOST_AUTO_TEST_CASE(a_date_is_a_text_or_null)
{
    const std::optional<timestamp> noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;
    BOOST_TEST(written<const std::optional<timestamp>&>(&append_date, noon) == R"(["2026-11-23T12:00:00.000Z"])");
    BOOST_TEST(written<const std::optional<timestamp>&>(&append_date, std::nullopt) == "[null]");
}

BOOST_AUTO_TEST_SUITE_END()
