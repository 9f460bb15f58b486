// The operations on the API-keys resource, as one account. A view is light: it shares the connections of its client.
#pragma once

#include <venice_keys/account_limits.hpp>
#include <venice_keys/bulk.hpp>
#include <venice_keys/call_options.hpp>
#include <venice_keys/credentials.hpp>
#include <venice_keys/key_details.hpp>
#include <venice_keys/key_update.hpp>
#include <venice_keys/new_key.hpp>
#include <venice_keys/result.hpp>
#include <venice_keys/wallet_challenge.hpp>

#include <venice_keys/detail/erase.hpp>
#include <venice_keys/detail/export.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace venice_keys {

namespace detail {

class client_core;
class account;

// What a started operation needs of its client, which a view or a deferred operation may outlive.
struct client_ref {
    std::weak_ptr<client_core> core;
    std::shared_ptr<account> who;
    boost::asio::any_io_executor executor;
};

// These send a change without confirmation, whatever its options say.
VENICE_KEYS_API void send_update(const client_ref& client, key_update&& update, const call_options& options,
                                 handler_of<api_key>&& handler);
VENICE_KEYS_API void send_delete(const client_ref& client, std::string&& id, const call_options& options,
                                 handler_of<void>&& handler);
// These send a change and read the key back when the answer was lost (call_options::confirm). Only for options with a
// reserve.
VENICE_KEYS_API void confirm_update(const client_ref& client, key_update&& update, const call_options& options,
                                    handler_of<api_key>&& handler);
VENICE_KEYS_API void confirm_delete(const client_ref& client, std::string&& id, const call_options& options,
                                    handler_of<void>&& handler);

inline void start_update(const client_ref& client, key_update&& update, const call_options& options,
                         handler_of<api_key>&& handler)
{
    if (options.confirm_reserve())
        return confirm_update(client, std::move(update), options, std::move(handler));
    send_update(client, std::move(update), options, std::move(handler));
}
inline void start_delete(const client_ref& client, std::string&& id, const call_options& options,
                         handler_of<void>&& handler)
{
    if (options.confirm_reserve())
        return confirm_delete(client, std::move(id), options, std::move(handler));
    send_delete(client, std::move(id), options, std::move(handler));
}

VENICE_KEYS_API void start_list(const client_ref& client, const call_options& options,
                                handler_of<std::vector<key_details>> handler);
VENICE_KEYS_API void start_get(const client_ref& client, std::string&& id, const call_options& options,
                               handler_of<key_details> handler);
VENICE_KEYS_API void start_create(const client_ref& client, new_key&& key, const call_options& options,
                                  handler_of<created_key> handler);
VENICE_KEYS_API void start_rate_limits(const client_ref& client, const call_options& options,
                                       handler_of<account_limits> handler);
VENICE_KEYS_API void start_rate_limit_log(const client_ref& client, const call_options& options,
                                          handler_of<std::vector<rate_limit_event>> handler);
VENICE_KEYS_API void start_web3_challenge(const client_ref& client, std::string&& address, const call_options& options,
                                          handler_of<wallet_challenge> handler);
VENICE_KEYS_API void start_web3_create(const client_ref& client, new_web3_key&& key, const call_options& options,
                                       handler_of<created_key> handler);
VENICE_KEYS_API void start_bulk(const client_ref& client, std::unique_ptr<bulk_source>&& source,
                                const bulk_options& options, bulk_sink&& sink, handler_of<bulk_summary> handler);

// Whether the client has promised to be used by one thread (config::threading).
[[nodiscard]] VENICE_KEYS_API bool is_single_threaded(const client_ref& client);

// How long a call with these options may take, confirmation included. Empty when the client was destroyed, or the
// options are out of range.
[[nodiscard]] VENICE_KEYS_API std::optional<std::chrono::milliseconds> time_limit_of(const client_ref& client,
                                                                                     const call_options& options);

// The initiation of one operation: hands its arguments to `Start` behind a type-erased handler.
template <auto Start, class T>
class initiation {
public:
    using executor_type = boost::asio::any_io_executor;

