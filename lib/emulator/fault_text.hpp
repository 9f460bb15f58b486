// The words of a fault's one line of text: its terms, its numbers and its names. It does not know what they mean
// together.
#pragma once

#include <venice_keys/emulator_fault.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace venice_keys::fault_text {

struct term {
    std::string name;
    std::optional<std::string> value;
};

// Terms stand between commas. After a backslash a character stands for itself, for a line break (\r, \n), or with two
// hexadecimal digits for a byte (\xHH).
[[nodiscard]] std::vector<term> take_apart(std::string_view text);

template <class Number>
[[nodiscard]] std::optional<Number> read_number(std::string_view text)
{
    Number value{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

[[nodiscard]] std::optional<std::chrono::milliseconds> read_time(std::string_view text);

// The names of the enumerators, in their order. (GCC would show specializations of a variable outside of a shared
// library, whatever visibility they are compiled with.)
template <class Enumeration>
struct names_of;
template <>
struct names_of<fault::behind> {
    static constexpr std::string_view all[] = {"close", "drop", "ignore", "refuse"};
};
template <>
struct names_of<fault::apply> {
    static constexpr std::string_view all[] = {"before", "never", "late"};
};
template <>
struct names_of<fault::part> {
    static constexpr std::string_view all[] = {"none", "head", "half", "whole"};
};
template <>
struct names_of<fault::last> {
    static constexpr std::string_view all[] = {"none", "below", "at", "all"};
};
template <>
struct names_of<fault::ending> {
    static constexpr std::string_view all[] = {"finish", "close"};
};
template <>
struct names_of<fault::code> {
    static constexpr std::string_view all[] = {"no_error",
                                               "protocol_error",
                                               "internal_error",
                                               "flow_control_error",
                                               "settings_timeout",
                                               "stream_closed",
                                               "frame_size_error",
                                               "refused_stream",
                                               "cancel",
                                               "compression_error",
                                               "connect_error",
                                               "enhance_your_calm",
                                               "inadequate_security",
                                               "http_1_1_required"};
};

template <class Enumeration>
[[nodiscard]] std::optional<Enumeration> read_name(std::string_view text)
{
    const auto found = std::ranges::find(names_of<Enumeration>::all, text);
    if (found == std::end(names_of<Enumeration>::all))
        return std::nullopt;
    return static_cast<Enumeration>(found - std::begin(names_of<Enumeration>::all));
}

// Reads a code by its name in lower case, or by its number, in decimal digits or in hexadecimal ones behind 0x.
[[nodiscard]] std::optional<fault::code> read_code(std::string_view text);

[[nodiscard]] error wrong(const std::string& what);
[[nodiscard]] error bad_value(const term& of, std::string_view wanted);

} // namespace venice_keys::fault_text
