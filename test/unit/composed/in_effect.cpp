// call_options::confirm: when an update is in effect in the key as it was read.
#include "composed/in_effect.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <vector>

BOOST_AUTO_TEST_SUITE(unit_composed_in_effect)

using namespace venice_keys;
using namespace std::chrono_literals;
using detail::in_effect;

namespace {

key_update nothing()
{
    return key_update("key");
}

// A key on which every field has a value.
api_key full()
{
    api_key key;
    key.id = "key";
    key.limits = {10.5, 20.0, 30.0};
    key.limit_period = limit_period::month;
    key.model_privacy = model_privacy::private_only;
    key.description = "text";
    key.expires_at = timestamp(1'900'000'000'123ms);
    return key;
}

// A key without limits, without a text, that never ends.
api_key bare()
{
    api_key key;
    key.id = "key";
    key.limit_period = limit_period::epoch;
    key.model_privacy = model_privacy::all;
    return key;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_the_update_does_not_name_may_be_anything)
{
    BOOST_TEST(in_effect(nothing(), full()));
    BOOST_TEST(in_effect(nothing(), bare()));
    BOOST_TEST(in_effect(nothing().description("text"), full()));
}

BOOST_AUTO_TEST_CASE(each_limit_is_compared)
{
    const std::vector<std::function<key_update(field<double>)>> setters{
        [](field<double> limit) { return nothing().usd(limit); },
        [](field<double> limit) { return nothing().diem(limit); },
        [](field<double> limit) { return nothing().vcu(limit); },
    };
    const std::vector<double> values{10.5, 20, 30};
    for (std::size_t i = 0; i != setters.size(); ++i) {
        BOOST_TEST_CONTEXT("limit no. " << i)
        {
            BOOST_TEST(in_effect(setters[i](values[i]), full()));
            BOOST_TEST(!in_effect(setters[i](values[i] + 1), full()));
            BOOST_TEST(!in_effect(setters[i](0), full()));
            BOOST_TEST(!in_effect(setters[i](clear), full()));
            BOOST_TEST(in_effect(setters[i](clear), bare()));
            BOOST_TEST(!in_effect(setters[i](values[i]), bare()));
            BOOST_TEST(!in_effect(setters[i](0), bare())); // a limit of nothing is not no limit
        }
    }
}

BOOST_AUTO_TEST_CASE(the_limit_period_is_compared)
{
    BOOST_TEST(in_effect(nothing().limit_period(limit_period::month), full()));
    BOOST_TEST(!in_effect(nothing().limit_period(limit_period::lifetime), full()));
    BOOST_TEST(!in_effect(nothing().limit_period(limit_period::month), bare()));
}

BOOST_AUTO_TEST_CASE(the_model_privacy_is_compared)
{
    BOOST_TEST(in_effect(nothing().model_privacy(model_privacy::private_only), full()));
    BOOST_TEST(!in_effect(nothing().model_privacy(model_privacy::private_text), full()));
    BOOST_TEST(!in_effect(nothing().model_privacy(model_privacy::private_only), bare()));
}

BOOST_AUTO_TEST_CASE(the_description_is_compared)
{
    BOOST_TEST(in_effect(nothing().description("text"), full()));
    BOOST_TEST(!in_effect(nothing().description("Text"), full()));
    BOOST_TEST(!in_effect(nothing().description(clear), full()));
    BOOST_TEST(in_effect(nothing().description(clear), bare()));
    BOOST_TEST(in_effect(nothing().description(""), bare()));
    BOOST_TEST(!in_effect(nothing().description("text"), bare()));
}

BOOST_AUTO_TEST_CASE(the_expiration_is_compared)
{
    const timestamp when(1'900'000'000'123ms);
    BOOST_TEST(in_effect(nothing().expires_at(when), full()));
    BOOST_TEST(in_effect(nothing().expires_at("2030-03-17T17:46:40.123Z"), full()));
    BOOST_TEST(!in_effect(nothing().expires_at(when + 1ms), full()));
    BOOST_TEST(!in_effect(nothing().expires_at(clear), full()));
    BOOST_TEST(!in_effect(nothing().expires_at(""), full()));
    BOOST_TEST(in_effect(nothing().expires_at(clear), bare()));
    BOOST_TEST(in_effect(nothing().expires_at(""), bare()));
    BOOST_TEST(!in_effect(nothing().expires_at(when), bare()));
}

BOOST_AUTO_TEST_CASE(what_could_not_be_read_agrees_with_nothing)
{
    const auto with = [](std::string name) {
        api_key key = bare();
        key.unread = {{std::move(name), "?"}};
        return key;
    };
    BOOST_TEST(!in_effect(nothing().expires_at(clear), with("expiresAt")));
    BOOST_TEST(!in_effect(nothing().usd(clear), with("consumptionLimits.usd")));
    BOOST_TEST(!in_effect(nothing().usd(clear), with("consumptionLimit")));
    BOOST_TEST(!in_effect(nothing().description(clear), with("description")));
    BOOST_TEST(in_effect(nothing().diem(clear), with("consumptionLimits.usd")));
    BOOST_TEST(in_effect(nothing().usd(clear), with("createdAt")));
}

BOOST_AUTO_TEST_CASE(a_day_begins_at_midnight)
{
    api_key key = bare();
    key.expires_at = parse_timestamp("2031-02-03T00:00:00.000Z");
    BOOST_TEST(in_effect(nothing().expires_at("2031-02-03"), key));
    BOOST_TEST(!in_effect(nothing().expires_at("2031-02-04"), key));
}

BOOST_AUTO_TEST_CASE(every_named_field_has_to_agree)
{
    const auto all = [] {
        return nothing()
            .usd(10.5)
            .diem(20)
            .vcu(30)
            .limit_period(limit_period::month)
            .model_privacy(model_privacy::private_only)
            .description("text")
            .expires_at(timestamp(1'900'000'000'123ms));
    };
    BOOST_TEST(in_effect(all(), full()));
    BOOST_TEST(!in_effect(all().usd(11), full()));
    BOOST_TEST(!in_effect(all().diem(11), full()));
    BOOST_TEST(!in_effect(all().vcu(11), full()));
    BOOST_TEST(!in_effect(all().limit_period(limit_period::epoch), full()));
    BOOST_TEST(!in_effect(all().model_privacy(model_privacy::all), full()));
    BOOST_TEST(!in_effect(all().description("other"), full()));
    BOOST_TEST(!in_effect(all().expires_at(clear), full()));
}

BOOST_AUTO_TEST_SUITE_END()
