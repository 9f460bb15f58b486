#include "wire/percent.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_wire_percent)

using venice_keys::wire::append_percent_encoded;

namespace {

std::string encoded(std::string_view text)
{
    std::string out;
    append_percent_encoded(out, text);
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(unreserved_characters_stay)
{
    constexpr std::string_view all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    BOOST_TEST(encoded(all) == all);
    BOOST_TEST(encoded("e28e82dc-9df2-4b47-b726-d0a222ef2ab5") == "e28e82dc-9df2-4b47-b726-d0a222ef2ab5");
    BOOST_TEST(encoded("") == "");
}

BOOST_AUTO_TEST_CASE(everything_else_is_encoded)
{
    BOOST_TEST(encoded("a/b?c=d&e#f%g h") == "a%2Fb%3Fc%3Dd%26e%23f%25g%20h");
    BOOST_TEST(encoded("\r\nX: y") == "%0D%0AX%3A%20y");
    BOOST_TEST(encoded("€") == "%E2%82%AC");
    BOOST_TEST(encoded(std::string_view("\0\x7F\xFF+", 4)) == "%00%7F%FF%2B");
    int plain = 0;
    for (int byte = 0; byte != 256; ++byte)
        plain += encoded(std::string(1, static_cast<char>(byte))).size() == 1 ? 1 : 0;
    BOOST_TEST(plain == 66);
}

BOOST_AUTO_TEST_CASE(it_appends_to_what_is_there)
{
    std::string out = "/api_keys?id=";
    append_percent_encoded(out, "a b");
    BOOST_TEST(out == "/api_keys?id=a%20b");
}

BOOST_AUTO_TEST_SUITE_END()
