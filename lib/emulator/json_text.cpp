#include "emulator/json_text.hpp"

#include "emulator/dates.hpp"
#include "emulator/encoding.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace venice_keys::emulation {

void append_string(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += hex_digits[byte >> 4U];
            out += hex_digits[byte & 15U];
        } else {
            out += c;
        }
    }
    out += '"';
}

void append_number(std::string& out, std::optional<double> number)
{
    if (!number) {
        out += "null";
        return;
    }
    std::array<char, 32> digits{};
    // No number is above 9999999999, so that a whole one is exact as an integer.
    const auto end = std::trunc(*number) == *number
                         ? std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<long long>(*number))
                         : std::to_chars(digits.data(), digits.data() + digits.size(), *number);
    out.append(digits.data(), end.ptr);
}

void append_amount(std::string& out, std::uint64_t ten_thousandths)
{
    std::string fraction = std::to_string(ten_thousandths % 10'000);
    fraction.insert(0, 4 - fraction.size(), '0');
    out += '"';
    out += std::to_string(ten_thousandths / 10'000);
    out += '.';
    out += fraction;
    out += '"';
}

void append_date(std::string& out, const std::optional<timestamp>& when)
{
    if (when)
        append_string(out, write_date(*when));
    else
        out += "null";
}

void append_name(std::string& out, std::string_view name)
{
    if (out.back() != '{')
        out += ',';
    append_string(out, name);
    out += ':';
}

} // namespace venice_keys::emulation
