#include "codec/scalar.hpp"

#include "unit/codec/update_answers.hpp"

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_scalar)

using namespace venice_keys;
using namespace update_answers;

BOOST_AUTO_TEST_CASE(what_is_no_date_is_no_date)
{
    for (const std::string_view date : {"{}", R"({"a":[1,{"id":"x"}]})", "[]", "[null]", "17", "1.5", "true",
                                        R"("soon")", R"("")", R"("2026-02-30")", "null"}) {
        const std::string members = std::string{R"("expiresAt":)"}
                                        .append(date)
                                        .append(R"(,"createdAt":)")
                                        .append(date)
                                        .append(R"(,"lastUsedAt":)")
                                        .append(date)
                                        .append(R"(,"description":"d")");
        const result<api_key> key = decode_data(members);
        BOOST_REQUIRE_MESSAGE(key.has_value(), date);
        BOOST_TEST(!key->expires_at);
        BOOST_TEST(!key->created_at);
        BOOST_TEST(!key->last_used_at);
        BOOST_TEST(key->description == "d");
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_read_exactly)
{
    const auto limit = [](std::string_view number) {
        return decode_data(std::string{R"("consumptionLimits":{"usd":)"}.append(number).append("}")).value().limits.usd;
    };
    BOOST_TEST(limit("50").value() == 50.0);
    BOOST_TEST(limit("50.0").value() == 50.0);
    BOOST_TEST(limit("5e1").value() == 50.0);
    BOOST_TEST(limit("0.1").value() == 0.1);
    BOOST_TEST(limit("-0.5").value() == -0.5);
    BOOST_TEST(limit("9999999999").value() == 9'999'999'999.0);
    BOOST_TEST(limit("9007199254740993").value() == 9'007'199'254'740'992.0);
    BOOST_TEST(limit("18446744073709551615").value() == 18'446'744'073'709'551'615.0);
    BOOST_TEST(limit("123456789012345678901234567890").value() == 123'456'789'012'345'678'901'234'567'890.0);
    BOOST_TEST(limit("1.7976931348623157e308").value() == 1.7976931348623157e308);
    BOOST_TEST(limit("1e-400").value() == 0.0);
    BOOST_TEST(limit("8.2345678901234567").value() == 8.2345678901234567);
}

BOOST_AUTO_TEST_CASE(numbers_and_booleans_serve_as_texts)
{
    BOOST_TEST(decode(R"({"data":{"id":17}})").value().id == "17");
    const api_key key = decode_data(R"("apiKeyType":1,"limitPeriod":-1.50,"modelPrivacy":true,"description":1e3,)"
                                    R"("last6Chars":123456)")
                            .value();
    BOOST_TEST(key.type.text() == "1");
    BOOST_TEST(key.limit_period.text() == "-1.50");
    BOOST_TEST(key.model_privacy.text() == "true");
    BOOST_TEST(key.description == "1e3");
    BOOST_TEST(key.last6_chars == "123456");
    BOOST_TEST(key.unread.empty());
}

BOOST_AUTO_TEST_CASE(texts_serve_as_numbers)
{
    const api_key key = decode_data(R"("consumptionLimits":{"usd":"50.25","diem":"1\u0030","vcu":"5e1"})").value();
    BOOST_TEST(key.limits == (consumption_limits{50.25, 10.0, 50.0}));
    BOOST_TEST(key.unread.empty());
    for (const std::string_view limit : {R"("none")", R"("")", R"("5 USD")", R"("0x10")", R"("inf")", R"("nan")",
                                         R"("1e999")", "true", "{}", R"({"a":1})", "[]", R"([["x"],{"usd":1}])"}) {
        const api_key odd = decode_data(std::string{R"("consumptionLimits":{"usd":)"}.append(limit).append(
                                            R"(,"diem":7},"description":"d")"))
                                .value();
        BOOST_TEST(odd.limits == (consumption_limits{{}, 7.0, {}}), limit);
        BOOST_TEST(odd.description == "d");
        BOOST_TEST_REQUIRE(odd.unread.size() == 1u); // so that it does not look like no limit
        BOOST_TEST(odd.unread[0].name == "consumptionLimits.usd");
        BOOST_TEST(is_unread(odd.unread, "consumptionLimits.usd"));
        BOOST_TEST(!is_unread(odd.unread, "consumptionLimits.diem"));
    }
}

BOOST_AUTO_TEST_CASE(what_says_success_is_read_where_it_is_certain)
{
    for (const std::string_view yes : {"true", "1", R"("true")", R"("1")", R"("maybe")", "{}", "[]", "17"})
        BOOST_TEST(decode(std::string{R"({"data":{"id":"k"},"success":)"}.append(yes).append("}")).has_value(), yes);
    for (const std::string_view no : {"false", "0", R"("false")", R"("FALSE")"})
        BOOST_TEST(
            fault(decode(std::string{R"({"data":{"id":"k"},"success":)"}.append(no).append("}")), errc::rejected) == "",
            no);
}

BOOST_AUTO_TEST_CASE(a_date_that_can_not_be_read_is_not_never)
{
    const auto expires = [](std::string_view date) {
        return decode_data(std::string{R"("expiresAt":)"}.append(date)).value();
    };
    for (const std::string_view never : {"null", "{}", "{ }", R"("")"}) {
        BOOST_TEST(!expires(never).expires_at.has_value(), never);
        BOOST_TEST(expires(never).unread.empty(), never);
    }
    for (const std::string_view odd : {R"("2026-02-30")", R"("2026-01-01T00:00:00")", R"("next week")", "17", "1.5",
                                       "-1", "1e300", "true", "[]", R"({"a":1})"}) {
        BOOST_TEST(!expires(odd).expires_at.has_value(), odd);
        BOOST_TEST(is_unread(expires(odd).unread, "expiresAt"), odd);
    }
    BOOST_TEST(expires(R"("2026-02-30")").unread[0].text == "2026-02-30");
    for (const std::string_view date : {R"("2030-01-01T02:00:00+02:00")", R"("2029-12-31T23:00:00.0000001-0100")",
                                        "1893456000000", "1893456000", "1893456000.0001", R"("1893456000000")"}) {
        BOOST_TEST(expires(date).expires_at == at("2030-01-01"), date);
        BOOST_TEST(expires(date).unread.empty(), date);
    }
}

BOOST_AUTO_TEST_SUITE_END()
