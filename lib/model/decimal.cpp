#include <venice_keys/decimal.hpp>

#include <algorithm>
#include <charconv>
#include <compare>
#include <cstddef>
#include <ostream>

namespace venice_keys {

namespace {

constexpr std::size_t longest_text = 64;

bool is_digits(std::string_view text) noexcept
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A number taken apart, without the zeros at its beginning and at its end that say nothing.
struct parts {
    bool negative = false; // 0 never is
    std::string_view whole;
    std::string_view fraction;

    explicit parts(std::string_view text) noexcept : negative(text.starts_with('-'))
    {
        if (negative)
            text.remove_prefix(1);
        const std::size_t point = std::min(text.find('.'), text.size());
        whole = text.substr(0, point);
        fraction = text.substr(std::min(point + 1, text.size()));
        whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
        fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1); // npos + 1 is 0
        negative = negative && !(whole.empty() && fraction.empty());
    }
};

std::strong_ordering compare_size(const parts& left, const parts& right) noexcept
{
    if (left.whole.size() != right.whole.size())
        return left.whole.size() <=> right.whole.size();
    if (left.whole != right.whole)
        return left.whole <=> right.whole;
    return left.fraction <=> right.fraction; // of two fractions, the greater text is the greater number
}

} // namespace

std::optional<decimal> decimal::parse(std::string_view text)
{
    if (text.size() > longest_text)
        return std::nullopt;
    const bool negative = text.starts_with('-');
    std::string_view digits = text.substr(negative ? 1 : 0);
    const std::size_t point = std::min(digits.find('.'), digits.size());
    if (!is_digits(digits.substr(0, point)))
        return std::nullopt;
    if (point != digits.size() && !is_digits(digits.substr(point + 1)))
        return std::nullopt;
    // Of the digits in front of the point, the last one always stays.
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), point - 1));

    decimal number;
    number.text_.assign(negative ? "-" : "").append(digits);
    return number;
}

double decimal::to_double() const noexcept
{
    double nearest = 0;
    std::from_chars(text_.data(), text_.data() + text_.size(), nearest, std::chars_format::fixed);
    return nearest;
}

bool operator==(const decimal& left, const decimal& right) noexcept
{
    return std::is_eq(left <=> right);
}

std::strong_ordering operator<=>(const decimal& left, const decimal& right) noexcept
{
    const parts a{left.text()};
    const parts b{right.text()};
    if (a.negative != b.negative)
        return b.negative <=> a.negative;
    return a.negative ? compare_size(b, a) : compare_size(a, b);
}

std::ostream& operator<<(std::ostream& out, const decimal& value)
{
    return out << value.text();
}

} // namespace venice_keys
