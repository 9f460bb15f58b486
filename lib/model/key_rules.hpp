// The rules for the fields of a key that updates and creations share. A rule of only one of them is with its type.
#pragma once

#include "model/redact.hpp"
#include "model/unfit_character.hpp"
#include "model/utf8.hpp"

#include <venice_keys/field.hpp>
#include <venice_keys/key_update.hpp>
#include <venice_keys/result.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace venice_keys::key_rules {

// Both are from the request body of the update in the published specification.
inline constexpr double highest_limit = 9'999'999'999;
inline constexpr std::size_t longest_description = 64; // code points
inline constexpr std::size_t longest_quotation = 64;   // bytes of a value that an error text shows

// This and the functions below return what is wrong, as `field: reason`, or an empty text.
inline std::string fault(std::string_view name, std::string_view reason)
{
    return std::string{name} + ": " + std::string{reason};
}

inline std::string fault_in_text(std::string_view name, std::string_view text)
{
    if (text.empty())
        return fault(name, "is empty");
    return detail::is_utf8(text) ? std::string{} : fault(name, "is not UTF-8");
}

// For a text that is one word to the service: an id, an address. If it has a control character anywhere, or a blank at
// one of its ends, that comes from the source that it was copied from, and the service would find nothing.
inline std::string fault_in_word(std::string_view name, std::string_view text)
{
    constexpr auto is_graphic = [](char each) {
        return each > ' ' && each <= '~';
    };
    if (!text.empty() && std::ranges::all_of(text, is_graphic)) // this is fast, because each update asks for it
        return {};
    if (std::string wrong = fault_in_text(name, text); !wrong.empty())
        return wrong;
    std::size_t size = 0;
    for (std::size_t at = 0; at != text.size(); at += size) {
        const std::string_view rest = text.substr(at);
        size = detail::first_code_point_size(rest);
        const std::string_view each = rest.substr(0, size);
        const bool control = detail::is_control(each);
        const bool at_an_end = at == 0 || at + size == text.size();
        if (!control && !(at_an_end && detail::is_blank(each)))
            continue;
        const std::string where = detail::name_of_character(each, size) + " at byte " + std::to_string(at);
        return fault(name, control ? "has control character " + where
                                   : "has blank " + where + ", at its " + (at == 0 ? "beginning" : "end"));
    }
    return {};
}

inline std::string fault_in_description(std::string_view text)
{
    const std::optional<std::size_t> length = detail::count_code_points(text);
    if (!length)
        return fault("description", "is not UTF-8");
    if (*length > longest_description)
        return fault("description", std::to_string(*length) + " characters, at most 64");
    return {};
}

inline std::string fault_in_expiration(const field<expiration>& when)
{
    if (!when.has_value() || when->valid())
        return {};
    std::string text = when->text();
    if (text.empty())
        return fault("expires_at", "the time is not in the years 0 … 9999");
    detail::make_printable(text, longest_quotation);
    return fault("expires_at",
                 "'" + text + "' is neither a day as YYYY-MM-DD nor a time as YYYY-MM-DDTHH:MM:SS[.mmm]Z");
}

// The shortest text that is this number.
inline std::string text_of(double number)
{
    std::array<char, 32> text;
    const auto written = std::to_chars(text.data(), text.data() + text.size(), number);
    return {text.data(), written.ptr};
}

inline std::string fault_in_limit(std::string_view name, const field<double>& limit)
{
    // The comparison is written so that a NaN is not in the range.
    const bool in_range = !limit.has_value() || (*limit >= 0 && *limit <= highest_limit);
    return in_range ? std::string{} : fault(name, text_of(*limit) + " is not in 0 … 9999999999");
}

template <class Enumeration>
std::string fault_in_enumeration(std::string_view name, const Enumeration& value)
{
    return value.text().empty() ? fault(name, "is empty") : fault_in_word(name, value.text());
}

template <class Enumeration>
std::string fault_in_enumeration(std::string_view name, const field<Enumeration>& value)
{
    return value.has_value() ? fault_in_enumeration(name, *value) : std::string{};
}

// For the limits, their period and the privacy of models, which `fields` has under these names.
template <class Fields>
std::string fault_in_limits_and_privacy(const Fields& fields)
{
    if (std::string wrong = fault_in_limit("usd", fields.usd()); !wrong.empty())
        return wrong;
    if (std::string wrong = fault_in_limit("diem", fields.diem()); !wrong.empty())
        return wrong;
    if (std::string wrong = fault_in_limit("vcu", fields.vcu()); !wrong.empty())
        return wrong;
    if (std::string wrong = fault_in_enumeration("limit_period", fields.limit_period()); !wrong.empty())
        return wrong;
    return fault_in_enumeration("model_privacy", fields.model_privacy());
}

// Makes an error of the first fault. The faults are in the order of the fields.
template <std::same_as<std::string>... Texts>
result<void> first_fault(Texts&&... faults)
{
    for (std::string* const each : {&faults...})
        if (!each->empty())
            return error{errc::invalid_argument, std::move(*each)};
    return result<void>::success();
}

} // namespace venice_keys::key_rules
