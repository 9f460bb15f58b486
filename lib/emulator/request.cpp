#include "emulator/request.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

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

route find_route(std::string_view target)
{
    constexpr std::string_view collection = "/api/v1/api_keys";
    const std::size_t mark = std::min(target.find('?'), target.size());
    std::string_view path = target.substr(0, mark);
    const std::string_view query = target.substr(std::min(mark + 1, target.size()));
    if (!path.starts_with(collection))
        return {endpoint::nowhere, {}, query};
    path.remove_prefix(collection.size());
    if (path.empty())
        return {endpoint::collection, {}, query};
    // These names come before the ids, because the service makes no id that looks like one of them.
    if (path == "/rate_limits")
        return {endpoint::rate_limits, {}, query};
    if (path == "/rate_limits/log")
        return {endpoint::rate_limit_log, {}, query};
    if (path == "/generate_web3_key")
        return {endpoint::web3, {}, query};
    if (path.front() == '/') {
        auto id = percent_decode(path.substr(1));
        if (id && !id->empty())
            return {endpoint::one_key, std::move(*id), query};
    }
    return {endpoint::nowhere, {}, query};
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name)
{
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
        const std::size_t equals = pair.find('=');
        if (pair.substr(0, equals) == name)
            return percent_decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
    }
    return std::nullopt;
}

std::optional<std::string> percent_decode(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        if (text.front() != '%') {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        unsigned char byte = 0;
        const std::string_view digits = text.substr(1, 2);
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (digits.size() != 2 || parsed.ec != std::errc{} || parsed.ptr != digits.data() + 2)
            return std::nullopt;
        out += static_cast<char>(byte);
        text.remove_prefix(3);
    }
    return out;
}

} // namespace venice_keys::emulation
