// Reads what a fault says. The public class can only be built, not read.
#pragma once

#include <venice_keys/emulator_fault.hpp>

#include <string>

namespace venice_keys {

// It must not outlive the fault.
class fault_access {
public:
    explicit fault_access(const fault& rule) noexcept : properties_(rule.properties_) {}

    const auto* operator->() const noexcept { return &properties_; }

    // Whether the fault means anything to a request that came over this protocol.
    [[nodiscard]] bool concerns_http1() const noexcept;
    [[nodiscard]] bool concerns_http2() const noexcept { return properties_.kind != fault::kind::overread; }

    // Whether the resource's own answer is sent, or a part of it, sooner or later.
    [[nodiscard]] bool answers() const noexcept;

    // The effect that was set, or else the kind's default.
    [[nodiscard]] fault::apply applied() const noexcept
    {
        return properties_.apply.value_or(answers() ? fault::apply::before : fault::apply::never);
    }

    // Says which property is out of its range; it is empty when none is.
    [[nodiscard]] std::string complaint() const;

private:
    const fault::properties& properties_;
};

} // namespace venice_keys
