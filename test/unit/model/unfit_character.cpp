#include "model/unfit_character.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_unfit_character)

using namespace venice_keys::detail;

namespace {

std::string words(std::string_view text)
{
    const std::size_t at = find_control_or_blank(text);
    return at == std::string_view::npos ? "" : words_for_unfit(text, at);
}

} // namespace

BOOST_AUTO_TEST_CASE(it_is_named_with_its_place)
{
    BOOST_TEST(words("abc\n") == "ends with a line feed (U+000A); cut it off");
    BOOST_TEST(words("abc\r\n") == "ends with a carriage return (U+000D); cut it off");
    BOOST_TEST(words(" abc") == "begins with a space (U+0020); cut it off");
    BOOST_TEST(words("a b") == "has a space (U+0020) at byte 1");
    BOOST_TEST(words("€\tb") == "has a tab (U+0009) at byte 3");
    BOOST_TEST(words("a\x07z") == "has a control character (U+0007) at byte 1");
    BOOST_TEST(words("a\u0085z") == "has a control character (U+0085) at byte 1");
    BOOST_TEST(words("\uFEFFa") == "begins with a byte order mark (U+FEFF); cut it off");
    BOOST_TEST(words("a\u3000b") == "has a blank (U+3000) at byte 1");
    BOOST_TEST(words(std::string_view("a\0b", 3)) == "has a control character (U+0000) at byte 1");
    BOOST_TEST(words("\n") == "begins with a line feed (U+000A); cut it off");
}

BOOST_AUTO_TEST_CASE(other_characters_are_none_of_these)
{
    for (const std::string_view text : {"", "abc", "ü€😀", "\xFF\xC3", "-._~"})
        BOOST_TEST(words(text) == "", text);
}

BOOST_AUTO_TEST_SUITE_END()
