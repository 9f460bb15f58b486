// The challenges that a wallet signs to get a key. Signatures are no matter of this: nobody verifies them here.
#pragma once

#include <venice_keys/timestamp.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::emulation {

class web3_challenges {
public:
    static constexpr std::size_t max_outstanding = 1000;
    static constexpr std::chrono::minutes lifetime{5};

    // A new token, which nobody can guess. The oldest outstanding one makes room. Empty: OpenSSL has no random numbers.
    std::optional<std::string> issue(timestamp now);

    // Whether the token was given out, is young enough, and has not been used.
    [[nodiscard]] bool outstanding(std::string_view token, timestamp now) const;

    void use(std::string_view token);

private:
    struct challenge {
        std::string token;
        timestamp expires_at;
    };

    std::deque<challenge> challenges_; // oldest first
};

[[nodiscard]] std::string challenge_body(std::string_view token);

} // namespace venice_keys::emulation
