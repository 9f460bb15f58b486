#include "emulator/route.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_emulator_route)

namespace {

using namespace venice_keys::emulation;

bool leads(std::string_view target, endpoint to)
{
    return find_route(target).to == to;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_collection_may_have_a_query)
{
    BOOST_TEST(leads("/api/v1/api_keys", endpoint::collection));
    const route with_query = find_route("/api/v1/api_keys?id=x");
    BOOST_TEST((with_query.to == endpoint::collection));
    BOOST_TEST(with_query.query == "id=x");
}

BOOST_AUTO_TEST_CASE(what_follows_the_collection_is_an_id)
{
    const route plain = find_route("/api/v1/api_keys/some-id?x=1");
    BOOST_TEST((plain.to == endpoint::one_key));
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

BOOST_AUTO_TEST_SUITE_END()
