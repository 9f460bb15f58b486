#include "wire/goaway_words.hpp"

#include "model/small_letter.hpp"

#include <algorithm>
#include <cstddef>

namespace venice_keys::wire {

namespace {

constexpr std::size_t most_shown = 128;
constexpr std::size_t longest_word = 24;

// Whether a token may contain it (RFC 6750 section 2.1). A dot is left out: names of files and hosts are worth showing.
bool of_token(char each) noexcept
{
    return detail::is_digit(each) || detail::is_letter(each) ||
           std::string_view("-~+/=").find(each) != std::string_view::npos;
}

void hide_long_words(std::string& text)
{
    std::string shown;
    for (auto at = text.begin(); at != text.end();) {
        const auto end = std::find_if_not(at, text.end(), of_token);
        if (static_cast<std::size_t>(end - at) > longest_word)
            shown += "[redacted]";
        else
            shown.append(at, end);
        at = end;
        if (at != text.end())
            shown += *at++;
    }
    cleanse(text.data(), text.size());
    text = shown;
}

} // namespace

std::string_view token_of(std::string_view authorization) noexcept
{
    constexpr std::string_view scheme = "Bearer ";
    return authorization.starts_with(scheme) ? authorization.substr(scheme.size()) : std::string_view();
}

std::string goaway_words(std::string_view code, std::string_view said, detail::secret_list tokens)
{
    std::string words = "the server ends the connection (GOAWAY, ";
    words.append(code).append(")");
    std::string text(said);
    detail::redact(text, tokens);
    hide_long_words(text);
    detail::make_printable(text, most_shown);
    if (!text.empty())
        words.append(": ").append(text);
    return words;
}

} // namespace venice_keys::wire
