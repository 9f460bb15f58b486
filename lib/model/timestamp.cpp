#include <venice_keys/timestamp.hpp>

#include "model/timestamp_text.hpp"

#include <cstddef>

namespace venice_keys {

namespace {

using namespace std::chrono;

constexpr timestamp earliest = sys_days{year{0} / January / 1};
constexpr timestamp too_late = sys_days{year{10'000} / January / 1};

constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

// Whether `text` has the shape of `form`, in which 0 stands for any digit.
constexpr bool has_form(std::string_view text, std::string_view form) noexcept
{
    if (text.size() != form.size())
        return false;
    for (std::size_t i = 0; i != form.size(); ++i) {
        if (form[i] == '0' ? !is_digit(text[i]) : text[i] != form[i])
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

} // namespace

std::optional<timestamp> parse_timestamp(std::string_view text) noexcept
{
    const bool with_milliseconds = has_form(text, "0000-00-00T00:00:00.000Z");
    const bool with_time = with_milliseconds || has_form(text, "0000-00-00T00:00:00Z");
    if (!with_time && !has_form(text, "0000-00-00"))
        return std::nullopt;

    const year_month_day date{year{static_cast<int>(number(text.substr(0, 4)))}, month{number(text.substr(5, 2))},
                              day{number(text.substr(8, 2))}};
    if (!date.ok())
        return std::nullopt;
    timestamp when = sys_days{date};
    if (with_time) {
        const unsigned hour = number(text.substr(11, 2));
        const unsigned minute = number(text.substr(14, 2));
        const unsigned second = number(text.substr(17, 2));
        if (hour > 23 || minute > 59 || second > 59)
            return std::nullopt;
        when += hours{hour} + minutes{minute} + seconds{second};
    }
    if (with_milliseconds)
        when += milliseconds{number(text.substr(20, 3))};
    return when;
}

bool has_text(timestamp when) noexcept
{
    return when >= earliest && when < too_late;
}

void append_timestamp(std::string& out, timestamp when)
{
    if (!has_text(when))
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
    append_timestamp(text, when);
    return text;
}

} // namespace venice_keys
