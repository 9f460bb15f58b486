// Who a call is made as: the bearer token of one account.
#pragma once

#include <venice_keys/secret.hpp>

#include <utility>

namespace venice_keys {

// The token is sent as `Authorization: Bearer <token>`. It may hold the characters of a bearer token
// (RFC 6750 section 2.1: letters, digits, - . _ ~ + / =); anything else ends a call as errc::invalid_argument
// before it is sent.
class credentials {
public:
    explicit credentials(secret token) : token_(std::move(token)) {}

    [[nodiscard]] const secret& token() const noexcept { return token_; }

private:
    secret token_;
};

} // namespace venice_keys
