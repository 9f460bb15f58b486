// What a wallet is to sign, as web3_challenge completes with it.
#pragma once

#include <venice_keys/secret.hpp>
#include <venice_keys/timestamp.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace venice_keys {

// The text to sign, which is a secret until its time is over. The service gives a token (a JWT); it has announced a
// message instead (sign-in with Ethereum), which is good for one creation. Both are signed as they stand.
class wallet_challenge : public secret {
public:
    enum class form : std::uint8_t { token, message };

    // How long one is good, from the time that the service makes it.
    static constexpr std::chrono::minutes lifetime{15};

    wallet_challenge() = default;
    // A token.
    explicit wallet_challenge(secret token) noexcept : secret(std::move(token)) {}
    wallet_challenge(secret message, std::string nonce, std::optional<timestamp> expires_at) noexcept
        : secret(std::move(message)), form_(form::message), nonce_(std::move(nonce)), expires_at_(expires_at)
    {
    }

    [[nodiscard]] form kind() const noexcept { return form_; }
    // Of a message, and in it; empty: not told.
    [[nodiscard]] const std::string& nonce() const noexcept { return nonce_; }
    // Of a message; empty: not told.
    [[nodiscard]] std::optional<timestamp> expires_at() const noexcept { return expires_at_; }

private:
    form form_ = form::token;
    std::string nonce_;
    std::optional<timestamp> expires_at_;
};

} // namespace venice_keys
