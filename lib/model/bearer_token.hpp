// The syntax of a bearer token. It says nothing about whether a server takes the token.
#pragma once

#include "model/small_letter.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace venice_keys::detail {

// RFC 6750 section 2.1 allows these characters, and `=` at the end.
[[nodiscard]] constexpr bool is_token_character(char c) noexcept
{
    return is_letter(c) || is_digit(c) || std::string_view{"-._~+/"}.find(c) != std::string_view::npos;
}

// A token has one such character at least, and then any number of `=`.
[[nodiscard]] constexpr bool valid_bearer_token(std::string_view text) noexcept
{
    const auto padding = std::find_if_not(text.begin(), text.end(), is_token_character);
    return padding != text.begin() && std::all_of(padding, text.end(), [](char c) { return c == '='; });
}

// What is wrong with a text that is no token, and what to do about it; empty when it is one. It quotes nothing of the
// text, which may be a secret all the same.
[[nodiscard]] std::string fault_in_token(std::string_view text);

} // namespace venice_keys::detail
