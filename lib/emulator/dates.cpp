#include "emulator/dates.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>

namespace venice_keys::emulation {

namespace {

// In a form, a 0 stands for any digit, and every other character for itself.
bool has_form(std::string_view text, std::string_view form)
{
    return std::ranges::equal(text, form,
                              [](char c, char wanted) { return wanted == '0' ? c >= '0' && c <= '9' : c == wanted; });
}

// Returns the number in so many digits; it is 0 when the text ends before them.
unsigned number_at(std::string_view text, std::size_t place, std::size_t digits)
{
    unsigned number = 0;
    if (place < text.size())
        std::from_chars(text.data() + place, text.data() + place + digits, number);
    return number;
}

void put_number(std::string& text, std::size_t place, std::size_t digits, long number)
{
    for (; digits-- > 0; number /= 10)
        text[place + digits] = static_cast<char>('0' + number % 10);
}

struct clock_time {
    std::chrono::sys_days midnight;
    std::chrono::year_month_day day{midnight};
    std::chrono::hh_mm_ss<std::chrono::milliseconds> time;

    explicit clock_time(timestamp when) : midnight(std::chrono::floor<std::chrono::days>(when)), time(when - midnight)
    {
    }

    [[nodiscard]] int year() const { return static_cast<int>(day.year()); }
    [[nodiscard]] unsigned month() const { return static_cast<unsigned>(day.month()); }
    [[nodiscard]] unsigned day_of_month() const { return static_cast<unsigned>(day.day()); }
};

// Writes the time over a place of the form 00:00:00.
void put_time_of_day(std::string& text, std::size_t place, const clock_time& when)
{
    put_number(text, place, 2, when.time.hours().count());
    put_number(text, place + 3, 2, when.time.minutes().count());
    put_number(text, place + 6, 2, when.time.seconds().count());
}

} // namespace

std::optional<timestamp> read_date(std::string_view text)
{
    constexpr std::string_view forms[] = {"0000-00-00", "0000-00-00T00:00:00Z", "0000-00-00T00:00:00.000Z"};
    if (std::ranges::none_of(forms, [&](std::string_view form) { return has_form(text, form); }))
        return std::nullopt;
    const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(number_at(text, 0, 4))},
                                          std::chrono::month{number_at(text, 5, 2)},
                                          std::chrono::day{number_at(text, 8, 2)}};
    const unsigned hours = number_at(text, 11, 2);
    const unsigned minutes = number_at(text, 14, 2);
    const unsigned seconds = number_at(text, 17, 2);
    const unsigned milliseconds = number_at(text, 20, 3);
    if (!day.ok() || hours > 23 || minutes > 59 || seconds > 59)
        return std::nullopt;
    return timestamp{std::chrono::sys_days{day}} + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
           std::chrono::seconds{seconds} + std::chrono::milliseconds{milliseconds};
}

std::string write_date(timestamp when)
{
    const clock_time at{when};
    std::string out = "0000-00-00T00:00:00.000Z";
    put_number(out, 0, 4, at.year());
    put_number(out, 5, 2, at.month());
    put_number(out, 8, 2, at.day_of_month());
    put_time_of_day(out, 11, at);
    put_number(out, 20, 3, at.time.subseconds().count());
    return out;
}

std::string write_http_date(timestamp when)
{
    static constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const clock_time at{when};
    std::string out = "Sun, 00 Jan 0000 00:00:00 GMT";
    out.replace(0, 3, weekdays[std::chrono::weekday{at.midnight}.c_encoding()]);
    put_number(out, 5, 2, at.day_of_month());
    out.replace(8, 3, months[at.month() - 1]);
    put_number(out, 12, 4, at.year());
    put_time_of_day(out, 17, at);
    return out;
}

} // namespace venice_keys::emulation
