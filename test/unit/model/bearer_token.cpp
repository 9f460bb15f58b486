#include "model/bearer_token.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(unit_model_bearer_token)

using venice_keys::detail::valid_bearer_token;

BOOST_AUTO_TEST_CASE(letters_digits_and_the_six_marks_are_allowed)
{
    BOOST_TEST(valid_bearer_token("a"));
    BOOST_TEST(valid_bearer_token("abcXYZ019-._~+/"));
    BOOST_TEST(valid_bearer_token("-"));
}

BOOST_AUTO_TEST_CASE(equals_signs_may_end_it_and_do_nothing_else)
{
    BOOST_TEST(valid_bearer_token("abc="));
    BOOST_TEST(valid_bearer_token("abc=="));
    BOOST_TEST(!valid_bearer_token("="));
    BOOST_TEST(!valid_bearer_token("=abc"));
    BOOST_TEST(!valid_bearer_token("a=bc"));
}

BOOST_AUTO_TEST_CASE(an_empty_token_is_refused)
{
    BOOST_TEST(!valid_bearer_token(""));
}

BOOST_AUTO_TEST_CASE(no_other_byte_is_allowed_at_any_place)
{
    const std::string allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/";
    for (int byte = 0; byte != 256; ++byte) {
        const char c = static_cast<char>(byte);
        const bool expected = allowed.find(c) != std::string::npos;
        BOOST_TEST(valid_bearer_token(std::string{c, 'x'}) == expected, "byte " << byte << " in front");
        BOOST_TEST(valid_bearer_token(std::string{'x', c, 'x'}) == expected, "byte " << byte << " in the middle");
        BOOST_TEST(valid_bearer_token(std::string{'x', c}) == (expected || c == '='), "byte " << byte << " at the end");
    }
}

BOOST_AUTO_TEST_SUITE_END()
