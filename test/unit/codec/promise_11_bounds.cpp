// Promise 11, bounded: depth, texts and lists of an answer.
#include "codec/decode.hpp"
#include "codec/decode_refusal.hpp"
#include "codec/decode_update.hpp"

#include "model/utf8.hpp"
#include "support/printing.hpp"
#include "unit/support/repeated.hpp"

#include <chrono>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_promise_11_bounds)

using namespace venice_keys;
using namespace venice_keys::detail;
using venice_keys::test::repeated;

namespace {

// An answer that nests this many objects and arrays.
std::string answer_of_depth(std::size_t depth)
{
    return R"({"data":{"id":"k","other":)" + repeated("[", depth - 2) + repeated("]", depth - 2) + "}}";
}

error refusal(std::string_view body)
{
    return codec::decode_refusal(400, body, secret{"the-token"}, 32);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_answer_nests_as_deep_as_allowed_and_no_deeper)
{
    for (const std::size_t depth : {4u, 32u, 1'000u}) {
        BOOST_TEST(codec::decode_update(answer_of_depth(depth), secret{}, depth));
        const result<api_key> deeper = codec::decode_update(answer_of_depth(depth + 1), secret{}, depth);
        BOOST_REQUIRE(!deeper);
        BOOST_TEST(deeper.error().code == errc::malformed_reply);
        BOOST_TEST(deeper.error().detail.starts_with("the answer is nested deeper than config::max_json_depth, " +
                                                     std::to_string(depth) + " levels"));
    }
}

BOOST_AUTO_TEST_CASE(no_decoder_goes_deeper_than_allowed)
{
    const auto check = [](auto decode) {
        for (const std::size_t depth : {8u, 32u, 1'000u}) {
            const auto body = [](std::size_t arrays) {
                return R"({"success":true,"other":)" + repeated("[", arrays) + repeated("]", arrays) + "}";
            };
            const auto within = decode(body(depth - 1), secret{}, depth);
            if (!within)
                BOOST_TEST(!within.error().detail.starts_with("the answer is nested deeper"), within.error().detail);
            const auto deeper = decode(body(depth), secret{}, depth);
            BOOST_REQUIRE(!deeper);
            BOOST_TEST(deeper.error().code == errc::malformed_reply);
            BOOST_TEST(deeper.error().detail.starts_with("the answer is nested deeper than config::max_json_depth, " +
                                                         std::to_string(depth) + " levels"));
        }
    };
    check(codec::decode_list);
    check(codec::decode_details);
    check(codec::decode_creation);
    check(codec::decode_challenge);
    check(codec::decode_deletion);
    check(codec::decode_account_limits);
    check(codec::decode_rate_limit_log);
}

BOOST_AUTO_TEST_CASE(a_megabyte_of_brackets_is_refused_at_the_limit)
{
    const result<api_key> answer = codec::decode_update(std::string(1'000'000, '['), secret{}, 32);
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().detail == "the answer is not an object, at byte 0");
    const result<api_key> objects = codec::decode_update(repeated(R"({"a":)", 200'000), secret{}, 32);
    BOOST_REQUIRE(!objects);
    BOOST_TEST(objects.error().detail ==
               "the answer is nested deeper than config::max_json_depth, 32 levels, at byte 160");
}

BOOST_AUTO_TEST_CASE(a_refusal_that_nests_too_deep_is_plain_text)
{
    for (const std::size_t depth : {4u, 32u, 100u}) {
        const auto text_of = [depth](std::size_t arrays) {
            const std::string body =
                R"({"error":"deep","details":)" + repeated("[", arrays) + repeated("]", arrays) + "}";
            return codec::decode_refusal(400, body, secret{}, depth).server_text;
        };
        BOOST_TEST(text_of(depth - 1) == "deep");
        BOOST_TEST(text_of(depth).starts_with(R"({"error":"deep","details":[)"));
    }
}

BOOST_AUTO_TEST_CASE(a_server_text_has_at_most_512_bytes)
{
    BOOST_TEST(refusal(std::string(512, 'x')).server_text.size() == 512u);
    BOOST_TEST(refusal(std::string(513, 'x')).server_text.size() == 512u);
    BOOST_TEST(refusal(R"({"error":")" + std::string(100'000, 'x') + R"("})").server_text == std::string(512, 'x'));
    const std::string cut = refusal("x" + repeated("€", 200)).server_text;
    BOOST_TEST(cut.size() == 511u);
    BOOST_TEST(is_utf8(cut));
}

BOOST_AUTO_TEST_CASE(issues_are_few_and_short)
{
    const std::string text(1'000, 'x');
    std::string body = R"({"error":"bad","issues":[)";
    for (int i = 0; i != 100; ++i)
        body += R"({"path":[")" + std::to_string(i) + text + R"("],"message":")" + std::to_string(i) + text + R"("},)";
    body += "{}]}";
    const error why = refusal(body);
    BOOST_TEST_REQUIRE(why.issues.size() == 32u);
    for (const field_issue& issue : why.issues) {
        BOOST_TEST(issue.path.size() == 128u);
        BOOST_TEST(issue.text.size() == 256u);
    }
}

BOOST_AUTO_TEST_CASE(no_more_than_256_issues_are_looked_at)
{
    const auto issues_of = [](std::size_t same) {
        const std::string body =
            R"({"issues":[)" + repeated(R"({"message":"same"},)", same) + R"({"message":"other"}]})";
        return refusal(body).issues.size();
    };
    BOOST_TEST(issues_of(255) == 2u);
    BOOST_TEST(issues_of(256) == 1u);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_more_than_256_kib_is_not_parsed)
{
    const std::string front = R"({"error":"short","other":")";
    const std::string end = R"("})";
    const std::string fits = front + std::string(256 * 1024 - front.size() - end.size(), 'x') + end;
    BOOST_TEST(refusal(fits).server_text == "short");
    const std::string longer = front + std::string(256 * 1024 + 1 - front.size() - end.size(), 'x') + end;
    BOOST_TEST(refusal(longer).server_text.starts_with(front));
}

BOOST_AUTO_TEST_CASE(no_body_of_a_megabyte_takes_long)
{
    // Shapes that a careless reader takes quadratic time for. The bound is far above what any machine needs.
    const std::string long_name(120'000, 'n');
    const std::string many = R"({"details":{")" + long_name + R"(":{)" + repeated(R"("a":{"_errors":["x"]},)", 6'000) +
                             R"("b":{"_errors":["x"]}}}})";
    const auto begin = std::chrono::steady_clock::now();
    (void)refusal(many);
    (void)refusal(repeated("<script", 150'000));
    (void)refusal(repeated("<!--", 250'000));
    (void)refusal(repeated("<title", 170'000));
    (void)refusal(repeated("the-toke", 130'000));
    (void)refusal(repeated("&#", 500'000));
    (void)refusal("[" + repeated("0,", 500'000) + "0]");
    BOOST_TEST(std::chrono::steady_clock::now() - begin < std::chrono::seconds{10});
}

BOOST_AUTO_TEST_SUITE_END()
