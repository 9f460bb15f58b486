#include "wire/tolerance.hpp"

#include "model/small_letter.hpp"

#include <algorithm>

namespace venice_keys::wire {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view blanks = " \t";

bool is_hex_digit(char c) noexcept
{
    return detail::is_digit(c) || (detail::small_letter(c) >= 'a' && detail::small_letter(c) <= 'f');
}

} // namespace

status_line look_at_status_line(std::string_view bytes) noexcept
{
    constexpr std::string_view version = "HTTP/1.";
    constexpr std::size_t break_at = bare_status_line_size - line_end.size();
    if (bytes.substr(0, version.size()) != version.substr(0, bytes.size()))
        return status_line::complete_enough;
    if (bytes.size() < bare_status_line_size)
        return bytes.size() <= break_at || bytes[break_at] == '\r' ? status_line::too_short_to_tell
                                                                   : status_line::complete_enough;
    return bytes.substr(break_at, line_end.size()) == line_end ? status_line::bare : status_line::complete_enough;
}

std::array<char, bare_status_line_size + 1> with_blank(std::string_view bare) noexcept
{
    std::array<char, bare_status_line_size + 1> whole{};
    const auto rest = std::ranges::copy(bare.substr(0, bare_status_line_size - line_end.size()), whole.begin()).out;
    std::ranges::copy(std::string_view(" \r\n"), rest);
    return whole;
}

bool mend_chunk_line(std::string_view bytes, bool after_chunk, std::string& out)
{
    const std::size_t begin = after_chunk ? line_end.size() : 0;
    // Zeros in front of anything but a size would turn it into a size.
    if (bytes.size() <= begin || !is_hex_digit(bytes[begin]) || (after_chunk && !bytes.starts_with(line_end)))
        return false;
    const std::size_t end = bytes.find(line_end, begin);
    if (end == std::string_view::npos || blanks.find(bytes[end - 1]) == std::string_view::npos)
        return false;
    const std::string_view padded = bytes.substr(begin, end - begin);
    const std::string_view line = padded.substr(0, padded.find_last_not_of(blanks) + 1);
    const auto size_end = std::ranges::find_if_not(line, is_hex_digit);
    const bool last = std::all_of(line.begin(), size_end, [](char digit) { return digit == '0'; });
    std::size_t until = end + line_end.size();
    if (last) {
        const std::size_t trailer_end = bytes.find("\r\n\r\n", end);
        until = trailer_end == std::string_view::npos ? bytes.size() : trailer_end + 4;
    }
    out.assign(bytes.substr(0, begin));
    out.append(padded.size() - line.size(), '0');
    out.append(line).append(bytes.substr(end, until - end));
    return true;
}

bool names_no_coding(std::string_view value) noexcept
{
    while (true) {
        const std::size_t comma = value.find(',');
        std::string_view one = value.substr(0, comma);
        one.remove_prefix(std::min(one.find_first_not_of(blanks), one.size()));
        one = one.substr(0, one.find_last_not_of(blanks) + 1);
        if (!one.empty() && !detail::is_in_any_case(one, "identity") && !detail::is_in_any_case(one, "utf-8") &&
            !detail::is_in_any_case(one, "utf8"))
            return false;
        if (comma == std::string_view::npos)
            return true;
        value.remove_prefix(comma + 1);
    }
}

} // namespace venice_keys::wire
