#include "codec/mended_json.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_mended_json)

using namespace venice_keys::codec;

namespace {

// As it is after mending; the same as before when there was nothing to mend.
std::string mended(std::string_view body)
{
    const auto made = mended_json(body);
    if (made)
        BOOST_TEST(std::string_view(*made) != body);
    return std::string(made ? std::string_view(*made) : body);
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_right_stays_untouched)
{
    for (const std::string_view body :
         {R"({"a":"b"})", R"("\u0041")", R"("\ud83d\ude00")", R"("\uD83D\uDE00")", "\"\xF0\x9F\x98\x80 \xC3\xA9\"", "",
          R"("\\ud83d")", R"("\\\\")", "\\", R"(\u)", R"(\uD83)", R"("\uzzzz")"})
        BOOST_TEST(!mended_json(body).has_value(), body);
}

BOOST_AUTO_TEST_CASE(half_of_a_surrogate_pair_becomes_the_replacement_character)
{
    BOOST_TEST(mended(R"("\ud83d")") == R"("\ufffd")");
    BOOST_TEST(mended(R"("\ude00")") == R"("\ufffd")");
    BOOST_TEST(mended(R"("a\ud83db\ude00c")") == R"("a\ufffdb\ufffdc")");
    BOOST_TEST(mended(R"("\ude00\ud83d")") == R"("\ufffd\ufffd")");
    BOOST_TEST(mended(R"("\ud83d\ud83d\ude00")") == R"("\ufffd\ud83d\ude00")");
    BOOST_TEST(mended(R"("\ud83d\u0041")") == R"("\ufffd\u0041")");
    BOOST_TEST(mended(R"("\\\ud83d")") == R"("\\\ufffd")"); // the first two are an escaped backslash
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_become_the_replacement_character_one_by_one)
{
    BOOST_TEST(mended("\"a\xFFz\"") == "\"a\xEF\xBF\xBDz\"");
    BOOST_TEST(mended("\"\xC3\"") == "\"\xEF\xBF\xBD\"");
    BOOST_TEST(mended("\xC0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD");                 // overlong
    BOOST_TEST(mended("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); // a surrogate
    BOOST_TEST(mended("\xC3\xA9\xFF\xC3\xA9") == "\xC3\xA9\xEF\xBF\xBD\xC3\xA9");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_in_front_is_left_out)
{
    BOOST_TEST(without_bom("\xEF\xBB\xBF{}") == "{}");
    BOOST_TEST(without_bom("{}") == "{}");
    BOOST_TEST(without_bom("\xEF\xBB") == "\xEF\xBB");
    BOOST_TEST(without_bom("{\xEF\xBB\xBF}") == "{\xEF\xBB\xBF}");
}

BOOST_AUTO_TEST_SUITE_END()
