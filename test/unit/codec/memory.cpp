// The codec's share of the goal that an update costs no allocation beyond the values that the caller gets, and its
// share of promise 10: no secret stays in memory that was given back. This program's operator new counts, its operator
// delete looks.
#include "codec/decode.hpp"
#include "codec/decode_refusal.hpp"
#include "codec/decode_update.hpp"
#include "codec/encode.hpp"
#include "codec/refusal_body.hpp"
#include "model/cleansed_text.hpp"
#include "support/operator_new.hpp"
#include "support/printing.hpp"
#include "unit/support/repeated.hpp"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view watched = "VENICE-KEY-2Fq7xW9LmT4cR8yB1nZs6Hd3";

std::size_t allocations = 0;
std::size_t held = 0;      // bytes that are allocated now
std::size_t most_held = 0; // at most, since somebody set it back
std::size_t leaks = 0;     // blocks given back with the watched text in them

void look_into(void* block) noexcept
{
    if (block == nullptr)
        return;
    const std::string_view bytes(static_cast<const char*>(block), malloc_usable_size(block));
    held -= bytes.size();
    if (bytes.find(watched) != std::string_view::npos)
        ++leaks;
}

} // namespace

void test::about_to_allocate()
{
    ++allocations;
}
void test::allocated(void* block) noexcept
{
    held += malloc_usable_size(block);
    most_held = std::max(most_held, held);
}
void test::about_to_free(void* block) noexcept
{
    look_into(block);
}

BOOST_AUTO_TEST_SUITE(unit_codec_memory)

using namespace venice_keys;
using namespace venice_keys::detail;
using venice_keys::test::repeated;

