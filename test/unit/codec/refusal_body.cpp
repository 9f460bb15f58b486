#include "codec/refusal_body.hpp"

#include "unit/codec/refusal_bodies.hpp"

#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_refusal_body)

using namespace venice_keys;
using namespace refusal_bodies;

BOOST_AUTO_TEST_CASE(details_and_issues_that_say_the_same_are_told_once)
{
    check_issues(R"({"error":"bad","details":{"id":{"_errors":["Required","Required"]}},)"
                 R"("issues":[{"path":["id"],"message":"Required"},{"path":["id"],"message":"Other"}]})",
                 {{"id", "Required"}, {"id", "Other"}});
}

BOOST_AUTO_TEST_CASE(json_that_says_nothing_known_is_shown_as_it_is)
{
    for (const std::string_view body :
         {"{}", "[]", "17", "null", R"({"error":17})", R"({"error":{}})", R"({"error":null})", R"({"reason":"x"})",
          R"([{"error":"in a list"}])", R"({"success":false})"})
        BOOST_TEST(text_of(body) == body);
}

BOOST_AUTO_TEST_CASE(plain_text_is_shown_as_it_is)
{
    BOOST_TEST(text_of("Too many requests") == "Too many requests");
    BOOST_TEST(text_of("two\r\nlines\t and  more\n") == "two lines and more");
    BOOST_TEST(text_of("bad \xFF byte") == "bad ? byte");
    BOOST_TEST(text_of(std::string_view("a\0b", 3)) == "a b");
    BOOST_TEST(text_of(R"({"error":"cut o)") == R"({"error":"cut o)");
    BOOST_TEST(text_of(R"({"error":"x"} trailing)") == R"({"error":"x"} trailing)");
}

BOOST_AUTO_TEST_CASE(a_page_is_shown_by_its_title)
{
    BOOST_TEST(text_of("<html><head><title>504 Gateway Time-out</title></head><body>nginx</body></html>\n") ==
               "504 Gateway Time-out");
    BOOST_TEST(text_of("<p>Sorry,</p><p>busy</p>") == "Sorry, busy");
}

BOOST_AUTO_TEST_CASE(an_empty_body_says_nothing)
{
    BOOST_TEST(text_of("") == "");
    BOOST_TEST(text_of(" \r\n") == "");
    BOOST_TEST(text_of(R"({"error":""})") == R"({"error":""})");
}

BOOST_AUTO_TEST_CASE(control_characters_in_json_texts_are_taken_out)
{
    BOOST_TEST(text_of(R"({"error":"a\u001b[2Jb\nc\u0000d"})") == "a [2Jb c d");
    check_issues(R"({"issues":[{"path":["i\nd"],"message":"a\tb"}]})", {{"i d", "a b"}});
}

BOOST_AUTO_TEST_SUITE_END()
