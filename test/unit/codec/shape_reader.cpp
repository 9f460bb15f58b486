// Events that Boost.JSON gives only for long or escaped texts; the rest is in answer_decoder.cpp, scalar.cpp and the
// tests of the answers.
#include "codec/shape_reader.hpp"

#include "codec/answer_decoder.hpp"
#include "codec/key_shape.hpp"
#include "support/printing_values.hpp"

#include <optional>
#include <string>

BOOST_AUTO_TEST_SUITE(unit_codec_shape_reader)

using namespace venice_keys;
using codec::shape_reader;

namespace {

constexpr codec::shape key_shape{codec::members_of_key<api_key>};
constexpr const codec::shape& answer_shape = codec::envelope_shape<api_key, key_shape>::value;

struct fixture {
    fixture()
    {
        whole.data = &key;
        reader.start(answer_shape, &whole);
        BOOST_REQUIRE(reader.begin_object());
        BOOST_REQUIRE(reader.name("data"));
        BOOST_REQUIRE(reader.begin_object());
    }

    void finish()
    {
        reader.end_object();
        reader.end_object();
    }

    api_key key;
    codec::envelope<api_key> whole;
    shape_reader reader;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(names_in_parts_are_put_together, fixture)
{
    reader.name_part("descr");
    reader.name_part("ip");
    BOOST_TEST(reader.name("tion"));
    BOOST_TEST(reader.string("text"));
    reader.name_part("id");
    BOOST_TEST(reader.name(""));
    BOOST_TEST(reader.string("k"));
    finish();
    BOOST_TEST(key.description == "text");
    BOOST_TEST(key.id == "k");
    BOOST_TEST(reader.missing() == "");
}

BOOST_FIXTURE_TEST_CASE(a_name_that_only_begins_like_ours_is_not_ours, fixture)
{
    reader.name_part("id");
    BOOST_TEST(reader.name("entity"));
    BOOST_TEST(reader.number(17, "17"));
    reader.name_part("id" + std::string(1'000, 'x'));
    BOOST_TEST(reader.name("x"));
    BOOST_TEST(reader.number(17, "17"));
    finish();
    BOOST_TEST(reader.missing() == "data.id");
}

BOOST_FIXTURE_TEST_CASE(texts_in_parts_are_put_together, fixture)
{
    for (const char* const name : {"id", "description", "last6Chars", "limitPeriod", "apiKeyType", "modelPrivacy"}) {
        BOOST_TEST(reader.name(name));
        reader.string_part("MO");
        reader.string_part("N");
        BOOST_TEST(reader.string("TH"));
    }
    for (const char* const name : {"createdAt", "expiresAt", "lastUsedAt"}) {
        BOOST_TEST(reader.name(name));
        reader.string_part("2030-01");
        BOOST_TEST(reader.string("-31"));
    }
    finish();
    BOOST_TEST(key.id == "MONTH");
    BOOST_TEST(key.description == "MONTH");
    BOOST_TEST(key.last6_chars == "MONTH");
    BOOST_TEST(key.limit_period == limit_period::month);
    BOOST_TEST(key.type.text() == "MONTH");
    BOOST_TEST(key.model_privacy.text() == "MONTH");
    const std::optional<timestamp> day = parse_timestamp("2030-01-31");
    BOOST_TEST(key.created_at == day);
    BOOST_TEST(key.expires_at == day);
    BOOST_TEST(key.last_used_at == day);
}

BOOST_FIXTURE_TEST_CASE(a_text_in_parts_of_an_unknown_member_goes_nowhere, fixture)
{
    BOOST_TEST(reader.name("other"));
    reader.string_part("MON");
    BOOST_TEST(reader.string("TH"));
    BOOST_TEST(reader.name("limitPeriod"));
    BOOST_TEST(reader.string("EPOCH"));
    finish();
    BOOST_TEST(key.limit_period == limit_period::epoch);
}

BOOST_FIXTURE_TEST_CASE(parts_inside_a_foreign_object_go_nowhere, fixture)
{
    BOOST_TEST(reader.name("other"));
    BOOST_TEST(reader.begin_object());
    reader.name_part("i");
    BOOST_TEST(reader.name("d"));
    reader.string_part("wr");
    BOOST_TEST(reader.string("ong"));
    reader.end_object();
    finish();
    BOOST_TEST(reader.missing() == "data.id");
    BOOST_TEST(key.id.empty());
}

BOOST_FIXTURE_TEST_CASE(a_fault_names_the_member, fixture)
{
    BOOST_TEST(reader.name("consumptionLimit"));
    BOOST_TEST(reader.begin_object());
    BOOST_TEST(reader.name("usd"));
    BOOST_TEST(reader.string("50"));
    BOOST_TEST(!reader.name("usd"));
    BOOST_TEST(reader.fault() == "data.consumptionLimit.usd appears twice");
}

BOOST_FIXTURE_TEST_CASE(a_new_start_forgets_all, fixture)
{
    BOOST_TEST(reader.name("id"));
    BOOST_TEST(reader.number(1, "1"));
    BOOST_TEST(!reader.name("id"));
    reader.start(answer_shape, &whole);
    BOOST_TEST(reader.fault().empty());
    BOOST_TEST(reader.begin_object());
    BOOST_TEST(reader.name("data"));
    BOOST_TEST(reader.number(1, "1"));
    BOOST_TEST(reader.strange() == "data is not an object");
    reader.end_object();
    BOOST_TEST(reader.missing() == "data");
    reader.start(answer_shape, &whole);
    BOOST_TEST(reader.strange().empty());
    BOOST_TEST(reader.missing().empty());
    BOOST_TEST(!reader.null());
    BOOST_TEST(reader.fault() == "the answer is not an object");
}

BOOST_FIXTURE_TEST_CASE(the_plural_of_the_limits_counts_in_either_order, fixture)
{
    for (const std::string_view name : {"consumptionLimit", "consumptionLimits"}) {
        BOOST_TEST(reader.name(name));
        BOOST_TEST(reader.begin_object());
        BOOST_TEST(reader.name(name.ends_with('s') ? "usd" : "diem"));
        BOOST_TEST(reader.number(1, "1"));
        reader.end_object();
    }
    BOOST_TEST(key.limits == (consumption_limits{1.0, {}, {}}));
}

BOOST_AUTO_TEST_SUITE_END()