namespace {

constexpr std::string_view front =
    R"({"data":{"apiKeyType":"ADMIN","consumptionLimits":{"usd":50.25,"diem":10},)"
    R"("limitPeriod":"MONTH","modelPrivacy":"ALL","createdAt":"2023-10-01T12:00:00.000Z",)"
    R"("expiresAt":{},"lastUsedAt":null,"usage":{"trailingSevenDays":[{"usd":"1.5"}]},)";

// Allocations of decoding it the second time.
std::size_t cost_of_decoding(const std::string& body)
{
    codec::update_decoder decoder{32};
    const secret none;
    BOOST_TEST_REQUIRE(decoder.decode(body, none));
    const std::size_t before = allocations;
    const result<api_key> key = decoder.decode(body, none);
    const std::size_t cost = allocations - before;
    BOOST_TEST_REQUIRE(key);
    return cost;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_count_counts)
{
    const std::size_t before = allocations;
    const std::string text(100, 'x');
    BOOST_TEST(text.size() == 100u);
    BOOST_TEST(allocations == before + 1);
}

BOOST_AUTO_TEST_CASE(decoding_short_texts_allocates_nothing)
{
    const std::string body = std::string{front} + R"("id":"short","description":"short"},"success":true})";
    BOOST_TEST(cost_of_decoding(body) == 0u);
}

BOOST_AUTO_TEST_CASE(decoding_allocates_the_texts_of_the_key_alone)
{
    const std::string body = std::string{front} + R"("id":"e28e82dc-9df2-4b47-b726-d0a222ef2ab5",)"
                                                  R"("description":"more than fifteen bytes"},"success":true})";
    BOOST_TEST(cost_of_decoding(body) == 2u);
}

BOOST_AUTO_TEST_CASE(escapes_cost_no_more)
{
    const std::string body =
        std::string{
            R"({"d\u0061ta":{"limit\u0050eriod":"\u004dONTH","expires\u0041t":"2023-10-01T12:00:00.00\u0030Z",)"} +
        R"("id":"short\u0041","description":"short\n"},"success":true})";
    BOOST_TEST(cost_of_decoding(body) == 0u);
}

BOOST_AUTO_TEST_CASE(the_memory_of_a_huge_text_is_not_kept)
{
    // An escaped enumeration passes through the decoder's own buffer.
    const auto body_of = [](std::size_t size) {
        return R"({"data":{"id":"k","limitPeriod":")" + std::string(size, 'x') + "\\u0041\"}}";
    };
    codec::update_decoder decoder{32};
    const auto cost_after = [&decoder, &body_of](std::size_t size) {
        const std::string body = body_of(size);
        const std::string small = body_of(50);
        BOOST_TEST_REQUIRE(decoder.decode(body, secret{}));
        const std::size_t before = allocations;
        const bool good = decoder.decode(small, secret{}).has_value();
        const std::size_t cost = allocations - before;
        BOOST_REQUIRE(good);
        return cost;
    };
    BOOST_TEST(cost_after(1'000) == 1u); // the key's own text
    BOOST_TEST(cost_after(1'000'000) > 1u);
    BOOST_TEST(cost_after(1'000) == 1u);
}

BOOST_AUTO_TEST_CASE(encoding_into_a_string_with_room_allocates_nothing)
{
    const key_update texts = key_update{"e28e82dc-9df2-4b47-b726-d0a222ef2ab5"}
                                 .usd(50.25)
                                 .diem(clear)
                                 .limit_period(limit_period::month)
                                 .model_privacy(model_privacy::all)
                                 .description("a description with \"quotes\" and a line end\n")
                                 .expires_at("2023-10-01T12:00:00.000Z");
    key_update time = texts;
    time.expires_at(timestamp{});
    std::string body;
    body.reserve(1'000);
    const std::size_t before = allocations;
    const bool valid = texts.validate().has_value() && time.validate().has_value();
    codec::encode_update(texts, body);
    codec::encode_update(time, body);
    const std::size_t after = allocations;
    BOOST_TEST(valid);
    BOOST_TEST(after - before == 0u);
}

BOOST_AUTO_TEST_CASE(the_watch_sees_a_plain_string_that_leaks)
{
    const std::size_t before = leaks;
    {
        const std::string plain{watched};
        BOOST_TEST(plain.size() == watched.size());
    }
    BOOST_TEST(leaks == before + 1);
}

BOOST_AUTO_TEST_CASE(reading_a_secret_leaves_nothing_in_memory)
{
    // The second spelling goes through the decoder's own buffer, the third through the reading of a rejection.
    const std::string key{watched};
    const std::string first_part = key.substr(0, 6);
    const std::string second_part = key.substr(6);
    for (const std::string& spelling : {key, first_part + "\\u002d" + second_part.substr(1)}) {
        for (const char* const end : {"}", R"(,"success":false})", R"(,"error":"made it","success":false})", ""}) {
            const std::string created = R"({"data":{"id":"k","apiKey":")" + spelling + "\"}" + end;
            const std::string challenge = R"({"data":{"token":")" + spelling + "\"}" + end;
            const std::size_t before = leaks;
            {
                const result<created_key> one = codec::decode_creation(created, secret{"t"}, 32);
                const result<wallet_challenge> other = codec::decode_challenge(challenge, secret{"t"}, 32);
                BOOST_TEST(one.has_value() == (std::string_view{end} == "}"));
                if (one)
                    BOOST_TEST(one->secret.expose() == watched);
                if (other)
                    BOOST_TEST(other->expose() == watched);
            }
            BOOST_TEST(leaks == before, created);
        }
    }
}

BOOST_AUTO_TEST_CASE(writing_a_secret_leaves_nothing_in_memory)
{
    const new_web3_key key{key_type::admin, "0x45B7", secret{watched}, secret{watched}};
    const std::size_t before = leaks;
    {
        secret_bytes body;
        codec::encode_web3_creation(key, body);
        BOOST_TEST(body.size() > 2 * watched.size());
    }
    BOOST_TEST(leaks == before);
}

BOOST_AUTO_TEST_CASE(a_refusal_that_brings_a_secret_leaves_nothing_in_memory)
{
    const std::string key{watched};
    for (const std::string& body :
         {R"({"data":{"id":"k","apiKey":")" + key + "\"}}",
          R"({"error":"made )" + key + R"(","details":[")" + key + "\"]}", R"({"data":{"token":")" + key + "\"}}",
          "made " + key, R"({"apiKey":")" + key + R"(","x":"\ud83d"})"}) {
        const std::size_t before = leaks;
        for (const unsigned status : {202u, 400u, 503u, 520u})
            (void)codec::decode_refusal(status, body, secret{key}, 32, {false, true});
        BOOST_TEST(leaks == before, body);
    }
}

