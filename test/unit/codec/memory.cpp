// The codec's share of the goal that an update costs no allocation beyond the values that the caller gets, and its
// share of promise 10: no secret stays in memory that was given back. This program's operator new counts, its operator
// delete looks.
#include "codec/decode_challenge.hpp"
#include "codec/decode_creation.hpp"
#include "codec/decode_update.hpp"
#include "codec/encode_creation.hpp"
#include "codec/encode_update.hpp"

#include <boost/test/unit_test.hpp>

#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view watched = "VENICE-KEY-2Fq7xW9LmT4cR8yB1nZs6Hd3";

std::size_t allocations = 0;
std::size_t leaks = 0; // blocks given back with the watched text in them

void look_into(void* block) noexcept
{
    if (block == nullptr)
        return;
    const std::string_view bytes(static_cast<const char*>(block), malloc_usable_size(block));
    if (bytes.find(watched) != std::string_view::npos)
        ++leaks;
}

} // namespace

// Not inline: g++ 12 would take malloc and free inside new and delete for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size)
{
    ++allocations;
    if (void* const block = std::malloc(size == 0 ? 1 : size))
        return block;
    throw std::bad_alloc{};
}
[[gnu::noinline]] void* operator new[](std::size_t size)
{
    return operator new(size);
}
[[gnu::noinline]] void operator delete(void* block) noexcept
{
    look_into(block);
    std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t /*size*/) noexcept
{
    look_into(block);
    std::free(block);
}
[[gnu::noinline]] void operator delete[](void* block) noexcept
{
    look_into(block);
    std::free(block);
}
[[gnu::noinline]] void operator delete[](void* block, std::size_t /*size*/) noexcept
{
    look_into(block);
    std::free(block);
}

BOOST_AUTO_TEST_SUITE(unit_codec_memory)

using namespace venice_keys;

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
    BOOST_REQUIRE(decoder.decode(body, none).has_value());
    const std::size_t before = allocations;
    const result<api_key> key = decoder.decode(body, none);
    const std::size_t cost = allocations - before;
    BOOST_REQUIRE(key.has_value());
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
        BOOST_REQUIRE(decoder.decode(body, secret{}).has_value());
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
    const std::string front = key.substr(0, 6);
    const std::string back = key.substr(6);
    for (const std::string& spelling : {key, front + "\\u002d" + back.substr(1)}) {
        for (const char* const end : {"}", R"(,"success":false})", R"(,"error":"made it","success":false})", ""}) {
            const std::string created = R"({"data":{"id":"k","apiKey":")" + spelling + "\"}" + end;
            const std::string challenge = R"({"data":{"token":")" + spelling + "\"}" + end;
            const std::size_t before = leaks;
            {
                const result<created_key> one = codec::decode_creation(created, secret{"t"}, 32);
                const result<secret> other = codec::decode_challenge(challenge, secret{"t"}, 32);
                BOOST_TEST(one.has_value() == (std::string_view{end} == "}"));
                BOOST_TEST((!one || one->secret.expose() == watched));
                BOOST_TEST((!other || other->expose() == watched));
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

BOOST_AUTO_TEST_SUITE_END()
