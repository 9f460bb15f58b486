// Where turns run, and what brings functions and the ends of Asio's operations there.
#pragma once

#include "net/known_executor.hpp"
#include "net/turn_queue.hpp"

#include <venice_keys/detail/handler_allocator.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <concepts>
#include <memory>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

namespace venice_keys::net {

// A function that waits in a turn_queue with its arguments, in memory of the allocator.
template <class Function, class Allocator, class... Args>
class queued final : public turn_queue::item {
public:
    // Throws what the allocator throws.
    [[nodiscard]] static void* memory(const Allocator& from) { return mine(from).allocate(1); }
    static void free(void* where, const Allocator& from) noexcept
    {
        mine(from).deallocate(static_cast<queued*>(where), 1);
    }

    queued(Function&& function, const Allocator& from, Args&&... with) noexcept
        : function_(std::move(function)), from_(from), with_(std::move(with)...)
    {
    }

    // The memory is given back first, so that the function can use it.
    void end(bool run) override
    {
        Function function(std::move(function_));
        std::tuple<Args...> with(std::move(with_));
        const Allocator from(from_);
        this->~queued();
        free(this, from);
        if (run)
            std::apply(function, std::move(with));
    }

private:
    using own_allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<queued>;
    static own_allocator mine(const Allocator& from) { return own_allocator(from); }

    Function function_;
    Allocator from_;
    std::tuple<Args...> with_;
};

// The handler of an operation on `turn_executor::executor()`: calls `Handler` in a turn. Takes the memory for that
// before the operation begins, so that its end needs none.
template <class Handler, class... Args>
class turn_handler {
public:
    using allocator_type = detail::handler_allocator<void>;

    // `queue`: null if the executor has one thread. Throws std::bad_alloc.
    turn_handler(std::shared_ptr<turn_queue> queue, Handler handler)
        : queue_(std::move(queue)), handler_(std::move(handler)), memory_(queue_ ? entry::memory({}) : nullptr)
    {
    }
    turn_handler(turn_handler&& other) noexcept
        : queue_(std::move(other.queue_)),
          handler_(std::move(other.handler_)),
          memory_(std::exchange(other.memory_, nullptr))
    {
    }
    turn_handler& operator=(turn_handler&&) = delete;
    ~turn_handler()
    {
        if (memory_ != nullptr)
            entry::free(memory_, {});
    }

    [[nodiscard]] allocator_type get_allocator() const noexcept { return {}; }

    void operator()(Args... with)
    {
        if (!queue_)
            return handler_(std::move(with)...);
        queue_->run(*new (std::exchange(memory_, nullptr)) entry(std::move(handler_), {}, std::move(with)...));
    }

private:
    using entry = queued<Handler, allocator_type, Args...>;

    std::shared_ptr<turn_queue> queue_;
    Handler handler_;
    void* memory_;
};

class turn_executor {
public:
    // With a queue, which keeps turns apart.
    turn_executor(boost::asio::any_io_executor executor, std::shared_ptr<turn_queue> queue)
        : executor_(std::move(executor)), queue_(std::move(queue))
    {
    }
    // Without one the executor has one thread, or is a strand.
    template <std::convertible_to<boost::asio::any_io_executor> Executor>
    turn_executor(const Executor& executor) : executor_(executor)
    {
    }

    // For sockets, timers and resolvers. Their operations take a handler that in_turn() has returned.
    [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

    // `Args`: what the operation calls its handler with. Throws std::bad_alloc.
    template <class... Args, class Handler>
    [[nodiscard]] auto in_turn(Handler handler) const
    {
        return turn_handler<Handler, Args...>(queue_, std::move(handler));
    }

    // `function` is called in a turn, later. Throws std::bad_alloc. If the executor is that of an io_context or a
    // thread_pool, only the allocator can be the reason.
    template <class Function, class Allocator = detail::handler_allocator<void>>
    void post(Function function, const Allocator& memory = {}) const
    {
        if (!queue_)
            return detail::post_to(executor_, std::move(function), memory);
        using entry = queued<Function, Allocator>;
        auto* const waits = new (entry::memory(memory)) entry(std::move(function), memory);
        try {
            queue_->post(*waits);
        } catch (const std::bad_alloc&) {
            waits->end(false);
            throw;
        }
    }

private:
    boost::asio::any_io_executor executor_;
    std::shared_ptr<turn_queue> queue_;
};

} // namespace venice_keys::net
