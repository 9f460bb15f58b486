// What the codec sends, against the schemas of the published specification (version 20260821.193530): every update and
// creation that validate() lets through must make a body that the service's own description allows. What it reads is in
// specification_answers.cpp.
#include "codec/encode.hpp"

#include "support/printing.hpp"
#include "unit/support/schema.hpp"

#include <boost/json/parse.hpp>

#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_codec_specification)

using namespace venice_keys;
using namespace venice_keys::detail;
using test::schema;
using test::violation;

namespace {

schema text(std::optional<std::size_t> longest = {})
{
    return {.what = schema::type::text, .longest = longest};
}

schema one_of(std::vector<std::string> values)
{
    return {.what = schema::type::text, .one_of = std::move(values)};
}

schema expiration_text(bool nullable)
{
    return {.what = schema::type::text,
            .nullable = nullable,
            .one_of = {""},
            .patterns = {R"(^\d{4}-\d{2}-\d{2}$)", R"(^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$)"}};
}

schema body_with(std::map<std::string, schema> members, std::vector<std::string> required)
{
    const schema limit{.what = schema::type::number, .nullable = true, .least = 0, .most = 9'999'999'999};
    members["consumptionLimit"] = {.members = {{"usd", limit}, {"diem", limit}, {"vcu", limit}}};
    members["limitPeriod"] = one_of({"EPOCH", "MONTH", "LIFETIME"});
    members["modelPrivacy"] = one_of({"ALL", "PRIVATE_TEXT", "PRIVATE_ONLY"});
    return {.members = std::move(members), .required = std::move(required)};
}

const schema update_body =
    body_with({{"id", text()}, {"description", text(64)}, {"expiresAt", expiration_text(true)}}, {"id"});

const schema creation_body = body_with(
    {{"apiKeyType", one_of({"INFERENCE", "ADMIN"})}, {"description", text(64)}, {"expiresAt", expiration_text(false)}},
    {"apiKeyType", "description"});

const schema web3_creation_body = body_with({{"apiKeyType", one_of({"INFERENCE", "ADMIN"})},
                                             {"description", text()},
                                             {"expiresAt", expiration_text(false)},
                                             {"address", text()},
                                             {"signature", text()},
                                             {"token", text()}},
                                            {"apiKeyType", "address", "signature", "token"});

// The bodies; a value that is not valid is a mistake of the test.
std::string body_of(const key_update& update)
{
    BOOST_TEST_REQUIRE(update.validate());
    std::string body;
    codec::encode_update(update, body);
    return body;
}

std::string body_of(const new_key& key)
{
    BOOST_TEST_REQUIRE(key.validate());
    std::string body;
    codec::encode_creation(key, body);
    return body;
}

std::string body_of(const new_web3_key& key)
{
    BOOST_TEST_REQUIRE(key.validate());
    secret_bytes body;
    codec::encode_web3_creation(key, body);
    return std::string{std::string_view{body}};
}

template <class Value>
void check(const schema& rule, const Value& value)
{
    const std::string body = body_of(value);
    const std::string wrong = violation(rule, boost::json::parse(body));
    BOOST_REQUIRE_MESSAGE(wrong.empty(), wrong << " in " << body);
}

// Random values, all of them valid.
class generator {
public:
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(random_); }

    std::string words(std::size_t most)
    {
        constexpr std::string_view pieces[] = {"a",  "Z",    "7",    " ", "\"", "\\", "/",
                                               "\n", "\x01", "\x7F", "é", "€",  "😀"};
        std::string all;
        for (std::size_t n = below(most + 1); n != 0; --n)
            all += pieces[below(std::size(pieces))];
        return all;
    }

    // What an id or an address may be: no control characters, no blanks at its ends.
    std::string word(std::size_t most)
    {
        std::string all = "k" + words(most) + "k";
        std::erase_if(all, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
        return all;
    }

    field<double> limit()
    {
        switch (below(5)) {
        case 0:
            return clear;
        case 1:
            return 0.0;
        case 2:
            return 9'999'999'999.0;
        case 3:
            return static_cast<double>(below(1'000));
        default:
            return std::uniform_real_distribution<double>{0, 9'999'999'999.0}(random_);
        }
    }

    limit_period period() { return static_cast<limit_period::known>(1 + below(3)); }
    model_privacy privacy() { return static_cast<model_privacy::known>(1 + below(3)); }
    key_type type() { return static_cast<key_type::known>(1 + below(2)); }

    timestamp time()
    {
        using namespace std::chrono;
        const auto first = sys_days{year{0} / January / 1};
        return first + days{below(9'999 * 365)} + milliseconds{below(86'400'000)};
    }

    std::string time_text()
    {
        const std::string whole = to_string(time());
        switch (below(4)) {
        case 0:
            return "";
        case 1:
            return whole.substr(0, 10);
        case 2:
            return whole.substr(0, 19) + "Z";
        default:
            return whole;
        }
    }

    // The optional fields that all three have, each or not.
    template <class Value>
    Value& fill(Value& value)
    {
        if (below(2) == 0)
            value.usd(limit());
        if (below(2) == 0)
            value.diem(limit());
        if (below(2) == 0)
            value.vcu(limit());
        if (below(2) == 0)
            value.limit_period(period());
        if (below(2) == 0)
            value.model_privacy(privacy());
        if (below(3) == 0)
            value.expires_at(time());
        else if (below(2) == 0)
            value.expires_at(time_text());
        return value;
    }

private:
    std::mt19937_64 random_{31};
};

// Each optional field alone. `make` gives a value with none of them.
template <class Make>
void check_single_fields(const schema& rule, Make make)
{
    for (const field<double>& limit : {field<double>{0.0}, field<double>{9'999'999'999.0}, field<double>{clear}}) {
        check(rule, make().usd(limit));
        check(rule, make().diem(limit));
        check(rule, make().vcu(limit));
    }
    for (const auto period : {limit_period::epoch, limit_period::month, limit_period::lifetime})
        check(rule, make().limit_period(period));
    for (const auto privacy : {model_privacy::all, model_privacy::private_text, model_privacy::private_only})
        check(rule, make().model_privacy(privacy));
    for (const std::string_view when : {"", "2028-02-29", "2023-10-01T12:00:00Z", "2023-10-01T12:00:00.000Z"})
        check(rule, make().expires_at(when));
    check(rule, make().expires_at(timestamp{}));
}

new_web3_key wallet()
{
    return new_web3_key{key_type::inference, "0x45B7", secret{"the challenge"}, secret{"0xbb5f"}};
}

} // namespace

BOOST_AUTO_TEST_CASE(each_single_field_of_a_request_is_as_the_schema_has_it)
{
    const auto update = [] {
        return key_update{"k"};
    };
    check_single_fields(update_body, update);
    check(update_body, update().expires_at(clear));
    check(update_body, update().description("d"));
    check(update_body, update().description(clear));

    const auto creation = [] {
        return new_key{key_type::admin, "d"};
    };
    check(creation_body, creation());
    check_single_fields(creation_body, creation);

    check(web3_creation_body, wallet());
    check(web3_creation_body, wallet().description("d"));
    check_single_fields(web3_creation_body, wallet);
}

BOOST_AUTO_TEST_CASE(any_valid_request_is_as_the_schema_has_it)
{
    generator any;
    for (int i = 0; i != 2'000; ++i) {
        key_update update{any.word(40)};
        update.description(any.words(64));
        any.fill(update);
        if (any.below(4) == 0)
            update.expires_at(clear);
        check(update_body, update);

        new_key creation{any.type(), any.words(64)};
        check(creation_body, any.fill(creation));

        new_web3_key web3{any.type(), "0x" + any.word(40), wallet_challenge{secret{"c" + any.words(40)}},
                          secret{any.word(40)}};
        if (any.below(2) == 0)
            web3.description(any.words(64));
        check(web3_creation_body, any.fill(web3));
    }
}

BOOST_AUTO_TEST_CASE(the_checker_refuses_what_the_schema_forbids)
{
    const auto wrong = [](const schema& rule, std::string_view body) {
        return violation(rule, boost::json::parse(body));
    };
    const auto wrong_update = [&wrong](std::string_view members) {
        return wrong(update_body, std::string{R"({"id":"k",)"}.append(members).append("}"));
    };
    BOOST_TEST(wrong(update_body, R"({"id":"k"})") == "");
    BOOST_TEST(wrong(update_body, "[]") == "body: not an object");
    BOOST_TEST(wrong(update_body, "{}") == "body.id: missing");
    BOOST_TEST(wrong(update_body, R"({"id":1})") == "body.id: not a text");
    BOOST_TEST(wrong_update(R"("other":1)") == "body: an unknown member");
    BOOST_TEST(wrong_update(R"("consumptionLimits":{"usd":1})") == "body: an unknown member"); // the name of answers
    BOOST_TEST(wrong_update(R"("consumptionLimit":null)") == "body.consumptionLimit: null");
    BOOST_TEST(wrong_update(R"("consumptionLimit":{"usd":"1"})") == "body.consumptionLimit.usd: not a number");
    BOOST_TEST(wrong_update(R"("consumptionLimit":{"diem":-0.1})") == "body.consumptionLimit.diem: out of range");
    BOOST_TEST(wrong_update(R"("consumptionLimit":{"vcu":9999999999.1})") == "body.consumptionLimit.vcu: out of range");
    BOOST_TEST(wrong_update(R"("consumptionLimit":{"eur":1})") == "body.consumptionLimit: an unknown member");
    BOOST_TEST(wrong_update(R"("limitPeriod":"month")") == "body.limitPeriod: not an allowed text");
    BOOST_TEST(wrong_update(R"("limitPeriod":null)") == "body.limitPeriod: null");
    BOOST_TEST(wrong_update(R"("modelPrivacy":"")") == "body.modelPrivacy: not an allowed text");
    BOOST_TEST(wrong_update(R"("description":null)") == "body.description: null");
    BOOST_TEST(wrong_update(R"("description":")" + std::string(65, 'x') + "\"") == "body.description: too long");
    for (const std::string_view when :
         {"2023-10-1", "2023-10-01T12:00:00", "2023-10-01T12:00:00.00Z", "x2023-10-01", " "})
        BOOST_TEST(wrong_update(std::string{R"("expiresAt":")"}.append(when).append("\"")) ==
                   "body.expiresAt: not an allowed text");
    BOOST_TEST(wrong_update(R"("expiresAt":null)") == "");

    BOOST_TEST(wrong(creation_body, R"({"description":"d"})") == "body.apiKeyType: missing");
    BOOST_TEST(wrong(creation_body, R"({"apiKeyType":"ADMIN"})") == "body.description: missing");
    BOOST_TEST(wrong(creation_body, R"({"apiKeyType":"","description":"d"})") ==
               "body.apiKeyType: not an allowed text");
    BOOST_TEST(wrong(creation_body, R"({"apiKeyType":"ADMIN","description":"d","expiresAt":null})") ==
               "body.expiresAt: null");
    BOOST_TEST(wrong(creation_body, R"({"apiKeyType":"ADMIN","description":"d","id":"k"})") ==
               "body: an unknown member");
    BOOST_TEST(wrong(web3_creation_body, R"({"apiKeyType":"ADMIN","address":"a","token":"t"})") ==
               "body.signature: missing");
}

BOOST_AUTO_TEST_SUITE_END()
