#include "model/bearer_token.hpp"

#include "model/unfit_character.hpp"

#include <array>
#include <cstddef>

namespace venice_keys::detail {

namespace {

bool begins_with(std::string_view text, std::string_view in_small_letters) noexcept
{
    return text.size() >= in_small_letters.size() &&
           is_in_any_case(text.substr(0, in_small_letters.size()), in_small_letters);
}

} // namespace

std::string fault_in_token(std::string_view text)
{
    constexpr std::array<std::string_view, 3> marks{"\"", "'", "`"};
    if (valid_bearer_token(text))
        return {};
    if (text.empty())
        return "the token is empty; it is the text that Venice shows when a key is made";
    for (const std::string_view mark : marks)
        if (text.starts_with(mark) || text.ends_with(mark))
            return "the token is in quotation marks; leave them out";
    if (begins_with(text, "authorization:"))
        return "the token begins with `Authorization:`; leave that out, because the client adds it";
    if (begins_with(text, "bearer "))
        return "the token begins with `Bearer `; leave that out, because the client adds it";
    if (begins_with(text, "venice_api_key=") || begins_with(text, "export "))
        return "the token begins with the name of a variable; give its value alone";
    if (const std::size_t at = find_control_or_blank(text); at != std::string_view::npos)
        return "the token " + words_for_unfit(text, at);
    return "the token has a character that no bearer token has; it may have ASCII letters, digits and - . _ ~ + /, "
           "and = at its end";
}

} // namespace venice_keys::detail
