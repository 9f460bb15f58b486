#include "codec/decode.hpp"

#include "unit/support/fault_of.hpp"

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_challenge)

using namespace venice_keys;
using test::fault;

namespace {

result<wallet_challenge> decode(std::string_view body)
{
    return codec::decode_challenge(body, secret{"the-token"}, 32);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_token_is_read)
{
    BOOST_TEST(decode(R"({"data":{"token":"abc.def","new":1},"success":true})").value().expose() == "abc.def");
    BOOST_TEST(decode(R"({"data":{"token":"\u0061bc.def"}})").value().expose() == "abc.def");
}

BOOST_AUTO_TEST_CASE(the_message_that_is_announced_is_read_with_what_belongs_to_it)
{
    const wallet_challenge got = decode(R"({"data":{"message":"venice.ai wants\nNonce: n1","nonce":"n1",)"
                                        R"("expiresAt":"2026-01-01T00:15:00.000Z"}})")
                                     .value();
    BOOST_TEST(got.kind() == wallet_challenge::form::message);
    BOOST_TEST(got.expose() == "venice.ai wants\nNonce: n1");
    BOOST_TEST(got.nonce() == "n1");
    BOOST_TEST(got.expires_at() == parse_timestamp("2026-01-01T00:15:00Z"));
    const wallet_challenge bare = decode(R"({"data":{"message":"sign","expiresAt":"soon","nonce":[]}})").value();
    BOOST_TEST(bare.expose() == "sign");
    BOOST_TEST(bare.nonce().empty());
    BOOST_TEST(!bare.expires_at());
}

BOOST_AUTO_TEST_CASE(of_both_the_token_is_taken)
{
    const wallet_challenge got = decode(R"({"data":{"message":"sign","token":"a.b.c"}})").value();
    BOOST_TEST(got.kind() == wallet_challenge::form::token);
    BOOST_TEST(got.expose() == "a.b.c");
    BOOST_TEST(wallet_challenge::lifetime == std::chrono::minutes{15});
}

BOOST_AUTO_TEST_CASE(an_answer_without_the_token_is_malformed)
{
    BOOST_TEST(fault(decode("{}")) == "data is missing");
    const std::string_view neither = "data.token is missing, and so is data.message";
    BOOST_TEST(fault(decode(R"({"data":{},"success":true})")) == neither);
    BOOST_TEST(fault(decode(R"({"data":{"token":null}})")) == neither);
    BOOST_TEST(fault(decode(R"({"data":{"token":["a"]}})")) == neither);
    BOOST_TEST(fault(decode(R"({"data":{"token":"","message":"","nonce":"n"}})")) == neither);
    BOOST_TEST(fault(decode(R"({"data":{"token":"a","token":"b"}})")) == "data.token appears twice");
    BOOST_TEST(fault(decode(R"({"data":"abc"})")) == "data is not an object");
}

BOOST_AUTO_TEST_CASE(a_failure_is_rejected)
{
    const result<wallet_challenge> answer = decode(R"({"success":false,"error":"not now"})");
    BOOST_TEST(fault(answer, errc::rejected) == "");
    BOOST_TEST(answer.error().server_text == "not now");
}

BOOST_AUTO_TEST_SUITE_END()
