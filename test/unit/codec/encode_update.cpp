#include "codec/encode.hpp"

#include "support/printing.hpp"

#include <boost/json/parse.hpp>

#include <cmath>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_codec_encode_update)

using namespace venice_keys;
namespace json = boost::json;

namespace {

std::string encoded(const key_update& update)
{
    BOOST_TEST(update.validate());
    std::string body;
    codec::encode_update(update, body);
    return body;
}

std::string encoded_limit(double limit)
{
    const std::string body = encoded(key_update{"k"}.usd(limit));
    constexpr std::string_view front = R"({"id":"k","consumptionLimit":{"usd":)";
    BOOST_REQUIRE(body.starts_with(front));
    BOOST_REQUIRE(body.ends_with("}}"));
    return body.substr(front.size(), body.size() - front.size() - 2);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_example_of_the_specification)
{
    const key_update update = key_update{"e28e82dc-9df2-4b47-b726-d0a222ef2ab5"}
                                  .usd(50)
                                  .diem(10)
                                  .vcu(30)
                                  .limit_period(limit_period::month)
                                  .model_privacy(model_privacy::all)
                                  .description("Updated API Key Name")
                                  .expires_at("2023-10-01T12:00:00.000Z");
    BOOST_TEST(encoded(update) == R"({"id":"e28e82dc-9df2-4b47-b726-d0a222ef2ab5",)"
                                  R"("consumptionLimit":{"usd":50,"diem":10,"vcu":30},"limitPeriod":"MONTH",)"
                                  R"("modelPrivacy":"ALL","description":"Updated API Key Name",)"
                                  R"("expiresAt":"2023-10-01T12:00:00.000Z"})");
}

BOOST_AUTO_TEST_CASE(only_what_was_touched_is_sent)
{
    BOOST_TEST(encoded(key_update{"k"}.diem(1.5)) == R"({"id":"k","consumptionLimit":{"diem":1.5}})");
    BOOST_TEST(encoded(key_update{"k"}.vcu(0)) == R"({"id":"k","consumptionLimit":{"vcu":0}})");
    BOOST_TEST(encoded(key_update{"k"}.usd(1).vcu(2)) == R"({"id":"k","consumptionLimit":{"usd":1,"vcu":2}})");
    BOOST_TEST(encoded(key_update{"k"}.limit_period(limit_period::epoch)) == R"({"id":"k","limitPeriod":"EPOCH"})");
    BOOST_TEST(encoded(key_update{"k"}.model_privacy(model_privacy::private_only)) ==
               R"({"id":"k","modelPrivacy":"PRIVATE_ONLY"})");
    BOOST_TEST(encoded(key_update{"k"}.description("d")) == R"({"id":"k","description":"d"})");
    BOOST_TEST(encoded(key_update{"k"}.expires_at("2030-01-31")) == R"({"id":"k","expiresAt":"2030-01-31"})");
}

BOOST_AUTO_TEST_CASE(what_is_cleared_is_null_and_a_cleared_description_is_empty)
{
    const key_update update = key_update{"k"}.usd(clear).diem(clear).vcu(clear).description(clear).expires_at(clear);
    BOOST_TEST(encoded(update) == R"({"id":"k","consumptionLimit":{"usd":null,"diem":null,"vcu":null},)"
                                  R"("description":"","expiresAt":null})");
    BOOST_TEST(encoded(key_update{"k"}.expires_at("")) == R"({"id":"k","expiresAt":null})");
}

BOOST_AUTO_TEST_CASE(the_order_does_not_depend_on_the_order_of_the_calls)
{
    const key_update forwards = key_update{"k"}.usd(1).limit_period(limit_period::month).description("d");
    const key_update backwards = key_update{"k"}.description("d").limit_period(limit_period::month).usd(1);
    BOOST_TEST(encoded(forwards) == encoded(backwards));
}

BOOST_AUTO_TEST_CASE(a_time_is_sent_with_milliseconds)
{
    const timestamp when = *parse_timestamp("2023-10-01T12:00:00Z");
    BOOST_TEST(encoded(key_update{"k"}.expires_at(when)) == R"({"id":"k","expiresAt":"2023-10-01T12:00:00.000Z"})");
}

BOOST_AUTO_TEST_CASE(unknown_enumeration_values_are_sent_as_they_are)
{
    BOOST_TEST(encoded(key_update{"k"}.limit_period(limit_period{"a\"b"})) == R"({"id":"k","limitPeriod":"a\"b"})");
}

