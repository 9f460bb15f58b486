// What the demonstration changes: for each key an update, and the key as it must be afterwards. It sends nothing.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/key_update.hpp>

#include <cstdint>
#include <vector>

namespace demo {

struct planned_change {
    venice_keys::key_update update;
    venice_keys::api_key expected;
};

// Plans one change for each key, with different values for each key and each round.
[[nodiscard]] std::vector<planned_change> plan_round(const std::vector<venice_keys::api_key>& before, unsigned round,
                                                     std::uint64_t seed);

} // namespace demo
