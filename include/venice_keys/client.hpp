// The client: awaitable operations on the API-keys resource over pooled, pipelined TLS connections.
#pragma once

#include <venice_keys/client_stats.hpp>
#include <venice_keys/client_view.hpp>
#include <venice_keys/config.hpp>
#include <venice_keys/detail/context_with_executor.hpp>
#include <venice_keys/detail/export.hpp>
#include <venice_keys/detail/same_build.hpp>
#include <venice_keys/detail/whole_milliseconds.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

namespace venice_keys {

namespace detail {

VENICE_KEYS_API void start_warm_up(const client_ref& client, std::size_t connections, handler_of<void> handler);
VENICE_KEYS_API void start_close(const client_ref& client, std::chrono::milliseconds timeout, handler_of<void> handler);

} // namespace detail

/// A client of one server, as one account. It can be used at once; connections open on demand. config::threading says
/// which threads may call it at the same time; moving, assigning and destroying it exclude all other use. The
/// executor's context must outlive it. Its operations are those of client_view, as the account of `who`.
class client : public client_view {
public:
    /// A client on this executor, as the account of `who`. Throws request_failed (errc::invalid_argument, naming the
    /// field) when the configuration is not valid or one of its files can't be used.
    client(executor_type executor, credentials who, config settings = {})
        : client(detail::same_build{}, std::move(executor), std::move(who), std::move(settings))
    {
    }
    /// The same on the executor of an execution context, such as an io_context or a thread_pool.
    template <detail::context_with_executor Context>
    client(Context& context, credentials who, config settings = {})
        : client(executor_type(context.get_executor()), std::move(who), std::move(settings))
    {
    }

    /// Takes the other client, with its calls. A client that was moved from acts like one that was destroyed: its
    /// operations end as errc::closed.
    VENICE_KEYS_API client(client&& other) noexcept;
    /// Destroys what was here, and takes the other client.
    VENICE_KEYS_API client& operator=(client&& other) noexcept;
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// Closes the client without waiting. Calls that have not completed end as errc::closed. A client may be destroyed
    /// inside a handler of its own.
    VENICE_KEYS_API ~client();

    /// Opens connections until `connections` are up; a number above config::max_connections counts as that. Completes
    /// with result<void>. If another attempt would be in vain (because a certificate can't be trusted, say), ends with
    /// that failure; otherwise after config::timeout as errc::deadline_exceeded, with the last failure as its cause.
    /// Cancellation of any type ends the wait as errc::cancelled, and closing the client as errc::closed.
    template <detail::token_for<void> Token = boost::asio::deferred_t>
    [[nodiscard]] auto warm_up(std::size_t connections, Token&& token = Token{})
    {
        return detail::initiate<&detail::start_warm_up, void>(ref_, token, connections);
    }

    /// Takes no more calls (they end as errc::closed), waits for those under way, and closes the connections. Completes
    /// with result<void>. Calls that have not ended after `timeout` end as errc::closed; then close() completes with
    /// errc::closed too, and says how many calls that were and the worst delivery among them. `timeout` is rounded down
    /// to milliseconds; zero and less wait for nothing, and more than 24 h count as 24 h. Cancellation of any type ends
    /// only the wait, as errc::cancelled: the client is closed all the same, after `timeout` at the latest.
    template <class Rep, class Period, detail::token_for<void> Token = boost::asio::deferred_t>
    [[nodiscard]] auto close(std::chrono::duration<Rep, Period> timeout, Token&& token = Token{})
    {
        return detail::initiate<&detail::start_close, void>(ref_, token, detail::whole_milliseconds(timeout));
    }

    /// A snapshot. Its counters are read one by one, so they may be a few calls apart. Any thread may call it, whatever
    /// config::threading is.
    [[nodiscard]] VENICE_KEYS_API client_stats stats() const noexcept;

private:
    VENICE_KEYS_API client(detail::same_build, executor_type executor, credentials who, config settings);

    std::shared_ptr<detail::client_core> core_;
};

} // namespace venice_keys
