// The tokens of one principal that must not get into a text: the present one, and those before it that a call under way
// may have been sent with. A token is cleansed when the last of these calls has ended. For the client's turns.
#pragma once

#include <venice_keys/secret.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace venice_keys::detail {

class used_tokens {
public:
    // Another one is the present one from now on.
    void replace(secret token)
    {
        tokens_.reserve(tokens_.size() + 1); // where memory runs out, it does before anything has changed
        calls_.reserve(calls_.size() + 1);
        tokens_.insert(tokens_.begin(), std::move(token));
        calls_.insert(calls_.begin(), 0);
        ++age_;
        drop_unused();
        if (tokens_.size() > most) {
            // Its calls may have been sent with all the others as well.
            *std::prev(calls_.end(), 2) += calls_.back();
            drop_oldest();
        }
    }

    // After the first replace().
    [[nodiscard]] const secret& present() const noexcept { return tokens_.front(); }
    [[nodiscard]] const std::vector<secret>& all() const noexcept { return tokens_; }

    // A call begins, after the first replace(), and ends with what it got here, never 0. It may be sent with the
    // present token and with all that come meanwhile.
    [[nodiscard]] std::uint64_t enter() noexcept
    {
        ++calls_.front();
        return age_;
    }
    void leave(std::uint64_t entered) noexcept
    {
        const std::uint64_t place = std::min<std::uint64_t>(age_ - entered, calls_.size() - 1);
        --calls_[static_cast<std::size_t>(place)];
        drop_unused();
    }

private:
    // More replacements than one call is likely to see.
    static constexpr std::size_t most = 16;

    // What began with a later token can't have used an earlier one.
    void drop_unused() noexcept
    {
        while (tokens_.size() > 1 && calls_.back() == 0)
            drop_oldest();
    }
    void drop_oldest() noexcept
    {
        tokens_.pop_back();
        calls_.pop_back();
    }

    std::vector<secret> tokens_;     // the present one first
    std::vector<std::size_t> calls_; // under way, that began with the token of the same place
    std::uint64_t age_ = 0;          // of the present one: how many there have been
};

} // namespace venice_keys::detail
