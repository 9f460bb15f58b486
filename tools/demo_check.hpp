// Checks whether a round did what was planned: answers, keys and journal, field by field. It prints nothing.
#pragma once

#include "demo_plan.hpp"

#include <venice_keys/emulator.hpp>
#include <venice_keys/result.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace demo {

struct findings {
    std::size_t applied = 0; // keys that are as planned, with their answers and journal entries
    std::size_t again = 0;   // updates that the server applied more than once
    std::vector<std::string> faults;
};

// `held`: the keys that the server has now. `journal`: what it did in this round. An update that was applied, lost its
// answer and was sent again is in the journal twice, with the same values; up to `may_repeat` of these are no fault.
[[nodiscard]] findings check_round(const std::vector<planned_change>& plan,
                                   const std::vector<venice_keys::result<venice_keys::api_key>>& answers,
                                   const std::vector<venice_keys::api_key>& held,
                                   std::span<const venice_keys::journal_entry> journal, std::size_t may_repeat);

} // namespace demo
