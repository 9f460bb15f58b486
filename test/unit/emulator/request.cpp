#include "emulator/request.hpp"

#include "support/printing.hpp"

#include <optional>
#include <string>
#include <string_view>

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

bool leads(std::string_view target, endpoint to)
{
    return find_route(target).to == to;
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

BOOST_AUTO_TEST_CASE(the_collection_may_have_a_query)
{
    BOOST_TEST(leads("/api/v1/api_keys", endpoint::collection));
    const route with_query = find_route("/api/v1/api_keys?id=x");
    BOOST_TEST(with_query.to == endpoint::collection);
    BOOST_TEST(with_query.query == "id=x");
}

BOOST_AUTO_TEST_CASE(what_follows_the_collection_is_an_id)
{
    const route plain = find_route("/api/v1/api_keys/some-id?x=1");
    BOOST_TEST(plain.to == endpoint::one_key);
    BOOST_TEST(plain.id == "some-id");
    BOOST_TEST(find_route("/api/v1/api_keys/a%2fb").id == "a/b");
}

BOOST_AUTO_TEST_CASE(the_names_of_the_other_endpoints_are_no_ids)
{
    BOOST_TEST(leads("/api/v1/api_keys/rate_limits", endpoint::rate_limits));
    BOOST_TEST(leads("/api/v1/api_keys/rate_limits?x=1", endpoint::rate_limits));
    BOOST_TEST(leads("/api/v1/api_keys/rate_limits/log", endpoint::rate_limit_log));
    BOOST_TEST(leads("/api/v1/api_keys/generate_web3_key", endpoint::web3));
    for (const char* id :
         {"/api/v1/api_keys/generate_web3_key/x", "/api/v1/api_keys/rate_limits/", "/api/v1/api_keys/rate_limits/logs",
          "/api/v1/api_keys/rate_limitsx", "/api/v1/api_keys/rate_limits%2Flog"})
        BOOST_TEST(leads(id, endpoint::one_key), id);
}

BOOST_AUTO_TEST_CASE(everything_else_leads_nowhere)
{
    for (const char* target : {"", "/", "/api/v1", "/api/v1/api_keysx", "/api/v1/api_keys/", "/api/v1/api_keys/%",
                               "/api/v2/api_keys", "/rate_limits", "/api/v1/rate_limits"})
        BOOST_TEST(leads(target, endpoint::nowhere), target);
}

BOOST_AUTO_TEST_CASE(a_target_splits_at_the_first_question_mark)
{
    BOOST_TEST(find_route("/api/v1/api_keys/a?b=c?d").id == "a");
    BOOST_TEST(find_route("/a?b=c?d").query == "b=c?d");
    BOOST_TEST(find_route("/api/v1/api_keys/a").id == "a");
    BOOST_TEST(find_route("/a").query.empty());
}

BOOST_AUTO_TEST_CASE(a_parameter_is_found_by_its_whole_name)
{
    BOOST_TEST(query_parameter("a=1&id=x%2Fy&b", "id") == "x/y");
    BOOST_TEST(query_parameter("bid=1", "id") == std::nullopt);
    BOOST_TEST(query_parameter("idx=1&id=2", "id") == "2");
    BOOST_TEST(query_parameter("id", "id") == "");
    BOOST_TEST(query_parameter("", "id") == std::nullopt);
}

BOOST_AUTO_TEST_CASE(percent_signs_want_two_hexadecimal_digits)
{
    BOOST_TEST(percent_decode("a%20b%C3%a9") == "a b\xC3\xA9");
    for (const char* bad : {"%", "%2", "%zz", "%2z", "a%"})
        BOOST_TEST(!percent_decode(bad).has_value(), bad);
}

BOOST_AUTO_TEST_SUITE_END()
