#include "codec/refusal_body.hpp"

#include "unit/support/printing_values.hpp"

#include <random>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_codec_refusal_body)

using namespace venice_keys;

namespace {

error read(std::string_view body)
{
    error why{errc::invalid_request};
    codec::read_refusal_body(body, secret{"the-token"}, 32, why);
    return why;
}

std::string text_of(std::string_view body)
{
    return read(body).server_text;
}

void check_issues(std::string_view body, const std::vector<field_issue>& expected)
{
    const std::vector<field_issue> issues = read(body).issues;
    BOOST_CHECK_EQUAL_COLLECTIONS(issues.begin(), issues.end(), expected.begin(), expected.end());
}

} // namespace

BOOST_AUTO_TEST_CASE(an_error_with_a_text)
{
    BOOST_TEST(text_of(R"({"error":"Authentication failed"})") == "Authentication failed");
    BOOST_TEST(text_of(R"({"error":"a \"quoted\" \u20ac"})") == "a \"quoted\" €");
    BOOST_TEST(text_of(R"({"message":"only a message"})") == "only a message");
    BOOST_TEST(text_of(R"({"error":"the error","message":"the message"})") == "the error");
    BOOST_TEST(text_of(R"("just a text")") == "just a text");
}

BOOST_AUTO_TEST_CASE(the_example_of_the_specification)
{
    const std::string_view body =
        R"({"error":"Invalid request parameters","details":{"_errors":[],"field":{"_errors":["Field is required"]}}})";
    BOOST_TEST(text_of(body) == "Invalid request parameters");
    check_issues(body, {{"field", "Field is required"}});
}

BOOST_AUTO_TEST_CASE(details_are_a_tree_of_paths)
{
    check_issues(R"({"error":"bad","details":{"_errors":["all wrong"],)"
                 R"("consumptionLimit":{"_errors":[],"usd":{"_errors":["too big","not a number"]}},)"
                 R"("list":{"0":{"_errors":["first"]}}}})",
                 {{"", "all wrong"},
                  {"consumptionLimit.usd", "too big"},
                  {"consumptionLimit.usd", "not a number"},
                  {"list.0", "first"}});
    check_issues(R"({"details":"a text"})", {{"", "a text"}});
    check_issues(R"({"details":{"id":"required","usd":["a","b"]}})", {{"id", "required"}, {"usd", "a"}, {"usd", "b"}});
    check_issues(R"({"error":"bad","details":{"_errors":[1,null,{}],"x":7,"y":null}})", {});
}

BOOST_AUTO_TEST_CASE(issues_are_a_list_of_paths_and_messages)
{
    check_issues(R"({"error":"bad","issues":[{"code":"too_big","path":["consumptionLimit","usd"],"message":"too big"},)"
                 R"({"path":["list",0,"x"],"message":"first"},{"path":"description","message":"long"},)"
                 R"({"message":"no path"},{"path":[],"message":"empty path"},"a text"]})",
                 {{"consumptionLimit.usd", "too big"},
                  {"list.0.x", "first"},
                  {"description", "long"},
                  {"", "no path"},
                  {"", "empty path"},
                  {"", "a text"}});
    check_issues(R"({"error":"bad","issues":[{"path":["id"]},{},17,null,[],{"path":17,"message":17}]})", {{"id", ""}});
    check_issues(R"({"error":"bad","issues":{"path":["id"],"message":"x"}})", {});
}

BOOST_AUTO_TEST_CASE(details_and_issues_that_say_the_same_are_told_once)
{
    check_issues(R"({"error":"bad","details":{"id":{"_errors":["Required","Required"]}},)"
                 R"("issues":[{"path":["id"],"message":"Required"},{"path":["id"],"message":"Other"}]})",
                 {{"id", "Required"}, {"id", "Other"}});
}

BOOST_AUTO_TEST_CASE(an_error_that_is_an_object)
{
    const std::string_view body = R"({"error":{"message":"Invalid limit","type":"invalid_request_error",)"
                                  R"("param":"consumptionLimit.usd","code":"INVALID_REQUEST"}})";
    BOOST_TEST(text_of(body) == "Invalid limit");
    check_issues(body, {{"consumptionLimit.usd", "Invalid limit"}});
    BOOST_TEST(text_of(R"({"error":{"message":"m","param":null,"code":null}})") == "m");
    check_issues(R"({"error":{"message":"m","param":null}})", {});
    BOOST_TEST(text_of(R"({"error":{"type":"t","code":"C"}})") == "C");
    BOOST_TEST(text_of(R"({"error":{"message":"","type":"t","code":null}})") == "t");
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

BOOST_AUTO_TEST_CASE(issues_alone_need_no_text)
{
    const error why = read(R"({"issues":[{"path":["id"],"message":"Required"}]})");
    BOOST_TEST(why.server_text == "");
    BOOST_TEST(why.issues.size() == 1u);
}

BOOST_AUTO_TEST_CASE(control_characters_in_json_texts_are_taken_out)
{
    BOOST_TEST(text_of(R"({"error":"a\u001b[2Jb\nc\u0000d"})") == "a [2Jb c d");
    check_issues(R"({"issues":[{"path":["i\nd"],"message":"a\tb"}]})", {{"i d", "a b"}});
}

BOOST_AUTO_TEST_CASE(no_body_does_harm)
{
    const std::string whole = R"({"error":{"message":"m\u20ac","param":"p"},"details":{"_errors":["a"],"x":{"_errors":)"
                              R"(["b"]}},"issues":[{"path":["y",1],"message":"c"}],"n":1e400})";
    std::mt19937 random{31};
    for (int i = 0; i != 10'000; ++i) {
        std::string body = whole;
        for (int n = std::uniform_int_distribution<int>{0, 3}(random); n != 0; --n)
            body[std::uniform_int_distribution<std::size_t>{0, body.size() - 1}(random)] =
                static_cast<char>(std::uniform_int_distribution<int>{0, 255}(random));
        body.resize(std::uniform_int_distribution<std::size_t>{0, body.size()}(random));
        BOOST_REQUIRE_LE(text_of(body).size(), 512u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
