// Venice's API-keys resource as an HTTPS server in the process, with faults on demand. For tests and demonstrations.
#pragma once

#include <venice_keys/api_key.hpp>
#include <venice_keys/config.hpp>
#include <venice_keys/detail/context_with_executor.hpp>
#include <venice_keys/detail/export.hpp>
#include <venice_keys/detail/same_build.hpp>
#include <venice_keys/emulator_fault.hpp>
#include <venice_keys/result.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice_keys {

/// Which description of the service the emulator follows where sources differ (docs/guide/emulator.md).
enum class service_rules {
    current, ///< the vendor's integration notes: 50 client errors a key in 30 s; a key that is not there is 400
    older,   ///< an older documentation page: 20 failed answers of any status in 30 s; a key that is not there is 404
};

/// What a wallet signs to get a key.
enum class wallet_form {
    token,   ///< as published
    message, ///< as announced: sign-in with Ethereum, asked for with ?address=
};

/// How an emulator behaves. Plain values with defaults.
struct emulator_options {
    std::string address = "127.0.0.1";        ///< the IP address to listen at
    std::uint16_t port = 0;                   ///< the port of HTTPS; 0 takes a free one
    std::optional<std::uint16_t> http_port{}; ///< plain HTTP as well, for a proxy in front; 0 takes a free one

    /// What ALPN may choose; HTTP/2 before HTTP/1.1 where the client offers both. Plain HTTP is HTTP/1.1 in any case.
    venice_keys::protocol protocol = venice_keys::protocol::automatic;
    /// How many HTTP/2 streams there may be at a time on a connection, at most 2,147,483,647
    /// (SETTINGS_MAX_CONCURRENT_STREAMS, RFC 9113 section 6.5.2).
    std::uint32_t max_streams = 128;
    /// How many bytes of one request's body may come over HTTP/2 before the emulator asks for more, at most
    /// 2,147,483,647 (SETTINGS_INITIAL_WINDOW_SIZE).
    std::uint32_t initial_window = 65'535;

    /// How long it takes to serve a request. Over HTTP/1.1, requests on one connection are served one after the other,
    /// and those of several side by side; over HTTP/2 all are served side by side. At most an hour.
    std::chrono::milliseconds service_time{0};

    std::string token{};          ///< of an ADMIN key that no list shows; empty: a random one is made
    std::size_t initial_keys = 0; ///< how many keys there are at the start, with UUID-shaped ids; at most 1,000,000
    std::uint64_t seed = 1;       ///< for the ids and for random faults

    /// PEM file of the certificate, with its chain. Empty: the start makes a CA and a leaf for localhost, 127.0.0.1 and
    /// ::1. Give this file and its key, or neither.
    std::string certificate_file{};
    std::string private_key_file{}; ///< PEM file of the certificate's key

    /// Whether to enforce the error budget, 500 active keys, 20 creations a minute, and requests_per_minute.
    bool enforce_limits = true;
    service_rules rules = service_rules::current; ///< which description of the service it follows
    /// How many failures within 30 s a key is forgiven, 1 … 1,000,000. Empty: as the rules say.
    std::optional<unsigned> error_budget{};
    /// The status for an id that is unknown or expired, 400 or 404. Empty: as the rules say.
    std::optional<unsigned> unknown_key_status{};
    /// Whether answers have the error budget's x-ratelimit-remaining and x-ratelimit-resets; never with the older
    /// rules.
    bool budget_headers = true;
    /// The value of x-ratelimit-limit-requests, for each minute of the clock. The service sends such fields on the
    /// routes of its models, so 0, the default, sends none; any other number is for a test of a client's pacing.
    unsigned requests_per_minute = 0;
    wallet_form wallets = wallet_form::token; ///< what a wallet signs

    /// Fails with errc::invalid_argument, naming the first field out of its range. It looks at no address and no file.
    [[nodiscard]] VENICE_KEYS_API result<void> validate() const;
};

/// One change that was made.
struct journal_entry {
    /// What was done to the key.
    enum class change {
        created, ///< with a request, by a token or a wallet
        updated, ///< even if every field had its value before
        removed, ///< with a request; a key that expires is not
    };

    std::uint64_t number = 0;      ///< 1, 2, 3 … in the order in which they were made
    change what = change::updated; ///< what was done
    std::uint64_t connection = 0;  ///< the one on which the request came, counted from 1
    venice_keys::protocol protocol = venice_keys::protocol::http1; ///< the one by which it came, http1 or http2
    std::uint32_t stream = 0;                                      ///< of HTTP/2; 0 over HTTP/1.1
    api_key key{}; ///< as it was after the change (before it, when removed)
};

