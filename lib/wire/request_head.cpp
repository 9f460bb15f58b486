#include "wire/request_head.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace venice_keys::wire {

request_head::request_head(std::string_view authority, std::string_view user_agent, const secret& token)
{
    fields_.append(" HTTP/1.1\r\nHost: ").append(authority);
    fields_.append("\r\nUser-Agent: ").append(user_agent).append("\r\nAccept: application/json\r\n");
    // Without it a server may use any coding (RFC 9110 section 12.5.3), and the parser takes none.
    fields_.append("Accept-Encoding: identity\r\n");
    if (!token.empty())
        fields_.append("Authorization: Bearer ").append(token.expose()).append("\r\n");
}

void request_head::append(const request_line& what, secret_bytes& out) const
{
    out.append(what.method).append(" ").append(what.target).append(fields_);
    if (what.body.empty()) {
        out.append("\r\n");
        return;
    }
    std::array<char, std::numeric_limits<std::size_t>::digits10 + 1> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), what.body.size()).ptr;
    const std::string_view length(digits.data(), static_cast<std::size_t>(end - digits.data()));
    out.append("Content-Type: application/json\r\nContent-Length: ").append(length).append("\r\n\r\n");
    out.append(what.body);
}

} // namespace venice_keys::wire