    explicit initiation(client_ref client) : client_(std::move(client)) {}

    [[nodiscard]] executor_type get_executor() const noexcept { return client_.executor; }

    template <class Handler, class... Args>
    void operator()(Handler&& handler, Args&&... args) const
    {
        Start(client_, std::forward<Args>(args)..., erase<T>(client_.executor, std::forward<Handler>(handler)));
    }

private:
    client_ref client_;
};

template <auto Start, class T, class Token, class... Args>
auto initiate(const client_ref& client, Token& token, Args&&... args)
{
    return boost::asio::async_initiate<Token, void(result<T>)>(initiation<Start, T>{client}, token,
                                                               std::forward<Args>(args)...);
}

template <class Token, class T>
concept token_for = boost::asio::completion_token_for<Token, void(result<T>)>;

} // namespace detail

/// The operations on the API-keys resource, as one account. Copies of a view act as the same account. A view is as
/// thread-safe as its client. A view, and an operation that was deferred, may outlive the client: then operations end
/// as errc::closed.
///
/// Every operation takes its values, then call_options if wanted, then any Asio completion token; the default is
/// asio::deferred, which co_await takes. It completes exactly once, on its handler's associated executor (the client's
/// by default), never from inside the call that starts it, and within its deadline. Cancellation
/// (asio::cancellation_type) of any type withdraws a call that has not been written. A written call completes as
/// errc::cancelled on terminal and partial, and goes on on total.
///
/// Values are checked first (errc::invalid_argument, naming the field). The guide says what may be sent again, and
/// when, after an answer was lost or asked for it. A creation whose answer is lost is not sent again, and ends as
/// errc::outcome_unknown. Changes to one key (update, delete) apply in the order in which they were started.
class client_view {
public:
    using executor_type = boost::asio::any_io_executor; ///< the client's

    /// On which operations complete whose handlers have no executor of their own: that which the client was made with.
    [[nodiscard]] executor_type get_executor() const noexcept { return ref_.executor; }

    /// A view of the same client as another account.
    [[nodiscard]] VENICE_KEYS_API client_view as(credentials who) const;

    /// Changes a key: `PATCH /api_keys`, with an ADMIN key. Completes with result<api_key>: the key as it is after the
    /// update. It may be sent again when its answer is lost, because it has the same effect again.
    template <detail::token_for<api_key> Token = boost::asio::deferred_t>
    [[nodiscard]] auto update_key(key_update update, call_options options, Token&& token = Token{}) const
    {
        return detail::initiate<&detail::start_update, api_key>(ref_, token, std::move(update), std::move(options));
    }
    /// The same with default options.
    template <detail::token_for<api_key> Token = boost::asio::deferred_t>
    [[nodiscard]] auto update_key(key_update update, Token&& token = Token{}) const
    {
        return update_key(std::move(update), call_options{}, std::forward<Token>(token));
    }

    /// Lists all active keys: `GET /api_keys`, with an ADMIN key. Completes with result<std::vector<key_details>>, as
    /// the service orders them: the newest first. There is no paging.
    template <detail::token_for<std::vector<key_details>> Token = boost::asio::deferred_t>
    [[nodiscard]] auto list_keys(call_options options, Token&& token = Token{}) const
    {
        return detail::initiate<&detail::start_list, std::vector<key_details>>(ref_, token, std::move(options));
    }
    /// The same with default options.
    template <detail::token_for<std::vector<key_details>> Token = boost::asio::deferred_t>
    [[nodiscard]] auto list_keys(Token&& token = Token{}) const
    {
        return list_keys(call_options{}, std::forward<Token>(token));
    }

