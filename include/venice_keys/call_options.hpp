// What one call wants differently from the client's configuration.
#pragma once

#include <chrono>
#include <optional>

namespace venice_keys {

// Not an aggregate, for the reason given at key_update.
class call_options {
public:
    call_options() = default;

    // The whole call's deadline, from its initiation: queue, connect, retries and answer. More than zero;
    // beats config::timeout.
    call_options& timeout(std::chrono::milliseconds limit) & noexcept
    {
        timeout_ = limit;
        return *this;
    }
    call_options&& timeout(std::chrono::milliseconds limit) && noexcept
    {
        timeout_ = limit;
        return static_cast<call_options&&>(*this);
    }

    [[nodiscard]] const std::optional<std::chrono::milliseconds>& timeout() const noexcept { return timeout_; }

private:
    std::optional<std::chrono::milliseconds> timeout_;
};

} // namespace venice_keys
