// Writes JSON straight into a string. `Out` is a std::string, or secret_bytes where the JSON holds secrets.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>

namespace venice_keys::codec {

inline constexpr std::array<bool, 256> must_be_escaped = [] {
    std::array<bool, 256> table{};
    for (std::size_t byte = 0; byte != 0x20; ++byte)
        table[byte] = true;
    table['"'] = table['\\'] = true;
    return table;
}();

// RFC 8259 section 7: quotation mark, reverse solidus and U+0000 … U+001F must be escaped; nothing else must.
template <class Out>
void append_string(Out& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    const auto is_special = [](char each) {
        return must_be_escaped[static_cast<unsigned char>(each)];
    };
    out += '"';
    std::size_t plain = 0; // all before it is written
    for (auto at = text.begin(); (at = std::find_if(at, text.end(), is_special)) != text.end(); ++at) {
        const auto i = static_cast<std::size_t>(at - text.begin());
        const auto byte = static_cast<unsigned char>(*at);
        out += text.substr(plain, i - plain);
        plain = i + 1;
        switch (byte) {
        case '"':
        case '\\':
            out += '\\';
            out += text[i];
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 0x0F];
        }
    }
    out += text.substr(plain);
    out += '"';
}

// Writes the shortest decimal that reads back as the same number. Where that is short it has no exponent, because
// people read it: to_chars alone makes 1e+09 of a thousand million.
template <class Out>
void append_number(Out& out, double value)
{
    std::array<char, 64> text;
    const bool without_exponent = value == 0 || value >= 1e-5;
    value += 0.0; // this makes 0 of -0
    const std::to_chars_result written =
        without_exponent ? std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed)
                         : std::to_chars(text.data(), text.data() + text.size(), value);
    out.append(text.data(), static_cast<std::size_t>(written.ptr - text.data()));
}

// Puts a comma before every member but the first.
template <class Out>
class object_writer {
public:
    explicit object_writer(Out& out) : out_(out) { out_ += '{'; }
    void close() { out_ += '}'; }

    Out& member(std::string_view quoted_name)
    {
        if (!first_)
            out_ += ',';
        first_ = false;
        out_ += quoted_name;
        out_ += ':';
        return out_;
    }

private:
    Out& out_;
    bool first_ = true;
};

} // namespace venice_keys::codec
