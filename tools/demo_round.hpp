// Starts all updates of a round at once, through the public client, and measures them. It judges nothing.
#pragma once

#include "demo_plan.hpp"
#include "demo_terminal.hpp"

#include <venice_keys/client.hpp>

#include <chrono>
#include <vector>

namespace demo {

using duration = std::chrono::steady_clock::duration;

struct round_outcome {
    std::vector<venice_keys::result<venice_keys::api_key>> answers; // in the order of the plan
    std::vector<duration> latencies;                                // from call to answer, the shortest first
    duration time{0};                                               // from the first call to the last answer
    venice_keys::client_stats client;                               // at the last answer
};

// Makes a new client, so that the handshakes count. Returns when all calls have ended.
[[nodiscard]] round_outcome run_round(const venice_keys::config& config, const venice_keys::credentials& who,
                                      const std::vector<planned_change>& plan, terminal& out);

} // namespace demo