BOOST_AUTO_TEST_CASE(a_text_that_grows_leaves_nothing_in_memory)
{
    const std::size_t before = leaks;
    {
        std::string text;
        for (int i = 0; i != 100; ++i)
            append_cleansed(text, watched);
        BOOST_TEST(text.size() == 100 * watched.size());
        reserve_cleansed(text, 100'000);
        BOOST_TEST(text.size() == 100 * watched.size());
        cleanse_text(text);
        BOOST_TEST(text.empty());
    }
    BOOST_TEST(leaks == before);
}

namespace {

// The most that is held at once while `what` runs, beyond what was held before.
template <class Function>
std::size_t held_by(Function what)
{
    const std::size_t before = held;
    most_held = held;
    what();
    return most_held - before;
}

constexpr std::size_t megabyte = 1024 * 1024;

} // namespace

BOOST_AUTO_TEST_CASE(no_answer_takes_more_than_a_few_times_its_size)
{
    for (const std::string_view element :
         {"{},", R"({"id":""},)", R"({"id":"k"},)", R"({"id":"k","expiresAt":1,"createdAt":1,"lastUsedAt":1},)",
          R"({"id":"k","usage":1,"limitPeriod":[]},)", R"({"apiKeyId":1},)", R"({"timestamp":1},)", "null,", "1,",
          R"("a text",)", "[],"}) {
        const std::string body =
            R"({"data":[)" + repeated(element, megabyte / element.size()) + R"({"id":"k"}],"success":true})";
        const std::size_t list = held_by([&] { (void)codec::decode_list(body, secret{"t"}, 32); });
        BOOST_TEST(list < 24 * body.size(), element << ": " << list);
        const std::size_t log = held_by([&] { (void)codec::decode_rate_limit_log(body, secret{"t"}, 32); });
        BOOST_TEST(log < 24 * body.size(), element << ": " << log);
    }
    for (const std::string_view element :
         {"{},", R"({"rateLimits":[]},)", R"({"rateLimits":[{"amount":1,"type":""}]},)", "null,", "1,", "[],",
          R"({"rateLimits":[1,null,""]},)"}) {
        const std::string body = R"({"data":{"accessPermitted":true,"rateLimits":[)" +
                                 repeated(element, megabyte / element.size()) + "{}]}}";
        const std::size_t models = held_by([&] { (void)codec::decode_account_limits(body, secret{"t"}, 32); });
        BOOST_TEST(models < 24 * body.size(), element << ": " << models);
    }
}

BOOST_AUTO_TEST_CASE(a_list_in_which_one_can_not_be_right_is_not_built)
{
    const std::string body = R"({"data":[)" + repeated("{},", 350'000) + "{}]}";
    const std::size_t bytes = held_by([&] {
        const auto got = codec::decode_list(body, secret{"t"}, 32);
        BOOST_TEST_REQUIRE(!got.has_value());
        BOOST_TEST(got.error().detail == "data[0].id is missing");
    });
    BOOST_TEST(bytes < 64 * 1024);
}

BOOST_AUTO_TEST_CASE(the_longest_list_that_the_service_has_fits)
{
    const std::string_view shortest =
        R"({"apiKeyType":"ADMIN","consumptionLimits":{"usd":null,"diem":null},"createdAt":null,)"
        R"("expiresAt":null,"id":"e28e82dc-9df2-4b47-b726-d0a222ef2ab5","description":""},)";
    const std::string body = R"({"data":[)" + repeated(shortest, 5'000) + R"({"id":"k"}]})";
    BOOST_TEST(codec::decode_list(body, secret{"t"}, 32).value().size() == 5'001u);
    // Half a surrogate pair costs a second reading, not a second list.
    const std::string odd =
        R"({"x":")" + repeated("\\ud83d", 1'000) + R"(","data":[)" + repeated(shortest, 500) + R"({"id":"\ud83d"}]})";
    const auto got = codec::decode_list(odd, secret{"t"}, 32);
    BOOST_TEST_REQUIRE(got);
    BOOST_TEST(got->size() == 501u);
}

BOOST_AUTO_TEST_CASE(a_refusal_takes_work_and_memory_in_proportion_to_its_size)
{
    const std::array<secret, 4> tokens{secret{"VENICE_ADMIN_KEY_" + std::string(40, 'a')},
                                       secret{"VENICE_ADMIN_KEY_" + std::string(39, 'a') + "b"}, secret{"the-token"},
                                       secret{std::string(60, 'n')}};
    const secret_list all{std::span<const secret>{tokens}};
    const std::string long_name(120'000, 'n');
    const std::string prefixes = repeated("VENICE_ADMIN_KEY_", 14'000);
    for (const std::string& body :
         {R"({"details":{")" + long_name + R"(":{)" + repeated(R"("a":{"_errors":["x"]},)", 6'000) + R"("b":1}}})",
          R"({"details":{")" + repeated(R"(a":{")", 25) + long_name + R"(":[)" + repeated(R"("x",)", 30'000) + "1]" +
              repeated("}", 27),
          R"({"issues":[)" + repeated(R"({"path":["nnnnnnnnnn"],"message":"nnnnnnnnnnnnnnnnnnnnn"},)", 4'000) + "1]}",
          R"({"error":")" + prefixes + R"("})", prefixes, repeated("%56", 80'000), repeated("&#86;", 50'000),
          R"({"error":")" + repeated("\\u0056", 40'000) + R"("})", std::string(250'000, 'n'),
          repeated("<p>VENICE_ADMIN_KEY_", 12'000)}) {
        std::size_t compared = 0;
        const std::size_t bytes = held_by([&] {
            error why{errc::invalid_request};
            compared = codec::read_refusal_body(body, all, 32, why).compared;
        });
        BOOST_TEST(compared < 50 * body.size(), body.substr(0, 40) << ": " << compared << " of " << body.size());
        BOOST_TEST(bytes < 6 * body.size(), body.substr(0, 40) << ": " << bytes << " of " << body.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
