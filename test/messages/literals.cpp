#include "messages/literals.hpp"

#include <algorithm>
#include <cctype>

namespace messages {

namespace {

bool is_small_letter(char c) noexcept
{
    return c >= 'a' && c <= 'z';
}

void append_code_point(std::string& text, unsigned code)
{
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += static_cast<char>(0xC0 | code >> 6);
        text += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        text += static_cast<char>(0xE0 | code >> 12);
        text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        text += static_cast<char>(0x80 | (code & 0x3F));
    }
}

class scanner {
public:
    explicit scanner(std::string_view source) : rest_(source) {}

    std::vector<literal> all()
    {
        while (!rest_.empty())
            step();
        return std::move(found_);
    }

private:
    void step()
    {
        if (rest_.starts_with("//"))
            return skip_to("\n");
        if (rest_.starts_with("/*")) {
            skip_to("*/");
            return take(std::min<std::size_t>(2, rest_.size()));
        }
        if (at_line_start_ && rest_.front() == '#')
            return skip_directive();
        if (rest_.starts_with("R\"(")) {
            take(3);
            const std::size_t end = std::min(rest_.find(")\""), rest_.size());
            add(std::string(rest_.substr(0, end)));
            take(end);
            return take(std::min<std::size_t>(2, rest_.size()));
        }
        if (rest_.front() == '"')
            return add(quoted('"'));
        if (rest_.front() == '\'' && !after_digit_) {
            (void)quoted('\'');
            joins_ = false;
            return;
        }
        if (std::isspace(static_cast<unsigned char>(rest_.front())) == 0)
            joins_ = false;
        take(1);
    }

    void add(std::string text)
    {
        if (joins_)
            found_.back().text += text;
        else
            found_.push_back({line_, std::move(text)});
        joins_ = true;
    }

    std::string quoted(char mark)
    {
        std::string text;
        take(1);
        while (!rest_.empty() && rest_.front() != mark) {
            if (rest_.front() == '\\' && rest_.size() > 1) {
                take(1);
                text += escaped();
            } else {
                text += rest_.front();
                take(1);
            }
        }
        take(std::min<std::size_t>(1, rest_.size()));
        return text;
    }

    std::string escaped()
    {
        const char what = rest_.front();
        take(1);
        std::string text;
        switch (what) {
        case 'n':
            return "\n";
        case 't':
            return "\t";
        case 'r':
            return "\r";
        case 'u':
            append_code_point(text, static_cast<unsigned>(std::stoul(std::string(rest_.substr(0, 4)), nullptr, 16)));
            take(4);
            return text;
        case 'x':
            while (!rest_.empty() && std::isxdigit(static_cast<unsigned char>(rest_.front())) != 0)
                take(1);
            return "?";
        default:
            return {what};
        }
    }

    void skip_directive()
    {
        for (;;) {
            const std::size_t end = std::min(rest_.find('\n'), rest_.size());
            const bool goes_on = end != 0 && rest_[end - 1] == '\\';
            take(std::min(end + 1, rest_.size()));
            if (!goes_on || rest_.empty())
                return;
        }
    }

    void skip_to(std::string_view end) { take(std::min(rest_.find(end), rest_.size())); }

    void take(std::size_t count)
    {
        for (const char c : rest_.substr(0, count)) {
            line_ += c == '\n' ? 1 : 0;
            if (c == '\n')
                at_line_start_ = true;
            else if (c != ' ')
                at_line_start_ = false;
            after_digit_ = std::isalnum(static_cast<unsigned char>(c)) != 0; // 1'000, and not 'c'
        }
        rest_.remove_prefix(count);
    }

    std::string_view rest_;
    std::vector<literal> found_;
    int line_ = 1;
    bool joins_ = false;
    bool at_line_start_ = true;
    bool after_digit_ = false;
};

bool is_prose(std::string_view text)
{
    if (text.find(' ') == std::string_view::npos)
        return false;
    // A word is two small letters at least. One alone is prose where it goes on with a sentence: ` failed`.
    std::size_t words = text.front() == ' ' ? 1 : 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t begin = i;
        while (i < text.size() && (is_small_letter(text[i]) || text[i] == '_'))
            ++i;
        words += i - begin > 1 ? 1 : 0;
    }
    return words > 1;
}

} // namespace

std::vector<literal> literals_in(std::string_view source)
{
    return scanner(source).all();
}

std::string with_single_blanks(std::string_view text)
{
    std::string single;
    for (const char c : text) {
        const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!blank || !single.ends_with(' '))
            single += blank ? ' ' : c;
    }
    return single;
}

std::vector<std::string> prose_in(std::string_view text)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t field = text.find('{');
        const std::size_t end = field == std::string_view::npos ? field : text.find('}', field);
        const bool is_field = end != std::string_view::npos;
        const std::string part = with_single_blanks(text.substr(0, is_field ? field : text.size()));
        if (is_prose(part))
            parts.push_back(part);
        text.remove_prefix(is_field ? end + 1 : text.size());
    }
    return parts;
}

} // namespace messages
