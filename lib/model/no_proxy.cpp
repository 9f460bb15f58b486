#include "model/no_proxy.hpp"

#include "model/small_letter.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace venice_keys::detail {

namespace {

namespace urls = boost::urls;

constexpr std::string_view blanks = " \t";
constexpr std::string_view separators = " \t,";

std::string_view trimmed(std::string_view text) noexcept
{
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

// The number that all of the text is; empty when it is none, or more than `most`.
std::optional<unsigned> number(std::string_view text, unsigned most) noexcept
{
    unsigned value = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end || value > most)
        return std::nullopt;
    return value;
}

// Takes `:port` off the end of an entry. Returns false when there is a port and it is not the server's. Behind an IPv6
// address, a port stands only when the address is in brackets.
bool take_port(std::string_view& entry, std::uint16_t port) noexcept
{
    const std::size_t colon = entry.rfind(':');
    const std::size_t bracket = entry.rfind(']');
    if (colon == std::string_view::npos || (bracket != std::string_view::npos && bracket > colon) ||
        (bracket == std::string_view::npos && entry.find(':') != colon))
        return true;
    const std::optional<unsigned> wanted = number(entry.substr(colon + 1), 65'535);
    entry = entry.substr(0, colon);
    return wanted == port;
}

template <class Bytes>
bool share_bits(const Bytes& left, const Bytes& right, unsigned bits) noexcept
{
    for (std::size_t i = 0; bits != 0; ++i) {
        const unsigned count = std::min(bits, 8U);
        const unsigned mask = 0xFFU << (8U - count) & 0xFFU;
        if ((left[i] & mask) != (right[i] & mask))
            return false;
        bits -= count;
    }
    return true;
}

// An address matches only a network of its own family.
bool is_in_network(std::string_view address, std::string_view network)
{
    const std::size_t slash = network.find('/');
    const std::string_view base = network.substr(0, slash);
    const auto bits_of = [&](unsigned most) {
        return slash == std::string_view::npos ? std::optional(most) : number(network.substr(slash + 1), most);
    };
    if (const auto here = urls::parse_ipv4_address(address)) {
        const auto there = urls::parse_ipv4_address(base);
        const auto bits = bits_of(32);
        return there && bits && share_bits(here->to_bytes(), there->to_bytes(), *bits);
    }
    const auto here = urls::parse_ipv6_address(address);
    const auto there = urls::parse_ipv6_address(base);
    const auto bits = bits_of(128);
    return here && there && bits && share_bits(here->to_bytes(), there->to_bytes(), *bits);
}

// An IPv6 address may stand in brackets, which are no part of it, also in `[fd00::]/8`.
std::string without_brackets(std::string_view entry)
{
    std::string bare(entry);
    if (bare.starts_with('['))
        std::erase_if(bare, [](char c) { return c == '[' || c == ']'; });
    return bare;
}

bool is_name_or_below(std::string_view host, std::string_view entry)
{
    if (entry.ends_with('.'))
        entry.remove_suffix(1);
    if (entry.starts_with('.'))
        entry.remove_prefix(1);
    if (host.ends_with('.'))
        host.remove_suffix(1);
    if (entry.empty() || entry.size() > host.size())
        return false;
    const std::string_view end = host.substr(host.size() - entry.size());
    return std::ranges::equal(end, entry, {}, small_letter, small_letter) &&
           (end.size() == host.size() || host[host.size() - entry.size() - 1] == '.');
}

bool matches(const endpoint& server, std::string_view entry)
{
    if (!take_port(entry, server.port))
        return false;
    return server.is_ip_literal ? is_in_network(server.host, without_brackets(entry))
                                : is_name_or_below(server.host, entry);
}

} // namespace

bool is_reached_without_proxy(const endpoint& server, std::string_view no_proxy)
{
    no_proxy = trimmed(no_proxy);
    if (no_proxy == "*")
        return true;
    while (!no_proxy.empty()) {
        const std::string_view entry = no_proxy.substr(0, no_proxy.find_first_of(separators));
        if (!entry.empty() && matches(server, entry))
            return true;
        no_proxy.remove_prefix(std::min(entry.size() + 1, no_proxy.size()));
    }
    return false;
}

} // namespace venice_keys::detail
