#include "wire/goaway_words.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(unit_wire_goaway_words)

using namespace venice_keys;
using namespace venice_keys::detail;

namespace {

std::string said(std::string_view what, const secret& token = {})
{
    constexpr std::string_view front = "the server ends the connection (GOAWAY, NO_ERROR)";
    const std::string words = wire::goaway_words("NO_ERROR", what, token);
    BOOST_TEST(words.starts_with(front));
    return words.substr(front.size());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_servers_words_are_shown)
{
    BOOST_TEST(said("").empty());
    BOOST_TEST(said("too_many_pings") == ": too_many_pings");
    BOOST_TEST(said("max age (10m) reached; see https://example.org/a") ==
               ": max age (10m) reached; see https://example.org/a");
}

BOOST_AUTO_TEST_CASE(they_are_one_bounded_line)
{
    BOOST_TEST(said("one\r\n\ttwo\x01") == ": one two");
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += "word ";
    BOOST_TEST(said(many).size() <= 130u);
}

BOOST_AUTO_TEST_CASE(no_token_is_in_them)
{
    BOOST_TEST(said("bad t0k-en!", secret("t0k-en")) == ": bad [redacted]!");
    BOOST_TEST(said("bad VENICE_ADMIN_KEY_x1") == ": bad [redacted]");
    // One of a request that was answered before is not known here any more. Its length gives it away.
    BOOST_TEST(said("bad 0123456789abcdefABCDEF-~+") == ": bad [redacted]");
    BOOST_TEST(said("bad 0123456789abcdefABCDEF") == ": bad 0123456789abcdefABCDEF");
}

BOOST_AUTO_TEST_CASE(the_token_is_what_follows_the_scheme)
{
    BOOST_TEST(wire::token_of("Bearer abc") == "abc");
    BOOST_TEST(wire::token_of("").empty());
}

BOOST_AUTO_TEST_SUITE_END()
