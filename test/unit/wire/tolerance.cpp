#include "wire/tolerance.hpp"

#include "support/printing.hpp"

#include <string>

BOOST_AUTO_TEST_SUITE(unit_wire_tolerance)

using namespace venice_keys::wire;

namespace {

// What becomes of it; itself when there is nothing to mend.
std::string mended(std::string_view bytes, bool after_chunk = false)
{
    std::string out = "left from before";
    return mend_chunk_line(bytes, after_chunk, out) ? out : std::string(bytes);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_status_line_is_bare_when_its_code_is_followed_by_the_lines_end)
{
    const std::string_view bare = "HTTP/1.1 200\r\n";
    for (std::size_t size = 0; size < bare.size(); ++size)
        BOOST_TEST(look_at_status_line(bare.substr(0, size)) == status_line::too_short_to_tell);
    BOOST_TEST(look_at_status_line(bare) == status_line::bare);
    BOOST_TEST(look_at_status_line("HTTP/1.0 503\r\n\r\n") == status_line::bare);
    for (const char* other : {"HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200\n", "HTTP/1.1 200\r\r\n", "X",
                              "HTTP/2", "http", "HTTP/1.1 2000\r\n"})
        BOOST_TEST(look_at_status_line(other) == status_line::complete_enough, other);
}

BOOST_AUTO_TEST_CASE(a_bare_status_line_gets_its_blank)
{
    const auto whole = with_blank("HTTP/1.1 200\r\nContent-Length: 0\r\n");
    BOOST_TEST(std::string(whole.begin(), whole.end()) == "HTTP/1.1 200 \r\n");
}

BOOST_AUTO_TEST_CASE(blanks_before_the_end_of_a_chunks_line_become_zeros)
{
    BOOST_TEST(mended("5 \r\nhello") == "05\r\n");
    BOOST_TEST(mended("5\t \r\nhello") == "005\r\n");
    BOOST_TEST(mended("\r\nfF \r\n", true) == "\r\n0fF\r\n");
    BOOST_TEST(mended("5;x=y \r\nhello") == "05;x=y\r\n");
    BOOST_TEST(mended("5 ;x= \"y \" \r\nhello") == "05 ;x= \"y \"\r\n");
}

BOOST_AUTO_TEST_CASE(the_last_chunk_keeps_its_trailer_and_no_more)
{
    BOOST_TEST(mended("0 \r\n\r\nHTTP/1.1") == "00\r\n\r\n");
    BOOST_TEST(mended("00 ;x \r\nA: b \r\n\r\nHTTP/1.1") == "000 ;x\r\nA: b \r\n\r\n");
    BOOST_TEST(mended("\r\n0 \r\nA: b \r\nC", true) == "\r\n00\r\nA: b \r\nC");
}

BOOST_AUTO_TEST_CASE(what_is_no_size_stays_as_it_is)
{
    for (const char* bytes :
         {"", "5", "5 ", "5 \r", "5\r\n", "5;x\r\n", " 5 \r\n", ";x \r\n", " \r\n", "\r\n5 \r\n", "5 \n"})
        BOOST_TEST(mended(bytes) == bytes);
    for (const char* bytes : {"", "\r", "\r\n", "5 \r\n", "hi5 \r\n", "\r\n \r\n", "\n\n5 \r\n"})
        BOOST_TEST(mended(bytes, true) == bytes);
}

BOOST_AUTO_TEST_CASE(identity_and_a_charset_are_no_codings)
{
    for (const char* value :
         {"", " ", "identity", " IDENTITY\t", "utf-8", "UTF8", "identity,utf-8", ",,", " , identity ,"})
        BOOST_TEST(names_no_coding(value), value);
    for (const char* value : {"gzip", "identity, gzip", "gzip,", "utf-", "utf-88", "identity utf-8", "\"identity\""})
        BOOST_TEST(!names_no_coding(value), value);
}

BOOST_AUTO_TEST_SUITE_END()
