// Tells tokens apart without keeping them. A fingerprint says nothing about a token to anyone who has not the key, and
// each object has a key of its own.
#pragma once

#include <venice_keys/secret.hpp>

#include <array>
#include <cstddef>

namespace venice_keys::detail {

using token_fingerprint = std::array<unsigned char, 32>;

class fingerprints {
public:
    // Throws std::runtime_error when the system has no random bytes.
    fingerprints();
    fingerprints(const fingerprints&) = delete;
    fingerprints& operator=(const fingerprints&) = delete;
    ~fingerprints();

    // Equal tokens have equal fingerprints. Throws std::bad_alloc.
    [[nodiscard]] token_fingerprint of(const secret& token) const;

private:
    std::array<unsigned char, 32> key_;
};

struct fingerprint_hash {
    [[nodiscard]] std::size_t operator()(const token_fingerprint& value) const noexcept;
};

} // namespace venice_keys::detail
