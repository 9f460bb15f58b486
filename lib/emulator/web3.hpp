// The challenges that a wallet signs to get a key. Signatures are not verified.
#pragma once

#include <venice_keys/emulator.hpp>
#include <venice_keys/timestamp.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::emulation {

struct web3_challenge {
    std::string text; // what is signed: a JSON Web Token, or the message of sign-in with Ethereum (EIP-4361)
    std::string nonce;
    std::string address; // whose it is; empty: whoever has it
    timestamp expires_at{};
};

class web3_challenges {
public:
    static constexpr std::size_t max_outstanding = 1000;
    static constexpr std::chrono::minutes lifetime{15};

    // Returns a new challenge that nobody can guess; the oldest outstanding one makes room for it. Returns nothing when
    // OpenSSL has no random numbers.
    std::optional<web3_challenge> issue_token(timestamp now);
    std::optional<web3_challenge> issue_message(std::string_view address, timestamp now);

    // Returns the challenge of this text if it was given out, has not expired and has not been used; else null.
    [[nodiscard]] const web3_challenge* find(std::string_view text, timestamp now) const;

    void use(std::string_view text);

private:
    web3_challenge& keep(web3_challenge made, timestamp now);

    std::deque<web3_challenge> challenges_; // oldest first
};

[[nodiscard]] std::string challenge_body(const web3_challenge& challenge, wallet_form form);

} // namespace venice_keys::emulation
