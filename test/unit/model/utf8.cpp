#include "model/utf8.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_utf8)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace std::string_view_literals;

namespace {

// As RFC 3629 section 3 has it, for any number below 2^21, without looking at what it is.
std::string encode(unsigned long code_point)
{
    const auto tail = [code_point](unsigned shift) {
        return static_cast<char>(0x80 | ((code_point >> shift) & 0x3F));
    };
    if (code_point < 0x80)
        return {static_cast<char>(code_point)};
    if (code_point < 0x800)
        return {static_cast<char>(0xC0 | (code_point >> 6)), tail(0)};
    if (code_point < 0x10000)
        return {static_cast<char>(0xE0 | (code_point >> 12)), tail(6), tail(0)};
    return {static_cast<char>(0xF0 | (code_point >> 18)), tail(12), tail(6), tail(0)};
}

} // namespace

BOOST_AUTO_TEST_CASE(every_code_point_is_recognised_and_surrogates_and_larger_ones_are_not)
{
    for (unsigned long code_point = 0; code_point < 0x1F'FFFF; ++code_point) {
        const std::string text = encode(code_point);
        const bool is_one = code_point <= 0x10'FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
        const std::size_t size = first_code_point_size(text);
        if (size != (is_one ? text.size() : 0))
            BOOST_TEST_FAIL("U+" << std::hex << code_point << " has size " << size);
    }
}

BOOST_AUTO_TEST_CASE(overlong_forms_are_refused)
{
    BOOST_TEST(!is_utf8("\xC0\x80"));
    BOOST_TEST(!is_utf8("\xC1\xBF"));
    BOOST_TEST(!is_utf8("\xE0\x9F\xBF"));
    BOOST_TEST(!is_utf8("\xF0\x8F\xBF\xBF"));
}

BOOST_AUTO_TEST_CASE(surrogates_and_numbers_above_10ffff_are_refused)
{
    BOOST_TEST(is_utf8("\xED\x9F\xBF"));
    BOOST_TEST(!is_utf8("\xED\xA0\x80"));
    BOOST_TEST(!is_utf8("\xED\xBF\xBF"));
    BOOST_TEST(is_utf8("\xF4\x8F\xBF\xBF"));
    BOOST_TEST(!is_utf8("\xF4\x90\x80\x80"));
    BOOST_TEST(!is_utf8("\xF5\x80\x80\x80"));
    BOOST_TEST(!is_utf8("\xFF"));
}

BOOST_AUTO_TEST_CASE(a_text_cut_inside_a_code_point_is_refused)
{
    for (const std::string_view whole : {"é"sv, "€"sv, "😀"sv}) {
        BOOST_TEST(is_utf8(whole));
        for (std::size_t size = 1; size != whole.size(); ++size) {
            BOOST_TEST(!is_utf8(whole.substr(0, size)));
            BOOST_TEST(!is_utf8(whole.substr(size)));
            BOOST_TEST(!is_utf8(std::string{whole.substr(0, size)} + "a"));
        }
    }
}

BOOST_AUTO_TEST_CASE(code_points_are_counted_and_not_bytes)
{
    BOOST_TEST(count_code_points("").value() == 0u);
    BOOST_TEST(count_code_points("abc").value() == 3u);
    BOOST_TEST(count_code_points("aé€😀").value() == 4u);
    BOOST_TEST(count_code_points("a\0b"sv).value() == 3u);
    BOOST_TEST(!count_code_points("a\x80").has_value());
}

BOOST_AUTO_TEST_CASE(an_empty_text_begins_with_no_code_point)
{
    BOOST_TEST(first_code_point_size("") == 0u);
    BOOST_TEST(is_utf8(""));
}

BOOST_AUTO_TEST_SUITE_END()
