// Whom a call is made as: the bearer token of one account.
#pragma once

#include <venice_keys/detail/export.hpp>
#include <venice_keys/result.hpp>
#include <venice_keys/secret.hpp>

#include <memory>

namespace venice_keys {

namespace detail {

class credentials_state;

} // namespace detail

/// Whom a call is made as. It is a handle: copies share one token, and replace() reaches all of them. The token is sent
/// as `Authorization: Bearer <token>`. It may have the characters of a bearer token (RFC 6750 section 2.1: letters,
/// digits, - . _ ~ + / =); with any other a call ends as errc::invalid_argument before it is sent.
///
/// A client keeps what it knows about a token (failures, rate limits) by token: handles with equal tokens share it.
class credentials {
public:
    /// With this token. It is checked when a call is made with it.
    VENICE_KEYS_API explicit credentials(secret token);

    /// The token in the environment variable VENICE_API_KEY, as secret::from_environment reads it: fails with
    /// errc::invalid_argument, naming the variable and never quoting it, when it is not set or can't be a token. No
    /// other thread may change the environment meanwhile. Child processes inherit it, so a file is safer
    /// (secret::from_file).
    [[nodiscard]] VENICE_KEYS_API static result<credentials> from_environment();

    /// A copy of the token as it is now. Thread-safe.
    [[nodiscard]] VENICE_KEYS_API secret token() const;

    /// Puts another token in the place of the old one, here and in every copy. Calls that wait go with the new one;
    /// what was handed to a socket before went with the old one. Thread-safe.
    VENICE_KEYS_API void replace(secret token) const;

private:
    friend class detail::credentials_state;

    std::shared_ptr<detail::credentials_state> state_;
};

} // namespace venice_keys
