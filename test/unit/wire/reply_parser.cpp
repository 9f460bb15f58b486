#include "support/printing.hpp"
#include "unit/support/parse_stream.hpp"

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_wire_reply_parser)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

struct sample {
    const char* name;
    std::string bytes;
    std::vector<seen_reply> replies;
    bool until_end = false; // complete only when the stream ends
};

std::ostream& operator<<(std::ostream& out, const sample& it)
{
    return out << it.name;
}

seen_reply ok(std::string body)
{
    return {200, true, std::move(body), {}, {}, {}, {}, {}};
}

seen_reply last(unsigned status, std::string body)
{
    return {status, false, std::move(body), {}, {}, {}, {}, {}};
}

const std::vector<sample>& samples()
{
    static const std::string plain = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    static const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       "5\r\nhello\r\n7;name=value\r\n, world\r\n1;quoted=\"a b\";bare\r\n!\r\n"
                                       "0;last\r\nExpires: never\r\nX-Note: a trailer\r\n\r\n";
    static const std::vector<sample> all = {
        {"content length", plain, {ok("hello")}},
        {"no body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", {ok("")}},
        {"no reason", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nhi", {ok("hi")}},
        {"neither reason nor blank", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", {ok("hi")}},
        {"neither reason nor blank, an old server", "HTTP/1.0 200\r\nContent-Length: 2\r\n\r\nhi", {last(200, "hi")}},
        {"neither reason nor blank nor fields", "HTTP/1.1 204\r\n\r\n", {{204, true, "", {}, {}, {}, {}, {}}}},
        {"neither reason nor blank, several",
         "HTTP/1.1 100\r\n\r\nHTTP/1.1 503\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 100\r\n\r\n" + plain,
         {{503, true, "x", {}, {}, {}, {}, {}}, ok("hello")}},
        {"blanks for a reason", "HTTP/1.1 200  \t \r\nContent-Length: 2\r\n\r\nhi", {ok("hi")}},
        {"blanks around the reason", "HTTP/1.1 200   OK  \r\nContent-Length: 2\r\n\r\nhi", {ok("hi")}},
        {"chunked, with extensions and trailers", chunked, {ok("hello, world!")}},
        {"chunked, empty", "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n0\r\n\r\n", {ok("")}},
        {"chunked, empty, with a trailer",
         "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: b\r\n\r\n",
         {ok("")}},
        {"chunked, sizes with zeros in front",
         "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0002\r\nab\r\n00A\r\n0123456789\r\n000\r\n\r\n",
         {ok("ab0123456789")}},
        {"chunked, sizes padded with blanks",
         "HTTP/1.1 200\r\ntransfer-encoding: chunked\r\n\r\n2 \r\nab\r\nA\t   \r\n0123456789\r\n0    \r\n\r\n" + plain,
         {ok("ab0123456789"), ok("hello")}},
        {"chunked, sizes padded with blanks, with a trailer",
         "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n002 \r\nab\r\n00 \r\nA: b\r\nC: d\r\n\r\n" + plain,
         {ok("ab"), ok("hello")}},
        {"chunked, empty, padded", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0 \r\n\r\n", {ok("")}},
        {"chunked, blanks around extensions",
         "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
         "2 ; a = b \r\nab\r\n1 ;c=\"d ; \\\" e\" \t; f \r\nc\r\n0 ; last \r\n\r\n",
         {ok("abc")}},
        {"a wait in two lines",
         "HTTP/1.1 429 Slow\r\nRetry-After: 5\r\nContent-Length: 0\r\nretry-after: 7\r\n\r\n",
         {{429, true, "", "5, 7", {}, {}, {}, {}}}},
        {"names in capitals",
         "HTTP/1.1 429 SLOW DOWN\r\nCONTENT-LENGTH: 1\r\nRETRY-AFTER: 7\r\nCF-RAY: 8f2c-AMS\r\n"
         "X-RATELIMIT-LIMIT-REQUESTS: 500\r\nX-RATELIMIT-REMAINING-REQUESTS: 0\r\n"
         "X-RATELIMIT-RESET-REQUESTS: 1790000000\r\n\r\nx",
         {{429, true, "x", "7", "8f2c-AMS", 500, 0, 1790000000}}},
        {"names in small letters",
         "HTTP/1.1 200 ok\r\ncontent-length:1\r\nretry-after:\t 7 \t\r\ncf-ray:8f2c-AMS\r\n"
         "x-ratelimit-limit-requests:500\r\nx-ratelimit-remaining-requests:499\r\n"
         "x-ratelimit-reset-requests:12.75\r\n\r\nx",
         {{200, true, "x", "7", "8f2c-AMS", 500, 499, 12}}},
        {"interim answers in front",
         "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nCF-RAY: other\r\n\r\n" + plain,
         {ok("hello")}},
        {"several, one behind the other",
         plain + chunked + "HTTP/1.1 204 No Content\r\n\r\n" +
             "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n" + "HTTP/1.1 100 Continue\r\n\r\n" + plain,
         {ok("hello"),
          ok("hello, world!"),
          {204, true, "", {}, {}, {}, {}, {}},
          {304, true, "", {}, {}, {}, {}, {}},
          ok("hello")}},
        {"connection: close", "HTTP/1.1 500 E\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", {last(500, "no")}},
        {"close among others",
         "HTTP/1.1 500 E\r\nConnection: foo, Close\r\nContent-Length: 2\r\n\r\nno",
         {last(500, "no")}},
        {"an old server", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", {last(200, "hi")}},
        {"an old server that keeps alive",
         "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi",
         {ok("hi")}},
        {"a body until the end", "HTTP/1.1 200 OK\r\nCF-RAY: 1\r\n\r\nuntil the end", {}, true},
        {"an empty body until the end", "HTTP/1.1 200 OK\r\nCF-RAY: 1\r\n\r\n", {}, true},
        {"keep-alive without a length is until the end too",
         "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nCF-RAY: 1\r\n\r\nuntil the end",
         {},
         true},
    };
    return all;
}

transcript expected(const sample& which)
{
    transcript all;
    all.replies = which.replies;
    if (which.until_end) {
        const std::string body = which.bytes.substr(which.bytes.find("\r\n\r\n") + 4);
        all.replies.push_back({200, false, body, {}, "1", {}, {}, {}});
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_whole_stream_gives_its_answers)
{
    for (const sample& each : samples())
        BOOST_TEST_CONTEXT(each) BOOST_TEST(parse_whole(each.bytes, {}, true) == expected(each));
}

BOOST_AUTO_TEST_CASE(a_cut_at_any_place_changes_nothing)
{
    for (const sample& each : samples())
        for (std::size_t place = 0; place <= each.bytes.size(); ++place)
            BOOST_TEST_CONTEXT(each << ", cut at " << place)
            {
                BOOST_TEST(parse_cut_at(each.bytes, place, {}, true) == expected(each));
            }
}

BOOST_AUTO_TEST_CASE(small_pieces_change_nothing)
{
    for (const sample& each : samples())
        for (const std::size_t size : {1u, 2u, 3u, 5u, 7u, 11u})
            BOOST_TEST_CONTEXT(each << ", in pieces of " << size)
            {
                BOOST_TEST(parse_in_steps_of(size, each.bytes, {}, true) == expected(each));
            }
}

BOOST_AUTO_TEST_CASE(bytes_behind_an_answer_are_left_alone)
{
    const std::string behind = "\r\nHTTP/1.1 what comes next";
    for (const sample& each : samples()) {
        if (each.until_end)
            continue;
        const std::string stream = each.bytes + behind;
        for (std::size_t place = 0; place <= stream.size(); ++place) {
            BOOST_TEST_CONTEXT(each << ", cut at " << place)
            {
                piecewise run({}, each.replies.size());
                run.feed(std::string_view(stream).substr(0, place));
                run.feed(std::string_view(stream).substr(place));
                BOOST_TEST(run.seen().left == behind);
                BOOST_TEST(run.seen() == expected(each));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_field_of_one_answer_is_not_in_the_next)
{
    const transcript seen = parse_whole("HTTP/1.1 429 no\r\nContent-Length: 1\r\nRetry-After: 9\r\nCF-RAY: one\r\n"
                                        "x-ratelimit-remaining-requests: 0\r\n\r\nx"
                                        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST_REQUIRE(seen.replies.size() == 2u);
    BOOST_TEST(seen.replies[1] == ok(""));
}

BOOST_AUTO_TEST_CASE(a_rate_limit_that_is_no_number_counts_as_absent)
{
    for (const char* value : {"many", "", "-1", "5 apples", "18446744073709551616", "0x10", "1e3"}) {
        const transcript seen = parse_whole("HTTP/1.1 200 OK\r\nx-ratelimit-remaining-requests: " + std::string(value) +
                                            "\r\nContent-Length: 0\r\n\r\n");
        BOOST_TEST_CONTEXT(value) BOOST_TEST(seen.replies.at(0) == ok(""));
    }
}

BOOST_AUTO_TEST_CASE(a_trailer_changes_neither_keep_alive_nor_a_field)
{
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nCF-RAY: first\r\n\r\n2\r\nhi\r\n0\r\n";
    for (const char* trailer :
         {"Connection: close", "connection: keep-alive", "Retry-After: 5", "CF-RAY: second", "Content-Encoding: gzip",
          "x-ratelimit-remaining-requests: 0", "x-ratelimit-reset-requests: 60", "Upgrade: h2c"}) {
        const std::string stream = head + trailer + "\r\n\r\n";
        for (std::size_t place = 0; place <= stream.size(); ++place)
            BOOST_TEST_CONTEXT(trailer << ", cut at " << place)
            {
                BOOST_TEST(parse_cut_at(stream, place).replies.at(0) ==
                           (seen_reply{200, true, "hi", {}, "first", {}, {}, {}}));
            }
    }
}

BOOST_AUTO_TEST_CASE(a_connection_field_of_an_interim_answer_is_not_the_last_word)
{
    BOOST_TEST(
        parse_whole("HTTP/1.1 103 Early\r\nConnection: close\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .replies.at(0) == ok(""));
}

BOOST_AUTO_TEST_CASE(equal_lengths_said_twice_are_one)
{
    BOOST_TEST(parse_whole("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi").replies.at(0) ==
               ok("hi"));
    BOOST_TEST(parse_whole("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nhi").replies.at(0) == ok("hi"));
}

BOOST_AUTO_TEST_CASE(a_content_coding_that_is_none_is_no_coding)
{
    for (const char* value :
         {"Identity", "identity", "", " ", "utf-8", "UTF-8", "utf8", "identity, identity", "UTF-8 ,\t, Identity", ","})
        BOOST_TEST_CONTEXT(value)
    BOOST_TEST(
        parse_whole("HTTP/1.1 200 OK\r\nContent-Encoding: " + std::string(value) + "\r\nContent-Length: 2\r\n\r\nhi")
            .replies.at(0) == ok("hi"));
}

BOOST_AUTO_TEST_CASE(a_parser_is_in_a_reply_from_its_first_byte_to_its_last)
{
    wire::reply_parser parser({});
    BOOST_TEST(!parser.in_reply());
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
    BOOST_TEST(parser.parse(head).consumed == head.size());
    BOOST_TEST(parser.in_reply());
    BOOST_TEST(parser.parse("hi").consumed == 2u);
    BOOST_TEST(!parser.in_reply());
    BOOST_TEST(parser.parse("H").consumed == 0u); // too little to tell which line it is
    BOOST_TEST(parser.in_reply());
    BOOST_TEST(parser.end_of_stream() == wire::reply_parser::outcome::need_more);
}

BOOST_AUTO_TEST_CASE(the_error_budget_and_the_limits_of_models_are_told_apart)
{
    const auto parse = [](std::string_view fields) {
        wire::reply_parser parser({});
        const std::string bytes = "HTTP/1.1 200 OK\r\n" + std::string(fields) + "Content-Length: 0\r\n\r\n";
        BOOST_TEST(parser.parse(bytes).what == wire::reply_parser::outcome::done);
        return parser.result();
    };
    const wire::reply both = parse("x-ratelimit-remaining: 48\r\nx-ratelimit-remaining-requests: 7\r\n"
                                   "X-RateLimit-Resets: 1790000000250\r\nx-ratelimit-reset-requests: 60\r\n");
    BOOST_TEST(both.error_budget.remaining == 48u);
    BOOST_TEST(both.error_budget.resets == 1'790'000'000'250u);
    BOOST_TEST(both.requests.remaining == 7u);
    BOOST_TEST(both.requests.reset == 60u);
    for (const char* const other :
         {"x-ratelimit-remaining-tokens: 1\r\n", "x-ratelimit-reset: 1\r\n", "x-ratelimit-limit: 1\r\n",
          "x-ratelimit-reset-tokens: 1\r\n", "x-ratelimit-resets-requests: 1\r\n", "x-ratelimit-remaining-: 1\r\n",
          "ratelimit-remaining: 1\r\n", "x-rate-limit-remaining: 1\r\n"}) {
        const wire::reply none = parse(other);
        BOOST_TEST(!none.error_budget.remaining.has_value(), other);
        BOOST_TEST(!none.error_budget.resets.has_value(), other);
        BOOST_TEST(!none.requests.remaining.has_value(), other);
        BOOST_TEST(!none.requests.reset.has_value(), other);
    }
    for (const char* const value : {"", "-1", "+1", "many", "1x", "0x10", "18446744073709551616"})
        BOOST_TEST(!parse("x-ratelimit-remaining: " + std::string(value) + "\r\n").error_budget.remaining, value);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_known_by_its_status_line_until_it_is_whole)
{
    for (const unsigned status : {100U, 200U, 299U, 300U, 404U, 503U}) {
        wire::reply_parser parser({});
        BOOST_TEST(!parser.in_refusal());
        const std::string line = "HTTP/1.1 " + std::to_string(status) + " So\r\n";
        (void)parser.parse(line.substr(0, 9));
        BOOST_TEST(!parser.in_refusal());
        (void)parser.parse(line);
        BOOST_TEST(parser.in_refusal() == (status >= 300));
        BOOST_TEST(parser.parse("Bad\r\n").what == wire::reply_parser::outcome::failed);
        BOOST_TEST(parser.in_refusal() == (status >= 300));
    }
    wire::reply_parser parser({});
    BOOST_TEST(parser.parse("HTTP/1.1 404 So\r\nContent-Length: 0\r\n\r\n").what == wire::reply_parser::outcome::done);
    BOOST_TEST(!parser.in_refusal());
}

BOOST_AUTO_TEST_SUITE_END()
