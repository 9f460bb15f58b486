// Promise 11, bounded: an answer's head, fields and body have limits, which don't depend on how the bytes are cut.
#include "support/printing.hpp"
#include "unit/support/parse_stream.hpp"

#include <string>

BOOST_AUTO_TEST_SUITE(unit_wire_promise_11_bounds)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

constexpr wire::reply_limits small{256, 10, 32};

// A whole stream, each cut of it, and small pieces end alike.
void check(const std::string& stream, bool fits, bool until_end = false)
{
    const auto agree = [&](const transcript& seen) {
        BOOST_TEST(seen.replies.size() == (fits ? 1u : 0u), seen);
        BOOST_TEST(seen.failure == (fits ? boost::system::error_code{} : errc::reply_too_large), seen);
    };
    agree(parse_whole(stream, small, until_end));
    for (const std::size_t size : {1u, 2u, 3u, 10u, 100u})
        agree(parse_in_steps_of(size, stream, small, until_end));
    for (std::size_t place = 0; place <= stream.size(); ++place)
        BOOST_TEST_CONTEXT("cut at " << place)
        {
            agree(parse_cut_at(stream, place, small, until_end));
        }
}

std::string filled(std::string front, std::size_t size, const std::string& back, char with = 'x')
{
    BOOST_TEST_REQUIRE(front.size() + back.size() <= size);
    return front + std::string(size - front.size() - back.size(), with) + back;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_head_may_be_as_long_as_its_limit_and_not_longer)
{
    for (const bool fits : {true, false}) {
        const std::size_t size = small.header_bytes + (fits ? 0 : 1);
        check(filled("HTTP/1.1 200 ", size, "\r\nContent-Length: 0\r\n\r\n"), fits);
        check(filled("HTTP/1.1 200 OK\r\nX: ", size, "\r\nContent-Length: 0\r\n\r\n"), fits);
        check(filled("HTTP/1.1 200\r\nX: ", size, "\r\nContent-Length: 0\r\n\r\n"), fits);
        check(filled("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ", size, "\r\n\r\n"), fits);
        check(filled("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ", size, "\r\n\r\n", ' '), fits);
        check(
            filled("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: " + std::string(100, 'a') + "\r\nX: ", size, "\r\n\r\n"),
            fits);
    }
}

BOOST_AUTO_TEST_CASE(a_head_without_an_end_is_given_up)
{
    check("HTTP/1.1 200 " + std::string(1000, 'x'), false);
    check("HTTP/1.1 200 OK\r\nX: " + std::string(1000, 'x'), false);
    check("HTTP/1.1 200 OK\r\nX: " + std::string(1000, ' '), false);
    check("HTTP/1.1 200 OK\r\n" + std::string(1000, 'x'), false);
}

BOOST_AUTO_TEST_CASE(a_limit_below_a_status_line_is_met)
{
    for (const std::size_t most : {1u, 9u, 12u, 13u, 14u})
        for (const char* stream : {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"})
            for (const std::size_t size : {1u, 3u, 100u})
                BOOST_TEST_CONTEXT(most << ", in pieces of " << size)
    BOOST_TEST(parse_in_steps_of(size, stream, {most, 10, 32}).failure == errc::reply_too_large);
}

BOOST_AUTO_TEST_CASE(each_of_several_heads_has_the_whole_limit)
{
    const std::string one = filled("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: ", small.header_bytes, "\r\n\r\nhello");
    const transcript seen = parse_in_steps_of(17, one + one + one, small);
    BOOST_TEST(!seen.failure.failed(), seen);
    BOOST_TEST(seen.replies.size() == 3u);
}

BOOST_AUTO_TEST_CASE(fields_are_counted)
{
    for (const bool fits : {true, false}) {
        std::string fields;
        for (std::size_t i = 0; i < small.header_count - (fits ? 1 : 0); ++i)
            fields += "a:\r\n";
        check("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 0\r\n\r\n", fits);
    }
}

BOOST_AUTO_TEST_CASE(fields_of_a_trailer_are_counted_with_the_others)
{
    for (const bool fits : {true, false}) {
        std::string fields;
        for (std::size_t i = 0; i < small.header_count - (fits ? 1 : 0); ++i)
            fields += "a:\r\n";
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + fields + "\r\n", fits);
    }
}

BOOST_AUTO_TEST_CASE(a_body_may_be_as_long_as_its_limit_and_not_longer)
{
    for (const bool fits : {true, false}) {
        const std::string body(small.body_bytes + (fits ? 0 : 1), 'b');
        const std::string length = "Content-Length: " + std::to_string(body.size());
        check("HTTP/1.1 200 OK\r\n" + length + "\r\n\r\n" + body, fits);
        check("HTTP/1.1 200 OK\r\n\r\n" + body, fits, true);
        const std::string one_by_one = [&] {
            std::string chunks;
            for (const char each : body)
                chunks.append("1\r\n").append(1, each).append("\r\n");
            return chunks + "0\r\n\r\n";
        }();
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + one_by_one, fits);
        const std::string padded = [&] {
            std::string chunks;
            for (const char each : body)
                chunks.append("1 \r\n").append(1, each).append("\r\n");
            return chunks + "0 \r\n\r\n";
        }();
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + padded, fits);
        const std::string one_chunk = fits ? "20\r\n" : "21\r\n";
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + one_chunk + body + "\r\n0\r\n\r\n", fits);
    }
}

BOOST_AUTO_TEST_CASE(a_length_that_is_too_large_is_refused_before_its_body_comes)
{
    const transcript seen = parse_whole("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n", small);
    BOOST_TEST(seen.failure == errc::reply_too_large);
    BOOST_TEST(seen.detail.find("max_reply_bytes") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_error_names_the_limit)
{
    BOOST_TEST(parse_whole("HTTP/1.1 200 OK\r\nX: " + std::string(1000, 'x'), small).detail.find("max_header_bytes") !=
               std::string::npos);
    BOOST_TEST(parse_whole("HTTP/1.1 200 OK\r\n" + std::string("a:\r\na:\r\na:\r\na:\r\na:\r\na:\r\n") +
                               "a:\r\na:\r\na:\r\na:\r\na:\r\n\r\n",
                           small)
                   .detail.find("max_header_count") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
