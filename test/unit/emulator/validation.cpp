#include "emulator/validation.hpp"

#include "support/printing.hpp"
#include "unit/support/repeated.hpp"

#include <boost/json/parse.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_emulator_validation)

namespace {

using namespace venice_keys;
using venice_keys::test::repeated;
namespace json = boost::json;
using emulation::check_creation;
using emulation::check_update;
using emulation::check_web3_creation;

// The issues as `path:code`, joined by spaces.
std::string summary(const emulation::checked_body& checked)
{
    std::string out;
    for (const emulation::issue& each : checked.issues) {
        out += out.empty() ? "" : " ";
        for (const std::string& part : each.path)
            out += (&part == &each.path.front() ? "" : ".") + part;
        out += ':' + each.code;
    }
    return out;
}

std::string update(std::string_view more)
{
    return summary(check_update(json::parse(R"({"id":"x")" + std::string{more} + "}")));
}

std::string creation(std::string_view more)
{
    return summary(check_creation(json::parse(R"({"apiKeyType":"ADMIN","description":"d")" + std::string{more} + "}")));
}

// A good creation for a wallet, whose fields what follows may replace: of two with one name, the last counts.
std::string wallet(std::string_view more)
{
    return summary(check_web3_creation(
        json::parse(R"({"apiKeyType":"ADMIN","address":"0x45B73055F3aDcC4577Bb709db10B19d11b5c94eE",)"
                    R"("signature":"0xbb5f","token":"t")" +
                    std::string{more} + "}"),
        wallet_form::token));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_full_update_is_read_field_by_field)
{
    const auto checked = check_update(
        json::parse(R"({"id":"x","consumptionLimit":{"usd":50,"diem":null,"vcu":1.5},"limitPeriod":"MONTH",)"
                    R"("modelPrivacy":"PRIVATE_TEXT","description":"d","expiresAt":"2027-01-01"})"));
    BOOST_TEST(summary(checked).empty());
    const emulation::key_fields& fields = checked.fields;
    BOOST_TEST(fields.id == "x");
    BOOST_TEST(*fields.usd == 50.0);
    BOOST_TEST_REQUIRE(fields.diem.has_value());
    BOOST_TEST(!fields.diem->has_value());
    BOOST_TEST(*fields.vcu == 1.5);
    BOOST_TEST(*fields.limit_period == limit_period::month);
    BOOST_TEST(*fields.model_privacy == model_privacy::private_text);
    BOOST_TEST(*fields.description == "d");
    BOOST_TEST(fields.expires_at->has_value());
}

BOOST_AUTO_TEST_CASE(an_update_needs_an_id_that_is_a_text)
{
    BOOST_TEST(summary(check_update(json::parse("{}"))) == "id:invalid_type");
    BOOST_TEST(summary(check_update(json::parse(R"({"id":7})"))) == "id:invalid_type");
    BOOST_TEST(summary(check_update(json::parse(R"({"id":""})"))) == "id:too_small");
    BOOST_TEST(summary(check_update(json::parse("[]"))) == ":invalid_type");
    BOOST_TEST(update("").empty());
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_refused)
{
    BOOST_TEST(update(R"(,"colour":1)") == "colour:unrecognized_keys");
    BOOST_TEST(update(R"(,"consumptionLimits":{})") == "consumptionLimits:unrecognized_keys");
    BOOST_TEST(update(R"(,"apiKeyType":"ADMIN")") == "apiKeyType:unrecognized_keys");
    BOOST_TEST(update(R"(,"consumptionLimit":{"eur":1})") == "consumptionLimit.eur:unrecognized_keys");
    BOOST_TEST(creation(R"(,"id":"x")") == "id:unrecognized_keys");
}

BOOST_AUTO_TEST_CASE(limits_are_numbers_in_their_range_or_null)
{
    for (const char* good : {"0", "9999999999", "0.01", "9999999999.0", "1e3", "null", "-0.0"})
        BOOST_TEST(update(R"(,"consumptionLimit":{"usd":)" + std::string{good} + "}").empty(), good);
    BOOST_TEST(update(R"(,"consumptionLimit":{"usd":-0.01})") == "consumptionLimit.usd:too_small");
    BOOST_TEST(update(R"(,"consumptionLimit":{"diem":10000000000})") == "consumptionLimit.diem:too_big");
    BOOST_TEST(update(R"(,"consumptionLimit":{"vcu":1e400})") == "consumptionLimit.vcu:too_big");
    BOOST_TEST(update(R"(,"consumptionLimit":{"usd":"50"})") == "consumptionLimit.usd:invalid_type");
    BOOST_TEST(update(R"(,"consumptionLimit":null)") == "consumptionLimit:invalid_type");
    BOOST_TEST(update(R"(,"consumptionLimit":{})").empty());
}

BOOST_AUTO_TEST_CASE(enumerations_take_their_texts_only)
{
    BOOST_TEST(update(R"(,"limitPeriod":"EPOCH","modelPrivacy":"ALL")").empty());
    BOOST_TEST(update(R"(,"limitPeriod":"LIFETIME","modelPrivacy":"PRIVATE_ONLY")").empty());
    BOOST_TEST(update(R"(,"limitPeriod":"month")") == "limitPeriod:invalid_enum_value");
    BOOST_TEST(update(R"(,"modelPrivacy":null)") == "modelPrivacy:invalid_type");
    BOOST_TEST(creation(R"(,"limitPeriod":"YEAR")") == "limitPeriod:invalid_enum_value");
}

BOOST_AUTO_TEST_CASE(a_description_has_at_most_64_units_of_utf_16_whatever_their_bytes)
{
    BOOST_TEST(update(R"(,"description":")" + repeated("a", 64) + '"').empty());
    BOOST_TEST(update(R"(,"description":")" + repeated("é", 64) + '"').empty());
    BOOST_TEST(update(R"(,"description":")" + repeated("😀", 32) + '"').empty());
    BOOST_TEST(update(R"(,"description":")" + repeated("😀", 32) + "a\"") == "description:too_big");
    BOOST_TEST(update(R"(,"description":")" + repeated("é", 65) + '"') == "description:too_big");
    BOOST_TEST(update(R"(,"description":null)") == "description:invalid_type");
}

BOOST_AUTO_TEST_CASE(an_expiration_is_a_date_or_nothing)
{
    for (const char* good : {R"("")", "null", R"("2027-01-01")", R"("2027-01-01T00:00:00Z")"})
        BOOST_TEST(update(R"(,"expiresAt":)" + std::string{good}).empty(), good);
    BOOST_TEST(update(R"(,"expiresAt":"tomorrow")") == "expiresAt:invalid_string");
    BOOST_TEST(update(R"(,"expiresAt":"2027-02-30")") == "expiresAt:invalid_string");
    BOOST_TEST(update(R"(,"expiresAt":1700000000)") == "expiresAt:invalid_type");
    BOOST_TEST(creation(R"(,"expiresAt":"")").empty());
    BOOST_TEST(creation(R"(,"expiresAt":null)") == "expiresAt:invalid_type");
}

BOOST_AUTO_TEST_CASE(a_creation_needs_a_type_and_a_description)
{
    BOOST_TEST(creation("").empty());
    BOOST_TEST(summary(check_creation(json::parse("{}"))) == "apiKeyType:invalid_type description:invalid_type");
    BOOST_TEST(summary(check_creation(json::parse(R"({"apiKeyType":"ROOT","description":""})"))) ==
               "apiKeyType:invalid_enum_value");
}

BOOST_AUTO_TEST_CASE(a_creation_for_a_wallet_is_read_field_by_field)
{
    const auto checked = check_web3_creation(
        json::parse(R"({"apiKeyType":"ADMIN","address":"0x45B73055F3aDcC4577Bb709db10B19d11b5c94eE",)"
                    R"("signature":"0xbB5","token":"t","consumptionLimit":{"usd":50},"description":"d"})"),
        wallet_form::token);
    BOOST_TEST(summary(checked).empty());
    BOOST_TEST(checked.challenge == "t");
    BOOST_TEST(checked.address == "0x45B73055F3aDcC4577Bb709db10B19d11b5c94eE");
    BOOST_TEST(*checked.fields.type == key_type::admin);
    BOOST_TEST(*checked.fields.usd == 50.0);
    BOOST_TEST(*checked.fields.description == "d");
}

BOOST_AUTO_TEST_CASE(a_wallet_needs_all_but_a_description)
{
    BOOST_TEST(summary(check_web3_creation(json::parse("{}"), wallet_form::token)) ==
               "apiKeyType:invalid_type address:invalid_type signature:invalid_type token:invalid_type");
    BOOST_TEST(wallet("").empty());
    const auto checked = check_web3_creation(json::parse("{}"), wallet_form::token);
    BOOST_TEST(*checked.fields.description == "Web3 API Key");
    BOOST_TEST(wallet(R"(,"description":")" + repeated("a", 65) + '"').empty());
}

BOOST_AUTO_TEST_CASE(addresses_and_signatures_are_hexadecimal)
{
    const std::string digits = repeated("a", 39);
    for (const std::string& bad : {"0x" + digits, "0x" + digits + "aa", "0x" + digits + "g", "0X" + digits + "a",
                                   digits + "aaa", std::string{"0"}})
        BOOST_TEST(wallet(R"(,"address":")" + bad + '"') == "address:invalid_string", bad);
    for (const char* bad : {"0", "0x", "0xfg", "ff", "0x 1"})
        BOOST_TEST(wallet(R"(,"signature":")" + std::string{bad} + '"') == "signature:invalid_string", bad);
    BOOST_TEST(wallet(R"(,"address":"")") == "address:too_small");
    BOOST_TEST(wallet(R"(,"signature":"")") == "signature:too_small");
    BOOST_TEST(wallet(R"(,"address":1)") == "address:invalid_type");
    BOOST_TEST(wallet(R"(,"signature":null)") == "signature:invalid_type");
    BOOST_TEST(wallet(R"(,"token":"")") == "token:too_small");
    BOOST_TEST(wallet(R"(,"token":7)") == "token:invalid_type");
}

BOOST_AUTO_TEST_CASE(what_only_a_wallet_says_is_refused_elsewhere)
{
    for (const char* name : {"address", "signature", "token"}) {
        const std::string field = ",\"" + std::string{name} + R"(":"0x1")";
        BOOST_TEST(update(field) == name + std::string{":unrecognized_keys"});
        BOOST_TEST(creation(field) == name + std::string{":unrecognized_keys"});
    }
    BOOST_TEST(wallet(R"(,"id":"x")") == "id:unrecognized_keys");
    BOOST_TEST(wallet(R"(,"expiresAt":null)") == "expiresAt:invalid_type");
}

BOOST_AUTO_TEST_CASE(where_messages_are_signed_a_creation_holds_one_in_place_of_a_token)
{
    const auto check = [](std::string_view field) {
        return summary(check_web3_creation(
            json::parse(R"({"apiKeyType":"ADMIN","address":"0x45B73055F3aDcC4577Bb709db10B19d11b5c94eE",)"
                        R"("signature":"0xbb5f",)" +
                        std::string{field} + '}'),
            wallet_form::message));
    };
    BOOST_TEST(check(R"("message":"m")").empty());
    BOOST_TEST(check(R"("token":"t")") == "token:unrecognized_keys message:invalid_type");
}

BOOST_AUTO_TEST_CASE(every_issue_is_told_and_not_just_the_first)
{
    BOOST_TEST(update(R"(,"limitPeriod":1,"description":2,"x":3)") ==
               "limitPeriod:invalid_type description:invalid_type x:unrecognized_keys");
}

BOOST_AUTO_TEST_SUITE_END()
