#include "emulator/http2_session.hpp"

#include "support/printing.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace unit_emulator_http2_session {

using namespace std::chrono_literals;
using namespace venice_keys;
using namespace venice_keys::detail;
using namespace venice_keys::emulation;

const timestamp noon = std::chrono::sys_days{2026y / 11 / 23} + 12h;

std::string frame(unsigned char type, unsigned char flags, std::uint32_t stream, std::string_view payload)
{
    std::string out;
    for (const int shift : {16, 8, 0})
        out += static_cast<char>(payload.size() >> static_cast<unsigned>(shift) & 0xFFU);
    out += static_cast<char>(type);
    out += static_cast<char>(flags);
    for (const int shift : {24, 16, 8, 0})
        out += static_cast<char>(stream >> static_cast<unsigned>(shift) & 0xFFU);
    out += payload;
    return out;
}

const std::string preface = std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + frame(4, 0, 0, {});

// Without an index and without Huffman's code (RFC 7541 section 6.2.2), so that it needs no encoder.
std::string field(std::string_view name, std::string_view value)
{
    std::string out(1, '\0');
    for (const std::string_view text : {name, value}) {
        out += static_cast<char>(text.size());
        out += text;
    }
    return out;
}

// END_HEADERS, and END_STREAM when nothing follows.
std::string head(std::uint32_t stream, std::string_view method, bool ends, std::string_view more = {})
{
    return frame(1, ends ? 5 : 4, stream,
                 field(":method", method) + field(":scheme", "https") + field(":path", "/x") +
                     field(":authority", "localhost") + std::string{more});
}

struct fixture {
    explicit fixture(const http2_limits& limits = {}) : session{limits} {}

    std::string sent()
    {
        std::string out;
        session.gather(out);
        return out;
    }

    http2_session session;
};

// The types of the frames of a stream, in order.
std::string types(std::string_view bytes, char stream)
{
    std::string out;
    while (bytes.size() >= 9) {
        const auto size = (static_cast<std::size_t>(static_cast<unsigned char>(bytes[1])) << 8U) +
                          static_cast<unsigned char>(bytes[2]);
        if (bytes[8] == stream)
            out += "DHPRSUPGWC"[static_cast<std::size_t>(bytes[3])];
        bytes.remove_prefix(9 + size);
    }
    return out;
}

} // namespace unit_emulator_http2_session

BOOST_FIXTURE_TEST_SUITE(unit_emulator_http2_session, fixture)

BOOST_AUTO_TEST_CASE(a_request_arrives_whole_wherever_its_bytes_are_cut)
{
    const std::string bytes = preface + head(1, "PATCH", false, field("authorization", "Bearer x")) +
                              frame(0, 0, 1, "half ") + frame(0, 1, 1, "and half");
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        fixture f;
        BOOST_REQUIRE(f.session.receive(bytes.substr(0, cut)));
        BOOST_TEST_REQUIRE(f.session.take_arrivals().size() == (cut == bytes.size() ? 1U : 0U));
        BOOST_REQUIRE(f.session.receive(bytes.substr(cut)));
        if (cut == bytes.size())
            continue;
        const auto came = f.session.take_arrivals();
        BOOST_TEST_REQUIRE(came.size() == 1U);
        BOOST_TEST(came[0].asked.stream == 1U);
        BOOST_TEST(came[0].asked.method == "PATCH");
        BOOST_TEST(came[0].asked.target == "/x");
        BOOST_TEST(came[0].asked.authorization == "Bearer x");
        BOOST_TEST(came[0].asked.body == "half and half");
        BOOST_TEST(came[0].refuse_with == 0U);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_may_stop_at_its_head_or_in_the_middle)
{
    BOOST_REQUIRE(session.receive(preface));
    for (std::uint32_t id = 1; id <= 7; id += 2)
        BOOST_REQUIRE(session.receive(head(id, id == 7 ? "HEAD" : "GET", true)));
    static_cast<void>(sent());
    session.answer(1, success("0123456789"), noon);
    session.answer(3, success("0123456789"), noon, fault::part::half);
    session.answer(5, success("0123456789"), noon, fault::part::head);
    session.answer(7, success("0123456789"), noon);
    session.answer(9, success("nobody has asked"), noon);
    const std::string out = sent();
    BOOST_TEST(types(out, 1) == "HD");
    BOOST_TEST(types(out, 3) == "HD");
    BOOST_TEST(types(out, 5) == "H");
    BOOST_TEST(types(out, 7) == "H");
    BOOST_TEST(types(out, 9) == "");
    BOOST_TEST(out.find("0123456789") != std::string::npos);
    BOOST_TEST(session.count_open() == 2U); // 3 and 5
    BOOST_TEST(session.take_closed() == (std::vector<std::uint32_t>{7, 1}), boost::test_tools::per_element());
    session.reset(3, 0x8);
    BOOST_TEST(types(sent(), 3) == "R");
    BOOST_TEST(session.count_open() == 1U);
    session.reset(3, 0x8);
    BOOST_TEST(sent() == "");
}

