// Where calls wait between the threads that start them and the next turn of the client: a list under a lock. It decides
// whether a call may start, and who posts the turn that takes the list. It posts nothing itself and does not look into
// a call.
#pragma once

#include "client/maybe_mutex.hpp"
#include "client/operation.hpp"
#include "client/shared_stats.hpp"

#include <venice_keys/config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace venice_keys::detail {

class inbox {
public:
    // The caller of a function "under the guard" holds `guard`. The other functions lock it.
    inbox(maybe_mutex& guard, shared_stats& stats, const config& settings);

    // Callers' threads use these.

    // Under the guard: why no call may start now; empty when one may start.
    [[nodiscard]] std::optional<error> refusal() const;
    // Under the guard: a call is about to be put in. From now on it counts against config::max_queue.
    void expect() noexcept { ++expected_; }
    // The expected call will not be put in.
    void forget();
    // Puts in the expected call. When no turn is on its way, the caller has to post one, and the result is a number for
    // take_back().
    [[nodiscard]] std::optional<std::uint64_t> put(operation& call);
    // Takes the call out again, because the turn could not be posted. False: another turn has taken it meanwhile.
    [[nodiscard]] bool take_back(operation& call, std::uint64_t turn);
    // From now on no call may start, because the client is closing.
    void refuse_all();

    // Turns use these.

    // Moves all calls to the end of `into`.
    void take_all(operation_list& into);
    // With one thread, handlers run inside of a turn. Between hold() and resume(), calls that they start ask for no
    // turn of their own; resume() returns whether there are any, for the turn to take. With many threads these do
    // nothing.
    void hold() noexcept;
    [[nodiscard]] bool resume() noexcept;

private:
    maybe_mutex& guard_;
    shared_stats& stats_;
    const std::size_t most_;
    const bool holds_;
    operation_list calls_;
    std::size_t expected_ = 0;
    bool turn_comes_ = false;
    std::uint64_t turns_ = 0; // how many have taken the list
    bool refuses_ = false;
};

} // namespace venice_keys::detail
