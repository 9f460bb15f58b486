#include "unit/model/update_faults.hpp"

#include <venice_keys/key_update.hpp>

#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_key_update)

using namespace venice_keys;
using namespace update_faults;

BOOST_AUTO_TEST_CASE(a_fresh_one_touches_nothing_and_is_refused)
{
    const key_update update{"id"};
    BOOST_TEST(update.usd().untouched());
    BOOST_TEST(update.diem().untouched());
    BOOST_TEST(update.vcu().untouched());
    BOOST_TEST(update.limit_period().untouched());
    BOOST_TEST(update.model_privacy().untouched());
    BOOST_TEST(update.description().untouched());
    BOOST_TEST(update.expires_at().untouched());
    BOOST_TEST(fault(update) == "the update changes no field: set or clear one");
}

BOOST_AUTO_TEST_CASE(one_field_is_enough)
{
    BOOST_TEST(valid(key_update{"id"}.usd(1)));
    BOOST_TEST(valid(key_update{"id"}.usd(clear)));
    BOOST_TEST(valid(key_update{"id"}.diem(1)));
    BOOST_TEST(valid(key_update{"id"}.diem(clear)));
    BOOST_TEST(valid(key_update{"id"}.vcu(1)));
    BOOST_TEST(valid(key_update{"id"}.vcu(clear)));
    BOOST_TEST(valid(key_update{"id"}.limit_period(limit_period::month)));
    BOOST_TEST(valid(key_update{"id"}.model_privacy(model_privacy::all)));
    BOOST_TEST(valid(described("text")));
    BOOST_TEST(valid(key_update{"id"}.description(clear)));
    BOOST_TEST(valid(key_update{"id"}.expires_at("2030-01-01")));
    BOOST_TEST(valid(key_update{"id"}.expires_at(timestamp{})));
    BOOST_TEST(valid(key_update{"id"}.expires_at(clear)));
}

BOOST_AUTO_TEST_CASE(setters_chain_on_temporaries_and_on_variables)
{
    key_update update{"id"};
    update.usd(1).diem(clear).description("text");
    const key_update same = key_update{"id"}.usd(1).diem(clear).description("text");
    BOOST_TEST((update == same));
    BOOST_TEST(*update.usd() == 1.0);
    BOOST_TEST(update.diem().cleared());
    BOOST_TEST(update.vcu().untouched());
    BOOST_TEST(*update.description() == "text");
    update.usd(2);
    BOOST_TEST((update != same));
}

BOOST_AUTO_TEST_CASE(a_cleared_description_is_the_empty_text)
{
    const key_update update = key_update{"id"}.description(clear);
    BOOST_REQUIRE(update.description().has_value());
    BOOST_TEST(update.description()->empty());
}

BOOST_AUTO_TEST_CASE(an_empty_expiration_clears)
{
    BOOST_TEST(key_update{"id"}.expires_at("").expires_at().cleared());
    BOOST_TEST(key_update{"id"}.expires_at(clear).expires_at().cleared());
    BOOST_TEST((key_update{"id"}.expires_at("") == key_update{"id"}.expires_at(clear)));
}

BOOST_AUTO_TEST_CASE(an_expiration_keeps_its_text_or_writes_its_time)
{
    BOOST_TEST(key_update{"id"}.expires_at("2028-02-29").expires_at()->text() == "2028-02-29");
    BOOST_TEST(expiration{timestamp{}}.text() == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(expiration{timestamp::max()}.text() == "");
    std::string out = "at ";
    expiration{timestamp{}}.append_to(out);
    expiration{"2028-02-29"}.append_to(out);
    BOOST_TEST(out == "at 1970-01-01T00:00:00.000Z2028-02-29");
    BOOST_TEST(expiration{timestamp{}}.valid());
    BOOST_TEST(expiration{"2028-02-29"}.valid());
    BOOST_TEST(!expiration{""}.valid());
    BOOST_TEST(!expiration{timestamp::min()}.valid());
}

BOOST_AUTO_TEST_SUITE_END()
