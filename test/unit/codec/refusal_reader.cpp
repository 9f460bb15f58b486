// The shapes of JSON in which refusals come; refusal_body.cpp has what becomes of the texts.
#include "codec/refusal_reader.hpp"

#include "unit/codec/refusal_bodies.hpp"

#include <random>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_refusal_reader)

using namespace venice_keys;
using namespace refusal_bodies;

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

BOOST_AUTO_TEST_CASE(issues_alone_need_no_text)
{
    const error why = read(R"({"issues":[{"path":["id"],"message":"Required"}]})");
    BOOST_TEST(why.server_text == "");
    BOOST_TEST(why.issues.size() == 1u);
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
