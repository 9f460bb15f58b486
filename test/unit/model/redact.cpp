#include "model/redact.hpp"

#include "model/utf8.hpp"
#include "support/printing.hpp"

#include <initializer_list>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_model_redact)

using namespace venice_keys;
using namespace venice_keys::detail;

namespace {

std::string redacted(std::string text, std::string_view token)
{
    redact(text, secret{token});
    return text;
}

std::string printable(std::string text, std::size_t max_bytes = std::numeric_limits<std::size_t>::max())
{
    make_printable(text, max_bytes);
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_occurrence_is_replaced)
{
    BOOST_TEST(redacted("abc", "abc") == "[redacted]");
    BOOST_TEST(redacted("abc in front", "abc") == "[redacted] in front");
    BOOST_TEST(redacted("at the end abc", "abc") == "at the end [redacted]");
    BOOST_TEST(redacted("x abc y abcabc z", "abc") == "x [redacted] y [redacted][redacted] z");
}

BOOST_AUTO_TEST_CASE(a_text_without_it_stays_as_it_is)
{
    BOOST_TEST(redacted("", "abc") == "");
    BOOST_TEST(redacted("ab", "abc") == "ab");
    BOOST_TEST(redacted("abd ABC a bc", "abc") == "abd ABC a bc");
    BOOST_TEST(redacted("100% of & \\ \\u &# %4", "abc") == "100% of & \\ \\u &# %4");
}

BOOST_AUTO_TEST_CASE(an_empty_token_is_nowhere)
{
    BOOST_TEST(redacted("text", "") == "text");
    BOOST_TEST(redacted("", "") == "");
}

BOOST_AUTO_TEST_CASE(overlapping_occurrences_leave_no_part)
{
    BOOST_TEST(redacted("xabababy", "abab") == "x[redacted]y");
    BOOST_TEST(redacted("aaaa", "aa") == "[redacted]");
    BOOST_TEST(redacted("aaaaa", "aa") == "[redacted]");
}

BOOST_AUTO_TEST_CASE(several_secrets_are_kept_out_at_once)
{
    const auto redacted_of = [](std::string text, std::initializer_list<std::string_view> tokens) {
        const std::vector<secret> secrets(tokens.begin(), tokens.end());
        redact(text, std::span<const secret>{secrets});
        return text;
    };
    BOOST_TEST(redacted_of("old and new", {"old", "new"}) == "[redacted] and [redacted]");
    BOOST_TEST(redacted_of("old and new", {}) == "old and new");
    BOOST_TEST(redacted_of("old and new", {"", "new"}) == "old and [redacted]");
    // One inside the other, in either order: nothing of the longer one is left.
    BOOST_TEST(redacted_of("<abcdef>", {"cd", "abcdef"}) == "<[redacted]>");
    BOOST_TEST(redacted_of("<abcdef>", {"abcdef", "ab"}) == "<[redacted]>");
    BOOST_TEST(redacted_of("<abcdef>", {"ab", "abcdef"}) == "<[redacted]>");
    // One begins in the other.
    BOOST_TEST(redacted_of("<abcdef>", {"abcd", "cdef"}) == "<[redacted]>");
    BOOST_TEST(redacted_of("<ab%63def>", {"abcd", "cdef"}) == "<[redacted]>");
    // What is put in is not looked through.
    BOOST_TEST(redacted_of("x", {"x", "redacted"}) == "[redacted]");
}

BOOST_AUTO_TEST_CASE(escaped_spellings_are_found)
{
    const std::string_view token = "aB+/=";
    BOOST_TEST(redacted("<aB+\\/=>", token) == "<[redacted]>");
    BOOST_TEST(redacted("<\\u0061B\\u002b\\u002F=>", token) == "<[redacted]>");
    BOOST_TEST(redacted("<aB%2B%2f%3D>", token) == "<[redacted]>");
    BOOST_TEST(redacted("<aB&#43;&#x2f;&#X03D;>", token) == "<[redacted]>");
    BOOST_TEST(redacted("<&#97;%42\\u002b\\/=>", token) == "<[redacted]>");
}

BOOST_AUTO_TEST_CASE(what_only_resembles_an_escape_is_none)
{
    BOOST_TEST(redacted("\\u006", "a") == "\\u006");
    BOOST_TEST(redacted("\\u0062", "a") == "\\u0062");
    BOOST_TEST(redacted("\\u00g1", "a") == "\\u00g1");
    BOOST_TEST(redacted("\\u0161", "a") == "\\u0161");
    BOOST_TEST(redacted("%6", "a") == "%6");
    BOOST_TEST(redacted("%-1", "a") == "%-1");
    BOOST_TEST(redacted("&#97", "a") == "&#97");
    BOOST_TEST(redacted("&#;", "a") == "&#;");
    BOOST_TEST(redacted("&#x;", "a") == "&#x;");
    BOOST_TEST(redacted("&#353;", "a") == "&#353;");
    BOOST_TEST(redacted("&#99999999999;", "a") == "&#99999999999;");
}

BOOST_AUTO_TEST_CASE(whatever_the_spelling_no_token_survives)
{
    constexpr std::string_view alphabet = "abAB01-._~+/=u";
    std::mt19937 random{7};
    const auto below = [&random](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
    };
    for (int i = 0; i != 5'000; ++i) {
        std::string token;
        for (std::size_t n = 1 + below(12); n != 0; --n)
            token += alphabet[below(alphabet.size())];
        std::string text = "<";
        for (std::size_t n = 1 + below(3); n != 0; --n) {
            for (const char c : token) {
                constexpr std::string_view hex = "0123456789abcdef";
                const std::string code{hex[static_cast<unsigned char>(c) >> 4], hex[c & 0x0F]};
                switch (below(5)) {
                case 0:
                    text += "%" + code;
                    break;
                case 1:
                    text += "\\u00" + code;
                    break;
                case 2:
                    text += "&#x" + code + ";";
                    break;
                default:
                    text += c;
                }
            }
        }
        text += ">";
        const std::string clean = redacted(text, token);
        std::string rest = clean;
        for (std::size_t at = rest.find("[redacted]"); at != std::string::npos; at = rest.find("[redacted]"))
            rest.erase(at, 10);
        BOOST_REQUIRE_MESSAGE(rest == "<>", token << " in " << text << " became " << clean);
    }
}

BOOST_AUTO_TEST_CASE(white_space_and_controls_become_one_space)
{
    BOOST_TEST(printable("a \t\r\n b") == "a b");
    BOOST_TEST(printable(std::string("a\0\x1F\x7F"
                                     "b",
                                     5)) == "a b");
    BOOST_TEST(printable("  a  ") == "a");
    BOOST_TEST(printable("\n\n") == "");
    BOOST_TEST(printable("a\u0085\u009F\u00A0\u2028\u2029b") == "a b");
    BOOST_TEST(printable("\x1B[31mred\x1B[0m") == "[31mred [0m");
}

BOOST_AUTO_TEST_CASE(what_is_not_utf8_becomes_a_question_mark)
{
    BOOST_TEST(printable("a\xFF"
                         "b") == "a?b");
    BOOST_TEST(printable("\xC3") == "?");
    BOOST_TEST(printable("\xE2\x82") == "??");
    BOOST_TEST(printable("é€😀¡") == "é€😀¡");
}

BOOST_AUTO_TEST_CASE(what_turns_the_direction_of_writing_becomes_a_question_mark)
{
    BOOST_TEST(printable("a\u202Eb\u2066c\u202Ad\u2069") == "a?b?c?d?");
    BOOST_TEST(printable("\u2027\u202F\u2065\u206A") == "\u2027\u202F\u2065\u206A");
}

BOOST_AUTO_TEST_CASE(it_is_cut_between_code_points)
{
    BOOST_TEST(printable("abcdef", 3) == "abc");
    BOOST_TEST(printable("abc", 3) == "abc");
    BOOST_TEST(printable("aé", 2) == "a");
    BOOST_TEST(printable("aé", 3) == "aé");
    BOOST_TEST(printable("😀😀", 7) == "😀");
    BOOST_TEST(printable("a b", 2) == "a");
    BOOST_TEST(printable("a\xFF", 1) == "a");
    BOOST_TEST(printable("abc", 0) == "");
}

BOOST_AUTO_TEST_CASE(nothing_is_taken_away_without_a_trace)
{
    // Otherwise a token that is broken in two would be whole afterwards, and past the redaction.
    for (int byte = 0; byte != 256; ++byte) {
        const char c = static_cast<char>(byte);
        const std::string text = printable(std::string{'t', 'o', c, 'k'});
        BOOST_TEST(text != "tok", "byte " << byte);
    }
}

BOOST_AUTO_TEST_CASE(any_bytes_come_out_as_one_short_line_of_utf8)
{
    std::mt19937 random{11};
    for (int i = 0; i != 5'000; ++i) {
        std::string text(std::uniform_int_distribution<std::size_t>{0, 60}(random), '\0');
        for (char& c : text)
            c = static_cast<char>(std::uniform_int_distribution<int>{0, 255}(random));
        const std::size_t most = std::uniform_int_distribution<std::size_t>{0, 40}(random);
        const std::string line = printable(text, most);
        BOOST_TEST_REQUIRE(line.size() <= most);
        BOOST_REQUIRE(is_utf8(line));
        for (const char c : line)
            BOOST_TEST_REQUIRE((static_cast<unsigned char>(c) >= 0x20 && c != 0x7F), static_cast<int>(c)
                                                                                         << " in " << line);
        BOOST_TEST_REQUIRE(line.find("  ") == std::string::npos);
        BOOST_TEST_REQUIRE(printable(line) == line);
    }
}

BOOST_AUTO_TEST_SUITE_END()
