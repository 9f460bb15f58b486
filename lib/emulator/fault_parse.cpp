// A fault from one line of text.
#include "emulator/fault_access.hpp"
#include "emulator/fault_text.hpp"

#include <venice_keys/emulator_fault.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace venice_keys {

namespace {

using namespace fault_text;

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

result<fault> read_kind(const term& first)
{
    const std::string_view value = first.value ? std::string_view{*first.value} : std::string_view{};
    if (first.name == "delay" || first.name == "service") {
        const auto time = read_time(value);
        if (!time)
            return bad_value(first, "a time such as 250ms or 2s, of at most 24 hours");
        return first.name == "delay" ? fault::delay(*time) : fault::service(*time);
    }
    if (first.name == "overread") {
        const auto what = find(behinds, value);
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

    if (first.name == "silent" && first.value) {
        const auto time = read_time(value);
        return time && time->count() > 0 ? result<fault>{fault::silent(*time)}
                                         : bad_value(first, "a time such as 250ms or 2s, of at most 24 hours");
    }
    if (first.name == "rst") {
        const auto why = read_code(value);
        return why ? result<fault>{fault::rst(*why)} : bad_value(first, a_code);
    }
    if (first.name == "goaway") {
        const auto last = find(lasts, value);
        return last ? result<fault>{fault::goaway(*last)} : bad_value(first, "none, below, at or all");
    }
    if (first.name == "streams" || first.name == "window") {
        const auto number = read_number<std::uint32_t>(value);
        if (!number || *number > 0x7FFF'FFFF)
            return bad_value(first, "a number of 0 to 2147483647");
        return first.name == "streams" ? fault::streams(*number) : fault::window(*number);
    }

    result<fault> plain =
        wrong("unknown kind '" + first.name +
              "'; there are close, reset, stall, delay, service, answer, cut, swap, malformed, raw, overread, silent, "
              "rst, refuse, calm, http11, goaway, streams and window");
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
    else if (first.name == "silent")
        plain = fault::silent();
    else if (first.name == "refuse")
        plain = fault::refuse();
    else if (first.name == "calm")
        plain = fault::calm();
    else if (first.name == "http11")
        plain = fault::http11();
    if (plain && first.value)
        return wrong("'" + first.name + "' takes no value");
    return plain;
}

// The modifiers of what there is in HTTP/2 alone.
result<fault> modify_http2(fault rule, const term& by)
{
    const std::string_view value = by.value ? std::string_view{*by.value} : std::string_view{};
    const fault::kind kind = fault_access{rule}.kind();
    if (by.name == "part") {
        if (kind != fault::kind::rst)
            return wrong("'part' is for 'rst', 'refuse', 'calm' and 'http11' alone");
        const auto sent = find(parts, value);
        return sent ? result<fault>{std::move(rule).after_part(*sent)} : bad_value(by, "none, head, half or whole");
    }
    if (by.name == "lasting") {
        if (kind != fault::kind::streams && kind != fault::kind::window)
            return wrong("'lasting' is for 'streams' and 'window' alone");
        const auto time = read_time(value);
        return time ? result<fault>{std::move(rule).lasting(*time)}
                    : bad_value(by, "a time such as 250ms or 2s, of at most 24 hours");
    }
    if (kind != fault::kind::goaway)
        return wrong("'" + by.name + "' is for 'goaway' alone");
    if (by.name == "code") {
        const auto why = read_code(value);
        return why ? result<fault>{std::move(rule).with_code(*why)} : bad_value(by, a_code);
    }
    const auto what = find(endings, value);
    return what ? result<fault>{std::move(rule).then(*what)} : bad_value(by, "finish or close");
}

result<fault> modify(fault rule, const term& by)
{
    const std::string_view value = by.value ? std::string_view{*by.value} : std::string_view{};
    const auto count = read_number<std::uint64_t>(value);
    const fault::kind kind = fault_access{rule}.kind();
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
        const auto when = find(applies, value);
        return when ? result<fault>{std::move(rule).applied(*when)} : bad_value(by, "before, never or late");
    }
    if (by.name == "only")
        return !value.empty() ? result<fault>{std::move(rule).only_for(std::string{value})}
                              : bad_value(by, "a text of the request");
    if (by.name == "method")
        return is_method(value) ? result<fault>{std::move(rule).only_method(std::string{value})}
                                : bad_value(by, "a method such as POST");
    if (by.name == "retry-after") {
        if (kind != fault::kind::answer)
            return wrong("'retry-after' is for 'answer' alone");
        return is_field_value(value) ? result<fault>{std::move(rule).retry_after(std::string{value})}
                                     : bad_value(by, "seconds or a date");
    }
    if (by.name == "text") {
        if (kind != fault::kind::answer && kind != fault::kind::goaway)
            return wrong("'text' is for 'answer' and 'goaway' alone");
        return !value.empty() ? result<fault>{std::move(rule).text(std::string{value})}
                              : bad_value(by, "the text of the error");
    }
    if (by.name == "body") {
        if (kind != fault::kind::answer)
            return wrong("'body' is for 'answer' alone");
        return !value.empty() ? result<fault>{std::move(rule).body(std::string{value})} : bad_value(by, "a body");
    }
    if (by.name == "part" || by.name == "code" || by.name == "then" || by.name == "lasting")
        return modify_http2(std::move(rule), by);
    return wrong("unknown modifier '" + by.name +
                 "'; there are after, times, every, random, applied, only, method, retry-after, text, body, part, "
                 "code, then and lasting");
}

} // namespace

result<fault> fault::parse(std::string_view text)
{
    const std::vector<term> told = take_apart(text);
    result<fault> rule = read_kind(told.front());
    for (std::size_t i = 1; rule && i < told.size(); ++i)
        rule = modify(std::move(*rule), told[i]);
    return rule;
}

} // namespace venice_keys
