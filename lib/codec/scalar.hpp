// A text, a number or a boolean of an answer, and what it says where a field needs another of them. Each reading is
// empty when the meaning is not certain.
#pragma once

#include <venice_keys/decimal.hpp>
#include <venice_keys/timestamp.hpp>

#include <optional>
#include <string_view>

namespace venice_keys::codec {

struct scalar {
    std::string_view text;        // what it says, or how the number or the boolean is written
    std::optional<double> number; // set for a number alone, not for a text that has one in it
};

// A text may have a finite number in it.
[[nodiscard]] std::optional<double> number_in_text(std::string_view text) noexcept;

[[nodiscard]] inline std::optional<double> number_of(const scalar& value) noexcept
{
    return value.number ? value.number : number_in_text(value.text);
}

// A number counts when it is 0 or 1, a text when it is one of these or a word for a boolean.
[[nodiscard]] std::optional<bool> boolean_of(const scalar& value) noexcept;

// All digits that were written count; an exponent is written out.
[[nodiscard]] std::optional<decimal> amount_of(const scalar& value);

// A number is Unix time, in seconds or in milliseconds, which its size tells apart. It counts from 1973 to 9999. A text
// may have such a number in it.
[[nodiscard]] std::optional<timestamp> time_of(const scalar& value) noexcept;

} // namespace venice_keys::codec
