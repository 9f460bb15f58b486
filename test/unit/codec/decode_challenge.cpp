#include "codec/decode_challenge.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_challenge)

using namespace venice_keys;

namespace {

result<secret> decode(std::string_view body)
{
    return codec::decode_challenge(body, secret{"the-token"}, 32);
}

std::string fault(const result<secret>& answer, errc code = errc::malformed_reply)
{
    if (answer)
        return "accepted";
    BOOST_TEST((answer.error().code == code), answer.error());
    BOOST_TEST(answer.error().http_status == 200u);
    BOOST_TEST(answer.error().delivery == delivery::answered);
    return answer.error().detail.substr(0, answer.error().detail.rfind(", at byte "));
}

} // namespace

BOOST_AUTO_TEST_CASE(the_token_is_read)
{
    BOOST_TEST(decode(R"({"data":{"token":"abc.def","new":1},"success":true})").value().expose() == "abc.def");
    BOOST_TEST(decode(R"({"data":{"token":"\u0061bc.def"}})").value().expose() == "abc.def");
}

BOOST_AUTO_TEST_CASE(an_answer_without_the_token_is_malformed)
{
    BOOST_TEST(fault(decode("{}")) == "data is missing");
    BOOST_TEST(fault(decode(R"({"data":{},"success":true})")) == "data.token is missing");
    BOOST_TEST(fault(decode(R"({"data":{"token":null}})")) == "data.token is missing");
    BOOST_TEST(fault(decode(R"({"data":{"token":1}})")) == "data.token is a number");
    BOOST_TEST(fault(decode(R"({"data":{"token":"a","token":"b"}})")) == "data.token appears twice");
    BOOST_TEST(fault(decode(R"({"data":"abc"})")) == "data is not an object");
}

BOOST_AUTO_TEST_CASE(a_failure_is_rejected)
{
    const result<secret> answer = decode(R"({"success":false,"error":"not now"})");
    BOOST_TEST(fault(answer, errc::rejected) == "");
    BOOST_TEST(answer.error().server_text == "not now");
}

BOOST_AUTO_TEST_SUITE_END()
