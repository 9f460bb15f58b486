// What a client and an emulator are made from: executors and execution contexts, in parentheses and in braces. This
// file is compiled and never run.
#include <venice_keys/client.hpp>
#include <venice_keys/emulator.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <type_traits>

namespace asio = boost::asio;
namespace vk = venice_keys;

template <class From>
inline constexpr bool makes = std::is_constructible_v<vk::client, From, vk::credentials, vk::config>&&
    std::is_constructible_v<vk::client, From, vk::credentials>&&
        std::is_constructible_v<vk::emulator, From, vk::emulator_options>&& std::is_constructible_v<vk::emulator, From>;

static_assert(makes<asio::io_context&> && makes<asio::thread_pool&> && makes<asio::system_context&>);
static_assert(makes<asio::io_context::executor_type> && makes<const asio::thread_pool::executor_type&>);
static_assert(makes<asio::any_io_executor> && makes<asio::any_io_executor&> && makes<asio::system_executor>);
static_assert(makes<asio::strand<asio::any_io_executor>> && makes<asio::strand<asio::io_context::executor_type>&>);
// A context has to outlive the client, and one without an executor runs nothing: neither is taken in any way.
template <class From>
inline constexpr bool makes_any =
    std::is_constructible_v<vk::client, From, vk::credentials, vk::config> ||
    std::is_constructible_v<vk::client, From, vk::credentials> ||
    std::is_constructible_v<vk::emulator, From, vk::emulator_options> || std::is_constructible_v<vk::emulator, From>;
static_assert(!makes_any<asio::io_context> && !makes_any<const asio::io_context&>);
static_assert(!makes_any<asio::execution_context&> && !makes_any<int>);
// Neither is made without being asked.
static_assert(!std::is_convertible_v<asio::io_context&, vk::emulator>);

void make(asio::io_context& io, const vk::credentials& who)
{
    const asio::any_io_executor executor = io.get_executor();
    vk::client{io, who};
    vk::client{io, who, {}};
    vk::client{io, who, {.base_url = "https://localhost/api/v1"}};
    vk::client{executor, who, {.base_url = "https://localhost/api/v1"}};
    vk::client(io.get_executor(), who, vk::config{});
    vk::emulator{io};
    vk::emulator{io, {}};
    vk::emulator{io, {.initial_keys = 3}};
    vk::emulator{executor, {.initial_keys = 3}};
    vk::emulator(asio::make_strand(io));
}
