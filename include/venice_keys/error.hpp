// Why a call failed, and how far it got. Everything known about a failure is in one value, and nothing of it is
// secret.
#pragma once

#include <venice_keys/detail/export.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>
#include <exception>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice_keys {

/// Why a call ended. The values are stable; new ones are added at the end.
enum class errc {
    no_result = 1,         ///< the state of a result that nothing was put into
    invalid_argument,      ///< refused before anything was sent; error::detail names the field
    closed,                ///< the client was closed or destroyed
    cancelled,             ///< by the caller's cancellation slot
    queue_full,            ///< config::max_queue calls are waiting
    resolve_failed,        ///< the host's name gave no address
    connect_failed,        ///< no address accepted a TCP connection, or the proxy gave no tunnel
    tls_failed,            ///< the handshake failed; cause and detail say why
    deadline_exceeded,     ///< the call's time ran out; detail says what it was waiting for
    connection_lost,       ///< closed, reset or stalled before the answer was whole
    protocol_error,        ///< bytes that are not HTTP/1.1 (RFC 9112) or HTTP/2 (RFC 9113)
    reply_mismatch,        ///< an answer that belongs to another key, or names none
    reply_too_large,       ///< a head or body over the limit of the configuration
    malformed_reply,       ///< a success whose body is not the JSON that it must be
    outcome_unknown,       ///< a creation that was sent and not answered
    error_budget_spent,    ///< held back after client errors, or refused for them (429 with the text that says so)
    invalid_request,       ///< 400, 409, 413, 415, 422
    authentication_failed, ///< 401
    payment_required,      ///< 402
    forbidden,             ///< 403, and 401 when the token is valid but belongs to no ADMIN key
    not_found,             ///< the service knows no such key, or it has expired: 400 or 404, by its text
    rate_limited,          ///< 429
    server_error,          ///< 500 and other 5xx
    unavailable,           ///< 408, 502, 503, 504; and a 400 whose text says that it will pass
    rejected,              ///< a success status whose body says `success: false`
    unexpected_status      ///< any other status, and a 404 that says nothing about a key
};

/// The category of every errc: `venice_keys`.
[[nodiscard]] VENICE_KEYS_API const boost::system::error_category& error_category() noexcept;

/// An error_code of error_category(), so that an errc converts to one.
[[nodiscard]] inline boost::system::error_code make_error_code(errc code) noexcept
{
    return {static_cast<int>(code), error_category()};
}

/// The enumerator's name (`connection_lost`), as stable as the value. For machines; people read error_code::message().
[[nodiscard]] VENICE_KEYS_API std::string_view name_of(errc code) noexcept;
/// Prints what name_of() gives.
VENICE_KEYS_API std::ostream& operator<<(std::ostream& out, errc value);

struct confirmation;

/// How far a call got: the worst of its attempts, in this order.
enum class delivery {
    not_sent,        ///< no byte was handed to a socket, or only to a server that then refused the TLS handshake
    answered,        ///< the server answered
    sent_unanswered, ///< it was handed to a socket, and no answer came: it may or may not be applied
};

/// The enumerator's name: `not_sent`, `answered` or `sent_unanswered`.
[[nodiscard]] VENICE_KEYS_API std::string_view to_string(delivery value) noexcept;
/// Prints what to_string() gives.
VENICE_KEYS_API std::ostream& operator<<(std::ostream& out, delivery value);

/// One thing that the server found wrong with a field.
struct field_issue {
    std::string path{}; ///< the field, with its parts joined by dots: `consumptionLimit.usd`; empty when none is named
    std::string text{}; ///< what the server said about it, for people

    /// Compares all members.
    friend bool operator==(const field_issue&, const field_issue&) = default;
};

/// Why a call failed, and how far it got. It is cheap to move; copying copies its texts. No text holds a token, even
/// when the server echoed one.
struct error {
    boost::system::error_code code = make_error_code(errc::no_result); ///< always an errc
    boost::system::error_code cause; ///< the code beneath it (Asio's, OpenSSL's), or none
    venice_keys::delivery delivery = venice_keys::delivery::not_sent; ///< how far the call got
    unsigned http_status = 0;                                         ///< 0 when there was no answer
    unsigned attempts = 0;                                            ///< how often the request was handed to a socket
    bool creates = false;    ///< the call makes a key: when it may have been applied, repeating it can make a second
    bool sends = true;       ///< the call has a request; false for warm_up() and close(), which have none
    std::string detail;      ///< what was wrong, in words: a field, a host, a limit
    std::string server_text; ///< what the server said, at most 512 bytes, control characters removed
    std::string server_code; ///< the `code` of the body: `INSUFFICIENT_BALANCE`; at most 128 bytes, empty: none
    std::vector<field_issue> issues; ///< what the server found wrong with single fields; mostly empty
    std::string request_id; ///< CF-RAY, which Venice's support asks for, else the body's own; at most 128 bytes
    std::optional<std::chrono::milliseconds> retry_after; ///< how long to wait, from the time the call ended
    /// What reading the key back found (call_options::confirm); null when it was not. <venice_keys/confirmation.hpp>
    std::shared_ptr<const venice_keys::confirmation> confirmation;

    error() = default; ///< errc::no_result
    ///@{
    /// With a code, what was wrong, and the code beneath it; nothing was sent. For tests of one's own, mostly.
    explicit error(errc why) : code(make_error_code(why)) {}
    error(errc why, std::string what) : code(make_error_code(why)), detail(std::move(what)) {}
    error(errc why, std::string what, boost::system::error_code beneath)
        : code(make_error_code(why)), cause(beneath), detail(std::move(what))
    {
    }
    ///@}

    /// The code as an errc, for a `switch`. It is errc::no_result for a code of another category, which only a caller
    /// can have put there.
    [[nodiscard]] errc why() const noexcept
    {
        return code.category() == error_category() ? static_cast<errc>(code.value()) : errc::no_result;
    }

    /// One line for people: what happened, why, and how far the call got.
    [[nodiscard]] VENICE_KEYS_API std::string message() const;

    /// Whether the same call may succeed later without a change to it, and can't act twice: false for a creation that
    /// may have been applied.
    [[nodiscard]] VENICE_KEYS_API bool retryable() const noexcept;

    /// Whether the server may have acted on the request although the call failed.
    [[nodiscard]] VENICE_KEYS_API bool maybe_applied() const noexcept;

    /// Compares everything in them; two confirmations are equal when they are the same object.
    friend bool operator==(const error&, const error&) = default;
};

/// The name of its errc: `connection_lost`. For machines; people read error::message().
[[nodiscard]] inline std::string_view name_of(const error& failure) noexcept
{
    return name_of(failure.why());
}

/// Prints message().
VENICE_KEYS_API std::ostream& operator<<(std::ostream& out, const error& value);

/// What result<T>::value() throws. Copying it does not throw.
class VENICE_KEYS_API request_failed : public std::exception {
public:
    explicit request_failed(venice_keys::error why); ///< with this error

    /// error().message().
    [[nodiscard]] const char* what() const noexcept override { return state_->text.c_str(); }
    /// The error. It is valid for as long as this exception, or a copy of it, exists.
    [[nodiscard]] const venice_keys::error& error() const noexcept { return state_->why; }

private:
    struct state {
        venice_keys::error why;
        std::string text;
    };

    std::shared_ptr<const state> state_;
};

} // namespace venice_keys

// Doxygen 1.9.4 fails over the scope of this.
/// @cond
template <>
struct boost::system::is_error_code_enum<venice_keys::errc> : std::true_type {
};
/// @endcond
