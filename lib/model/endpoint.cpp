#include "model/endpoint.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>

namespace venice_keys {

namespace {

namespace urls = boost::urls;

constexpr std::size_t longest_url = 2'048;

error invalid(std::string_view reason)
{
    return error{errc::invalid_argument, "base_url: " + std::string{reason}};
}

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool is_label(std::string_view label) noexcept
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
    };
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), allowed);
}

// A name in lower case. A last label of digits alone is refused: resolvers take `127.1` and `2130706433` for addresses.
bool is_host_name(std::string_view name) noexcept
{
    if (name.size() > 253)
        return false;
    for (;;) {
        const std::size_t dot = name.find('.');
        const std::string_view label = name.substr(0, dot);
        if (!is_label(label))
            return false;
        if (dot == std::string_view::npos)
            return !std::all_of(label.begin(), label.end(), is_digit);
        name.remove_prefix(dot + 1);
    }
}

// Empty text: the port of https.
std::optional<std::uint16_t> parse_port(std::string_view text) noexcept
{
    if (text.empty())
        return std::uint16_t{443};
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, port);
    if (parsed.ec != std::errc{} || parsed.ptr != end || port == 0)
        return std::nullopt;
    return port;
}

// The host of `url` into `where`; false when it is none.
bool take_host(const urls::url_view& url, endpoint& where)
{
    switch (url.host_type()) {
    case urls::host_type::ipv4:
        where.host = url.host_ipv4_address().to_string();
        where.authority = where.host;
        where.is_ip_literal = true;
        return true;
    case urls::host_type::ipv6:
        where.host = url.host_ipv6_address().to_string();
        where.authority = "[" + where.host + "]";
        where.is_ip_literal = true;
        return true;
    case urls::host_type::name:
        where.host = url.host_name();
        std::transform(where.host.begin(), where.host.end(), where.host.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        where.authority = where.host;
        return is_host_name(where.host);
    case urls::host_type::none:
    case urls::host_type::ipvfuture:
        return false;
    }
    return false;
}

bool has_dot_segment(const urls::url_view& url)
{
    for (const std::string& segment : url.segments()) {
        if (segment == "." || segment == "..")
            return true;
    }
    return false;
}

} // namespace

result<endpoint> parse_endpoint(std::string_view base_url)
{
    if (base_url.size() > longest_url)
        return invalid("longer than 2048 bytes");
    const boost::system::result<urls::url_view> parsed = urls::parse_uri(base_url);
    if (!parsed)
        return invalid("not an absolute URL");
    const urls::url_view& url = *parsed;
    if (url.scheme_id() != urls::scheme::https)
        return invalid("the scheme is not https");
    if (!url.has_authority() || url.encoded_host().empty())
        return invalid("no host");
    if (url.has_userinfo())
        return invalid("has user information; credentials are given apart");
    if (url.has_query())
        return invalid("has a query");
    if (url.has_fragment())
        return invalid("has a fragment");

    endpoint where;
    if (!take_host(url, where))
        return invalid("the host is neither an address nor a host name");
    const std::optional<std::uint16_t> port = parse_port(url.port());
    if (!port)
        return invalid("the port is not in 1 … 65535");
    where.port = *port;
    if (where.port != 443)
        where.authority += ":" + std::to_string(where.port);

    if (has_dot_segment(url))
        return invalid("the path has a `.` or `..` in it");
    std::string_view path = url.encoded_path();
    while (path.ends_with('/'))
        path.remove_suffix(1);
    where.base_path = path;
    return where;
}

} // namespace venice_keys
