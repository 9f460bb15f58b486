#include "codec/decode.hpp"

#include "unit/support/fault_of.hpp"

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_decode_deletion)

using namespace venice_keys;
using test::fault;

namespace {

result<std::string> decode(std::string_view body)
{
    return codec::decode_deletion(body, secret{"the-token"}, 32);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_success_is_all_that_is_needed)
{
    BOOST_TEST(decode(R"({"success":true})"));
    BOOST_TEST(decode(R"({"success":true})").value() == "");
    BOOST_TEST(decode(R"({"data":null,"success":true,"new":[]})").value() == "");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_named_is_told)
{
    BOOST_TEST(decode(R"({"data":{"id":"k","usd":1},"success":true})").value() == "k");
    BOOST_TEST(decode(R"({"data":{"id":1},"success":true})").value() == "1");
}

BOOST_AUTO_TEST_CASE(what_says_no_success_is_malformed)
{
    BOOST_TEST(fault(decode("{}")) == "success is missing");
    BOOST_TEST(fault(decode(R"({"success":null})")) == "success is missing");
    BOOST_TEST(fault(decode(R"({"success":"perhaps"})")) == "success is missing");
    BOOST_TEST(fault(decode(R"({"success":"true"})")) == "accepted");
    BOOST_TEST(fault(decode(R"({"success":true,"success":true})")) == "success appears twice");
    BOOST_TEST(fault(decode("")) == "the JSON ends too soon");
    BOOST_TEST(fault(decode("true")) == "the answer is not an object");
    BOOST_TEST(fault(decode(R"({"success":true,"x":1e400})")) == "a number is out of range");
}

BOOST_AUTO_TEST_CASE(a_failure_is_rejected)
{
    const result<std::string> answer = decode(R"({"success":false,"error":"not with the-token"})");
    BOOST_TEST(fault(answer, errc::rejected) == "");
    BOOST_TEST(answer.error().server_text == "not with [redacted]");
}

BOOST_AUTO_TEST_SUITE_END()