BOOST_AUTO_TEST_CASE(it_appends_to_what_is_there)
{
    std::string body = "head";
    codec::encode_update(key_update{"k"}.usd(1), body);
    BOOST_TEST(body == R"(head{"id":"k","consumptionLimit":{"usd":1}})");
}

BOOST_AUTO_TEST_CASE(numbers_are_written_shortly)
{
    BOOST_TEST(encoded_limit(0) == "0");
    BOOST_TEST(encoded_limit(-0.0) == "0");
    BOOST_TEST(encoded_limit(50) == "50");
    BOOST_TEST(encoded_limit(0.1) == "0.1");
    BOOST_TEST(encoded_limit(12.34) == "12.34");
    BOOST_TEST(encoded_limit(1e9) == "1000000000");
    BOOST_TEST(encoded_limit(9'999'999'999) == "9999999999");
    BOOST_TEST(encoded_limit(9'999'999'998.999998) == "9999999998.999998");
    BOOST_TEST(encoded_limit(0.00001) == "0.00001");
    BOOST_TEST(encoded_limit(1e-300) == "1e-300");
    BOOST_TEST(encoded_limit(std::numeric_limits<double>::denorm_min()) == "5e-324");
}

BOOST_AUTO_TEST_CASE(any_number_reads_back_as_itself)
{
    std::mt19937_64 random{3};
    for (int i = 0; i != 20'000; ++i) {
        const double scale = std::pow(10.0, std::uniform_int_distribution<int>{-20, 9}(random));
        const double limit = std::uniform_real_distribution<double>{0.0, 9.999'999'99}(random)*scale;
        const std::string text = encoded_limit(limit);
        BOOST_REQUIRE_EQUAL(std::strtod(text.c_str(), nullptr), limit);
        boost::system::error_code ec;
        (void)json::parse(text, ec);
        BOOST_REQUIRE(!ec);
    }
}

BOOST_AUTO_TEST_CASE(texts_are_escaped_as_rfc_8259_wants_it)
{
    const std::string all("\0\x01\b\t\n\f\r\x1F\"\\/\x7F", 12);
    BOOST_TEST(encoded(key_update{"k"}.description(all)) ==
               "{\"id\":\"k\",\"description\":"
               "\"\\u0000\\u0001\\u0008\\t\\n\\u000c\\r\\u001f\\\"\\\\/\x7F\"}");
    BOOST_TEST(encoded(key_update{"k\"1"}.description("é€😀")) == "{\"id\":\"k\\\"1\",\"description\":\"é€😀\"}");
}

BOOST_AUTO_TEST_CASE(any_text_reads_back_as_itself)
{
    std::mt19937 random{5};
    const auto below = [&random](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
    };
    constexpr std::string_view pieces[] = {"é", "€", "😀", "\"", "\\", "\n", "\\u0041", "/", "\x7F", "a"};
    for (int i = 0; i != 5'000; ++i) {
        std::string text;
        for (std::size_t n = below(20); n != 0; --n) {
            if (below(2) == 0)
                text += static_cast<char>(below(0x80));
            else
                text += pieces[below(std::size(pieces))];
        }
        std::string id = "id" + text + "id";
        std::erase_if(id, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
        const std::string body = encoded(key_update{id}.description(text));
        const json::value parsed = json::parse(body);
        BOOST_TEST_REQUIRE(parsed.at("description").as_string() == text);
        BOOST_TEST_REQUIRE(parsed.at("id").as_string() == id);
        for (const char c : body)
            BOOST_TEST_REQUIRE(static_cast<unsigned char>(c) >= 0x20);
    }
}

BOOST_AUTO_TEST_SUITE_END()
