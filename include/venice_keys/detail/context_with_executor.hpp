// What may stand for its executor where a client or an emulator is made. Not for users.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <concepts>

namespace venice_keys::detail {

// The constraint of Asio's own I/O objects, and a get_executor(), which boost::asio::execution_context itself lacks. No
// executor fulfils it, so that a call with one is never ambiguous.
template <class Context>
concept context_with_executor = std::convertible_to<Context&, boost::asio::execution_context&> &&
    requires(Context& context)
{
    boost::asio::any_io_executor(context.get_executor());
};

} // namespace venice_keys::detail
