// Every prefix of a stream, and then its end: no answer is made of what did not come.
#include "support/printing.hpp"
#include "unit/support/parse_stream.hpp"

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_wire_reply_parser_truncation)

using namespace venice_keys;
using namespace venice_keys::test;

namespace {

struct part {
    std::string bytes;
    bool interim = false;
};

const std::vector<part>& parts()
{
    static const std::vector<part> all = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nA: b\r\n\r\n"},
        {"HTTP/1.1 204 No Content\r\n\r\n"},
        {"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n2;x=y  \r\nde\r\n0 \r\nA: b\r\n\r\n"},
        {"HTTP/1.1 204\r\n\r\n"},
        {"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", true},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"HTTP/1.1 503 Down\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbye"},
    };
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_framed_answer_is_complete_at_its_last_byte_and_not_before)
{
    std::string stream;
    for (const part& each : parts())
        stream += each.bytes;
    for (std::size_t length = 0; length <= stream.size(); ++length) {
        std::size_t whole = 0;
        std::size_t end = 0;
        bool inside = false;
        for (const part& each : parts()) {
            inside = length > end && length < end + each.bytes.size();
            end += each.bytes.size();
            if (end > length)
                break;
            whole += each.interim ? 0 : 1;
        }
        BOOST_TEST_CONTEXT("the first " << length << " bytes")
        {
            piecewise run;
            run.feed(std::string_view(stream).substr(0, length));
            BOOST_TEST(run.seen().replies.size() == whole);
            BOOST_TEST(run.seen().in_reply == inside);
            run.end();
            BOOST_TEST(run.seen().replies.size() == whole);
            BOOST_TEST(run.seen().in_reply == inside);
            BOOST_TEST(!run.seen().failure.failed());
        }
    }
}

BOOST_AUTO_TEST_CASE(an_unframed_answer_is_complete_at_the_end_once_its_head_is_whole)
{
    const std::string head = "HTTP/1.1 200 OK\r\nCF-RAY: 7\r\n\r\n";
    const std::string stream = head + "all there is";
    for (std::size_t length = 0; length <= stream.size(); ++length) {
        BOOST_TEST_CONTEXT("the first " << length << " bytes")
        {
            const transcript seen = parse_whole(stream.substr(0, length), {}, true);
            BOOST_TEST(seen.replies.size() == (length < head.size() ? 0u : 1u));
            if (length >= head.size())
                BOOST_TEST(seen.replies.at(0) == (seen_reply{
                                                     200,
                                                     false,
                                                     stream.substr(head.size(), length - head.size()),
                                                     {},
                                                     "7",
                                                     {},
                                                     {},
                                                     {},
                                                 }));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_end_alone_is_no_answer)
{
    wire::reply_parser parser({});
    BOOST_TEST(parser.end_of_stream() == wire::reply_parser::outcome::need_more);
}

BOOST_AUTO_TEST_SUITE_END()
