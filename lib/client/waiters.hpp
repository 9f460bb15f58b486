// The callers who wait for warm_up() or close() to end, and what each of them ends with. It knows neither connections
// nor calls: its owner says how many connections are open, and that the client has closed. Used in turns. To end a
// waiter needs no memory.
#pragma once

#include "client/completion.hpp"

#include <venice_keys/error.hpp>
#include <venice_keys/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>

namespace venice_keys::detail {

class waiters {
public:
    using time_point = std::chrono::steady_clock::time_point;

    enum class goal : std::uint8_t { connections, end };

    struct waiter {
        completion<void> to;
        goal what;
        std::uint64_t number; // identifies the waiter
        time_point deadline;
        std::size_t connections = 0; // how many, when they are the goal
        result<void> with = {};      // what it ends with
    };
    using list = std::list<waiter>;

    void add(list&& one) noexcept { waiting_.splice(waiting_.end(), one); }
    void refuse(list&& one, error why) noexcept;

    [[nodiscard]] bool any() const noexcept { return !waiting_.empty(); }
    // The most connections that anybody waits for.
    [[nodiscard]] std::size_t connections() const noexcept;
    // The earliest deadline of those who wait for connections; time_point::max() when there is none.
    [[nodiscard]] time_point deadline() const noexcept;

    // Ends, with success, those who wait for no more connections than these.
    void opened(std::size_t connections) noexcept;
    // Ends those who wait for connections and whose deadline has come.
    void expire(time_point now, const error& why) noexcept;
    // Ends all who wait for this: with `why`, or with success when it is null.
    void end_all(goal what, const error* why) noexcept;
    // Ends one as cancelled. A close that it has asked for goes on.
    void cancel(std::uint64_t number) noexcept;

    // Those who have ended are taken out and handed over one by one, because a handler may throw.
    [[nodiscard]] bool any_ended() const noexcept { return !ended_.empty(); }
    // Takes out the one that ended first. The list has exactly one member.
    [[nodiscard]] list take_ended() noexcept;
    // Takes all out, so that their handlers can be destroyed.
    [[nodiscard]] list let_go() noexcept;

private:
    // Ends those that fit: with `why`, or with success.
    template <class Predicate>
    void end_if(const error* why, Predicate fits) noexcept;

    list waiting_;
    list ended_;
};

} // namespace venice_keys::detail
