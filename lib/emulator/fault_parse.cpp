// A fault from one line of text.
#include "emulator/fault_access.hpp"

#include <venice_keys/emulator.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace venice_keys {

namespace {

struct part {
    std::string name;
    std::optional<std::string> value;
};

// Parts stand between commas; a backslash takes what follows literally, or makes it a line break.
std::vector<part> take_apart(std::string_view text)
{
    std::vector<part> parts(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        part& last = parts.back();
        std::string& target = last.value ? *last.value : last.name;
        char c = text[i];
        if (c == '\\' && i + 1 < text.size()) {
            c = text[++i];
            target += c == 'r' ? '\r' : c == 'n' ? '\n' : c;
        } else if (c == ',') {
            parts.emplace_back();
        } else if (c == '=' && !last.value) {
            last.value.emplace();
        } else {
            target += c;
        }
    }
    return parts;
}

template <class Number>
std::optional<Number> read_number(std::string_view text)
{
    Number value{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<std::chrono::milliseconds> read_time(std::string_view text)
{
    constexpr std::uint64_t most = 24ULL * 60 * 60 * 1000;
    std::uint64_t unit = 0;
    if (text.ends_with("ms")) {
        unit = 1;
        text.remove_suffix(2);
    } else if (text.ends_with('s')) {
        unit = 1000;
        text.remove_suffix(1);
    }
    const auto count = read_number<std::uint64_t>(text);
    if (unit == 0 || !count || *count > most / unit)
        return std::nullopt;
    return std::chrono::milliseconds{*count * unit};
}

std::optional<fault::behind> read_behind(std::string_view text)
{
    if (text == "close")
        return fault::behind::close;
    if (text == "drop")
        return fault::behind::drop;
    if (text == "ignore")
        return fault::behind::ignore;
    if (text == "refuse")
        return fault::behind::refuse;
    return std::nullopt;
}

// Methods have a case, and those of this resource are capitals.
bool is_method(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_field_value(std::string_view text)
{
    return !text.empty() && std::none_of(text.begin(), text.end(),
                                         [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; });
}

error wrong(const std::string& what)
{
    return error{errc::invalid_argument, "fault: " + what};
}

error bad_value(const part& of, std::string_view wanted)
{
    if (!of.value)
        return wrong("'" + of.name + "' needs a value: " + std::string{wanted});
    return wrong("'" + of.name + "' wants " + std::string{wanted} + ", not '" + *of.value + "'");
}

result<fault> read_kind(const part& first)
{
    const std::string_view value = first.value ? std::string_view{*first.value} : std::string_view{};
    if (first.name == "delay" || first.name == "service") {
        const auto time = read_time(value);
        if (!time)
            return bad_value(first, "a time such as 250ms or 2s, of at most 24 hours");
        return first.name == "delay" ? fault::delay(*time) : fault::service(*time);
    }
    if (first.name == "overread") {
        const auto what = read_behind(value);
        return what ? result<fault>{fault::overread(*what)} : bad_value(first, "close, drop, ignore or refuse");
    }
    if (first.name == "answer") {
        const auto status = read_number<unsigned>(value);
        const bool good = status && *status >= 200 && *status <= 599;
        return good ? result<fault>{fault::answer(*status)} : bad_value(first, "a status of 200 to 599");
    }
    if (first.name == "cut") {
        const auto bytes = read_number<std::size_t>(value);
        return bytes ? result<fault>{fault::cut(*bytes)} : bad_value(first, "a number of bytes");
    }
    if (first.name == "raw")
        return first.value ? result<fault>{fault::raw(*first.value)} : bad_value(first, "the bytes to send");

    result<fault> plain =
        wrong("unknown kind '" + first.name +
              "'; there are close, reset, stall, delay, service, answer, cut, swap, malformed, raw and "
              "overread");
    if (first.name == "close")
        plain = fault::close();
    else if (first.name == "reset")
        plain = fault::reset();
    else if (first.name == "stall")
        plain = fault::stall();
    else if (first.name == "swap")
        plain = fault::swap();
    else if (first.name == "malformed")
        plain = fault::malformed();
    if (plain && first.value)
        return wrong("'" + first.name + "' takes no value");
    return plain;
}

result<fault> modify(fault rule, const part& by)
{
    const std::string_view value = by.value ? std::string_view{*by.value} : std::string_view{};
    const auto count = read_number<std::uint64_t>(value);
    if (by.name == "after")
        return count ? result<fault>{std::move(rule).after(*count)} : bad_value(by, "a number of requests");
    if (by.name == "times")
        return count ? result<fault>{std::move(rule).times(*count)} : bad_value(by, "a number of strikes");
    if (by.name == "every")
        return count ? result<fault>{std::move(rule).every(*count)} : bad_value(by, "a number of requests");
    if (by.name == "random") {
        const auto chance = read_number<double>(value);
        const bool good = chance && *chance >= 0 && *chance <= 1;
        return good ? result<fault>{std::move(rule).at_random(*chance)} : bad_value(by, "a probability of 0 to 1");
    }
    if (by.name == "applied") {
        if (value == "before")
            return std::move(rule).applied(fault::apply::before);
        if (value == "never")
            return std::move(rule).applied(fault::apply::never);
        if (value == "late")
            return std::move(rule).applied(fault::apply::late);
        return bad_value(by, "before, never or late");
    }
    if (by.name == "only")
        return !value.empty() ? result<fault>{std::move(rule).only_for(std::string{value})}
                              : bad_value(by, "a text of the request");
    if (by.name == "method")
        return is_method(value) ? result<fault>{std::move(rule).only_method(std::string{value})}
                                : bad_value(by, "a method such as POST");
    if (by.name == "retry-after") {
        if (fault_access{rule}.kind() != fault::kind::answer)
            return wrong("'retry-after' is for 'answer' alone");
        return is_field_value(value) ? result<fault>{std::move(rule).retry_after(std::string{value})}
                                     : bad_value(by, "seconds or a date");
    }
    if (by.name == "text") {
        if (fault_access{rule}.kind() != fault::kind::answer)
            return wrong("'text' is for 'answer' alone");
        return !value.empty() ? result<fault>{std::move(rule).text(std::string{value})}
                              : bad_value(by, "the text of the error");
    }
    if (by.name == "body") {
        if (fault_access{rule}.kind() != fault::kind::answer)
            return wrong("'body' is for 'answer' alone");
        return !value.empty() ? result<fault>{std::move(rule).body(std::string{value})} : bad_value(by, "a body");
    }
    return wrong("unknown modifier '" + by.name +
                 "'; there are after, times, every, random, applied, only, method, retry-after, text and body");
}

} // namespace

result<fault> fault::parse(std::string_view text)
{
    const std::vector<part> parts = take_apart(text);
    result<fault> rule = read_kind(parts.front());
    for (std::size_t i = 1; rule && i < parts.size(); ++i)
        rule = modify(std::move(*rule), parts[i]);
    return rule;
}

} // namespace venice_keys
