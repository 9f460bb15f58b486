// What Asio erases is not erased again: over an executor whose type is known, a hop allocates less, and where a handler
// says.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

namespace venice_keys::detail {

// Calls `function` with the executor of the io_context or thread_pool that `executor` stands for, else with `executor`.
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

} // namespace venice_keys::detail
