#include "wire/request_head.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace venice_keys::wire {

request_head::request_head(std::string_view method, std::string_view target, std::string_view authority,
                           std::string_view user_agent, const secret& token)
{
    text_.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(authority);
    text_.append("\r\nUser-Agent: ").append(user_agent).append("\r\nAccept: application/json\r\n");
    if (!token.empty())
        text_.append("Authorization: Bearer ").append(token.expose()).append("\r\n");
    text_.append("Content-Type: application/json\r\nContent-Length: ");
}

void request_head::append(std::string_view body, secret_bytes& out) const
{
    std::array<char, std::numeric_limits<std::size_t>::digits10 + 1> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), body.size()).ptr;
    const std::string_view length(digits.data(), static_cast<std::size_t>(end - digits.data()));
    out.append(text_).append(length).append("\r\n\r\n").append(body);
}

} // namespace venice_keys::wire
