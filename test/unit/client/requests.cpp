// What an operation refuses before anything is sent, and where its values go.
#include "client/requests.hpp"

#include "support/printing.hpp"

#include <iterator>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_client_requests)

using namespace venice_keys;
using detail::delete_request;
using detail::get_request;

namespace {

void check_refused(const result<void>& outcome, std::string_view why)
{
    BOOST_TEST_REQUIRE(!outcome.has_value());
    BOOST_TEST(outcome.error().code == errc::invalid_argument);
    BOOST_TEST(outcome.error().detail == why);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_empty_id_is_refused)
{
    check_refused(get_request::check(""), "id: is empty");
    check_refused(delete_request::check(""), "id: is empty");
}

BOOST_AUTO_TEST_CASE(an_id_with_a_control_character_or_a_blank_at_an_end_is_refused)
{
    for (const auto& check : {&get_request::check, &delete_request::check}) {
        check_refused(check("key\a"), "id: has control character U+0007 at byte 3");
        check_refused(check("key "), "id: has blank U+0020 at byte 3, at its end");
        check_refused(check("\tkey"), "id: has control character U+0009 at byte 0");
    }
    check_refused(detail::web3_challenge_request::check("0x1\n"), "address: has control character U+000A at byte 3");
    BOOST_TEST(detail::web3_challenge_request::check(""));
}

BOOST_AUTO_TEST_CASE(an_id_that_would_change_the_path_is_refused)
{
    // RFC 3986 section 5.2.4: whoever passes the request on takes these out of a path.
    for (const char* id : {".", ".."})
        check_refused(get_request::check(id),
                      "id: '" + std::string(id) + "' is a dot segment: in a path it names another resource, not a key");
}

BOOST_AUTO_TEST_CASE(an_id_that_names_another_resource_is_refused)
{
    for (const char* id : {"rate_limits", "generate_web3_key"})
        check_refused(get_request::check(id),
                      "id: '" + std::string(id) + "' is the name of another resource of the service, not of a key");
}

BOOST_AUTO_TEST_CASE(dots_in_an_id_or_in_a_query_are_only_dots)
{
    for (const char* id : {"...", ".a", "a..", "../", "./..", "%2E", "a"})
        BOOST_TEST(get_request::check(id).has_value(), id);
    for (const char* id : {".", "..", "a"})
        BOOST_TEST(delete_request::check(id).has_value(), id);
}

BOOST_AUTO_TEST_CASE(an_id_is_encoded_for_the_target)
{
    get_request get;
    const auto read = get.encode("/api/v1/api_keys/", "a b/c");
    BOOST_TEST(read.target == "/api/v1/api_keys/a%20b%2Fc");
    BOOST_TEST(read.body == "");
    BOOST_TEST(read.key == ""); // reading waits for no change
    delete_request remove;
    const auto removal = remove.encode("/api/v1/api_keys?id=", "a b/c");
    BOOST_TEST(removal.target == "/api/v1/api_keys?id=a%20b%2Fc");
    BOOST_TEST(removal.key == "a b/c");
}

BOOST_AUTO_TEST_CASE(an_address_is_sent_where_there_is_one)
{
    detail::web3_challenge_request challenge;
    BOOST_TEST(challenge.encode("/web3", "0x1").target == "/web3?address=0x1");
    BOOST_TEST(challenge.encode("/web3", "").target == "/web3");
}

BOOST_AUTO_TEST_CASE(the_change_to_a_key_names_it_for_the_order)
{
    const std::string path = "/api/v1/api_keys";
    detail::update_request update;
    const auto texts = update.encode(path, key_update("a-key").usd(1));
    BOOST_TEST(texts.target == path);
    BOOST_TEST(texts.key == "a-key");
    BOOST_TEST(texts.body.find("a-key") != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_request_that_carries_secrets_shows_them_until_they_are_cleared)
{
    detail::web3_create_request create;
    const auto texts = create.encode(
        "/web3", new_web3_key(key_type::inference, "0x1", secret("the-signature"), secret("the-challenge")));
    BOOST_TEST(texts.body.find("the-signature") != std::string_view::npos);
    BOOST_TEST(std::ranges::distance(create.secrets()) == 2);
    create.clear();
    BOOST_TEST(std::ranges::distance(create.secrets()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
