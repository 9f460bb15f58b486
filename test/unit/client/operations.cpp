// What an operation refuses before anything is sent.
#include "client/operations.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(unit_client_operations)

using namespace venice_keys;
using detail::delete_operation;
using detail::get_operation;

namespace {

void check_refused(const result<void>& verdict, std::string_view why)
{
    BOOST_TEST_REQUIRE(!verdict.has_value());
    BOOST_TEST((verdict.error().code == errc::invalid_argument));
    BOOST_TEST(verdict.error().detail == why);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_empty_id_is_refused)
{
    check_refused(get_operation::check(""), "id: empty");
    check_refused(delete_operation::check(""), "id: empty");
}

BOOST_AUTO_TEST_CASE(an_id_with_a_control_character_or_a_blank_at_an_end_is_refused)
{
    for (const auto& check : {&get_operation::check, &delete_operation::check}) {
        check_refused(check("key\a"), "id: control character U+0007 at byte 3");
        check_refused(check("key "), "id: blank U+0020 at byte 3, at the end");
        check_refused(check("\tkey"), "id: control character U+0009 at byte 0");
    }
    check_refused(detail::web3_challenge_operation::check("0x1\n"), "address: control character U+000A at byte 3");
    BOOST_TEST(detail::web3_challenge_operation::check("").has_value());
}

BOOST_AUTO_TEST_CASE(an_id_that_would_change_the_path_is_refused)
{
    // RFC 3986 section 5.2.4: whoever passes the request on takes these out of a path.
    for (const char* id : {".", ".."})
        check_refused(get_operation::check(id), "id: a dot segment, which names another resource");
}

BOOST_AUTO_TEST_CASE(an_id_that_names_another_resource_is_refused)
{
    for (const char* id : {"rate_limits", "generate_web3_key"})
        check_refused(get_operation::check(id), "id: the name of another resource");
}

BOOST_AUTO_TEST_CASE(dots_in_an_id_or_in_a_query_are_only_dots)
{
    for (const char* id : {"...", ".a", "a..", "../", "./..", "%2E", "a"})
        BOOST_TEST(get_operation::check(id).has_value(), id);
    for (const char* id : {".", "..", "a"})
        BOOST_TEST(delete_operation::check(id).has_value(), id);
}

BOOST_AUTO_TEST_SUITE_END()
