// The client: awaitable operations on the API-keys resource over pooled, pipelined TLS connections.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/call_options.hpp>
#include <venice_keys/config.hpp>
#include <venice_keys/credentials.hpp>
#include <venice_keys/key_update.hpp>
#include <venice_keys/result.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace venice_keys {

// Counters since the client was made.
struct client_stats {
    std::uint64_t connections_opened = 0; // TLS connections that came up
    std::uint64_t sessions_resumed = 0;   // of these, with a TLS session of an earlier one
    std::uint64_t connections_lost = 0;   // that ended while they owed an answer
    std::uint64_t requests_written = 0;   // handed to a socket, replays included
    std::uint64_t replies = 0;            // answers matched with a request
    std::uint64_t replays = 0;            // requests handed to a socket again
    std::size_t deepest_pipeline = 0;     // most requests in flight on one connection
    std::size_t open_connections = 0;     // now
    std::size_t waiting_calls = 0;        // now, for a connection
};

namespace detail {

class client_core;

using update_handler = boost::asio::any_completion_handler<void(result<api_key>)>;
using done_handler = boost::asio::any_completion_handler<void(result<void>)>;

// What a started operation needs of its client. Weak: a deferred operation may outlive the client.
struct client_ref {
    std::weak_ptr<client_core> core;
    boost::asio::any_io_executor executor;
};

void start_update(const client_ref& client, key_update&& update, const call_options& options, update_handler handler);
void start_warm_up(const client_ref& client, std::size_t connections, done_handler handler);
void start_close(const client_ref& client, std::chrono::milliseconds timeout, done_handler handler);

// The initiation of one operation: hands its arguments to `Start` behind a type-erased handler.
template <auto Start>
class initiation {
public:
    using executor_type = boost::asio::any_io_executor;

    explicit initiation(client_ref client) : client_(std::move(client)) {}

    [[nodiscard]] executor_type get_executor() const noexcept { return client_.executor; }

    template <class Handler, class... Args>
    void operator()(Handler&& handler, Args&&... args) const
    {
        Start(client_, std::forward<Args>(args)..., std::forward<Handler>(handler));
    }

private:
    client_ref client_;
};

} // namespace detail

// Ready at once; connections open on demand. Thread-safe as config::threading says. The executor's context must
// outlive the client.
//
// Every operation takes any Asio completion token; the default is asio::deferred, which co_await takes. It
// completes exactly once, on its handler's associated executor (the client's by default), never from inside the
// call that starts it, within its deadline. Cancellation (asio::cancellation_type): a call that has not been
// written is withdrawn by any type; a written one completes as errc::cancelled on terminal and partial, and goes on
// on total.
class client {
public:
    using executor_type = boost::asio::any_io_executor;

    // Throws request_failed (errc::invalid_argument, naming the field) when the configuration is not valid or one
    // of its files can't be used.
    client(executor_type executor, credentials who, config settings = {});

    // What it was moved from is as a client that is gone: its operations end as errc::closed.
    client(client&& other) noexcept;
    client& operator=(client&& other) noexcept;
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    // What has not completed completes as errc::closed. May be called from inside a handler of the client.
    ~client();

    [[nodiscard]] executor_type get_executor() const noexcept { return ref_.executor; }

    // PATCH /api_keys. Completes with the key as it is after the update. The update is validated first (see
    // key_update::validate); it is safe to repeat, and is repeated when a connection is lost (see the guide).
    template <boost::asio::completion_token_for<void(result<api_key>)> Token = boost::asio::deferred_t>
    auto update_key(key_update update, call_options options, Token&& token = Token{})
    {
        return boost::asio::async_initiate<Token, void(result<api_key>)>(
            detail::initiation<&detail::start_update>{ref_}, token, std::move(update), std::move(options));
    }

    template <boost::asio::completion_token_for<void(result<api_key>)> Token = boost::asio::deferred_t>
    auto update_key(key_update update, Token&& token = Token{})
    {
        return update_key(std::move(update), call_options{}, std::forward<Token>(token));
    }

    // Opens connections until `connections` are up (at most config::max_connections). Fails as the first that can't.
    template <boost::asio::completion_token_for<void(result<void>)> Token = boost::asio::deferred_t>
    auto warm_up(std::size_t connections, Token&& token = Token{})
    {
        return boost::asio::async_initiate<Token, void(result<void>)>(detail::initiation<&detail::start_warm_up>{ref_},
                                                                      token, connections);
    }

    // Takes no more calls (they end as errc::closed), waits for those under way, and closes the connections. What is
    // not done after `timeout` ends as errc::closed, and so does what close() itself completes with: an error when
    // something had to be cut off. Zero waits for nothing.
    template <boost::asio::completion_token_for<void(result<void>)> Token = boost::asio::deferred_t>
    auto close(std::chrono::milliseconds timeout, Token&& token = Token{})
    {
        return boost::asio::async_initiate<Token, void(result<void>)>(detail::initiation<&detail::start_close>{ref_},
                                                                      token, timeout);
    }

    // A snapshot. Its counters are read one by one, so they may be a few calls apart.
    [[nodiscard]] client_stats stats() const noexcept;

private:
    std::shared_ptr<detail::client_core> core_;
    detail::client_ref ref_;
};

} // namespace venice_keys
