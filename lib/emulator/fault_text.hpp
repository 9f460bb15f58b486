// The words of a fault's one line of text: its terms, its numbers and its names. Not what they mean together.
#pragma once

#include <venice_keys/emulator_fault.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace venice_keys::fault_text {

struct term {
    std::string name;
    std::optional<std::string> value;
};

// Terms stand between commas. A backslash takes what follows literally, or makes it a line break (\r, \n) or the byte
// of two hexadecimal digits (\xHH).
[[nodiscard]] std::vector<term> take_apart(std::string_view text);

template <class Number>
[[nodiscard]] std::optional<Number> read_number(std::string_view text, int base = 10)
{
    Number value{};
    std::from_chars_result read{};
    if constexpr (std::is_floating_point_v<Number>)
        read = std::from_chars(text.data(), text.data() + text.size(), value);
    else
        read = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
        return std::nullopt;
    return value;
}

[[nodiscard]] std::optional<std::chrono::milliseconds> read_time(std::string_view text);

// By its name in lower case, or by its number, decimal or behind 0x.
[[nodiscard]] std::optional<fault::code> read_code(std::string_view text);
inline constexpr std::string_view a_code = "an error code of HTTP/2 such as cancel or 0x8";

template <class Value, std::size_t size>
using names = std::array<std::pair<std::string_view, Value>, size>;

inline constexpr names<fault::behind, 4> behinds{{{"close", fault::behind::close},
                                                  {"drop", fault::behind::drop},
                                                  {"ignore", fault::behind::ignore},
                                                  {"refuse", fault::behind::refuse}}};
inline constexpr names<fault::apply, 3> applies{
    {{"before", fault::apply::before}, {"never", fault::apply::never}, {"late", fault::apply::late}}};
inline constexpr names<fault::part, 4> parts{{{"none", fault::part::none},
                                              {"head", fault::part::head},
                                              {"half", fault::part::half},
                                              {"whole", fault::part::whole}}};
inline constexpr names<fault::last, 4> lasts{
    {{"none", fault::last::none}, {"below", fault::last::below}, {"at", fault::last::at}, {"all", fault::last::all}}};
inline constexpr names<fault::ending, 2> endings{{{"finish", fault::ending::finish}, {"close", fault::ending::close}}};

template <class Value, std::size_t size>
[[nodiscard]] std::optional<Value> find(const names<Value, size>& among, std::string_view name)
{
    for (const auto& [known, value] : among) {
        if (known == name)
            return value;
    }
    return std::nullopt;
}

[[nodiscard]] error wrong(const std::string& what);
[[nodiscard]] error bad_value(const term& of, std::string_view wanted);

} // namespace venice_keys::fault_text
