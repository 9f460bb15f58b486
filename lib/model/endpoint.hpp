// Where the API is: the parts of a base URL. Not a general URL, and no name is looked up.
#pragma once

#include <venice_keys/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace venice_keys::detail {

struct endpoint {
    std::string host; // in lower case, an IPv6 address without its brackets
    std::uint16_t port = 443;
    std::string base_path;      // `/api/v1`: without the last slash, empty for none
    std::string authority;      // the Host field: without the port when it is 443, an IPv6 address in brackets
    bool is_ip_literal = false; // `host` is an IPv4 or IPv6 address

    friend bool operator==(const endpoint&, const endpoint&) = default;
};

// https alone. errc::invalid_argument, its detail beginning with `field`, for what is not an absolute URL; for user
// info, a query, a fragment or a `..` in it; for a host that is neither an address nor a host name (RFC 1123 section
// 2.1, underscores besides); for a port that is not in 1 … 65535. The detail never quotes the URL.
[[nodiscard]] result<endpoint> parse_endpoint(std::string_view base_url, std::string_view field = "base_url");

// Where a proxy is and how it is spoken to.
struct proxy_endpoint {
    endpoint where;
    bool encrypted = false;
};

// http and https; an http URL needs a port, because programs differ in its default. Otherwise as above, but without a
// path other than `/`, and the detail begins with `field`.
[[nodiscard]] result<proxy_endpoint> parse_proxy(std::string_view url, std::string_view field = "proxy.url");

} // namespace venice_keys::detail
