#include "codec/scalar.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace venice_keys::codec {

namespace {

std::optional<timestamp> time_of_number(double value) noexcept
{
    constexpr double first_second = 1e8;               // in 1973
    constexpr double first_millisecond = 1e11;         // in 1973
    constexpr double end_of_years = 253'402'300'800e3; // 10000-01-01
    if (value >= first_second && value < first_millisecond)
        value *= 1'000;
    if (!(value >= first_millisecond && value < end_of_years))
        return std::nullopt;
    return timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(value)}};
}

} // namespace

std::optional<double> number_in_text(std::string_view text) noexcept
{
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    const bool whole = read.ec == std::errc{} && read.ptr == end && !text.empty() && std::isfinite(value);
    return whole ? std::optional{value} : std::nullopt;
}

std::optional<bool> boolean_of(const scalar& value) noexcept
{
    const std::string_view text = value.text;
    if (value.number == 1.0 || text == "true" || text == "True" || text == "TRUE" || text == "1")
        return true;
    if (value.number == 0.0 || text == "false" || text == "False" || text == "FALSE" || text == "0")
        return false;
    return std::nullopt;
}

std::optional<decimal> amount_of(const scalar& value)
{
    if (!value.number || value.text.find_first_of("eE") == std::string_view::npos)
        return decimal::parse(value.text);
    std::array<char, 400> digits; // what a double has without an exponent
    const auto written =
        std::to_chars(digits.data(), digits.data() + digits.size(), *value.number, std::chars_format::fixed);
    return decimal::parse({digits.data(), written.ptr});
}

std::optional<timestamp> time_of(const scalar& value) noexcept
{
    if (!value.number)
        if (const std::optional<timestamp> when = parse_timestamp(value.text))
            return when;
    const std::optional<double> number = number_of(value);
    return number ? time_of_number(*number) : std::nullopt;
}

} // namespace venice_keys::codec
