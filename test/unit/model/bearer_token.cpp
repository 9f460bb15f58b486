#include "model/bearer_token.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(unit_model_bearer_token)

using venice_keys::detail::fault_in_token;
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

BOOST_AUTO_TEST_CASE(each_usual_mistake_has_words_of_its_own)
{
    BOOST_TEST(fault_in_token("abc=") == "");
    BOOST_TEST(fault_in_token("") == "the token is empty; it is the text that Venice shows when a key is made");
    BOOST_TEST(fault_in_token("abc\n") == "the token ends with a line feed (U+000A); cut it off");
    BOOST_TEST(fault_in_token("abc\r\n") == "the token ends with a carriage return (U+000D); cut it off");
    BOOST_TEST(fault_in_token(" abc") == "the token begins with a space (U+0020); cut it off");
    BOOST_TEST(fault_in_token("ab c") == "the token has a space (U+0020) at byte 2");
    for (const char* const text : {"Bearer abc", "bearer abc", "Bearer abc\n"})
        BOOST_TEST(fault_in_token(text) ==
                   "the token begins with `Bearer `; leave that out, because the client adds it");
    BOOST_TEST(fault_in_token("Authorization: Bearer abc") ==
               "the token begins with `Authorization:`; leave that out, because the client adds it");
    for (const char* const text : {"\"abc\"", "'abc'", "`abc`", "\"abc"})
        BOOST_TEST(fault_in_token(text) == "the token is in quotation marks; leave them out");
    for (const char* const text : {"VENICE_API_KEY=abc", "export VENICE_API_KEY=abc"})
        BOOST_TEST(fault_in_token(text) == "the token begins with the name of a variable; give its value alone");
    for (const char* const text : {"$VENICE_API_KEY", "a=b", "=", "abc\xC3\xBC", "<token>"})
        BOOST_TEST(fault_in_token(text).starts_with("the token has a character that no bearer token has; "), text);
}

BOOST_AUTO_TEST_CASE(no_words_quote_the_token)
{
    for (const char* const text : {"s3cret\n", " s3cret", "Bearer s3cret", "'s3cret'", "VENICE_API_KEY=s3cret",
                                   "s3cret$", "s3cret s3cret", "s3cret=s3cret"})
        BOOST_TEST(fault_in_token(text).find("s3cret") == std::string::npos, fault_in_token(text));
}

BOOST_AUTO_TEST_SUITE_END()
