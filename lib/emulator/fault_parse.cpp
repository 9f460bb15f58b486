// Reads a fault from one line of text.
#include "emulator/fault_access.hpp"
#include "emulator/fault_text.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace venice_keys {

namespace {

using namespace fault_text;

// The readers of values return nothing when the text is not such a value.

template <class Number, auto low, auto high>
std::optional<Number> read_within(std::string_view text)
{
    const auto number = read_number<Number>(text);
    return number && *number >= Number{low} && *number <= Number{high} ? number : std::nullopt;
}

std::optional<std::chrono::milliseconds> read_positive_time(std::string_view text)
{
    const auto time = read_time(text);
    return time && time->count() > 0 ? time : std::nullopt;
}

std::optional<std::string> read_bytes(std::string_view text)
{
    return std::string{text};
}

std::optional<std::string> read_text(std::string_view text)
{
    return text.empty() ? std::nullopt : read_bytes(text);
}

// The names of methods have a case, and those of this resource are in capitals.
std::optional<std::string> read_method(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; }) ? read_text(text) : std::nullopt;
}

std::optional<std::string> read_field_value(std::string_view text)
{
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == '\x7F';
    };
    return std::ranges::none_of(text, is_control) ? read_text(text) : std::nullopt;
}

constexpr std::string_view a_time = "a time such as 250ms or 2s, of at most 24 hours";
constexpr std::string_view a_code = "an error code of HTTP/2 such as cancel or 0x8";
constexpr std::string_view a_number = "a number of 0 to 2147483647";

struct kind_term {
    std::string_view name;
    std::string_view wants; // empty: it takes no value
    std::optional<fault> (*make)(std::string_view value);
};

template <fault (*make)()>
std::optional<fault> plain(std::string_view /*value*/)
{
    return make();
}

template <auto read, auto make>
std::optional<fault> with(std::string_view text)
{
    auto value = read(text);
    return value ? std::optional{make(std::move(*value))} : std::nullopt;
}

// The names of those that take a duration of any kind, with the one that is read.
constexpr fault (*silent_for)(std::chrono::milliseconds) = &fault::silent;
constexpr fault (*delay)(std::chrono::milliseconds) = &fault::delay;
constexpr fault (*service)(std::chrono::milliseconds) = &fault::service;
constexpr fault (fault::*lasting)(std::chrono::milliseconds) && = &fault::lasting;

