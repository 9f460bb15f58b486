#include "model/token_fingerprint.hpp"

#include "support/printing.hpp"

#include <algorithm>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_model_token_fingerprint)

using namespace venice_keys;
using namespace venice_keys::detail;

BOOST_AUTO_TEST_CASE(equal_tokens_have_equal_fingerprints_and_others_have_not)
{
    const fingerprints prints;
    BOOST_TEST(prints.of(secret("one")) == prints.of(secret("one")));
    BOOST_TEST(prints.of(secret("one")) != prints.of(secret("two")));
    BOOST_TEST(prints.of(secret("one")) != prints.of(secret()));
    BOOST_TEST(prints.of(secret()) == prints.of(secret("")));
    BOOST_TEST(fingerprint_hash{}(prints.of(secret("one"))) == fingerprint_hash{}(prints.of(secret("one"))));
}

BOOST_AUTO_TEST_CASE(a_fingerprint_says_nothing_without_its_key)
{
    const fingerprints one;
    const fingerprints other;
    BOOST_TEST(one.of(secret("token")) != other.of(secret("token")));
    const std::string token(32, 't');
    const token_fingerprint print = one.of(secret(token));
    BOOST_TEST(std::search(print.begin(), print.end(), token.begin(), token.begin() + 4) == print.end());
}

BOOST_AUTO_TEST_SUITE_END()
