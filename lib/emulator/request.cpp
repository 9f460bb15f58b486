#include "emulator/request.hpp"

#include <algorithm>

namespace venice_keys::emulation {

namespace {

std::string_view without_spaces(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

} // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right)
{
    const auto small = [](char each) {
        return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
    };
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [small](char a, char b) { return small(a) == small(b); });
}

std::string_view bearer_token(const request& asked)
{
    // The scheme's name has no case (RFC 9110 section 11.1).
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view field = asked.authorization;
    if (!equal_ignoring_case(field.substr(0, scheme.size()), scheme))
        return {};
    return without_spaces(field.substr(scheme.size()));
}

bool has_json(const request& asked)
{
    const std::string_view type = asked.content_type;
    return equal_ignoring_case(without_spaces(type.substr(0, type.find(';'))), "application/json");
}

bool is_read(const request& asked)
{
    return asked.method == "GET" || asked.method == "HEAD";
}

} // namespace venice_keys::emulation
