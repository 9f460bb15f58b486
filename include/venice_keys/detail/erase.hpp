// Turns a handler of any type into one of a type that the library knows, at the price of one block of memory, which is
// used again. Not for users.
#pragma once

#include <venice_keys/detail/handler_allocator.hpp>
#include <venice_keys/result.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_allocator.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace venice_keys::detail {

// Takes the result by reference, so that it is moved once at most: by a handler that takes it by value.
template <class T>
using handler_of = boost::asio::any_completion_handler<void(result<T>&&)>;

// A handler without an associated allocator gets ours.
template <class Handler>
using allocator_for = boost::asio::associated_allocator_t<Handler, handler_allocator<void>>;

// A handler without its executor, for one that is called on the client's own, so that the library need not carry the
// executor along.
template <class Handler>
class at_home {
public:
    using allocator_type = allocator_for<Handler>;
    using cancellation_slot_type = boost::asio::associated_cancellation_slot_t<Handler>;

    explicit at_home(Handler&& handler) : handler_(std::move(handler)) {}

    [[nodiscard]] allocator_type get_allocator() const noexcept
    {
        return boost::asio::get_associated_allocator(handler_, handler_allocator<void>());
    }
    [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept
    {
        return boost::asio::get_associated_cancellation_slot(handler_);
    }

    template <class Result>
    void operator()(Result&& with)
    {
        std::move(handler_)(std::forward<Result>(with));
    }

private:
    Handler handler_;
};

template <class Executor>
[[nodiscard]] bool same_executor(const boost::asio::any_io_executor& left, const Executor& right) noexcept
{
    if constexpr (std::same_as<Executor, boost::asio::any_io_executor>) {
        return left == right;
    } else {
        const auto* const held = left.target<Executor>();
        return held != nullptr && *held == right;
    }
}

// Erases the handler's type. The result has an associated executor only if that is not `home`.
template <class T, class Handler>
[[nodiscard]] handler_of<T> erase(const boost::asio::any_io_executor& home, Handler handler)
{
    if (same_executor(home, boost::asio::get_associated_executor(handler, home)))
        return at_home<Handler>(std::move(handler));
    const allocator_for<Handler> memory = boost::asio::get_associated_allocator(handler, handler_allocator<void>());
    return boost::asio::bind_allocator(memory, std::move(handler));
}

} // namespace venice_keys::detail