BOOST_AUTO_TEST_CASE(streams_beyond_the_limit_are_refused_before_the_client_knows_of_it)
{
    fixture f{http2_limits{1, 65'535}};
    BOOST_REQUIRE(f.session.receive(preface + head(1, "GET", true) + head(3, "GET", true)));
    BOOST_TEST(f.session.take_arrivals().size() == 1U);
    const std::string out = f.sent();
    BOOST_TEST(types(out, 3) == "R");
    BOOST_TEST(out.find(frame(3, 0, 3, std::string("\0\0\0\7", 4))) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(streams_beyond_the_limit_that_the_client_knows_of_end_the_connection)
{
    fixture f{http2_limits{1, 65'535}};
    BOOST_REQUIRE(f.session.receive(preface));
    static_cast<void>(f.sent());
    BOOST_REQUIRE(f.session.receive(frame(4, 1, 0, {}) + head(1, "GET", true) + head(3, "GET", true)));
    BOOST_TEST(f.session.take_arrivals().size() == 1U);
    BOOST_TEST(types(f.sent(), 0) == "G");
}

BOOST_AUTO_TEST_CASE(a_header_without_end_ends_the_connection)
{
    BOOST_REQUIRE(session.receive(preface + frame(1, 1, 1, field(":method", "GET"))));
    std::string said;
    for (int i = 0; i < 1'000 && session.alive(); ++i) {
        static_cast<void>(session.receive(frame(9, 0, 1, field("x", std::string(100, 'x')))));
        session.gather(said);
    }
    BOOST_TEST(!session.alive());
    BOOST_TEST(session.take_arrivals().empty());
}

BOOST_AUTO_TEST_CASE(what_is_above_a_goaway_does_not_arrive)
{
    BOOST_REQUIRE(session.receive(preface + head(1, "GET", true) + head(3, "POST", false)));
    BOOST_TEST(session.take_arrivals().size() == 1U);
    session.ignore_above(1);
    BOOST_REQUIRE(session.receive(frame(0, 1, 3, "body") + head(5, "GET", true)));
    BOOST_TEST(session.take_arrivals().empty());
    BOOST_TEST(session.count_open() == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_before_the_end_of_the_request_stops_its_client)
{
    BOOST_REQUIRE(session.receive(preface + head(1, "POST", false)));
    for (int i = 0; i < 5; ++i)
        BOOST_REQUIRE(session.receive(frame(0, 0, 1, std::string(16'000, 'x'))));
    const auto came = session.take_arrivals();
    BOOST_TEST_REQUIRE(came.size() == 1U);
    BOOST_TEST(came[0].refuse_with == 413U);
    static_cast<void>(sent());
    session.answer(1, refusal(413, "too large"), noon);
    BOOST_TEST(types(sent(), 1) == "HDR");
}

BOOST_AUTO_TEST_CASE(a_flood_of_pings_that_nobody_reads_the_answers_of_ends_it)
{
    BOOST_REQUIRE(session.receive(preface));
    bool well = true;
    for (int i = 0; i < 10'000 && well; ++i)
        well = session.receive(frame(6, 0, 0, "12345678"));
    BOOST_TEST(!well);
    BOOST_TEST(!session.alive());
}

BOOST_AUTO_TEST_CASE(a_malformed_request_is_reset_and_does_not_arrive)
{
    BOOST_REQUIRE(session.receive(preface));
    std::uint32_t id = 1;
    for (const std::string& more : {field("Upper-Case", "x"), field("connection", "close"), field("te", "gzip"),
                                    field("a b", "x"), field(":status", "200"), field(":path", "/twice")}) {
        BOOST_REQUIRE(session.receive(head(id, "GET", true, more)));
        BOOST_TEST(sent().find(frame(3, 0, id, std::string("\0\0\0\1", 4))) != std::string::npos, more);
        id += 2;
    }
    BOOST_TEST(session.take_arrivals().empty());
    BOOST_TEST(session.count_open() == 0U);
}

BOOST_AUTO_TEST_CASE(a_header_that_is_too_large_arrives_as_such)
{
    const std::string large = field("x", std::string(100, 'x'));
    std::string more;
    while (more.size() <= 13'000) // each counts 32 bytes besides
        more += large;
    BOOST_REQUIRE(session.receive(preface + head(1, "GET", true, more)));
    const auto came = session.take_arrivals();
    BOOST_TEST_REQUIRE(came.size() == 1U);
    BOOST_TEST(came[0].refuse_with == 431U);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_http_2_break_it)
{
    BOOST_TEST(session.alive());
    BOOST_TEST(!session.receive("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    BOOST_TEST(!session.alive());
    BOOST_TEST(!session.receive(preface));
}

BOOST_AUTO_TEST_CASE(after_an_error_of_the_connection_goaway_is_the_last_word)
{
    BOOST_REQUIRE(session.receive(preface));
    static_cast<void>(sent());
    BOOST_TEST(session.receive(frame(6, 0, 0, "short")));
    BOOST_TEST(session.alive());
    BOOST_TEST(types(sent(), 0) == "G");
    BOOST_TEST(!session.alive());
}

BOOST_AUTO_TEST_CASE(limits_can_change)
{
    BOOST_REQUIRE(session.receive(preface));
    static_cast<void>(sent());
    session.set_limits({0, 1});
    BOOST_TEST(sent() == frame(4, 0, 0, std::string("\0\3\0\0\0\0\0\4\0\0\0\1", 12)));
}

BOOST_AUTO_TEST_SUITE_END()
