// Pieces of JSON that are written by hand, so that numbers look as the service's do (50, not 5E1), and members keep its
// order.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/timestamp.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace venice_keys::emulation {

// The text is UTF-8; what JSON does not allow in a string is escaped.
void append_string(std::string& out, std::string_view text);

// The magnitude is at most 9999999999. No number is null.
void append_number(std::string& out, std::optional<double> number);

// An amount is a decimal number as a string.
void append_amount(std::string& out, std::uint64_t ten_thousandths);

// No date is null.
void append_date(std::string& out, const std::optional<timestamp>& when);

// Appends the name of a member of an object, behind a comma unless it is the first one. Its value comes next.
void append_name(std::string& out, std::string_view name);

template <class Value>
void append_member(std::string& out, std::string_view name, void (*append)(std::string&, Value),
                   std::type_identity_t<Value> value)
{
    append_name(out, name);
    append(out, value);
}

// A value of one of the key's fields, and the service's text for it.
template <class Value>
struct choice {
    std::string_view text;
    typename Value::known value;
};

inline constexpr std::array<choice<key_type>, 2> key_types{
    {{"INFERENCE", key_type::inference}, {"ADMIN", key_type::admin}}};
inline constexpr std::array<choice<limit_period>, 3> limit_periods{
    {{"EPOCH", limit_period::epoch}, {"MONTH", limit_period::month}, {"LIFETIME", limit_period::lifetime}}};
inline constexpr std::array<choice<model_privacy>, 3> model_privacies{{{"ALL", model_privacy::all},
                                                                       {"PRIVATE_TEXT", model_privacy::private_text},
                                                                       {"PRIVATE_ONLY", model_privacy::private_only}}};

// The first choice stands for every value that is none of them.
template <class Value, std::size_t Count>
[[nodiscard]] std::string_view text_of(const std::array<choice<Value>, Count>& choices, const Value& value)
{
    const auto found = std::ranges::find_if(choices, [&](const choice<Value>& each) { return value == each.value; });
    return found == choices.end() ? choices.front().text : found->text;
}

} // namespace venice_keys::emulation
