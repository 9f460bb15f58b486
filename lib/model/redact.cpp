#include "model/redact.hpp"

#include "model/bearer_token.hpp"
#include "model/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace venice_keys::detail {

namespace {

constexpr std::string_view replacement = "[redacted]";

// The keys of the service begin with one of these.
constexpr std::array<std::string_view, 2> key_prefixes{"VENICE_INFERENCE_KEY_", "VENICE_ADMIN_KEY_"};
constexpr std::size_t shortest_prefix = 17;

constexpr bool is_in_token(char c) noexcept
{
    return is_token_character(c) || c == '=';
}

// Whether digits[0, count) are the number `wanted`.
bool is_number(std::string_view digits, std::size_t count, int base, char wanted) noexcept
{
    if (digits.size() < count || count == 0)
        return false;
    unsigned value = 0;
    const char* const end = digits.data() + count;
    const auto parsed = std::from_chars(digits.data(), end, value, base);
    return parsed.ec == std::errc{} && parsed.ptr == end && value == static_cast<unsigned char>(wanted);
}

// How many bytes at the start of `text` stand for the character `wanted`, as it is or escaped; 0 when none do.
std::size_t match_character(std::string_view text, char wanted) noexcept
{
    if (text.empty())
        return 0;
    if (text.front() == wanted)
        return 1;
    switch (text.front()) {
    case '\\':
        if (text.size() > 1 && text[1] == wanted && wanted != 'u')
            return 2;
        return text.starts_with("\\u") && is_number(text.substr(2), 4, 16, wanted) ? 6 : 0;
    case '%':
        return is_number(text.substr(1), 2, 16, wanted) ? 3 : 0;
    case '&': {
        // Leading zeros may make it long. When there are more of them than this, a token behind them is not found.
        const std::size_t end = text.substr(0, longest_escape).find(';');
        if (end == std::string_view::npos || !text.starts_with("&#"))
            return 0;
        const bool hex = end > 2 && (text[2] == 'x' || text[2] == 'X');
        const std::size_t first = hex ? 3 : 2;
        return is_number(text.substr(first), end - first, hex ? 16 : 10, wanted) ? end + 1 : 0;
    }
    default:
        return 0;
    }
}

// How many bytes at the start of `text` stand for a character of a token, as it is or escaped; 0 when none do.
std::size_t match_token_character(std::string_view text) noexcept
{
    if (text.empty())
        return 0;
    if (is_in_token(text.front()))
        return 1;
    if (text.front() != '\\' && text.front() != '%' && text.front() != '&')
        return 0;
    for (char c = '+'; c <= '~'; ++c) {
        if (is_in_token(c)) {
            if (const std::size_t size = match_character(text, c); size != 0)
                return size;
        }
    }
    return 0;
}

// Goes through a text from its start, and finds what must not be shown.
class finder {
public:
    explicit finder(secret_list secrets) noexcept : secrets_(secrets)
    {
        for (const char escape : {'\\', '%', '&'})
            begins_[static_cast<unsigned char>(escape)] = true;
        begins_['V'] = true;
        for (const secret& one : secrets) {
            if (!one.expose().empty())
                begins_[static_cast<unsigned char>(one.expose().front())] = true;
        }
    }

    // How many bytes the longest occurrence has that begins at `at`; 0 when none does.
    [[nodiscard]] std::size_t at(std::string_view all, std::size_t at) noexcept
    {
        if (!begins_[static_cast<unsigned char>(all[at])])
            return 0;
        const std::string_view text = all.substr(at);
        std::size_t longest = 0;
        for (const secret& one : secrets_)
            longest = std::max(longest, spelled(text, one.expose()));
        if (at >= key_end_) { // what begins inside of a key ends with it
            for (const std::string_view prefix : key_prefixes) {
                std::size_t size = spelled(text, prefix);
                if (size == 0)
                    continue;
                const std::size_t front = size;
                for (std::size_t step = 0; (step = match_token_character(text.substr(size))) != 0; ++compared_)
                    size += step;
                if (size == front) // a prefix alone is a word like any other
                    continue;
                key_end_ = at + size;
                longest = std::max(longest, size);
            }
        }
        return longest;
    }

