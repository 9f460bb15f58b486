#include "model/endpoint.hpp"

#include "model/invalid_argument.hpp"
#include "model/redact.hpp"
#include "model/small_letter.hpp"
#include "model/unfit_character.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace venice_keys::detail {

namespace {

namespace urls = boost::urls;

constexpr std::size_t longest_url = 2'048;

bool is_label(std::string_view label) noexcept
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
    };
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), allowed);
}

// Whether this is a name in lower case. If its last label has only digits it is none, because resolvers take `127.1`
// and `2130706433` for addresses.
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

// An empty text means the port of https.
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

bool is_hex_digit(char c) noexcept
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// RFC 3986 section 2 says which characters a URL may have. Two hexadecimal digits follow each `%`. Returns where the
// first byte is that breaks this, npos when none does.
std::size_t find_unfit(std::string_view text) noexcept
{
    constexpr std::string_view marks = "-._~:/?#[]@!$&'()*+,;=";
    for (std::size_t i = 0; i != text.size(); ++i) {
        const char c = text[i];
        if (c == '%') {
            if (text.size() - i < 3 || !is_hex_digit(text[i + 1]) || !is_hex_digit(text[i + 2]))
                return i;
        } else if (!is_letter(c) && !is_digit(c) && marks.find(c) == std::string_view::npos) {
            return i;
        }
    }
    return std::string_view::npos;
}

// What is wrong with the URL's characters; empty when nothing is. Of what is no blank and no control character, it
// names nothing: somebody may have put a password into the URL.
std::string fault_in_characters(std::string_view url)
{
    if (url.empty())
        return "is empty";
    if (const std::size_t at = find_control_or_blank(url); at != std::string_view::npos)
        return words_for_unfit(url, at);
    const std::size_t at = find_unfit(url);
    if (at == std::string_view::npos)
        return {};
    if (url.front() == '"' || url.front() == '\'')
        return "is in quotation marks; leave them out";
    return url[at] == '%' ? "has a % without two hexadecimal digits behind it"
                          : "has a character that no URL has; write its bytes with %, as in %20";
}

// The scheme by RFC 3986 section 3.1, in lower case and without its colon; empty when the URL has none.
std::string scheme_of(std::string_view url)
{
    const std::string_view scheme = url.substr(0, url.find(':'));
    const auto allowed = [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    };
    if (scheme.empty() || scheme.size() == url.size() || !is_letter(scheme.front()) ||
        !std::all_of(scheme.begin(), scheme.end(), allowed))
        return {};
    std::string lowered{scheme};
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), small_letter);
    return lowered;
}

// The parts of a URL, as RFC 3986 section 3 cuts it.
struct url_parts {
    std::string scheme; // in lower case
    std::string_view authority;
    std::string_view path;
    std::string_view query;    // with its `?`
    std::string_view fragment; // with its `#`
};

// Boost.URL's parse_uri() does not decide what a base URL may be, because its answers differ with Boost's version: 1.81
// takes `https://10.0.0.1.nip.io` for the address 10.0.0.1 with the path `.nip.io`, and 1.83 takes zone ids.
url_parts cut(std::string_view url)
{
    url_parts parts;
    parts.scheme = scheme_of(url);
    std::string_view rest = url.substr(std::min(parts.scheme.size() + 1, url.size()));
    if (!rest.starts_with("//"))
        return parts;
    rest.remove_prefix(2);
    const auto take_until = [&rest](std::string_view marks) {
        const std::string_view part = rest.substr(0, rest.find_first_of(marks));
        rest.remove_prefix(part.size());
        return part;
    };
    parts.authority = take_until("/?#");
    parts.path = take_until("?#");
    parts.query = take_until("#");
    parts.fragment = rest;
    return parts;
}

// Brackets enclose an IPv6 address and stand nowhere else (RFC 3986 section 3.2.2). A zone id in them (RFC 6874) names
// an interface of this machine, which no certificate can vouch for. Empty when nothing is wrong.
std::string_view fault_in_brackets(const url_parts& parts)
{
    if (parts.path.find_first_of("[]") != std::string_view::npos)
        return "the path has a square bracket; write it as %5B or %5D";
    if (!parts.authority.starts_with('['))
        return {};
    const std::size_t end = parts.authority.find(']');
    if (end == std::string_view::npos)
        return "the bracket around the IPv6 address is not closed, as in https://[::1]:8443";
    return parts.authority.substr(0, end).find('%') == std::string_view::npos
               ? std::string_view{}
               : "the IPv6 address has a zone id, which no certificate can vouch for; leave out the % and the rest of "
                 "it";
}

// Takes a host and puts it into `where`, without a port in its authority. Returns false when the text is no host.
bool take_host(std::string_view text, endpoint& where)
{
    if (text.starts_with('[')) {
        if (!text.ends_with(']'))
            return false;
        const auto address = urls::parse_ipv6_address(text.substr(1, text.size() - 2));
        if (!address)
            return false;
        where.host = address->to_string();
        where.authority = "[" + where.host + "]";
        where.is_ip_literal = true;
        return true;
    }
    if (const auto address = urls::parse_ipv4_address(text)) {
        where.host = address->to_string();
        where.is_ip_literal = true;
    } else {
        where.host = text;
        std::transform(where.host.begin(), where.host.end(), where.host.begin(), small_letter);
        if (!is_host_name(where.host))
            return false;
    }
    where.authority = where.host;
    return true;
}