/// Counters since the emulator was made.
struct emulator_stats {
    std::uint64_t connections = 0; ///< accepted
    std::uint64_t handshakes = 0;  ///< completed
    std::uint64_t requests = 0;    ///< read whole
    std::uint64_t faults = 0;      ///< struck

    /// Answers of status 400 and up, whatever became of them; the bytes of fault::raw() don't count.
    std::uint64_t failures = 0;
    std::uint64_t unauthorized = 0; ///< those of them with status 401
    std::uint64_t lockouts = 0;     ///< how often an error budget was spent, and its key blocked
};

/// Venice's API-keys resource as an HTTPS server in the process. It has every operation of the resource. The secret of
/// a key that it creates is valid as a token at once, until the key is deleted or expires. A wallet's signature has to
/// look like one but is not verified: for fifteen minutes whoever asks for a challenge can make a key with it, as long
/// as nobody else has.
///
/// It serves from its construction on, on the executor's threads. Every member may be called from any thread. The
/// context must outlive it.
class emulator {
public:
    /// Serves on this executor. Throws request_failed (errc::invalid_argument) for options that validate() refuses, and
    /// boost::system::system_error when a port is taken or a file can't be used; its what() is one line for people.
    explicit emulator(const boost::asio::any_io_executor& executor, const emulator_options& options = {})
        : emulator(detail::same_build{}, executor, options)
    {
    }
    /// The same on the executor of an execution context, such as an io_context or a thread_pool.
    template <detail::context_with_executor Context>
    explicit emulator(Context& context, const emulator_options& options = {})
        : emulator(boost::asio::any_io_executor(context.get_executor()), options)
    {
    }
    emulator(const emulator&) = delete;
    emulator& operator=(const emulator&) = delete;
    VENICE_KEYS_API ~emulator(); ///< calls stop()

    /// https://localhost:PORT/api/v1
    [[nodiscard]] VENICE_KEYS_API std::string base_url() const;
    /// http://127.0.0.1:PORT/api/v1; empty without http_port
    [[nodiscard]] VENICE_KEYS_API std::string http_base_url() const;
    [[nodiscard]] VENICE_KEYS_API std::uint16_t port() const;      ///< of HTTPS
    [[nodiscard]] VENICE_KEYS_API std::uint16_t http_port() const; ///< 0 without http_port
    /// The authority to trust; empty when files were given.
    [[nodiscard]] VENICE_KEYS_API std::string ca_pem() const;
    /// The token of the ADMIN key that no list shows, as it is now.
    [[nodiscard]] VENICE_KEYS_API std::string token() const;

    /// Accepts this token from the next request on, and no longer the present one. Empty: a random one is made, which
    /// throws boost::system::system_error when OpenSSL has no random numbers.
    VENICE_KEYS_API void set_token(std::string token);

    /// Adds a key that is in no journal and held to no limit, and returns its secret, which is valid as a token. An
    /// empty id is made up; last6_chars is the secret's; a type that is not admin becomes inference. Throws
    /// boost::system::system_error when OpenSSL has no random numbers.
    VENICE_KEYS_API std::string add_key(api_key key);

    /// The keys in the order of their creation, expired ones included.
    [[nodiscard]] VENICE_KEYS_API std::vector<api_key> keys() const;
    /// Every change that a request made, in order.
    [[nodiscard]] VENICE_KEYS_API std::vector<journal_entry> journal() const;
    [[nodiscard]] VENICE_KEYS_API emulator_stats stats() const; ///< a snapshot of the counters

    /// Adds a rule behind those that are there. Throws request_failed (errc::invalid_argument) for a value out of its
    /// range, such as a negative delay.
    VENICE_KEYS_API void add_fault(fault rule);
    VENICE_KEYS_API void clear_faults(); ///< removes all rules

    /// Closes every connection with close_notify and FIN, as a server that restarts would, and goes on serving.
    VENICE_KEYS_API void drop_connections();

    /// Stops serving. The ports are free when it returns, and every connection is closed in good order within half a
    /// second if the executor runs; if it does not, when its context is destroyed. Idempotent.
    VENICE_KEYS_API void stop();

private:
    class impl;

    VENICE_KEYS_API emulator(detail::same_build, const boost::asio::any_io_executor& executor,
                             const emulator_options& options);

    std::shared_ptr<impl> impl_;
};

} // namespace venice_keys
