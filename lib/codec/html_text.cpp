#include "codec/html_text.hpp"

#include "model/small_letter.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace venice_keys::codec {

namespace {

constexpr std::string_view white_space = " \t\r\n\f";

bool starts_with_lower(std::string_view text, std::string_view prefix) noexcept
{
    return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                      [](char p, char t) { return p == detail::small_letter(t); });
}

// Whether `text` begins with the tag of this name, opening (`<p`) or closing (`</p`).
bool starts_with_tag(std::string_view text, std::string_view name) noexcept
{
    if (!starts_with_lower(text, name))
        return false;
    return text.size() == name.size() || text[name.size()] == '>' || text[name.size()] == '/' ||
           white_space.find(text[name.size()]) != std::string_view::npos;
}

// The place at `from` or later where the tag with this name begins; npos when there is none.
std::size_t find_tag(std::string_view page, std::string_view name, std::size_t from) noexcept
{
    for (std::size_t at = page.find('<', from); at != std::string_view::npos; at = page.find('<', at + 1)) {
        if (starts_with_tag(page.substr(at), name))
            return at;
    }
    return std::string_view::npos;
}

// The place behind the first `mark` at `from` or later; the end when there is none.
std::size_t behind(std::string_view page, std::string_view mark, std::size_t from) noexcept
{
    const std::size_t at = page.find(mark, from);
    return at == std::string_view::npos ? page.size() : at + mark.size();
}

// The place behind the tag, comment, script or style that begins at `at`.
std::size_t behind_markup(std::string_view page, std::size_t at) noexcept
{
    const std::string_view rest = page.substr(at);
    if (rest.starts_with("<!--"))
        return behind(page, "-->", at);
    struct element {
        std::string_view opening;
        std::string_view closing;
    };
    for (const element& hidden : std::array<element, 2>{{{"<script", "</script"}, {"<style", "</style"}}}) {
        if (starts_with_tag(rest, hidden.opening))
            at = std::min(find_tag(page, hidden.closing, at), page.size());
    }
    return behind(page, ">", at);
}

std::string without_markup(std::string_view page)
{
    std::string text;
    for (std::size_t at = 0; at < page.size();) {
        if (page[at] != '<') {
            text += page[at++];
            continue;
        }
        text += ' ';
        at = behind_markup(page, at);
    }
    return text;
}

} // namespace

bool looks_like_html(std::string_view text) noexcept
{
    const std::size_t first = text.find_first_not_of(white_space);
    return first != std::string_view::npos && text[first] == '<';
}

std::string text_of_html(std::string_view page)
{
    const std::size_t title = find_tag(page, "<title", 0);
    if (title != std::string_view::npos) {
        const std::size_t begin = behind(page, ">", title);
        const std::size_t end = std::min(find_tag(page, "</title", begin), page.size());
        const std::string_view text = page.substr(begin, end - begin);
        if (text.find_first_not_of(white_space) != std::string_view::npos)
            return without_markup(text);
    }
    return without_markup(page);
}

} // namespace venice_keys::codec