    [[nodiscard]] std::size_t compared() const noexcept { return compared_; }

private:
    // How many bytes at the start of `text` spell the token; 0 when they don't.
    std::size_t spelled(std::string_view text, std::string_view token) noexcept
    {
        std::size_t size = 0;
        for (const char wanted : token) {
            ++compared_;
            const std::size_t step = match_character(text.substr(size), wanted);
            if (step == 0)
                return 0;
            size += step;
        }
        return size;
    }

    secret_list secrets_;
    std::array<bool, 256> begins_{};
    std::size_t key_end_ = 0;
    std::size_t compared_ = 0;
};

// What make_printable puts in the place of a code point.
enum class rendering { as_it_is, space, question_mark };

rendering render(std::string_view code_point) noexcept
{
    if (code_point.size() == 1) {
        const auto byte = static_cast<unsigned char>(code_point.front());
        return byte <= 0x20 || byte == 0x7F ? rendering::space : rendering::as_it_is;
    }
    // U+0080 … U+009F are control characters, and U+00A0 is a space.
    if (code_point.size() == 2 && code_point[0] == '\xC2' && static_cast<unsigned char>(code_point[1]) <= 0xA0)
        return rendering::space;
    if (code_point == "\u2028" || code_point == "\u2029") // line and paragraph separators
        return rendering::space;
    if ((code_point >= "\u202A" && code_point <= "\u202E") || (code_point >= "\u2066" && code_point <= "\u2069"))
        return rendering::question_mark;
    return rendering::as_it_is;
}

} // namespace

std::size_t redact(std::string& text, secret_list secrets)
{
    // An escape is longer than what it stands for, so that a shorter text holds no secret.
    if (text.size() <= shortest_prefix &&
        std::ranges::all_of(secrets, [&text](const secret& one) { return one.expose().size() > text.size(); }))
        return 0;
    finder find{secrets};
    std::string clean;
    const std::string_view all = text;
    std::size_t kept = 0;  // all before it is in `clean`
    std::size_t until = 0; // the end of the occurrence that began last; 0 when there was none
    for (std::size_t at = 0; at != all.size(); ++at) {
        const std::size_t size = find.at(all, at);
        if (size == 0)
            continue;
        if (until == 0 || at >= until) {
            clean += all.substr(kept, at - kept);
            clean += replacement;
        }
        until = std::max(until, at + size);
        kept = until;
    }
    if (until == 0)
        return find.compared();
    clean += all.substr(kept);
    cleanse(text.data(), text.size());
    text = std::move(clean);
    return find.compared();
}

bool looks_like_a_key(std::string_view text) noexcept
{
    return std::ranges::any_of(key_prefixes, [text](std::string_view prefix) {
        const std::size_t at = text.find(prefix);
        return at != std::string_view::npos && at + prefix.size() < text.size() &&
               is_in_token(text[at + prefix.size()]);
    });
}

void make_printable(std::string& text, std::size_t max_bytes)
{
    // It is done in place, because what is written is never longer than what was read.
    std::size_t written = 0;
    bool space_due = false;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t size = first_code_point_size(rest);
        const std::string_view code_point = rest.substr(0, size == 0 ? 1 : size);
        const rendering shown = size == 0 ? rendering::question_mark : render(code_point);
        rest.remove_prefix(code_point.size());
        if (shown == rendering::space) {
            space_due = written != 0;
            continue;
        }
        const std::size_t needed = (space_due ? 1u : 0u) + (shown == rendering::as_it_is ? code_point.size() : 1u);
        if (max_bytes - written < needed)
            break;
        if (std::exchange(space_due, false))
            text[written++] = ' ';
        if (shown == rendering::question_mark) {
            text[written++] = '?';
        } else {
            for (const char byte : code_point)
                text[written++] = byte;
        }
    }
    text.resize(written);
}

} // namespace venice_keys::detail
