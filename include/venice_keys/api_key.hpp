// One API key as the service reports it, without the key's secret.
#pragma once

#include <venice_keys/enums.hpp>
#include <venice_keys/timestamp.hpp>
#include <venice_keys/unread_value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace venice_keys {

/// What may be spent in one limit_period. An empty limit means no limit, unless api_key::unread names it.
struct consumption_limits {
    std::optional<double> usd;
    std::optional<double> diem;
    std::optional<double> vcu; ///< deprecated by the service in favour of diem

    friend bool operator==(const consumption_limits&, const consumption_limits&) = default;
};

struct api_key {
    std::string id;
    venice_keys::key_type type;
    consumption_limits limits;
    venice_keys::limit_period limit_period;
    venice_keys::model_privacy model_privacy; ///< `other` with an empty text when the answer does not name it
    std::string description;
    std::string last6_chars;
    std::optional<timestamp> created_at;
    std::optional<timestamp> expires_at;   ///< empty: never, unless `unread` has `expiresAt`
    std::optional<timestamp> last_used_at; ///< empty: never, or not told
    std::vector<unread_value> unread{}; ///< what the answer says in a form that this version can't read; mostly empty

    friend bool operator==(const api_key&, const api_key&) = default;
};

} // namespace venice_keys
