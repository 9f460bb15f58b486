#include "codec/json_writer.hpp"

#include "model/secret_bytes.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_json_writer)

using namespace venice_keys::codec;

namespace {

std::string string_of(std::string_view text)
{
    std::string out;
    append_string(out, text);
    return out;
}

std::string number_of(double value)
{
    std::string out;
    append_number(out, value);
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_must_be_escaped_is_and_nothing_else)
{
    BOOST_TEST(string_of("") == R"("")");
    BOOST_TEST(string_of("plain / text \x7F \xC3\xA9") == "\"plain / text \x7F \xC3\xA9\"");
    BOOST_TEST(string_of("say \"a\\b\"") == R"("say \"a\\b\"")");
    BOOST_TEST(string_of("\n\r\t") == R"("\n\r\t")");
    BOOST_TEST(string_of(std::string_view("\0\x01\x1F", 3)) == R"("\u0000\u0001\u001f")");
    BOOST_TEST(string_of("\"") == R"("\"")");
}

BOOST_AUTO_TEST_CASE(every_byte_that_stands_alone_reads_back_as_itself)
{
    for (int byte = 0; byte != 0x80; ++byte) {
        const std::string text{'a', static_cast<char>(byte), 'b'};
        const boost::json::value read = boost::json::parse(string_of(text));
        BOOST_TEST(std::string_view(read.as_string()) == text);
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_written_for_people)
{
    BOOST_TEST(number_of(0) == "0");
    BOOST_TEST(number_of(-0.0) == "0");
    BOOST_TEST(number_of(50) == "50");
    BOOST_TEST(number_of(10.5) == "10.5");
    BOOST_TEST(number_of(0.1) == "0.1");
    BOOST_TEST(number_of(1e9) == "1000000000");
    BOOST_TEST(number_of(9'999'999'999) == "9999999999");
    BOOST_TEST(number_of(1e-5) == "0.00001");
    BOOST_TEST(number_of(1e-6) == "1e-06");
}

BOOST_AUTO_TEST_CASE(numbers_read_back_as_the_same_numbers)
{
    for (const double value :
         {0.1 + 0.2, 1.0 / 3, 123456789.123456789, 9'999'999'998.999999, std::numeric_limits<double>::min()})
        BOOST_TEST(std::stod(number_of(value)) == value);
}

BOOST_AUTO_TEST_CASE(an_object_has_commas_between_its_members_alone)
{
    std::string out;
    object_writer<std::string> none(out);
    none.close();
    BOOST_TEST(out == "{}");
    out.clear();
    object_writer<std::string> it(out);
    it.member("\"a\"") += '1';
    append_string(it.member("\"b\""), "two");
    it.close();
    BOOST_TEST(out == R"({"a":1,"b":"two"})");
}

BOOST_AUTO_TEST_CASE(what_holds_secrets_is_written_the_same_way)
{
    venice_keys::detail::secret_bytes out;
    object_writer<venice_keys::detail::secret_bytes> it(out);
    append_string(it.member("\"signature\""), "0x\"1\"");
    append_number(it.member("\"limit\""), 2.5);
    it.close();
    BOOST_TEST(std::string_view(out) == R"({"signature":"0x\"1\"","limit":2.5})");
}

BOOST_AUTO_TEST_SUITE_END()
