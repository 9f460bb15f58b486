// The exchange with a proxy before TLS with the server: CONNECT and its answer (RFC 9110 section 9.3.6). No I/O.
#pragma once

#include "model/endpoint.hpp"
#include "model/secret_bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace venice_keys::net {

// The target of CONNECT, always with its port.
[[nodiscard]] std::string connect_target(const detail::endpoint& server);

// The value of Proxy-Authorization (RFC 7617).
[[nodiscard]] secret basic_authorization(std::string_view user, const secret& password);

// An empty `authorization` leaves the field out.
[[nodiscard]] detail::secret_bytes connect_request(std::string_view target, const secret& authorization);

// The head of the answer. A 2xx has no body: what follows its head belongs to the tunnel. What follows any other head
// is ignored.
class connect_answer {
public:
    enum class outcome : std::uint8_t {
        unfinished,
        established, // 2xx
        refused,     // any other status: see status()
        malformed,   // the answer is not HTTP/1
        too_large,
    };

    static constexpr std::size_t most_bytes = 16 * 1024; // the limit of all heads, interim answers (1xx) included

    // Returns how many bytes were taken; none of them is behind the head.
    std::size_t take(std::string_view bytes);

    [[nodiscard]] outcome state() const noexcept { return state_; }
    [[nodiscard]] unsigned status() const noexcept { return status_; }
    // Of a 407: whether Basic is among the schemes that the proxy accepts. True when it names none.
    [[nodiscard]] bool takes_basic() const noexcept { return takes_basic_ || !names_schemes_; }

private:
    void end_line();
    void take_status_line();
    void take_field();
    void end_head() noexcept;

    outcome state_ = outcome::unfinished;
    std::size_t taken_ = 0;
    std::string line_; // the current line, as far as it has come
    bool in_head_ = false;
    unsigned status_ = 0;
    bool names_schemes_ = false;
    bool takes_basic_ = false;
};

} // namespace venice_keys::net
