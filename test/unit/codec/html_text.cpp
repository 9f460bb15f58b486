#include "codec/html_text.hpp"

#include "support/printing.hpp"

#include <cstddef>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_html_text)

using venice_keys::codec::looks_like_html;
using venice_keys::codec::text_of_html;

namespace {

// Without what white space there is around and in it.
std::string gist(std::string_view page)
{
    std::string text;
    for (const char c : text_of_html(page)) {
        const bool space = c == ' ' || c == '\n' || c == '\t';
        if (!space)
            text += c;
        else if (!text.empty() && text.back() != ' ')
            text += ' ';
    }
    while (text.ends_with(' '))
        text.pop_back();
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_page_begins_with_a_tag)
{
    BOOST_TEST(looks_like_html("<html>"));
    BOOST_TEST(looks_like_html("\r\n <!DOCTYPE html>"));
    BOOST_TEST(looks_like_html("<"));
    BOOST_TEST(!looks_like_html(""));
    BOOST_TEST(!looks_like_html(" "));
    BOOST_TEST(!looks_like_html("a < b"));
    BOOST_TEST(!looks_like_html("{}"));
}

BOOST_AUTO_TEST_CASE(the_title_is_the_gist)
{
    BOOST_TEST(gist("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
                    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body></html>") ==
               "502 Bad Gateway");
    BOOST_TEST(gist("<TITLE lang=en>\n Oh\n no </Title >rest") == "Oh no");
    BOOST_TEST(gist("<title>never ends") == "never ends");
    BOOST_TEST(gist("<title>a<b>c</b></title>") == "a c");
}

BOOST_AUTO_TEST_CASE(without_a_title_it_is_the_text)
{
    BOOST_TEST(gist("<p>Service<br>unavailable</p>") == "Service unavailable");
    BOOST_TEST(gist("<title> </title><h1>Blocked</h1>") == "Blocked");
    BOOST_TEST(gist("<titles>x</titles>") == "x");
    BOOST_TEST(gist("<html></html>") == "");
    BOOST_TEST(gist("<p>a &lt; b</p>") == "a &lt; b");
}

BOOST_AUTO_TEST_CASE(scripts_styles_and_comments_are_no_text)
{
    BOOST_TEST(gist("<script>if (a<b) x();</script>one<style type='a'>p{}</style>two<!-- <p>three</p> -->four") ==
               "one two four");
    BOOST_TEST(gist("<SCRIPT src=x>y</Script>z") == "z");
    BOOST_TEST(gist("<scripted>y</scripted>") == "y");
    BOOST_TEST(gist("a<script>b") == "a");
    BOOST_TEST(gist("a<style>b</styles>") == "a");
    BOOST_TEST(gist("a<!-- b") == "a");
    BOOST_TEST(gist("a<b") == "a");
    BOOST_TEST(gist("a<") == "a");
}

BOOST_AUTO_TEST_CASE(a_tag_leaves_a_space)
{
    BOOST_TEST(text_of_html("to<b>ken") == "to ken");
    BOOST_TEST(text_of_html("to<!-- -->ken") == "to ken");
}

BOOST_AUTO_TEST_CASE(any_soup_of_tags_ends)
{
    constexpr std::string_view pieces[] = {"<",        ">",      "</",      "<title", "</title", "<script",
                                           "</script", "<style", "</style", "<!--",   "-->",     "text",
                                           " ",        "\"",     "/",       "<p>",    "</p>\n",  "é"};
    std::mt19937 random{29};
    const auto below = [&random](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
    };
    for (int i = 0; i != 20'000; ++i) {
        std::string page;
        for (std::size_t n = below(20); n != 0; --n)
            page += pieces[below(std::size(pieces))];
        const std::string text = text_of_html(page);
        BOOST_REQUIRE_LE(text.size(), page.size());
        BOOST_TEST_REQUIRE(text.find('<') == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
