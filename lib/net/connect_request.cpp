#include "net/connect_request.hpp"

#include "model/small_letter.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace venice_keys::net {

std::string connect_target(const detail::endpoint& server)
{
    const bool is_v6 = server.host.find(':') != std::string::npos;
    return (is_v6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

secret basic_authorization(std::string_view user, const secret& password)
{
    static constexpr std::string_view scheme = "Basic ";
    detail::secret_bytes plain;
    plain.reserve(user.size() + 1 + password.expose().size() + 16); // no byte stays in the object, uncleansed
    plain.append(user).append(1, ':').append(password.expose());
    detail::secret_bytes value(scheme);
    value.resize(scheme.size() + (plain.size() + 2) / 3 * 4 + 1); // with the NUL that OpenSSL appends
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(value.data() + scheme.size()),
                        reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
    return secret(std::string_view(value.data(), scheme.size() + static_cast<std::size_t>(size)));
}

detail::secret_bytes connect_request(std::string_view target, const secret& authorization)
{
    detail::secret_bytes text;
    text.reserve(2 * target.size() + authorization.expose().size() + 64);
    text.append("CONNECT ").append(target).append(" HTTP/1.1\r\nHost: ").append(target).append("\r\n");
    if (!authorization.empty())
        text.append("Proxy-Authorization: ").append(authorization.expose()).append("\r\n");
    return text.append("\r\n");
}

namespace {

constexpr std::string_view http1 = "HTTP/1.";

// Whether a value of Proxy-Authenticate has a challenge of the Basic scheme: at its beginning, or behind a comma.
bool offers_basic(std::string_view value) noexcept
{
    while (!value.empty()) {
        value.remove_prefix(std::min(value.find_first_not_of(" \t,"), value.size()));
        const std::string_view word = value.substr(0, value.find_first_of(" \t,"));
        if (detail::is_in_any_case(word, "basic"))
            return true;
        value.remove_prefix(std::min(value.find(','), value.size()));
    }
    return false;
}

} // namespace

std::size_t connect_answer::take(std::string_view bytes)
{
    std::size_t used = 0;
    while (state_ == outcome::unfinished && used != bytes.size()) {
        if (taken_ == most_bytes) {
            state_ = outcome::too_large;
            break;
        }
        ++taken_;
        const char c = bytes[used++];
        if (c == '\n')
            end_line();
        else
            line_.push_back(c);
        // What does not begin like HTTP may never reach the end of a line.
        if (state_ == outcome::unfinished && !in_head_ &&
            !http1.starts_with(std::string_view(line_).substr(0, http1.size())))
            state_ = outcome::malformed;
    }
    return used;
}

void connect_answer::end_line()
{
    if (line_.ends_with('\r'))
        line_.pop_back();
    if (!in_head_)
        take_status_line();
    else if (line_.empty())
        end_head();
    else
        take_field();
    line_.clear();
}

// RFC 9112 section 4. Some proxies leave out the reason together with the blank before it.
void connect_answer::take_status_line()
{
    const std::string_view line = line_;
    const bool good = line.size() >= 12 && line.starts_with(http1) && (line[7] == '0' || line[7] == '1') &&
                      line[8] == ' ' && line[9] >= '1' && line[9] <= '9' && detail::is_digit(line[10]) &&
                      detail::is_digit(line[11]) && (line.size() == 12 || line[12] == ' ');
    if (!good) {
        state_ = outcome::malformed;
        return;
    }
    status_ = 0;
    for (const char c : line.substr(9, 3))
        status_ = status_ * 10 + static_cast<unsigned>(c - '0');
    in_head_ = true;
}

void connect_answer::take_field()
{
    const std::string_view line = line_;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        state_ = outcome::malformed;
        return;
    }
    if (!detail::is_in_any_case(line.substr(0, colon), "proxy-authenticate"))
        return;
    names_schemes_ = true;
    takes_basic_ = takes_basic_ || offers_basic(line.substr(colon + 1));
}

// Interim answers are skipped (RFC 9110 section 15.2), but not 101: nobody has asked for another protocol.
void connect_answer::end_head() noexcept
{
    if (status_ / 100 == 1 && status_ != 101) {
        in_head_ = false;
        names_schemes_ = takes_basic_ = false;
        return;
    }
    state_ = status_ / 100 == 2 ? outcome::established : outcome::refused;
}

} // namespace venice_keys::net
