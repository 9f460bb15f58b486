// What a wallet is to sign: the result of web3_challenge.
#pragma once

#include <venice_keys/secret.hpp>
#include <venice_keys/timestamp.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace venice_keys {

/// The text to sign, which is a secret while it is valid. The service gives a token (a JWT); it has announced a message
/// instead (sign-in with Ethereum), which is valid for one creation. Both are signed as they are.
class wallet_challenge : public secret {
public:
    /// What the service gave.
    enum class form : std::uint8_t {
        token,   ///< a JWT, as published
        message, ///< a message of several lines (ERC-4361), as announced
    };

    /// How long a challenge is valid, from when the service makes it (by the service's own description).
    static constexpr std::chrono::minutes lifetime{15};

    wallet_challenge() = default; ///< an empty token
    /// A token.
    explicit wallet_challenge(secret token) noexcept : secret(std::move(token)) {}
    /// A message. An empty nonce, and an empty time, mean that the service gave none.
    wallet_challenge(secret message, std::string nonce, std::optional<timestamp> expires_at) noexcept
        : secret(std::move(message)), form_(form::message), nonce_(std::move(nonce)), expires_at_(expires_at)
    {
    }

    /// Whether it is a token or a message.
    [[nodiscard]] form kind() const noexcept { return form_; }
    /// The nonce of a message, which is also in its text; empty: not given.
    [[nodiscard]] const std::string& nonce() const noexcept { return nonce_; }
    /// When a message expires; empty: not given.
    [[nodiscard]] std::optional<timestamp> expires_at() const noexcept { return expires_at_; }

private:
    form form_ = form::token;
    std::string nonce_;
    std::optional<timestamp> expires_at_;
};

} // namespace venice_keys
