#include "wire/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace venice_keys::wire {

namespace {

constexpr std::chrono::seconds longest_retry_after{24 * 60 * 60};

std::optional<unsigned> to_number(std::string_view digits)
{
    unsigned number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, ec] = std::from_chars(digits.data(), end, number);
    if (ec != std::errc{} || stop != end)
        return std::nullopt;
    return number;
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
    const auto day = to_number(asctime ? words[2] : words[1]);
    const auto month = std::ranges::find(months, asctime ? words[1] : words[2]);
    auto year = to_number(asctime ? words[4] : words[3]);
    const std::string_view clock = asctime ? words[3] : words[4];
    if (!day || month == months.end() || !year || *year > 9999 || clock.size() != 8 || clock[2] != ':' ||
        clock[5] != ':')
        return std::nullopt;
    if (words[3].size() == 2 && !asctime) {
        // Two digits: the century that puts it not more than 50 years ahead.
        const int this_year =
            static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now)).year());
        int full = this_year / 100 * 100 + 100 + static_cast<int>(*year);
        while (full > this_year + 50)
            full -= 100;
        year = static_cast<unsigned>(full);
    }
    const auto hours = to_number(clock.substr(0, 2));
    const auto minutes = to_number(clock.substr(3, 2));
    const auto seconds = to_number(clock.substr(6, 2));
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
    const bool number = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (number) {
        std::int64_t seconds = 0;
        const auto ec = std::from_chars(text.data(), text.data() + text.size(), seconds).ec;
        if (ec == std::errc::result_out_of_range)
            return longest_retry_after;
        return std::min(std::chrono::seconds(seconds), longest_retry_after);
    }
    const auto date = parse_http_date(text, now);
    if (!date)
        return std::nullopt;
    return std::clamp(*date - now, std::chrono::seconds(0), longest_retry_after);
}

server_clock::time server_clock::read(std::string_view date, time local)
{
    constexpr std::chrono::seconds close_enough{2}; // a Date is cut to seconds, and was on its way
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