// A kind that may have a value, or none, stands here twice, with the value in the later place.
constexpr kind_term kinds[] = {
    {"close", {}, plain<fault::close>},
    {"reset", {}, plain<fault::reset>},
    {"stall", {}, plain<fault::stall>},
    {"swap", {}, plain<fault::swap>},
    {"malformed", {}, plain<fault::malformed>},
    {"silent", {}, plain<fault::silent>},
    {"silent", a_time, with<read_positive_time, silent_for>},
    {"delay", a_time, with<read_time, delay>},
    {"service", a_time, with<read_time, service>},
    {"overread", "close, drop, ignore or refuse", with<read_name<fault::behind>, fault::overread>},
    {"answer", "a status of 200 to 599", with<read_within<unsigned, 200, 599>, fault::answer>},
    {"cut", "a number of bytes", with<read_number<std::size_t>, fault::cut>},
    {"raw", "the bytes to send", with<read_bytes, fault::raw>},
    {"rst", a_code, with<read_code, fault::rst>},
    {"refuse", {}, plain<fault::refuse>},
    {"calm", {}, plain<fault::calm>},
    {"http11", {}, plain<fault::http11>},
    {"goaway", "none, below, at or all", with<read_name<fault::last>, fault::goaway>},
    {"streams", a_number, with<read_within<std::uint32_t, 0, 0x7FFF'FFFF>, fault::streams>},
    {"window", a_number, with<read_within<std::uint32_t, 0, 0x7FFF'FFFF>, fault::window>},
};

struct modifier {
    std::string_view name;
    std::string_view wants;
    std::optional<fault> (*apply)(fault&& rule, std::string_view value);
    std::string_view is_for = {}; // the names of kinds, for the error text; empty: all of them
    bool (*is_for_kind)(fault::kind) = nullptr;
};

template <auto read, auto set>
std::optional<fault> to(fault&& rule, std::string_view text)
{
    auto value = read(text);
    return value ? std::optional{(std::move(rule).*set)(std::move(*value))} : std::nullopt;
}

template <fault::kind... wanted>
bool is(fault::kind which)
{
    return ((which == wanted) || ...);
}

using kind = fault::kind;
constexpr modifier modifiers[] = {
    {"after", "a number of requests", to<read_number<std::uint64_t>, &fault::after>},
    {"times", "a number of strikes", to<read_number<std::uint64_t>, &fault::times>},
    {"every", "a number of requests", to<read_number<std::uint64_t>, &fault::every>},
    {"random", "a probability of 0 to 1", to<read_within<double, 0, 1>, &fault::at_random>},
    {"applied", "before, never or late", to<read_name<fault::apply>, &fault::applied>},
    {"only", "a text of the request", to<read_text, &fault::only_for>},
    {"method", "a method such as POST", to<read_method, &fault::only_method>},
    {"retry-after", "seconds or a date", to<read_field_value, &fault::retry_after>, "'answer'", is<kind::answer>},
    {"text", "the text of the error", to<read_text, &fault::text>, "'answer' and 'goaway'",
     is<kind::answer, kind::goaway>},
    {"body", "a body", to<read_text, &fault::body>, "'answer'", is<kind::answer>},
    {"part", "none, head, half or whole", to<read_name<fault::part>, &fault::after_part>,
     "'rst', 'refuse', 'calm' and 'http11'", is<kind::rst>},
    {"lasting", a_time, to<read_time, lasting>, "'streams' and 'window'", is<kind::streams, kind::window>},
    {"code", a_code, to<read_code, &fault::with_code>, "'goaway'", is<kind::goaway>},
    {"then", "finish or close", to<read_name<fault::ending>, &fault::then>, "'goaway'", is<kind::goaway>},
};

result<fault> read_kind(const term& first)
{
    const kind_term* found = nullptr;
    for (const kind_term& each : kinds)
        if (each.name == first.name && (found == nullptr || first.value))
            found = &each;
    if (found == nullptr)
        return wrong("unknown kind '" + first.name +
                     "'; there are close, reset, stall, delay, service, answer, cut, swap, malformed, raw, overread, "
                     "silent, rst, refuse, calm, http11, goaway, streams and window");
    if (found->wants.empty() && first.value)
        return wrong("'" + first.name + "' takes no value");
    std::optional<fault> made;
    if (found->wants.empty() || first.value)
        made = found->make(first.value.value_or(std::string{}));
    return made ? result<fault>{std::move(*made)} : bad_value(first, found->wants);
}

result<fault> modify(fault rule, const term& by)
{
    const auto* const found = std::ranges::find(modifiers, by.name, &modifier::name);
    if (found == std::end(modifiers))
        return wrong("unknown modifier '" + by.name +
                     "'; there are after, times, every, random, applied, only, method, retry-after, text, body, part, "
                     "code, then and lasting");
    if (found->is_for_kind != nullptr && !found->is_for_kind(fault_access { rule } -> kind))
        return wrong("'" + by.name + "' is for " + std::string{found->is_for} + " alone");
    std::optional<fault> modified = found->apply(std::move(rule), by.value.value_or(std::string{}));
    return modified ? result<fault>{std::move(*modified)} : bad_value(by, found->wants);
}

} // namespace

result<fault> fault::parse(std::string_view text)
{
    const std::vector<term> terms = take_apart(text);
    result<fault> rule = read_kind(terms.front());
    for (std::size_t i = 1; rule && i < terms.size(); ++i)
        rule = modify(std::move(*rule), terms[i]);
    return rule;
}

} // namespace venice_keys
