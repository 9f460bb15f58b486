// What the account may do and has left (rate_limits), and when it exceeded a limit (rate_limit_log).
#pragma once

#include <venice_keys/timestamp.hpp>
#include <venice_keys/unread_value.hpp>
#include <venice_keys/yes_or_no.hpp>

#include <optional>
#include <string>
#include <vector>

namespace venice_keys {

/// How much use of one model is allowed in a period.
struct rate_limit {
    /// How many requests or tokens, as `type` says. Empty: not told, unless account_limits::unread has it.
    std::optional<double> amount{};
    /// RPM (requests a minute), RPD (requests a day), TPM (tokens a minute), or what the service adds. Empty: not told.
    std::string type{};

    /// Compares all members.
    friend bool operator==(const rate_limit&, const rate_limit&) = default;
};

/// The rate limits of one model.
struct model_rate_limits {
    std::string model_id{};           ///< empty: not told
    std::vector<rate_limit> limits{}; ///< in the service's order

    /// Compares all members.
    friend bool operator==(const model_rate_limits&, const model_rate_limits&) = default;
};

/// What client_view::rate_limits completes with: what the calling key may do and has left (service: `GET
/// /api_keys/rate_limits`).
struct account_limits {
    yes_or_no access_permitted{}; ///< the service's own answer to whether the key can spend now
    std::string tier_id{};        ///< the account's tier, as the service names it; empty: not told
    yes_or_no tier_is_charged{};  ///< whether each use is paid for
    /// What the token's own key may still spend, in USD: the account's balance, or what the key's limits leave if that
    /// is less. Empty: not told.
    std::optional<double> usd_balance{};
    std::optional<double> diem_balance{}; ///< the same in DIEM
    /// When the token's own key expires. Empty: never, unless `unread` has it.
    std::optional<timestamp> key_expires_at{};
    std::optional<timestamp> next_epoch_begins{}; ///< when limits of limit_period::epoch reset; empty: not told
    std::vector<model_rate_limits> models{};      ///< in the service's order
    std::optional<double> bundled_credits{};      ///< like the balances, in USD: the credits that come with a plan
    /// What the answer says in a form that this version can't read; mostly empty. Elements are named by their number:
    /// `rateLimits[0].rateLimits[1].amount`.
    std::vector<unread_value> unread{};

    /// Compares all members.
    friend bool operator==(const account_limits&, const account_limits&) = default;
};

/// A time at which the account exceeded a limit (service: `GET /api_keys/rate_limits/log`). An empty text was not told.
struct rate_limit_event {
    std::string key_id{};   ///< the key with which the request came
    std::string model_id{}; ///< the model that it asked for
    std::string tier{};     ///< the account's tier at that time
    /// RPD, RPM, TPM, FAILED_REQUESTS, UNSUPPORTED_FEATURE_REQUESTS, or what the service adds.
    std::string type{};
    std::optional<timestamp> when{};    ///< empty: not told
    std::vector<unread_value> unread{}; ///< as in account_limits; one without a name stands for the whole event

    /// Compares all members.
    friend bool operator==(const rate_limit_event&, const rate_limit_event&) = default;
};

} // namespace venice_keys
