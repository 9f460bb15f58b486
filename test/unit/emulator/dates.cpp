#include "emulator/dates.hpp"

#include "support/printing.hpp"

#include <chrono>
#include <string_view>

BOOST_AUTO_TEST_SUITE(unit_emulator_dates)

namespace {

using namespace std::chrono_literals;
using venice_keys::timestamp;
using venice_keys::emulation::read_date;
using venice_keys::emulation::write_date;
using venice_keys::emulation::write_http_date;

const timestamp october = std::chrono::sys_days{2023y / 10 / 1} + 12h + 34min + 56s + 789ms;

} // namespace

BOOST_AUTO_TEST_CASE(the_three_forms_are_read)
{
    BOOST_TEST(read_date("2023-10-01T12:34:56.789Z") == october);
    BOOST_TEST(read_date("2023-10-01T12:34:56Z") == october - 789ms);
    BOOST_TEST(read_date("2023-10-01") == timestamp{std::chrono::sys_days{2023y / 10 / 1}});
    BOOST_TEST(read_date("2024-02-29") == timestamp{std::chrono::sys_days{2024y / 2 / 29}});
}

BOOST_AUTO_TEST_CASE(anything_else_is_not)
{
    for (const std::string_view text : {"",
                                        "2023",
                                        "2023-10-1",
                                        "2023-10-01T",
                                        "2023-10-01T12:34Z",
                                        "2023-10-01T12:34:56",
                                        "2023-10-01T12:34:56.7Z",
                                        "2023-10-01T12:34:56.789",
                                        "2023-10-01T12:34:56.789+00:00",
                                        "2023-10-01T24:00:00Z",
                                        "2023-10-01T12:60:00Z",
                                        "2023-10-01T12:34:60Z",
                                        "2023-02-29",
                                        "2023-13-01",
                                        "2023-00-01",
                                        "2023-10-00",
                                        "2023-10-01 ",
                                        " 2023-10-01",
                                        "2023-10-01T12:34:56.789Zx",
                                        "-023-10-01",
                                        "2023/10/01"})
        BOOST_TEST(!read_date(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(dates_are_written_with_milliseconds)
{
    BOOST_TEST(write_date(october) == "2023-10-01T12:34:56.789Z");
    BOOST_TEST(write_date(timestamp{}) == "1970-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(the_example_of_rfc_9110_is_written_as_it_stands_there)
{
    BOOST_TEST(write_http_date(std::chrono::sys_days{1994y / 11 / 6} + 8h + 49min + 37s) ==
               "Sun, 06 Nov 1994 08:49:37 GMT");
}

BOOST_AUTO_TEST_SUITE_END()
