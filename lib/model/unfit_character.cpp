#include "model/unfit_character.hpp"

#include "model/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace venice_keys::detail {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> names{{{" ", "a space"},
                                                                              {"\t", "a tab"},
                                                                              {"\n", "a line feed"},
                                                                              {"\r", "a carriage return"},
                                                                              {"\u00A0", "a no-break space"},
                                                                              {"\u2028", "a line separator"},
                                                                              {"\u2029", "a paragraph separator"},
                                                                              {"\u200B", "a zero-width space"},
                                                                              {"\uFEFF", "a byte order mark"}}};

std::string_view code_point_at(std::string_view text, std::size_t at) noexcept
{
    return text.substr(at, std::max<std::size_t>(first_code_point_size(text.substr(at)), 1));
}

} // namespace

std::string name_of_character(std::string_view text, std::size_t size)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    unsigned code = static_cast<unsigned char>(text.front());
    if (size > 1) {
        code &= 0x7Fu >> size;
        for (std::size_t i = 1; i != size; ++i)
            code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    }
    std::string name = "U+";
    for (int shift = code > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4)
        name += digits[code >> static_cast<unsigned>(shift) & 0xF];
    return name;
}

bool is_control(std::string_view code_point) noexcept
{
    const auto byte = static_cast<unsigned char>(code_point.front());
    const auto last = static_cast<unsigned char>(code_point.back());
    if (code_point.size() == 1)
        return byte < 0x20 || byte == 0x7F;
    return code_point.size() == 2 && byte == 0xC2 && last < 0xA0;
}

bool is_blank(std::string_view code_point) noexcept
{
    return code_point == " " || code_point == "\u00A0" || code_point == "\u2028" || code_point == "\u2029" ||
           code_point == "\u3000" || code_point == "\uFEFF" || (code_point >= "\u2000" && code_point <= "\u200B");
}

std::size_t find_control_or_blank(std::string_view text) noexcept
{
    for (std::size_t at = 0; at != text.size();) {
        const std::string_view each = code_point_at(text, at);
        if (is_control(each) || is_blank(each))
            return at;
        at += each.size();
    }
    return std::string_view::npos;
}

std::string words_for_unfit(std::string_view text, std::size_t at)
{
    const std::string_view found = code_point_at(text, at);
    const auto* const named = std::ranges::find(names, found, &std::pair<std::string_view, std::string_view>::first);
    std::string what{named != names.end() ? named->second : is_control(found) ? "a control character" : "a blank"};
    what.append(" (").append(name_of_character(found, found.size())).append(")");
    // The end may have several of them, such as a carriage return and a line feed.
    std::size_t rest = at;
    while (rest != text.size() && (is_control(code_point_at(text, rest)) || is_blank(code_point_at(text, rest))))
        rest += code_point_at(text, rest).size();
    if (at != 0 && rest == text.size())
        return "ends with " + what + "; cut it off";
    if (at == 0)
        return "begins with " + what + "; cut it off";
    return "has " + what + " at byte " + std::to_string(at);
}

} // namespace venice_keys::detail
