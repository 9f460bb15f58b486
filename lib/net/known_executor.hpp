// Posts to an executor of which only any_io_executor is known at compile time.
#pragma once

#include <venice_keys/detail/handler_allocator.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <utility>

namespace venice_keys::detail {

// Calls `function` with the executor of the io_context or thread_pool that `executor` holds, or else with `executor`
// itself. If the executor's type is known, a post allocates less, and from the handler's allocator.
template <class Function>
auto with_known(const boost::asio::any_io_executor& executor, Function&& function)
{
    namespace asio = boost::asio;
    if (const auto* const loop = executor.target<asio::io_context::executor_type>())
        return function(*loop);
    if (const auto* const threads = executor.target<asio::thread_pool::executor_type>())
        return function(*threads);
    return function(executor);
}

// Posts `function`. If the executor is that of an io_context or a thread_pool, nothing is allocated but from `memory`.
// Throws std::bad_alloc.
template <class Function, class Allocator = handler_allocator<void>>
void post_to(const boost::asio::any_io_executor& executor, Function&& function, const Allocator& memory = {})
{
    with_known(executor, [&](const auto& known) {
        boost::asio::post(known, boost::asio::bind_allocator(memory, std::forward<Function>(function)));
    });
}

} // namespace venice_keys::detail
