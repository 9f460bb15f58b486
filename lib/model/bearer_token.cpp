#include "model/bearer_token.hpp"

#include <algorithm>

namespace venice_keys::detail {

bool valid_bearer_token(std::string_view text) noexcept
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_' || c == '~' || c == '+' || c == '/';
    };
    const auto padding = std::find_if_not(text.begin(), text.end(), allowed);
    return padding != text.begin() && std::all_of(padding, text.end(), [](char c) { return c == '='; });
}

} // namespace venice_keys::detail
