// Durations and times of any unit, as users write them.
#include <venice_keys/detail/whole_milliseconds.hpp>

#include "support/printing.hpp"

#include <venice_keys/call_options.hpp>
#include <venice_keys/key_update.hpp>
#include <venice_keys/new_key.hpp>
#include <venice_keys/timestamp.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>

BOOST_AUTO_TEST_SUITE(unit_model_whole_milliseconds)

using namespace venice_keys;
using namespace std::chrono_literals;
using detail::whole_milliseconds;
using std::chrono::milliseconds;
using std::chrono::system_clock;

namespace {

using short_minutes = std::chrono::duration<std::uint8_t, std::ratio<60>>;
using thirds = std::chrono::duration<int, std::ratio<1, 3>>;
constexpr timestamp noon = std::chrono::sys_days{2026y / 11 / 27} + 12h;

} // namespace

BOOST_AUTO_TEST_CASE(durations_are_rounded_down)
{
    BOOST_TEST(whole_milliseconds(5s) == 5000ms);
    BOOST_TEST(whole_milliseconds(2.5s) == 2500ms);
    BOOST_TEST(whole_milliseconds(1999us) == 1ms);
    BOOST_TEST(whole_milliseconds(999ns) == 0ms);
    BOOST_TEST(whole_milliseconds(-1us) == -1ms); // down, and not towards 0
    BOOST_TEST(whole_milliseconds(std::chrono::duration<float>{0.25F}) == 250ms);
    BOOST_TEST(whole_milliseconds(short_minutes{2}) == 2min);
    BOOST_TEST(whole_milliseconds(thirds{2}) == 666ms);
}

BOOST_AUTO_TEST_CASE(a_duration_that_milliseconds_can_not_hold_becomes_an_end_of_their_range)
{
    using std::chrono::duration;
    constexpr double infinite = std::numeric_limits<double>::infinity();
    BOOST_TEST(whole_milliseconds(std::chrono::hours::max()) == milliseconds::max());
    BOOST_TEST(whole_milliseconds(std::chrono::hours::min()) == milliseconds::min());
    BOOST_TEST(whole_milliseconds(duration<double>{infinite}) == milliseconds::max());
    BOOST_TEST(whole_milliseconds(duration<double>{-infinite}) == milliseconds::min());
    BOOST_TEST(whole_milliseconds(duration<double>{1e300}) == milliseconds::max());
    BOOST_TEST(whole_milliseconds(duration<double>{std::numeric_limits<double>::quiet_NaN()}) == milliseconds::min());
    BOOST_TEST(whole_milliseconds(milliseconds::max()) == milliseconds::max());
    BOOST_TEST(whole_milliseconds(milliseconds::min()) == milliseconds::min());
}

BOOST_AUTO_TEST_CASE(times_of_the_systems_clock_become_timestamps)
{
    BOOST_TEST(to_timestamp(noon + 1999us) == noon + 1ms);
    BOOST_TEST(to_timestamp(std::chrono::sys_days{2026y / 11 / 27}) == noon - 12h);
    BOOST_TEST(to_timestamp(timestamp{} - 1ns) == timestamp{} - 1ms); // before 1970, too, it is the earlier one
    BOOST_TEST(to_timestamp(std::chrono::sys_time<std::chrono::hours>::max()) == timestamp::max());
    BOOST_TEST(to_timestamp(system_clock::now() + 24h) > to_timestamp(system_clock::now()));
}

BOOST_AUTO_TEST_CASE(expirations_take_times_in_any_unit)
{
    const auto fine = std::chrono::sys_time<std::chrono::nanoseconds>(noon) + 1'999'999ns;
    const std::string text = "2026-11-27T12:00:00.001Z";
    BOOST_TEST(key_update{"id"}.expires_at(fine).expires_at()->text() == text);
    BOOST_TEST(new_key(key_type::inference, "d").expires_at(fine).expires_at()->text() == text);
    key_update update{"id"};
    new_key key{key_type::inference, "d"};
    BOOST_TEST(update.expires_at(std::chrono::floor<std::chrono::hours>(fine)).expires_at()->text() ==
               "2026-11-27T12:00:00.000Z");
    BOOST_TEST(key.expires_at(system_clock::now() + 24h).validate());
    BOOST_TEST(!update.expires_at(std::chrono::sys_time<std::chrono::hours>::max()).validate());
}

BOOST_AUTO_TEST_CASE(options_of_a_call_take_durations_of_any_unit)
{
    BOOST_TEST(call_options{}.timeout(2.5s).timeout() == 2500ms);
    BOOST_TEST(call_options{}.timeout(1500us).confirm(1h).timeout() == 1ms);
    BOOST_TEST(call_options{}.confirm(0.25s).confirm_reserve() == 250ms);
    BOOST_TEST(call_options{}.confirm().confirm_reserve() == 5s);
    call_options options;
    options.timeout(1min).confirm(999us);
    BOOST_TEST(options.timeout() == 60s);
    BOOST_TEST(options.confirm_reserve() == 0ms); // which is refused, as being out of range
}

BOOST_AUTO_TEST_SUITE_END()
