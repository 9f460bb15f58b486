// The rules that updates and creations share, shown by an update; new_key.cpp shows that creations have them too.
#include "model/key_rules.hpp"

#include "unit/model/update_faults.hpp"
#include "unit/support/repeated.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_key_rules)

using namespace venice_keys;
using namespace update_faults;
using venice_keys::test::repeated;

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
        BOOST_TEST(fault(key_update{"id"}.usd(limit)) ==
                       "usd: " + key_rules::text_of(limit) + " is not in 0 … 9999999999",
                   limit);
        BOOST_TEST(fault(key_update{"id"}.diem(limit)) ==
                       "diem: " + key_rules::text_of(limit) + " is not in 0 … 9999999999",
                   limit);
        BOOST_TEST(fault(key_update{"id"}.vcu(limit)) ==
                       "vcu: " + key_rules::text_of(limit) + " is not in 0 … 9999999999",
                   limit);
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
    const std::string refusal = " is neither a day as YYYY-MM-DD nor a time as YYYY-MM-DDTHH:MM:SS[.mmm]Z";
    for (const std::string_view text : {"2026-02-30", "tomorrow", "2023-10-01T12:00:00", "null"})
        BOOST_TEST(fault(key_update{"id"}.expires_at(text)) == "expires_at: '" + std::string(text) + "'" + refusal);
    BOOST_TEST(fault(key_update{"id"}.expires_at(" ")) == "expires_at: ''" + refusal); // shown on one line
    BOOST_TEST(fault(key_update{"id"}.expires_at("to\nday")) == "expires_at: 'to day'" + refusal);
    BOOST_TEST(fault(key_update{"id"}.expires_at(std::string(1'000, '1'))).size() < 200U);
    for (const timestamp when : {timestamp::max(), timestamp::min()})
        BOOST_TEST(fault(key_update{"id"}.expires_at(when)) == "expires_at: the time is not in the years 0 … 9999");
}

BOOST_AUTO_TEST_CASE(the_first_fault_is_named)
{
    BOOST_TEST(fault(key_update{""}.usd(-1).description("\xFF")) == "id: is empty");
    BOOST_TEST(fault(key_update{"id"}.description("\xFF").diem(-1)) == "diem: -1 is not in 0 … 9999999999");
}

BOOST_AUTO_TEST_SUITE_END()
