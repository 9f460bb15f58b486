#include <venice_keys/timestamp.hpp>

#include "model/small_letter.hpp"
#include "model/timestamp_text.hpp"

#include <cstddef>

namespace venice_keys {

namespace {

using namespace std::chrono;

constexpr timestamp earliest = sys_days{year{0} / January / 1};
constexpr timestamp too_late = sys_days{year{10'000} / January / 1};

// Whether `text` has the shape of `form`, in which 0 stands for any digit.
constexpr bool has_form(std::string_view text, std::string_view form) noexcept
{
    if (text.size() != form.size())
        return false;
    for (std::size_t i = 0; i != form.size(); ++i) {
        if (form[i] == '0' ? !detail::is_digit(text[i]) : text[i] != form[i])
            return false;
    }
    return true;
}

constexpr unsigned number(std::string_view digits) noexcept
{
    unsigned value = 0;
    for (const char digit : digits)
        value = value * 10 + static_cast<unsigned>(digit - '0');
    return value;
}

// Takes a fraction like `.123456` off the front of `text`, if there is one. Empty when no digit follows the point.
std::optional<milliseconds> take_fraction(std::string_view& text) noexcept
{
    milliseconds value{0};
    if (!text.starts_with('.'))
        return value;
    text.remove_prefix(1);
    std::size_t digits = 0;
    for (int weight = 100; digits != text.size() && detail::is_digit(text[digits]); ++digits, weight /= 10)
        value += milliseconds{weight * (text[digits] - '0')};
    text.remove_prefix(digits);
    return digits == 0 ? std::nullopt : std::optional{value};
}

// How far the clock is ahead of UTC; empty when the text is no offset.
std::optional<minutes> offset_of(std::string_view text) noexcept
{
    if (text == "Z")
        return minutes{0};
    if (!text.starts_with('+') && !text.starts_with('-'))
        return std::nullopt;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const bool with_colon = has_form(text, "00:00");
    if (!with_colon && !has_form(text, "0000") && !has_form(text, "00"))
        return std::nullopt;
    const unsigned hour = number(text.substr(0, 2));
    const unsigned minute = text.size() == 2 ? 0 : number(text.substr(with_colon ? 3 : 2, 2));
    if (hour > 23 || minute > 59)
        return std::nullopt;
    return sign * (hours{hour} + minutes{minute});
}

} // namespace

bool detail::is_service_form(std::string_view text) noexcept
{
    return (has_form(text, "0000-00-00") || has_form(text, "0000-00-00T00:00:00Z") ||
            has_form(text, "0000-00-00T00:00:00.000Z")) &&
           parse_timestamp(text).has_value();
}

std::optional<timestamp> parse_timestamp(std::string_view text) noexcept
{
    constexpr std::string_view day_form = "0000-00-00";
    constexpr std::string_view clock_form = "00:00:00";
    if (!has_form(text.substr(0, day_form.size()), day_form))
        return std::nullopt;
    const year_month_day date{year{static_cast<int>(number(text.substr(0, 4)))}, month{number(text.substr(5, 2))},
                              day{number(text.substr(8, 2))}};
    if (!date.ok())
        return std::nullopt;
    timestamp when = sys_days{date};
    text.remove_prefix(day_form.size());
    if (text.empty())
        return when;

    if (text.front() != 'T')
        return std::nullopt;
    text.remove_prefix(1);
    if (!has_form(text.substr(0, clock_form.size()), clock_form))
        return std::nullopt;
    const unsigned hour = number(text.substr(0, 2));
    const unsigned minute = number(text.substr(3, 2));
    const unsigned second = number(text.substr(6, 2));
    if (hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    when += hours{hour} + minutes{minute} + seconds{second};
    text.remove_prefix(clock_form.size());

    const std::optional<milliseconds> fraction = take_fraction(text);
    const std::optional<minutes> offset = offset_of(text);
    if (!fraction || !offset)
        return std::nullopt;
    when += *fraction - *offset;
    return detail::has_text(when) ? std::optional{when} : std::nullopt;
}

bool detail::has_text(timestamp when) noexcept
{
    return when >= earliest && when < too_late;
}

void detail::append_timestamp(std::string& out, timestamp when)
{
    if (!detail::has_text(when))
        return;
    const sys_days midnight = floor<days>(when);
    const year_month_day date{midnight};
    const hh_mm_ss time{when - midnight};

    const std::size_t start = out.size();
    out += "0000-00-00T00:00:00.000Z";
    const auto put = [&out, start](std::size_t end, std::size_t digits, auto value) {
        for (; digits != 0; --digits, value /= 10)
            out[start + --end] = static_cast<char>('0' + value % 10);
    };
    put(4, 4, static_cast<int>(date.year()));
    put(7, 2, static_cast<unsigned>(date.month()));
    put(10, 2, static_cast<unsigned>(date.day()));
    put(13, 2, time.hours().count());
    put(16, 2, time.minutes().count());
    put(19, 2, time.seconds().count());
    put(23, 3, time.subseconds().count());
}

std::string to_string(timestamp when)
{
    std::string text;
    detail::append_timestamp(text, when);
    return text;
}

} // namespace venice_keys