// Whether the path has a segment `.` or `..`, which may be written with %2e.
bool has_dot_segment(std::string_view path)
{
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        std::string_view segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        std::size_t dots = 0;
        while (!segment.empty()) {
            const bool escaped = segment.starts_with("%2e") || segment.starts_with("%2E");
            if (!escaped && segment.front() != '.')
                break;
            segment.remove_prefix(escaped ? 3 : 1);
            ++dots;
        }
        if (segment.empty() && (dots == 1 || dots == 2))
            return true;
    }
    return false;
}

// Takes the host and the port of an authority without user information. An error quotes them where it may.
result<endpoint> parse_authority(std::string_view authority, std::string_view field, bool may_quote)
{
    // The port is behind the last colon that is not inside brackets.
    std::size_t host_size = authority.rfind(':');
    if (host_size == std::string_view::npos || authority.find(']', host_size) != std::string_view::npos)
        host_size = authority.size();
    const std::string_view host = authority.substr(0, host_size);
    if (host.empty())
        return invalid_argument(field, "has no host");
    endpoint where;
    const std::string_view port_text = authority.substr(std::min(host_size + 1, authority.size()));
    // `user:password` of a URL that was cut at a slash or a `#` of the password looks like a host and a port.
    const bool may_be_shown = may_quote && std::all_of(port_text.begin(), port_text.end(), is_digit);
    const auto shown = [may_be_shown](std::string_view value) {
        return may_be_shown ? "'" + std::string(value) + "' " : std::string{};
    };
    if (!take_host(host, where))
        return invalid_argument(field, "the host " + shown(host) + "is neither an address nor a host name");
    const std::optional<std::uint16_t> port = parse_port(port_text);
    if (!port)
        return invalid_argument(field, "the port " + shown(port_text) + "is not a number in 1 … 65535");
    where.port = *port;
    if (where.port != 443)
        where.authority += ":" + std::to_string(where.port);
    return where;
}

// Whether errors may quote parts of a URL: a user or a password may be anywhere before an `@`.
bool may_be_quoted(std::string_view url) noexcept
{
    return url.find('@') == std::string_view::npos && !looks_like_a_key(url);
}

// Cuts a URL, and checks what either kind of URL must be.
result<url_parts> take_apart(std::string_view url, std::string_view field, bool http_too)
{
    const auto invalid = [field](std::string_view reason) {
        return invalid_argument(field, reason);
    };
    if (url.size() > longest_url)
        return invalid("has " + std::to_string(url.size()) + " bytes, at most 2048");
    if (const std::string fault = fault_in_characters(url); !fault.empty())
        return invalid(fault);
    const std::string wanted = http_too ? "http:// or https://" : "https://";
    const url_parts parts = cut(url);
    if (parts.scheme.empty() || url.substr(parts.scheme.size()).find("://") != 0)
        return invalid("does not begin with " + wanted);
    if (!http_too && parts.scheme == "http")
        return invalid(
            "begins with http://, but the token travels over TLS alone: write https:// and a port that speaks "
            "TLS");
    if (parts.scheme != "https" && !(http_too && parts.scheme == "http"))
        return invalid("begins with " + parts.scheme + "://, not with " + wanted);
    if (const std::string_view fault = fault_in_brackets(parts); !fault.empty())
        return invalid(fault);
    if (parts.authority.find('@') != std::string_view::npos)
        return invalid(http_too
                           ? "has user information; give it as proxy.user and proxy.password"
                           : "has user information; leave it out, and give the token as credentials (VENICE_API_KEY)");
    if (!parts.query.empty())
        return invalid("has a query; leave out the ? and what follows it");
    if (!parts.fragment.empty())
        return invalid("has a fragment; leave out the # and what follows it");
    return parts;
}

} // namespace

result<endpoint> parse_endpoint(std::string_view base_url, std::string_view field)
{
    const result<url_parts> parts = take_apart(base_url, field, false);
    if (!parts)
        return parts.error();
    result<endpoint> where = parse_authority(parts->authority, field, may_be_quoted(base_url));
    if (!where)
        return where;
    std::string_view path = parts->path;
    if (has_dot_segment(path))
        return invalid_argument(field, "the path has a `.` or `..` in it; write it without");
    while (path.ends_with('/'))
        path.remove_suffix(1);
    where->base_path = path;
    return where;
}

result<proxy_endpoint> parse_proxy(std::string_view url, std::string_view field)
{
    const result<url_parts> parts = take_apart(url, field, true);
    if (!parts)
        return parts.error();
    if (!parts->path.empty() && parts->path != "/")
        return invalid_argument(field, "has a path; leave out what follows the port");
    result<endpoint> where = parse_authority(parts->authority, field, may_be_quoted(url));
    if (!where)
        return std::move(where).error();
    const std::string_view authority = parts->authority;
    const std::size_t colon = authority.rfind(':');
    const bool has_port = colon != std::string_view::npos && colon + 1 != authority.size() &&
                          authority.find(']', colon) == std::string_view::npos;
    const bool encrypted = parts->scheme == "https";
    if (!encrypted && !has_port)
        return invalid_argument(field, "has no port; write it, as in http://proxy.example:3128");
    return proxy_endpoint{*std::move(where), encrypted};
}

} // namespace venice_keys::detail
