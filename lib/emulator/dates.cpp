#include "emulator/dates.hpp"

#include <array>
#include <chrono>
#include <cstddef>

namespace venice_keys::emulation {

namespace {

// Takes the text from the left; what does not fit makes it bad for good.
class scanner {
public:
    explicit scanner(std::string_view text) : rest_(text) {}

    unsigned digits(std::size_t count)
    {
        unsigned value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (i >= rest_.size() || rest_[i] < '0' || rest_[i] > '9') {
                good_ = false;
                return 0;
            }
            value = value * 10 + static_cast<unsigned>(rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    void literal(char wanted)
    {
        if (!optional_literal(wanted))
            good_ = false;
    }

    bool optional_literal(char wanted)
    {
        if (rest_.empty() || rest_.front() != wanted)
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] bool good() const { return good_; }

private:
    std::string_view rest_;
    bool good_ = true;
};

void append_digits(std::string& out, unsigned value, unsigned count)
{
    std::array<char, 10> digits{};
    for (unsigned i = count; i-- > 0; value /= 10)
        digits[i] = static_cast<char>('0' + value % 10);
    out.append(digits.data(), count);
}

struct clock_time {
    std::chrono::year_month_day day;
    unsigned weekday;
    std::chrono::hh_mm_ss<std::chrono::milliseconds> time;

    explicit clock_time(timestamp when)
        : day(std::chrono::floor<std::chrono::days>(when)),
          weekday(std::chrono::weekday{std::chrono::floor<std::chrono::days>(when)}.c_encoding()),
          time(when - std::chrono::floor<std::chrono::days>(when))
    {
    }
};

void append_time_of_day(std::string& out, const clock_time& when)
{
    append_digits(out, static_cast<unsigned>(when.time.hours().count()), 2);
    out += ':';
    append_digits(out, static_cast<unsigned>(when.time.minutes().count()), 2);
    out += ':';
    append_digits(out, static_cast<unsigned>(when.time.seconds().count()), 2);
}

} // namespace

std::optional<timestamp> read_date(std::string_view text)
{
    scanner scan{text};
    const unsigned year = scan.digits(4);
    scan.literal('-');
    const unsigned month = scan.digits(2);
    scan.literal('-');
    const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(year)}, std::chrono::month{month},
                                          std::chrono::day{scan.digits(2)}};
    unsigned hours = 0;
    unsigned minutes = 0;
    unsigned seconds = 0;
    unsigned milliseconds = 0;
    if (scan.optional_literal('T')) {
        hours = scan.digits(2);
        scan.literal(':');
        minutes = scan.digits(2);
        scan.literal(':');
        seconds = scan.digits(2);
        if (scan.optional_literal('.'))
            milliseconds = scan.digits(3);
        scan.literal('Z');
    }
    if (!scan.good() || !scan.at_end() || !day.ok() || hours > 23 || minutes > 59 || seconds > 59)
        return std::nullopt;
    return timestamp{std::chrono::sys_days{day}} + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
           std::chrono::seconds{seconds} + std::chrono::milliseconds{milliseconds};
}

std::string write_date(timestamp when)
{
    const clock_time at{when};
    std::string out;
    append_digits(out, static_cast<unsigned>(static_cast<int>(at.day.year())), 4);
    out += '-';
    append_digits(out, static_cast<unsigned>(at.day.month()), 2);
    out += '-';
    append_digits(out, static_cast<unsigned>(at.day.day()), 2);
    out += 'T';
    append_time_of_day(out, at);
    out += '.';
    append_digits(out, static_cast<unsigned>(at.time.subseconds().count()), 3);
    out += 'Z';
    return out;
}

std::string write_http_date(timestamp when)
{
    static constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const clock_time at{when};
    std::string out{weekdays[at.weekday]};
    out += ", ";
    append_digits(out, static_cast<unsigned>(at.day.day()), 2);
    out += ' ';
    out += months[static_cast<unsigned>(at.day.month()) - 1];
    out += ' ';
    append_digits(out, static_cast<unsigned>(static_cast<int>(at.day.year())), 4);
    out += ' ';
    append_time_of_day(out, at);
    out += " GMT";
    return out;
}

} // namespace venice_keys::emulation
