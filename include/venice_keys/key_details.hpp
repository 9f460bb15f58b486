// One API key with what it has used, as list_keys and get_key report it.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/decimal.hpp>

#include <optional>

namespace venice_keys {

/// Exact amounts. An empty one was not given, or not as a plain decimal number.
struct usage_amounts {
    std::optional<decimal> usd{};  ///< USD, without earned credits, which the USD limit counts
    std::optional<decimal> diem{}; ///< DIEM
    std::optional<decimal> vcu{};  ///< deprecated by the service in favour of diem; never given for the current period

    /// Compares all members.
    friend bool operator==(const usage_amounts&, const usage_amounts&) = default;
};

/// One API key with what it has used (service: `GET /api_keys` and `GET /api_keys/{id}`).
struct key_details : api_key {
    std::optional<usage_amounts> trailing_seven_days{}; ///< empty: not given
    std::optional<usage_amounts> current_period{};      ///< of limit_period; the service gives it for keys with limits

    /// Compares all members.
    friend bool operator==(const key_details&, const key_details&) = default;
};

} // namespace venice_keys
