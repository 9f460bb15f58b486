#include "codec/encode_update.hpp"

#include <array>
#include <charconv>
#include <string_view>

namespace venice_keys::codec {

namespace {

// RFC 8259 section 7: quotation mark, reverse solidus and U+0000 … U+001F must be escaped; nothing else is.
void append_string(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0; // all before it is written
    for (std::size_t i = 0; i != text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
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

// The shortest decimal that reads back as the same number. Without an exponent where that is short, for a person's
// eyes: to_chars alone makes 1e+09 of a thousand million.
void append_number(std::string& out, double value)
{
    std::array<char, 64> text;
    const bool without_exponent = value == 0 || value >= 1e-5;
    value += 0.0; // makes 0 of -0
    const std::to_chars_result written =
        without_exponent ? std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed)
                         : std::to_chars(text.data(), text.data() + text.size(), value);
    out.append(text.data(), written.ptr);
}

// Puts a comma before every member but the first.
class object_writer {
public:
    explicit object_writer(std::string& out) : out_(out) { out_ += '{'; }
    void close() { out_ += '}'; }

    std::string& member(std::string_view quoted_name)
    {
        if (!first_)
            out_ += ',';
        first_ = false;
        out_ += quoted_name;
        out_ += ':';
        return out_;
    }

    void limit(std::string_view quoted_name, const field<double>& value)
    {
        if (value.has_value())
            append_number(member(quoted_name), *value);
        else if (value.cleared())
            member(quoted_name) += "null";
    }

private:
    std::string& out_;
    bool first_ = true;
};

void append_limits(std::string& out, const key_update& update)
{
    object_writer limits{out};
    limits.limit(R"("usd")", update.usd());
    limits.limit(R"("diem")", update.diem());
    limits.limit(R"("vcu")", update.vcu());
    limits.close();
}

} // namespace

void encode_update(const key_update& update, std::string& out)
{
    object_writer body{out};
    append_string(body.member(R"("id")"), update.id());
    if (!update.usd().untouched() || !update.diem().untouched() || !update.vcu().untouched())
        append_limits(body.member(R"("consumptionLimit")"), update); // singular here, plural in the answer
    if (update.limit_period().has_value())
        append_string(body.member(R"("limitPeriod")"), update.limit_period()->text());
    if (update.model_privacy().has_value())
        append_string(body.member(R"("modelPrivacy")"), update.model_privacy()->text());
    if (update.description().has_value())
        append_string(body.member(R"("description")"), *update.description());
    if (update.expires_at().has_value()) {
        // Neither of the forms of a time has a character to escape.
        body.member(R"("expiresAt")") += '"';
        update.expires_at()->append_to(out);
        out += '"';
    } else if (update.expires_at().cleared()) {
        body.member(R"("expiresAt")") += "null";
    }
    body.close();
}

} // namespace venice_keys::codec
