// What the parser refuses, and that it does so wherever the bytes are cut.
#include "unit/support/parse_stream.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_wire_reply_parser_refusals)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

std::string with(const std::string& fields, const std::string& body = "")
{
    return "HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n" + body;
}

// Behind a good answer, so that what is refused is not just the first bytes of a connection.
void check_refused(const std::string& bad, errc why = errc::protocol_error)
{
    const std::string stream = good + bad;
    transcript expected;
    expected.replies.push_back({200, true, "hi", {}, {}, {}, {}, {}});
    expected.failure = why;
    BOOST_TEST_CONTEXT(bad)
    {
        BOOST_TEST(parse_whole(stream) == expected);
        BOOST_TEST(!parse_whole(stream).detail.empty());
        BOOST_TEST(parse_in_steps_of(1, stream) == expected);
        BOOST_TEST(parse_in_steps_of(3, stream) == expected);
        for (std::size_t place = 1; place < stream.size(); ++place)
            BOOST_TEST_CONTEXT("cut at " << place)
            {
                BOOST_TEST(parse_cut_at(stream, place) == expected);
            }
    }
}

void check_all_refused(const std::vector<std::string>& all)
{
    for (const std::string& each : all)
        check_refused(each);
}

} // namespace

BOOST_AUTO_TEST_CASE(any_transfer_coding_but_chunked_is_refused)
{
    const std::string chunks = "2\r\nhi\r\n0\r\n\r\n";
    for (const char* value : {"chunked, identity", "identity, chunked", "xchunked", "chunkedx", "gzip, chunked", "gzip",
                              "identity", "chunked;q=1", "chunked,", ", chunked", "\"chunked\"", "chunked chunked", ""})
        check_refused(with("Transfer-Encoding: " + std::string(value), chunks));
    check_refused(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", chunks));
    check_refused(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", chunks));
    check_refused(with("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", chunks));
}

BOOST_AUTO_TEST_CASE(a_transfer_coding_beside_a_length_is_refused)
{
    check_refused(with("Transfer-Encoding: chunked\r\nContent-Length: 2", "2\r\nhi\r\n0\r\n\r\n"));
    check_refused(with("Content-Length: 2\r\nTransfer-Encoding: chunked", "2\r\nhi\r\n0\r\n\r\n"));
    check_refused(with("Content-Length: 2\r\nTransfer-Encoding: identity", "hi"));
    check_refused(with("Transfer-Encoding: chunked", "2\r\nhi\r\n0\r\nContent-Length: 2\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(a_transfer_coding_of_http_1_0_is_refused)
{
    check_refused("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(lengths_that_differ_or_are_no_numbers_are_refused)
{
    check_refused(with("Content-Length: 2\r\nContent-Length: 3", "hi!"));
    check_refused(with("Content-Length: 2, 3", "hi!"));
    for (const char* value : {"", "-1", "+2", "0x2", "2.0", "2 2", "two", "99999999999999999999999", ",", "2,", ",2"})
        check_refused(with("Content-Length: " + std::string(value), "hi"));
}

BOOST_AUTO_TEST_CASE(a_folded_line_of_any_shape_is_refused)
{
    for (const char* fields : {
             "X-Note: first\r\n second",
             "X-Note: first\r\n\tsecond",
             "X-Note: first\r\n  \t second\r\n third",
             "X-Note:\r\n second",
             "X-Note: \t\r\n second",
             "X-Note:\r\n \r\n third",
             "X-Note: first\r\n ",
             "X-Note: first\r\n \t ",
             "X-Note:\r\n ",
             "Content-Length:\r\n 2",
             "Content-Length: 2\r\n ",
             "Transfer-Encoding:\r\n chunked",
             "CF-RAY: 1\r\n 2",
         }) {
        check_refused(with(std::string(fields) + "\r\nContent-Type: a/b", "hi"));
        check_refused(with(fields, "hi"));
    }
    check_refused(with("Transfer-Encoding: chunked", "0\r\nX-Note: first\r\n second\r\n\r\n"));
    check_refused(with("Transfer-Encoding: chunked", "0\r\nX-Note:\r\n second\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(a_content_coding_is_refused)
{
    for (const char* value : {"gzip", "br", "identity, gzip", "gzip, utf-8", "deflate", "x-identity", "identity;q=1",
                              "utf-16", "iso-8859-1", "aws-chunked", "utf-8 gzip"})
        check_refused(with("Content-Length: 2\r\nContent-Encoding: " + std::string(value), "hi"));
}

BOOST_AUTO_TEST_CASE(switching_protocols_is_refused)
{
    check_refused("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n");
    check_refused("HTTP/1.1 101 Switching Protocols\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(eight_interim_answers_are_let_through_and_nine_are_refused)
{
    const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
    std::string many;
    for (int i = 0; i < 8; ++i)
        many += interim;
    const transcript seen = parse_whole(many + good + many + good);
    BOOST_TEST(!seen.failure.failed());
    BOOST_TEST(seen.replies.size() == 2u);
    check_refused(many + interim + good);
}

BOOST_AUTO_TEST_CASE(a_bad_status_line_is_refused)
{
    check_all_refused({
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",  "HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",  "HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n",
        "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",  "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",   "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",  "HTTP/1.1 200\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200\r\r\nContent-Length: 0\r\n\r\n",   "HTTP/1.1 200\rContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200OK\r\nContent-Length: 0\r\n\r\n",   "HTTP/1.1 2000\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 20\r\nContent-Length: 0\r\n\r\n",      "HTTP/1.1 2x0\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 099\r\nContent-Length: 0\r\n\r\n",     "HTTP/1.1  20\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.x 200\r\nContent-Length: 0\r\n\r\n",     "HTTP/1.2 200\r\nContent-Length: 0\r\n\r\n",
        "HTTP/2.0 200\r\nContent-Length: 0\r\n\r\n",     "HTTP/1.1 200\r\n Content-Length: 0\r\n\r\n",
        "HTTP/1.1\r\nContent-Length: 0\r\n\r\n",         "ICY 200 OK\r\nContent-Length: 0\r\n\r\n",
        " HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",   "<html><body>no status line at all</body></html>\r\n\r\n",
    });
}

BOOST_AUTO_TEST_CASE(a_status_below_100_is_refused)
{
    for (const char* status : {"000", "001", "099"})
        check_refused("HTTP/1.1 " + std::string(status) + " What\r\nContent-Length: 2\r\n\r\nhi");
}

// RFC 9110 section 15: to be taken for a 5xx, which is for the layers above.
BOOST_AUTO_TEST_CASE(a_status_above_599_is_handed_up)
{
    for (const unsigned status : {600u, 999u}) {
        const transcript seen =
            parse_whole("HTTP/1.1 " + std::to_string(status) + " What\r\nContent-Length: 2\r\n\r\nhi");
        BOOST_TEST(seen.replies.at(0) == (seen_reply{status, true, "hi", {}, {}, {}, {}, {}}));
    }
}

BOOST_AUTO_TEST_CASE(control_bytes_in_the_head_are_refused)
{
    for (const char control : {'\0', '\x01', '\x08', '\x0B', '\x1B', '\x7F', '\n', '\r'}) {
        const std::string bad(1, control);
        check_refused("HTTP/1.1 200 O" + bad + "K\r\nContent-Length: 0\r\n\r\n");
        check_refused(with("X-Note: a" + bad + "b\r\nContent-Length: 0"));
        check_refused(with("X-N" + bad + "te: a\r\nContent-Length: 0"));
    }
}

BOOST_AUTO_TEST_CASE(a_bad_field_is_refused)
{
    for (const char* field : {": no name", "no colon", "a space: x", "space-before-colon : x", "(paren): x"})
        check_refused(with(std::string(field) + "\r\nContent-Length: 0"));
}

BOOST_AUTO_TEST_CASE(bad_chunks_are_refused)
{
    for (const char* chunks : {
             "x\r\nhi\r\n0\r\n\r\n",
             "2\r\nhi!\r\n0\r\n\r\n",
             "2\r\nhi0\r\n\r\n",
             "-2\r\nhi\r\n0\r\n\r\n",
             " 2\r\nhi\r\n0\r\n\r\n",
             "10000000000000000\r\nhi\r\n0\r\n\r\n",
             "2\nhi\n0\n\n\n\r\n\r\n",
             "2 \x01\r\nhi\r\n0\r\n\r\n",
             "2\x01 \r\nhi\r\n0\r\n\r\n",
             " 2 \r\nhi\r\n0\r\n\r\n",
             " \r\nhi\r\n0\r\n\r\n",
             ";x \r\n\r\n0\r\n\r\n",
             "2 2 \r\nhi\r\n0\r\n\r\n",
             "2 \n\r\nhi\r\n0\r\n\r\n",
             "2 \rhi\r\n0\r\n\r\n",
             "x \r\nhi\r\n0\r\n\r\n",
             "0x2 \r\nhi\r\n0\r\n\r\n",
             "2 hi\r\n0 \r\n\r\n",
             "2; \r\nhi\r\n0\r\n\r\n",
             "2;a= \r\nhi\r\n0\r\n\r\n",
             "2 \r\nhi!\r\n0 \r\n\r\n",
             "2 \r\nhi0 \r\n\r\n",
             "10000000000000000 \r\nhi\r\n0\r\n\r\n",
             "2\r\nhi\r\n \r\n\r\n",
             "2\r\nhi\r\n;x \r\n\r\n",
             "0 \r\n folded: x\r\n\r\n",
             "0 \r\nX-Note: a\r\n b\r\n\r\n",
         })
        check_refused(with("Transfer-Encoding: chunked", chunks), errc::protocol_error);
}

BOOST_AUTO_TEST_SUITE_END()
