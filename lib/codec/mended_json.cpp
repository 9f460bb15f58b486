#include "codec/mended_json.hpp"

#include "model/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace venice_keys::codec {

namespace {

constexpr std::size_t size_of_escape = 6; // \uXXXX

// The number of the \uXXXX that the text begins with; empty when it begins with none.
std::optional<unsigned> escaped_unit(std::string_view text) noexcept
{
    if (text.size() < size_of_escape || text[0] != '\\' || text[1] != 'u')
        return std::nullopt;
    unsigned value = 0;
    const char* const end = text.data() + size_of_escape;
    const auto read = std::from_chars(text.data() + 2, end, value, 16);
    return read.ec == std::errc{} && read.ptr == end ? std::optional{value} : std::nullopt;
}

constexpr bool is_high(unsigned unit) noexcept
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

constexpr bool is_low(unsigned unit) noexcept
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

} // namespace

std::optional<detail::secret_bytes> mended_json(std::string_view body)
{
    detail::secret_bytes mended;
    std::size_t kept = 0; // all before it is in `mended`, once there is something to mend
    bool found = false;
    const auto replace = [&](std::size_t at, std::size_t size, std::string_view by) {
        if (!found)
            mended.reserve(body.size() + body.size() / 8 + 64);
        found = true;
        mended.append(body.substr(kept, at - kept)).append(by);
        kept = at + size;
    };
    for (std::size_t at = 0; at < body.size();) {
        const auto byte = static_cast<unsigned char>(body[at]);
        if (byte == '\\') {
            const std::optional<unsigned> unit = escaped_unit(body.substr(at));
            if (!unit) {
                at += 2; // this passes an escaped backslash, too
            } else if (is_high(*unit) && is_low(escaped_unit(body.substr(at + size_of_escape)).value_or(0))) {
                at += 2 * size_of_escape;
            } else {
                if (is_high(*unit) || is_low(*unit))
                    replace(at, size_of_escape, "\\ufffd");
                at += size_of_escape;
            }
        } else if (byte < 0x80) {
            ++at;
        } else if (const std::size_t size = detail::first_code_point_size(body.substr(at)); size != 0) {
            at += size;
        } else {
            replace(at, 1, "\xEF\xBF\xBD");
            ++at;
        }
    }
    if (!found)
        return std::nullopt;
    mended.append(body.substr(kept));
    return mended;
}

} // namespace venice_keys::codec
