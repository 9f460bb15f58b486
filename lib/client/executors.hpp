// The two executors of a client: the caller's, on which a handler runs that has none of its own, and that of the turns,
// which is a strand of the caller's unless the client is used by one thread. They post turns, even when there is no
// memory, and bring results to their handlers.
#pragma once

#include "client/completion.hpp"
#include "client/prepared_memory.hpp"

#include <venice_keys/config.hpp>
#include <venice_keys/result.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <memory>
#include <new>
#include <utility>

namespace venice_keys::detail {

class executors {
public:
    executors(boost::asio::any_io_executor callers, threading how)
        : callers_(std::move(callers)), home_(callers_), single_(how == threading::single), turns_(serialised())
    {
    }
    executors(const executors&) = delete;
    executors& operator=(const executors&) = delete;

    [[nodiscard]] const boost::asio::any_io_executor& callers() const noexcept { return callers_; }
    // The caller's executor, in the type that completions take.
    [[nodiscard]] const boost::asio::any_completion_executor& home() const noexcept { return home_; }
    [[nodiscard]] const boost::asio::any_io_executor& turns() const noexcept { return turns_; }

    // Throws std::bad_alloc.
    template <class Turn>
    void post(Turn&& turn)
    {
        boost::asio::post(turns_, std::forward<Turn>(turn));
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

    // Hands a result over, at the end of a turn. A turn on a strand keeps other threads from running theirs, so the
    // handler runs outside of it. With one thread it runs inside of the turn, which saves a trip through the executor.
    template <class T>
    void complete(completion<T>&& to, result<T>&& with)
    {
        if (single_ || !to.try_complete_later(callers_, std::move(with)))
            // When there was no memory, inside of the turn all the same: then nothing was moved from `with`.
            to.complete(std::move(with)); // NOLINT(bugprone-use-after-move)
    }

private:
    [[nodiscard]] boost::asio::any_io_executor serialised() const
    {
        if (single_)
            return callers_;
        return with_known(
            callers_, [](const auto& each) { return boost::asio::any_io_executor(boost::asio::make_strand(each)); });
    }

    // The memory that a strand needs is not known. So the function is posted to the context beneath, and from there to
    // the strand.
    template <class Turn>
    bool post_from_reserve(Turn turn) noexcept
    {
        if (reserve_posted_.exchange(true))
            return true; // such a turn is on its way already
        auto later = boost::asio::bind_allocator(allocator_from<void, turn_reserve>(reserve_),
                                                 [this, turn = std::move(turn)]() mutable {
                                                     reserve_posted_ = false;
                                                     if (single_)
                                                         turn();
                                                     else
                                                         post_anyway([&turn] { return turn; });
                                                 });
        try {
            with_known(callers_, [&later](const auto& known) { boost::asio::post(known, std::move(later)); });
            return true;
        } catch (const std::bad_alloc&) {
            reserve_posted_ = false;
            return false;
        }
    }

    const boost::asio::any_io_executor callers_;
    const boost::asio::any_completion_executor home_;
    const bool single_;
    const boost::asio::any_io_executor turns_;
    std::atomic<bool> reserve_posted_ = false;
    const turn_reserve reserve_;
};

} // namespace venice_keys::detail
