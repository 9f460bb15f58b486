// The two executors of a client: the caller's, on which a handler runs that has none of its own, and that of the turns,
// which keeps them in a queue unless the client is used by one thread. They post turns, even when there is no memory,
// and bring results to their handlers.
#pragma once

#include "client/completion.hpp"
#include "net/prepared_memory.hpp"
#include "net/turn_executor.hpp"
#include "net/turn_queue.hpp"

#include <venice_keys/config.hpp>
#include <venice_keys/result.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <memory>
#include <new>
#include <utility>

namespace venice_keys::detail {

class executors {
public:
    executors(boost::asio::any_io_executor callers, threading how)
        : callers_(std::move(callers)),
          home_(callers_),
          queue_(how == threading::single ? nullptr : std::make_shared<net::turn_queue>(callers_)),
          turns_(callers_, queue_)
    {
    }
    executors(const executors&) = delete;
    executors& operator=(const executors&) = delete;

    [[nodiscard]] const boost::asio::any_io_executor& callers() const noexcept { return callers_; }
    // The caller's executor, in the type that completions take.
    [[nodiscard]] const boost::asio::any_completion_executor& home() const noexcept { return home_; }
    [[nodiscard]] const net::turn_executor& turns() const noexcept { return turns_; }

    // Throws std::bad_alloc.
    template <class Turn>
    void post(Turn&& turn)
    {
        turns_.post(std::forward<Turn>(turn));
    }

    // Posts the function that `make()` returns as a turn, with memory that was set aside if there is no other. The
    // function keeps the owner of this object alive and holds little else. Returns false if it could not be posted: the
    // memory that an executor of an unknown type needs can't be set aside.
    template <class Make>
    bool post_anyway(Make make) noexcept
    {
        try {
            post(make());
            return true;
        } catch (const std::bad_alloc&) {
            return post_from_reserve(make());
        }
    }

    // Hands a result over, at the end of a turn. With many threads a turn keeps others waiting, so the handler
    // runs outside of it. With one thread it runs inside of the turn, which saves a trip through the executor.
    template <class T>
    void complete(completion<T>&& to, result<T>&& with)
    {
        if (!queue_ || !to.try_complete_later(callers_, std::move(with)))
            // When there was no memory, inside of the turn all the same: then nothing was moved from `with`.
            to.complete(std::move(with)); // NOLINT(bugprone-use-after-move)
    }

    // The executor's context has ended: lets go of the turns that wait.
    void let_go() noexcept
    {
        if (queue_)
            queue_->let_go();
    }

private:
    template <class Turn>
    bool post_from_reserve(Turn turn) noexcept
    {
        if (reserve_posted_.exchange(true))
            return true; // such a turn is on its way already
        try {
            turns_.post(
                [this, turn = std::move(turn)]() mutable {
                    reserve_posted_ = false;
                    turn();
                },
                allocator_from<void, turn_reserve>(reserve_));
            return true;
        } catch (const std::bad_alloc&) {
            reserve_posted_ = false;
            return false;
        }
    }

    const boost::asio::any_io_executor callers_;
    const boost::asio::any_completion_executor home_;
    const std::shared_ptr<net::turn_queue> queue_; // null if the client is used by one thread
    const net::turn_executor turns_;
    std::atomic<bool> reserve_posted_ = false;
    const turn_reserve reserve_;
};

} // namespace venice_keys::detail