    /// Reads one key: `GET /api_keys/{id}`, with an ADMIN key. Completes with result<key_details>. `id` must not be
    /// empty, have control characters, have blanks at its ends, or name another resource (`.`, `..`, `rate_limits`,
    /// `generate_web3_key`).
    template <detail::token_for<key_details> Token = boost::asio::deferred_t>
    [[nodiscard]] auto get_key(std::string id, call_options options, Token&& token = Token{}) const
    {
        return detail::initiate<&detail::start_get, key_details>(ref_, token, std::move(id), std::move(options));
    }
    /// The same with default options.
    template <detail::token_for<key_details> Token = boost::asio::deferred_t>
    [[nodiscard]] auto get_key(std::string id, Token&& token = Token{}) const
    {
        return get_key(std::move(id), call_options{}, std::forward<Token>(token));
    }

    /// Makes a key: `POST /api_keys`, with an ADMIN key. Completes with result<created_key>, which has the key's
    /// secret. The service makes at most 20 keys a minute and keeps at most 500.
    template <detail::token_for<created_key> Token = boost::asio::deferred_t>
    [[nodiscard]] auto create_key(new_key key, call_options options, Token&& token = Token{}) const
    {
        return detail::initiate<&detail::start_create, created_key>(ref_, token, std::move(key), std::move(options));
    }
    /// The same with default options.
    template <detail::token_for<created_key> Token = boost::asio::deferred_t>
    [[nodiscard]] auto create_key(new_key key, Token&& token = Token{}) const
    {
        return create_key(std::move(key), call_options{}, std::forward<Token>(token));
    }

    /// Deletes a key: `DELETE /api_keys?id=…`, with an ADMIN key. Completes with result<void>. `id` must not be empty,
    /// have control characters, or have blanks at its ends. A key that is not there is errc::not_found, unless this
    /// call itself may have deleted it in an earlier attempt.
    template <detail::token_for<void> Token = boost::asio::deferred_t>
    [[nodiscard]] auto delete_key(std::string id, call_options options, Token&& token = Token{}) const
    {
        return detail::initiate<&detail::start_delete, void>(ref_, token, std::move(id), std::move(options));
    }
    /// The same with default options.
    template <detail::token_for<void> Token = boost::asio::deferred_t>
    [[nodiscard]] auto delete_key(std::string id, Token&& token = Token{}) const
    {
        return delete_key(std::move(id), call_options{}, std::forward<Token>(token));
    }

    /// Reads what the calling key may do and has left: `GET /api_keys/rate_limits`, with any key. Completes with
    /// result<account_limits>.
    template <detail::token_for<account_limits> Token = boost::asio::deferred_t>
    [[nodiscard]] auto rate_limits(call_options options, Token&& token = Token{}) const
    {
        return detail::initiate<&detail::start_rate_limits, account_limits>(ref_, token, std::move(options));
    }
    /// The same with default options.
    template <detail::token_for<account_limits> Token = boost::asio::deferred_t>
    [[nodiscard]] auto rate_limits(Token&& token = Token{}) const
    {
        return rate_limits(call_options{}, std::forward<Token>(token));
    }

    /// Reads the latest times, at most 50, at which the account exceeded a limit: `GET /api_keys/rate_limits/log`, with
    /// an ADMIN key. Completes with result<std::vector<rate_limit_event>>, the newest first.
    template <detail::token_for<std::vector<rate_limit_event>> Token = boost::asio::deferred_t>
    [[nodiscard]] auto rate_limit_log(call_options options, Token&& token = Token{}) const
    {
        return detail::initiate<&detail::start_rate_limit_log, std::vector<rate_limit_event>>(ref_, token,
                                                                                              std::move(options));
    }
    /// The same with default options.
    template <detail::token_for<std::vector<rate_limit_event>> Token = boost::asio::deferred_t>
    [[nodiscard]] auto rate_limit_log(Token&& token = Token{}) const
    {
        return rate_limit_log(call_options{}, std::forward<Token>(token));
    }

