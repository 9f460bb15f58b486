#include "emulator/request.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(unit_emulator_request)

namespace {

using namespace venice_keys::emulation;

request authorized_by(std::string field)
{
    request asked;
    asked.authorization = std::move(field);
    return asked;
}

request of_type(std::string content_type)
{
    request asked;
    asked.content_type = std::move(content_type);
    return asked;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_token_is_what_follows_the_scheme_in_whatever_case)
{
    BOOST_TEST(bearer_token(authorized_by("Bearer abc")) == "abc");
    BOOST_TEST(bearer_token(authorized_by("bEARER  abc\t")) == "abc");
    for (const char* none : {"", "abc", "Bearer", "Bearer ", "Bearerabc", "Basic abc"})
        BOOST_TEST(bearer_token(authorized_by(none)).empty(), none);
}

BOOST_AUTO_TEST_CASE(json_is_told_by_its_media_type_without_case_or_parameters)
{
    BOOST_TEST(has_json(of_type("application/json")));
    BOOST_TEST(has_json(of_type("Application/JSON ; charset=utf-8")));
    for (const char* other : {"", "text/plain", "application/jsonp", "application", "; application/json"})
        BOOST_TEST(!has_json(of_type(other)), other);
}

BOOST_AUTO_TEST_CASE(get_and_head_read_and_nothing_else_does)
{
    request asked;
    for (const char* method : {"GET", "HEAD"}) {
        asked.method = method;
        BOOST_TEST(is_read(asked), method);
    }
    for (const char* method : {"", "get", "POST", "PATCH", "DELETE"}) {
        asked.method = method;
        BOOST_TEST(!is_read(asked), method);
    }
}

BOOST_AUTO_TEST_SUITE_END()
