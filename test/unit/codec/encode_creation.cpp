#include "codec/encode.hpp"

#include "support/printing.hpp"

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_encode_creation)

using namespace venice_keys;
using namespace venice_keys::detail;

namespace {

std::string encoded(const new_key& key)
{
    BOOST_TEST(key.validate());
    std::string body;
    codec::encode_creation(key, body);
    return body;
}

std::string encoded(const new_web3_key& key)
{
    BOOST_TEST(key.validate());
    secret_bytes body;
    codec::encode_web3_creation(key, body);
    return std::string{std::string_view{body}};
}

new_web3_key wallet()
{
    return new_web3_key{key_type::inference, "0x45B7", secret{"head.body\""}, secret{"0xbb5f"}};
}

constexpr std::string_view wallet_front =
    R"({"apiKeyType":"INFERENCE","address":"0x45B7","token":"head.body\"","signature":"0xbb5f")";

} // namespace

BOOST_AUTO_TEST_CASE(a_type_and_a_description_are_always_sent)
{
    BOOST_TEST(encoded(new_key{key_type::admin, "a \"key\"\n"}) ==
               R"({"apiKeyType":"ADMIN","description":"a \"key\"\n"})");
    BOOST_TEST(encoded(new_key{key_type{"ROBOT"}, ""}) == R"({"apiKeyType":"ROBOT","description":""})");
}

BOOST_AUTO_TEST_CASE(what_is_set_is_sent_and_what_is_cleared_is_null)
{
    BOOST_TEST(encoded(new_key{key_type::admin, "d"}
                           .expires_at("2023-10-01")
                           .usd(50.25)
                           .diem(clear)
                           .vcu(0)
                           .model_privacy(model_privacy::private_text)
                           .limit_period(limit_period::lifetime)) ==
               R"({"apiKeyType":"ADMIN","description":"d","consumptionLimit":{"usd":50.25,"diem":null,"vcu":0},)"
               R"("limitPeriod":"LIFETIME","modelPrivacy":"PRIVATE_TEXT","expiresAt":"2023-10-01"})");
    BOOST_TEST(encoded(new_key{key_type::admin, "d"}.expires_at("")) ==
               R"({"apiKeyType":"ADMIN","description":"d","expiresAt":""})");
    BOOST_TEST(encoded(new_key{key_type::admin, "d"}.expires_at(timestamp{})) ==
               R"({"apiKeyType":"ADMIN","description":"d","expiresAt":"1970-01-01T00:00:00.000Z"})");
}

BOOST_AUTO_TEST_CASE(a_wallet_sends_its_proof)
{
    BOOST_TEST(encoded(wallet()) == std::string{wallet_front} + "}");
    BOOST_TEST(encoded(wallet().description("d").usd(1).expires_at(timestamp{})) ==
               std::string{wallet_front} +
                   R"(,"consumptionLimit":{"usd":1},"description":"d","expiresAt":"1970-01-01T00:00:00.000Z"})");
}

BOOST_AUTO_TEST_CASE(a_message_is_sent_in_the_place_of_a_token)
{
    BOOST_TEST(encoded(new_web3_key{key_type::admin, "0x1", wallet_challenge{secret{"sign\nthis"}, "n", std::nullopt},
                                    secret{"0xs"}}) ==
               R"({"apiKeyType":"ADMIN","address":"0x1","message":"sign\nthis","signature":"0xs"})");
}

BOOST_AUTO_TEST_CASE(they_append_to_what_is_there)
{
    std::string body = "head";
    codec::encode_creation(new_key{key_type::admin, "d"}, body);
    BOOST_TEST(body == R"(head{"apiKeyType":"ADMIN","description":"d"})");
    secret_bytes secrets = "head";
    codec::encode_web3_creation(wallet(), secrets);
    BOOST_TEST(std::string_view{secrets} == "head" + std::string{wallet_front} + "}");
}

BOOST_AUTO_TEST_SUITE_END()