    /// Asks for a text for a wallet to sign, valid for 15 minutes: `GET /api_keys/generate_web3_key`, without
    /// Authorization. Completes with result<wallet_challenge>. `address`: the wallet's, `0x…`, sent as `?address=`,
    /// which the service has announced that it will require. An empty one is not sent.
    template <detail::token_for<wallet_challenge> Token = boost::asio::deferred_t>
    [[nodiscard]] auto web3_challenge(std::string address, call_options options, Token&& token = Token{}) const
    {
        return detail::initiate<&detail::start_web3_challenge, wallet_challenge>(ref_, token, std::move(address),
                                                                                 std::move(options));
    }
    /// The same with default options.
    template <detail::token_for<wallet_challenge> Token = boost::asio::deferred_t>
    [[nodiscard]] auto web3_challenge(std::string address, Token&& token = Token{}) const
    {
        return web3_challenge(std::move(address), call_options{}, std::forward<Token>(token));
    }
    /// The same without an address.
    template <detail::token_for<wallet_challenge> Token = boost::asio::deferred_t>
    [[nodiscard]] auto web3_challenge(call_options options, Token&& token = Token{}) const
    {
        return web3_challenge(std::string{}, std::move(options), std::forward<Token>(token));
    }
    /// The same without an address, with default options.
    template <detail::token_for<wallet_challenge> Token = boost::asio::deferred_t>
    [[nodiscard]] auto web3_challenge(Token&& token = Token{}) const
    {
        return web3_challenge(call_options{}, std::forward<Token>(token));
    }

    /// Makes a key for the holder of a wallet: `POST /api_keys/generate_web3_key`, without Authorization. Completes
    /// with result<created_key>.
    template <detail::token_for<created_key> Token = boost::asio::deferred_t>
    [[nodiscard]] auto create_web3_key(new_web3_key key, call_options options, Token&& token = Token{}) const
    {
        return detail::initiate<&detail::start_web3_create, created_key>(ref_, token, std::move(key),
                                                                         std::move(options));
    }
    /// The same with default options.
    template <detail::token_for<created_key> Token = boost::asio::deferred_t>
    [[nodiscard]] auto create_web3_key(new_web3_key key, Token&& token = Token{}) const
    {
        return create_web3_key(std::move(key), call_options{}, std::forward<Token>(token));
    }

    /// Sends each update of a range, a bounded number at a time. The operation owns the range and pulls from it as it
    /// goes; the range's items convert to key_update. `sink(index, result<api_key>)` is called once for each item that
    /// was pulled, in the order in which they end; index counts from 0. Sink and range are used on the handler's
    /// associated executor, by one thread at a time. Completes with result<bulk_summary>, a summary of all items. A
    /// cancellation of any type stops the pulling, is passed on to what is under way, and leads to a summary as well.
    /// The operation has no deadline of its own: each item has that of bulk_options::each. The only error is
    /// errc::invalid_argument, for an option out of its range or an empty sink. What range or sink throw leaves the
    /// run() of that executor; nothing more is pulled then. The sink must be copyable. With g++ 12, name a sink
    /// that owns something before the co_await expression: it destroys a closure that is written inside of that twice.
    template <detail::pullable Range, class Sink, detail::token_for<bulk_summary> Token = boost::asio::deferred_t>
        requires std::invocable<Sink&, std::size_t, result<api_key>>
    [[nodiscard]] auto update_keys(Range range, bulk_options options, Sink sink, Token&& token = Token{}) const
    {
        return detail::initiate<&detail::start_bulk, bulk_summary>(
            ref_, token, std::make_unique<detail::range_source<Range>>(std::move(range)), std::move(options),
            detail::bulk_sink(std::move(sink)));
    }

protected:
    /// @cond
    explicit client_view(detail::client_ref ref) noexcept : ref_(std::move(ref)) {}

    detail::client_ref ref_;
    /// @endcond
};

} // namespace venice_keys
