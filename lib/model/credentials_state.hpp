// What all copies of one `credentials` share: the current token, and the listeners for its changes.
#pragma once

#include <venice_keys/credentials.hpp>
#include <venice_keys/secret.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace venice_keys::detail {

class token_listener {
public:
    // Called on the thread that replaced the token, while no lock is held.
    virtual void token_replaced() = 0;

protected:
    ~token_listener() = default;
};

// It is thread-safe.
class credentials_state {
public:
    explicit credentials_state(secret token) : token_(std::move(token)) {}

    [[nodiscard]] static credentials_state& of(const credentials& handle) noexcept { return *handle.state_; }

    // Begins with 1, and grows with each replacement.
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_.load(std::memory_order_acquire); }
    // Also gives the generation that the token belongs to.
    [[nodiscard]] secret token(std::uint64_t& generation) const;

    void replace(secret token);
    void listen(std::weak_ptr<token_listener> who);

private:
    mutable std::mutex mutex_;
    secret token_;
    std::vector<std::weak_ptr<token_listener>> listeners_;
    std::size_t sweep_at_ = 16;
    std::atomic<std::uint64_t> generation_{1};
};

} // namespace venice_keys::detail
