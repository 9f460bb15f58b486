// One API key as the service reports it, without the key's secret.
#pragma once

#include <venice_keys/enums.hpp>
#include <venice_keys/timestamp.hpp>
#include <venice_keys/unread_value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace venice_keys {

/// What may be spent in one limit_period: 0 … 9999999999 of each unit. An empty limit means no limit, unless
/// api_key::unread names it.
struct consumption_limits {
    std::optional<double> usd{};  ///< USD, bundled and earned credits together
    std::optional<double> diem{}; ///< DIEM
    std::optional<double> vcu{};  ///< VCU, which the service deprecates in favour of DIEM

    /// Compares all members.
    friend bool operator==(const consumption_limits&, const consumption_limits&) = default;
};

/// One API key as the service reports it (service: `GET /api_keys/{id}`, and the answer to `PATCH /api_keys`).
struct api_key {
    std::string id{};                           ///< by which the other operations name the key; it is not secret
    venice_keys::key_type type{};               ///< what the key may be used for; it can't be changed
    consumption_limits limits{};                ///< what may be spent in one `limit_period`
    venice_keys::limit_period limit_period{};   ///< when the limits reset
    venice_keys::model_privacy model_privacy{}; ///< `other` with an empty text when the answer does not name it
    std::string description{};                  ///< UTF-8, for people
    std::string last6_chars{};                  ///< the end of the key's secret, so that people recognise it
    std::optional<timestamp> created_at{};      ///< empty: not told
    std::optional<timestamp> expires_at{};      ///< empty: never, unless `unread` has `expiresAt`
    std::optional<timestamp> last_used_at{};    ///< empty: never, or not told
    std::vector<unread_value> unread{}; ///< what the answer says in a form that this version can't read; mostly empty

    /// Compares all members.
    friend bool operator==(const api_key&, const api_key&) = default;
};

} // namespace venice_keys
