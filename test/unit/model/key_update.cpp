#include "support/printing.hpp"

#include <venice_keys/key_update.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_key_update)

using namespace venice_keys;

namespace {

bool valid(const key_update& update)
{
    return update.validate().has_value();
}

// The detail of the refusal; empty when there is none.
std::string fault(const key_update& update)
{
    const result<void> verdict = update.validate();
    if (verdict)
        return {};
    BOOST_TEST(verdict.error().code == errc::invalid_argument);
    BOOST_TEST(verdict.error().delivery == delivery::not_sent);
    return verdict.error().detail;
}

key_update described(std::string text)
{
    return key_update{"id"}.description(std::move(text));
}

std::string repeated(std::string_view text, std::size_t times)
{
    std::string all;
    for (; times != 0; --times)
        all += text;
    return all;
}

} // namespace

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
    BOOST_TEST(fault(update) == "the update names no field to change");
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

BOOST_AUTO_TEST_CASE(an_id_is_needed)
{
    BOOST_TEST(fault(key_update{""}.usd(1)) == "id: is empty");
    BOOST_TEST(fault(key_update{"\xFF"}.usd(1)) == "id: is not UTF-8");
}

BOOST_AUTO_TEST_CASE(an_id_has_no_control_characters_and_no_blanks_at_its_ends)
{
    const auto fault_of = [](std::string_view id) {
        return fault(key_update{std::string{id}}.usd(1));
    };
    BOOST_TEST(fault_of("ab\adc") == "id: has control character U+0007 at byte 2");
    BOOST_TEST(fault_of("abc\n") == "id: has control character U+000A at byte 3");
    BOOST_TEST(fault_of(std::string_view("\0abc", 4)) == "id: has control character U+0000 at byte 0");
    BOOST_TEST(fault_of("a\x7F") == "id: has control character U+007F at byte 1");
    BOOST_TEST(fault_of("€\u0085x") == "id: has control character U+0085 at byte 3");
    BOOST_TEST(fault_of(" abc") == "id: has blank U+0020 at byte 0, at its beginning");
    BOOST_TEST(fault_of("abc ") == "id: has blank U+0020 at byte 3, at its end");
    BOOST_TEST(fault_of("abc\u00A0") == "id: has blank U+00A0 at byte 3, at its end");
    BOOST_TEST(fault_of("\uFEFFabc") == "id: has blank U+FEFF at byte 0, at its beginning");
    BOOST_TEST(fault_of("abc\u200B") == "id: has blank U+200B at byte 3, at its end");
    for (const std::string_view id : {"a b", "é", "😀", "a", "e28e82dc-9df2-4b47-b726-d0a222ef2ab5", "a/b?c"})
        BOOST_TEST(fault_of(id) == "", id);
    BOOST_TEST(fault(key_update{"id"}.limit_period(limit_period{"MONTH\n"})) ==
               "limit_period: has control character U+000A at byte 5");
}

BOOST_AUTO_TEST_CASE(limits_run_from_0_to_9999999999)
{
    for (const double limit : {0.0, -0.0, 0.01, 50.0, 9'999'999'999.0, std::numeric_limits<double>::denorm_min()}) {
        BOOST_TEST(valid(key_update{"id"}.usd(limit)), limit);
        BOOST_TEST(valid(key_update{"id"}.diem(limit)), limit);
        BOOST_TEST(valid(key_update{"id"}.vcu(limit)), limit);
    }
    const double infinity = std::numeric_limits<double>::infinity();
    const double above = std::nextafter(9'999'999'999.0, infinity);
    const double below = -std::numeric_limits<double>::denorm_min();
    for (const double limit : {above, below, -1.0, 1e10, 1e300, infinity, -infinity, std::nan("")}) {
        BOOST_TEST(fault(key_update{"id"}.usd(limit)) == "usd: must be in 0 … 9999999999", limit);
        BOOST_TEST(fault(key_update{"id"}.diem(limit)) == "diem: must be in 0 … 9999999999", limit);
        BOOST_TEST(fault(key_update{"id"}.vcu(limit)) == "vcu: must be in 0 … 9999999999", limit);
    }
}

BOOST_AUTO_TEST_CASE(a_description_has_at_most_64_code_points)
{
    for (const std::string_view one : {"a", "é", "€", "😀"}) {
        BOOST_TEST(valid(described(repeated(one, 64))), one);
        BOOST_TEST(fault(described(repeated(one, 65))) == "description: 65 characters, at most 64", one);
    }
    BOOST_TEST(valid(described("")));
    BOOST_TEST(valid(described("line\nand \"quotes\" and \\")));
    BOOST_TEST(fault(described("\xC3")) == "description: is not UTF-8");
    BOOST_TEST(fault(described("\xED\xA0\x80")) == "description: is not UTF-8");
}

BOOST_AUTO_TEST_CASE(a_cleared_description_is_the_empty_text)
{
    const key_update update = key_update{"id"}.description(clear);
    BOOST_REQUIRE(update.description().has_value());
    BOOST_TEST(update.description()->empty());
}

BOOST_AUTO_TEST_CASE(enumerations_need_a_text)
{
    BOOST_TEST(fault(key_update{"id"}.limit_period(limit_period::other)) == "limit_period: is empty");
    BOOST_TEST(fault(key_update{"id"}.model_privacy(model_privacy::other)) == "model_privacy: is empty");
    BOOST_TEST(fault(key_update{"id"}.limit_period(limit_period{"\xFF"})) == "limit_period: is not UTF-8");
    BOOST_TEST(fault(key_update{"id"}.model_privacy(model_privacy{"\xFF"})) == "model_privacy: is not UTF-8");
    BOOST_TEST(valid(key_update{"id"}.limit_period(limit_period{"FORTNIGHT"})));
}

BOOST_AUTO_TEST_CASE(an_expiration_has_one_of_two_forms)
{
    BOOST_TEST(valid(key_update{"id"}.expires_at("2028-02-29")));
    BOOST_TEST(valid(key_update{"id"}.expires_at("2023-10-01T12:00:00Z")));
    BOOST_TEST(valid(key_update{"id"}.expires_at("2023-10-01T12:00:00.000Z")));
    const std::string refusal = "expires_at: is neither a day as YYYY-MM-DD nor a time as YYYY-MM-DDTHH:MM:SS[.mmm]Z";
    for (const std::string_view text : {"2026-02-30", "tomorrow", " ", "2023-10-01T12:00:00", "null"})
        BOOST_TEST(fault(key_update{"id"}.expires_at(text)) == refusal, text);
    BOOST_TEST(fault(key_update{"id"}.expires_at(timestamp::max())) == refusal);
    BOOST_TEST(fault(key_update{"id"}.expires_at(timestamp::min())) == refusal);
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

BOOST_AUTO_TEST_CASE(the_first_fault_is_named)
{
    BOOST_TEST(fault(key_update{""}.usd(-1).description("\xFF")) == "id: is empty");
    BOOST_TEST(fault(key_update{"id"}.description("\xFF").diem(-1)) == "diem: must be in 0 … 9999999999");
}

BOOST_AUTO_TEST_SUITE_END()
