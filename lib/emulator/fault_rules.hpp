// Decides which fault, if any, strikes a request. It counts and draws random numbers, and carries nothing out.
#pragma once

#include "emulator/request.hpp"

#include <venice_keys/emulator.hpp>

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace venice_keys::emulation {

class fault_rules {
public:
    explicit fault_rules(std::uint64_t seed) : random_(seed) {}

    void add(fault what);
    void clear() { rules_.clear(); }

    // Returns the first rule, in the order of their addition, that is set for this request. The others count the
    // request as one that has passed.
    std::optional<fault> strike(const request& asked);

    // Whether some fault depends on bytes behind a request.
    [[nodiscard]] bool watch_overread() const;

private:
    struct rule {
        fault what;
        std::uint64_t to_pass; // requests that pass before it may strike
        std::uint64_t struck = 0;
    };

    bool is_due(rule& each);
    double draw();

    std::vector<rule> rules_;
    std::mt19937_64 random_;
};

} // namespace venice_keys::emulation
