#include <venice_keys/timestamp.hpp>

#include "model/timestamp_text.hpp"
#include "support/printing.hpp"

#include <random>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_model_timestamp)

using namespace venice_keys;
using namespace venice_keys::detail;
using namespace std::chrono;

namespace {

bool reads(std::string_view text)
{
    return parse_timestamp(text).has_value();
}

std::string round_trip(std::string_view text)
{
    const std::optional<timestamp> when = parse_timestamp(text);
    return when ? to_string(*when) : "not a time";
}

} // namespace

BOOST_AUTO_TEST_CASE(a_day_is_its_midnight)
{
    BOOST_TEST(parse_timestamp("2023-10-01") == timestamp{sys_days{2023y / October / 1}});
    BOOST_TEST(round_trip("2023-10-01") == "2023-10-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(a_time_has_seconds_and_may_have_milliseconds)
{
    const timestamp noon = sys_days{2023y / October / 1} + 12h + 34min + 56s;
    BOOST_TEST(parse_timestamp("2023-10-01T12:34:56Z") == noon);
    BOOST_TEST(parse_timestamp("2023-10-01T12:34:56.789Z") == noon + 789ms);
    BOOST_TEST(parse_timestamp("1970-01-01T00:00:00Z") == timestamp{});
    BOOST_TEST(parse_timestamp("1969-12-31T23:59:59.999Z") == timestamp{-1ms});
}

BOOST_AUTO_TEST_CASE(the_calendar_is_the_real_one)
{
    BOOST_TEST(reads("2024-02-29"));
    BOOST_TEST(reads("2000-02-29"));
    BOOST_TEST(!reads("2023-02-29"));
    BOOST_TEST(!reads("1900-02-29"));
    BOOST_TEST(!reads("2100-02-29"));
    BOOST_TEST(!reads("2026-02-30"));
    BOOST_TEST(reads("2026-04-30"));
    BOOST_TEST(!reads("2026-04-31"));
    BOOST_TEST(reads("2026-12-31"));
    BOOST_TEST(!reads("2026-12-32"));
    BOOST_TEST(!reads("2026-13-01"));
    BOOST_TEST(!reads("2026-00-01"));
    BOOST_TEST(!reads("2026-01-00"));
    BOOST_TEST(!reads("2026-02-30T00:00:00Z"));
}

BOOST_AUTO_TEST_CASE(the_clock_ends_at_23_59_59_999)
{
    BOOST_TEST(reads("2026-01-01T23:59:59.999Z"));
    BOOST_TEST(!reads("2026-01-01T24:00:00Z"));
    BOOST_TEST(!reads("2026-01-01T23:60:00Z"));
    BOOST_TEST(!reads("2026-01-01T23:59:60Z"));
}

BOOST_AUTO_TEST_CASE(years_run_from_0000_to_9999)
{
    BOOST_TEST(round_trip("0000-01-01") == "0000-01-01T00:00:00.000Z");
    BOOST_TEST(round_trip("0000-02-29") == "0000-02-29T00:00:00.000Z");
    BOOST_TEST(round_trip("9999-12-31T23:59:59.999Z") == "9999-12-31T23:59:59.999Z");
    const timestamp first = *parse_timestamp("0000-01-01");
    const timestamp last = *parse_timestamp("9999-12-31T23:59:59.999Z");
    BOOST_TEST(to_string(first - 1ms) == "");
    BOOST_TEST(to_string(last + 1ms) == "");
    BOOST_TEST(to_string(timestamp::min()) == "");
    BOOST_TEST(to_string(timestamp::max()) == "");
    BOOST_TEST(has_text(first));
    BOOST_TEST(has_text(last));
    BOOST_TEST(!has_text(first - 1ms));
    BOOST_TEST(!has_text(last + 1ms));
}

BOOST_AUTO_TEST_CASE(every_other_form_is_refused)
{
    for (const std::string_view text : {"",
                                        "2023",
                                        "2023-10",
                                        "2023-1-01",
                                        "2023-10-1",
                                        "20231001",
                                        "2023/10/01",
                                        " 2023-10-01",
                                        "2023-10-01 ",
                                        "2023-10-01T",
                                        "2023-10-01T12:34Z",
                                        "2023-10-01T12:34:56",
                                        "2023-10-01 12:34:56Z",
                                        "2023-10-01t12:34:56Z",
                                        "2023-10-01T12:34:56z",
                                        "2023-10-01T12:34:56.Z",
                                        "2023-10-01T12:34:56,789Z",
                                        "2023-10-01T12:34:56+0",
                                        "2023-10-01T12:34:56+2:00",
                                        "2023-10-01T12:34:56+02:0",
                                        "2023-10-01T12:34:56+020",
                                        "2023-10-01T12:34:56+24:00",
                                        "2023-10-01T12:34:56+02:60",
                                        "2023-10-01T12:34:56+02:00Z",
                                        "2023-10-01T12:34:56 +02:00",
                                        "2023-10-01T12:34:56.+02:00",
                                        "2023-10-01+02:00",
                                        "0000-01-01T00:00:00+00:01",
                                        "9999-12-31T23:59:00-00:01",
                                        "2023-10-01Z",
                                        "+023-10-01",
                                        "-023-10-01",
                                        "2023-10-0x",
                                        "2023-10-01T12:34:5xZ",
                                        "2023-10-01T12:34:56.78xZ",
                                        "12023-10-01",
                                        "2023-10-01T12:34:56.789Z "})
        BOOST_TEST(!reads(text), "read: " << text);
    BOOST_TEST(!reads(std::string_view("2023-10-01\0", 11)));
}

BOOST_AUTO_TEST_CASE(an_offset_is_what_the_clock_is_ahead_of_utc)
{
    const timestamp noon = sys_days{2023y / October / 1} + 12h;
    for (const std::string_view text :
         {"2023-10-01T12:00:00Z", "2023-10-01T12:00:00+00:00", "2023-10-01T12:00:00-00:00", "2023-10-01T14:00:00+02:00",
          "2023-10-01T14:00:00+0200", "2023-10-01T14:00:00+02", "2023-10-01T04:30:00-07:30", "2023-10-02T02:00:00+14",
          "2023-10-01T00:00:00-1200", "2023-10-01T14:00:00.000000+02:00"})
        BOOST_TEST(parse_timestamp(text) == noon, text);
    BOOST_TEST(parse_timestamp("2024-03-01T00:30:00+01:00") ==
               timestamp{sys_days{2024y / February / 29} + 23h + 30min});
}

BOOST_AUTO_TEST_CASE(a_fraction_has_any_number_of_digits_and_is_cut_to_milliseconds)
{
    const timestamp noon = sys_days{2023y / October / 1} + 12h;
    BOOST_TEST(parse_timestamp("2023-10-01T12:00:00.7Z") == noon + 700ms);
    BOOST_TEST(parse_timestamp("2023-10-01T12:00:00.78Z") == noon + 780ms);
    BOOST_TEST(parse_timestamp("2023-10-01T12:00:00.7899Z") == noon + 789ms);
    BOOST_TEST(parse_timestamp("2023-10-01T12:00:00.000999999999999999999999Z") == noon);
    BOOST_TEST(parse_timestamp("1969-12-31T23:59:59.9999Z") == timestamp{-1ms});
}

BOOST_AUTO_TEST_CASE(the_service_takes_fewer_forms_than_are_read)
{
    for (const std::string_view text : {"2023-10-01", "2023-10-01T12:00:00Z", "2023-10-01T12:00:00.123Z"})
        BOOST_TEST(is_service_form(text), text);
    for (const std::string_view text : {"2023-10-01T12:00:00.7Z", "2023-10-01T12:00:00.1234Z",
                                        "2023-10-01T12:00:00+02:00", "2023-10-01T12:00:00+00:00", "2023-02-30", ""})
        BOOST_TEST(!is_service_form(text), text);
}

BOOST_AUTO_TEST_CASE(one_wrong_byte_at_any_place_is_seen)
{
    const std::string good = "2023-10-01T12:34:56.789Z";
    for (std::size_t at = 0; at != good.size(); ++at) {
        for (const char wrong : {'x', ' ', '\0', '\xB1'}) {
            std::string text = good;
            text[at] = wrong;
            BOOST_TEST(!reads(text), "byte " << at << " as " << static_cast<int>(wrong));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back_as_the_same_time)
{
    std::mt19937_64 random{20'230'802};
    std::uniform_int_distribution<milliseconds::rep> any{parse_timestamp("0000-01-01")->time_since_epoch().count(),
                                                         parse_timestamp("9999-12-31")->time_since_epoch().count()};
    for (int i = 0; i != 20'000; ++i) {
        const timestamp when{milliseconds{any(random)}};
        const std::string text = to_string(when);
        BOOST_REQUIRE_MESSAGE(parse_timestamp(text) == when, text);
    }
}

BOOST_AUTO_TEST_CASE(appending_keeps_what_is_there)
{
    std::string out = "at ";
    append_timestamp(out, timestamp{});
    BOOST_TEST(out == "at 1970-01-01T00:00:00.000Z");
    append_timestamp(out, timestamp::max());
    BOOST_TEST(out == "at 1970-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_SUITE_END()
