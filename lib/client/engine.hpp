// What a client does in a turn, without the executor, the timer and the lock of client_core: it admits calls, moves
// them and their connections on, ends those who wait for connections, and closes. The time is passed in. Results stay
// here, and in `calls`, until client_core hands them over.
#pragma once

#include "client/calls.hpp"
#include "client/lifespan.hpp"
#include "client/waiters.hpp"
#include "pool/pool.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>

namespace venice_keys::detail {

class engine {
public:
    engine(calls& under_way, pool& connections) noexcept : calls_(under_way), pool_(connections) {}
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;

    // Makes the next turn end everything, because the public client is being destroyed. May be called from any thread.
    void ask_to_destroy() noexcept { life_.ask_to_destroy(); }

    // These do what callers have asked for. They are for turns alone, like all functions below.
    void admit_all() { calls_.admit_all(life_.open()); }
    void destroy_if_asked();
    void wait(waiters::list&& one);
    void wait_no_longer(std::uint64_t number) noexcept;

    // Ends calls that are out of time and lets the pool act. Throws std::bad_alloc.
    void move_on(time_point now);
    // Ends the waiters who have got what they waited for or are out of time, and closes the client when that is due.
    void finish(time_point now);
    // When the next turn is due at the latest; time_point::max() for never.
    [[nodiscard]] time_point deadline() const noexcept;
    // Ends every call and closes every connection, because a turn has thrown and may have left any of them half done.
    // The errors have no text. This needs no memory, and finish() after it needs none either.
    void give_all_up(boost::system::error_code cause) noexcept;

    [[nodiscard]] waiters& who_waits() noexcept { return waiters_; }

private:
    void end_waiters(time_point now);
    void want_connections() noexcept;
    void cut_off(const error& why);
    [[nodiscard]] error not_warm() const;

    calls& calls_;
    pool& pool_;
    waiters waiters_;
    lifespan life_;
};

} // namespace venice_keys::detail
