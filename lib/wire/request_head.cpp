#include "wire/request_head.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace venice_keys::wire {

request_head::request_head(std::string_view authority, std::string_view user_agent, const secret& token)
{
    fields_.append(" HTTP/1.1\r\nHost: ");
    authority_ = put(authority);
    fields_.append("\r\nUser-Agent: ");
    user_agent_ = put(user_agent);
    fields_.append("\r\nAccept: ").append(content_type).append("\r\nAccept-Encoding: ").append(content_coding);
    fields_.append("\r\n");
    if (token.empty())
        return;
    fields_.append("Authorization: ");
    authorization_ = put("Bearer ", token.expose());
    fields_.append("\r\n");
}

request_head::span request_head::put(std::string_view one, std::string_view two)
{
    const std::size_t at = fields_.size();
    fields_.append(one).append(two);
    return {at, fields_.size() - at};
}

void request_head::append(const request_line& what, detail::secret_bytes& out) const
{
    out.append(what.method).append(" ").append(what.target).append(fields_);
    if (what.body.empty()) {
        out.append("\r\n");
        return;
    }
    std::array<char, std::numeric_limits<std::size_t>::digits10 + 1> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), what.body.size()).ptr;
    const std::string_view length(digits.data(), static_cast<std::size_t>(end - digits.data()));
    out.append("Content-Type: ").append(content_type).append("\r\nContent-Length: ").append(length).append("\r\n\r\n");
    out.append(what.body);
}

} // namespace venice_keys::wire
