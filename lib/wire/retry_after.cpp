#include "wire/retry_after.hpp"

#include "model/small_letter.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace venice_keys::wire {

namespace {

constexpr std::chrono::seconds longest_retry_after{24 * 60 * 60};

std::optional<unsigned> whole_number(std::string_view digits)
{
    unsigned number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, ec] = std::from_chars(digits.data(), end, number);
    if (ec != std::errc{} || stop != end)
        return std::nullopt;
    return number;
}

// Takes from the front of `text` the characters for which `part` is true.
template <class Function>
std::string_view take_while(std::string_view& text, Function part)
{
    const auto end = std::ranges::find_if_not(text, part);
    const auto taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(taken.size());
    return taken;
}

std::optional<std::chrono::milliseconds> unit_of(std::string_view word) noexcept
{
    struct unit {
        std::array<std::string_view, 3> names; // an `s` may follow one of more than two letters
        std::chrono::milliseconds length;
    };
    using namespace std::chrono_literals;
    static constexpr std::array<unit, 5> units{{{{"ms", "msec", "millisecond"}, 1ms},
                                                {{"s", "sec", "second"}, 1s},
                                                {{"m", "min", "minute"}, 1min},
                                                {{"h", "hr", "hour"}, 1h},
                                                {{"d", "day", "day"}, 24h}}};
    for (const unit& each : units)
        for (const std::string_view name : each.names)
            if (detail::is_in_any_case(word, name) ||
                (name.size() > 2 && (word.ends_with('s') || word.ends_with('S')) &&
                 detail::is_in_any_case(word.substr(0, word.size() - 1), name)))
                return each.length;
    return std::nullopt;
}

// The number `digits`.`fraction` times the unit, rounded up to milliseconds; at most little more than the longest.
std::chrono::milliseconds multiply(std::string_view digits, std::string_view fraction, std::chrono::milliseconds unit)
{
    constexpr std::int64_t millionths = 1'000'000;
    std::int64_t whole = 0;
    for (const char digit : digits)
        whole = std::min<std::int64_t>(whole * 10 + (digit - '0'), millionths * millionths);
    if (whole >= longest_retry_after / unit)
        return longest_retry_after;
    std::int64_t parts = 0;
    std::int64_t worth = millionths;
    for (const char digit : fraction) {
        worth /= 10;
        parts += worth * (digit - '0');
        if (worth == 0 && digit != '0') {
            ++parts; // rounds up what is finer than a millionth
            break;
        }
    }
    return whole * unit + std::chrono::milliseconds((parts * unit.count() + millionths - 1) / millionths);
}

// Reads a number of seconds, or numbers with units: `30s`, `1.5 minutes`, `1h 30m`. Rounds up to seconds.
std::optional<std::chrono::seconds> to_duration(std::string_view text)
{
    const auto is_blank = [](char c) {
        return c == ' ' || c == '\t';
    };
    take_while(text, is_blank);
    std::chrono::milliseconds sum(0);
    bool first = true;
    do {
        const std::string_view digits = take_while(text, detail::is_digit);
        std::string_view fraction;
        if (text.starts_with('.')) {
            text.remove_prefix(1);
            fraction = take_while(text, detail::is_digit);
        }
        if (digits.empty() && fraction.empty())
            return std::nullopt;
        take_while(text, is_blank);
        const std::string_view word = take_while(text, detail::is_letter);
        take_while(text, is_blank);
        const bool bare = word.empty() && first && text.empty();
        const auto unit = bare ? std::chrono::milliseconds(std::chrono::seconds(1)) : unit_of(word);
        if (!unit)
            return std::nullopt;
        sum = std::min<std::chrono::milliseconds>(sum + multiply(digits, fraction, *unit), longest_retry_after);
        first = false;
    } while (!text.empty());
    return std::chrono::ceil<std::chrono::seconds>(sum);
}

} // namespace

// `Sun, 06 Nov 1994 08:49:37 GMT`; the obsolete forms `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text, std::chrono::sys_seconds now)
{
    static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::array<std::string_view, 6> words;
    std::size_t count = 0;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of(" -,");
        if (end != 0) {
            if (count == words.size())
                return std::nullopt;
            words[count++] = text.substr(0, end);
        }
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    const bool asctime = count == 5;
    if (!asctime && (count != 6 || words[5] != "GMT"))
        return std::nullopt;
    const auto day = whole_number(asctime ? words[2] : words[1]);
    const auto month = std::ranges::find(months, asctime ? words[1] : words[2]);
    auto year = whole_number(asctime ? words[4] : words[3]);
    const std::string_view clock = asctime ? words[3] : words[4];
    if (!day || month == months.end() || !year || *year > 9999 || clock.size() != 8 || clock[2] != ':' ||
        clock[5] != ':')
        return std::nullopt;
    if (words[3].size() == 2 && !asctime) {
        // A year of two digits is in the century that puts it at most 50 years ahead.
        const int this_year =
            static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now)).year());
        int full = this_year / 100 * 100 + 100 + static_cast<int>(*year);
        while (full > this_year + 50)
            full -= 100;
        year = static_cast<unsigned>(full);
    }
    const auto hours = whole_number(clock.substr(0, 2));
    const auto minutes = whole_number(clock.substr(3, 2));
    const auto seconds = whole_number(clock.substr(6, 2));
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                                           std::chrono::day(*day));
    if (*day > 31 || !date.ok() || !hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
           std::chrono::seconds(*seconds);
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, std::chrono::sys_seconds now)
{
    std::optional<std::chrono::milliseconds> longest;
    const auto take = [&longest](std::chrono::milliseconds wait) {
        wait = std::clamp<std::chrono::milliseconds>(wait, std::chrono::milliseconds(0), longest_retry_after);
        longest = std::max(longest.value_or(wait), wait);
    };
    const auto comma_from = [text](std::size_t from) {
        return std::min(text.find(',', from), text.size());
    };
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = comma_from(begin);
        const std::string_view one = text.substr(begin, end - begin);
        if (const auto duration = to_duration(one)) {
            take(*duration);
        } else if (const auto date = parse_http_date(one, now)) {
            take(*date - now);
        } else if (end != text.size()) {
            // Two of a date's forms have a comma behind the day of the week.
            const std::size_t second = comma_from(end + 1);
            if (const auto whole = parse_http_date(text.substr(begin, second - begin), now)) {
                take(*whole - now);
                end = second;
            }
        }
        begin = end + 1;
    }
    return longest;
}

server_clock::time server_clock::read(std::string_view date, time local)
{
    constexpr std::chrono::seconds close_enough{2}; // a Date has whole seconds, and was on its way
    if (!date.empty() && date != last_) {
        last_ = date;
        offset_ = {};
        if (const auto parsed = parse_http_date(date, std::chrono::floor<std::chrono::seconds>(local)))
            offset_ = *parsed - local;
        if (std::chrono::abs(offset_) <= close_enough)
            offset_ = {};
    }
    return local + offset_;
}

} // namespace venice_keys::wire
