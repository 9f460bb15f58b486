// An exact decimal number, as the service writes amounts of money: "10.2424". It is for reading, comparing and
// printing, not for arithmetic.
#pragma once

#include <venice_keys/detail/export.hpp>

#include <compare>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys {

/// An exact decimal number of any number of digits. Two are equal when their values are: 1.50 and 1.5.
class decimal {
public:
    decimal() = default; ///< 0

    /// Reads an optional minus, digits, and a fraction behind a point; at most 64 characters. Empty for anything else,
    /// an exponent included.
    [[nodiscard]] VENICE_KEYS_API static std::optional<decimal> parse(std::string_view text);

    /// The text as it was read, without needless zeros in front: `10.2424`, `1.50`.
    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    /// The nearest double.
    [[nodiscard]] VENICE_KEYS_API double to_double() const noexcept;

    /// Compares the values, of any length, exactly.
    friend VENICE_KEYS_API bool operator==(const decimal& left, const decimal& right) noexcept;
    /// Orders by value.
    friend VENICE_KEYS_API std::strong_ordering operator<=>(const decimal& left, const decimal& right) noexcept;
    /// Prints text().
    friend VENICE_KEYS_API std::ostream& operator<<(std::ostream& out, const decimal& value);

private:
    std::string text_ = "0";
};

} // namespace venice_keys
