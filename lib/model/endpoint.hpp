// Where the API is, by the parts of its base URL. It takes no other URLs than the API's and a proxy's, and looks no
// name up.
#pragma once

#include <venice_keys/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace venice_keys::detail {

struct endpoint {
    std::string host; // in lower case; an IPv6 address without its brackets
    std::uint16_t port = 443;
    std::string base_path;      // `/api/v1`: without the last slash; empty when there is none
    std::string authority;      // what the Host field has: no port when it is 443, and an IPv6 address in brackets
    bool is_ip_literal = false; // `host` is an IPv4 or IPv6 address

    friend bool operator==(const endpoint&, const endpoint&) = default;
};

// The URL must be absolute, with the scheme https, and without user information, a query, a fragment or a `..`. Its
// host must be an address or a host name (RFC 1123 section 2.1, and underscores), its port in 1 … 65535. Otherwise the
// error is errc::invalid_argument. Its detail begins with `field`, and never quotes the URL.
[[nodiscard]] result<endpoint> parse_endpoint(std::string_view base_url, std::string_view field = "base_url");

// Where a proxy is, and how the client speaks to it.
struct proxy_endpoint {
    endpoint where;
    bool encrypted = false;
};

// The same, but the scheme may also be http. Such a URL needs a port, because programs differ in its default. There may
// be no path other than `/`.
[[nodiscard]] result<proxy_endpoint> parse_proxy(std::string_view url, std::string_view field = "proxy.url");

} // namespace venice_keys::detail
