// What a client reports to its observer: connections, attempts, retries, and what is held back. For logs, metrics and
// traces. No event holds a token or a body.
#pragma once

#include <venice_keys/error.hpp>
#include <venice_keys/pipelining_state.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace venice_keys {

/// The value of an attribute. Times are in seconds, a double, as in OpenTelemetry.
using attribute_value = std::variant<std::string_view, std::int64_t, double, bool>;

/// Why a client holds requests back although nothing has failed.
enum class pace_reason : std::uint8_t {
    retry_after, ///< the service asked for a pause with Retry-After
    rate_limit,  ///< the rate-limit headers left no request until their reset
};

/// How the error budget of a token treats its requests (promise 8 in the guide).
enum class error_budget_state : std::uint8_t {
    passing, ///< they pass, as many at a time as error_budget_changed::allowed_in_flight says
    holding, ///< they are held back, until failures have left the window or the service's own window is over
    /// The service refused the token (401): what waited has failed; one request at a time tries it again.
    token_refused,
};

/// The enumerator's name.
[[nodiscard]] constexpr std::string_view to_string(pace_reason value) noexcept
{
    switch (value) {
    case pace_reason::retry_after:
        return "retry_after";
    case pace_reason::rate_limit:
        return "rate_limit";
    }
    return "unknown";
}

/// The enumerator's name.
[[nodiscard]] constexpr std::string_view to_string(error_budget_state value) noexcept
{
    switch (value) {
    case error_budget_state::passing:
        return "passing";
    case error_budget_state::holding:
        return "holding";
    case error_budget_state::token_refused:
        return "token_refused";
    }
    return "unknown";
}

/// What happened. Each event has a `name` and gives what it holds as attributes, in a fixed order:
///
///     what.for_each_attribute([](std::string_view name, const vk::attribute_value& value) { … });
///
/// Names are those of OpenTelemetry's semantic conventions for HTTP clients and TLS where there is one, and begin with
/// `venice_keys.` elsewhere. What is unknown or absent is left out (http.response.status_code without an answer,
/// error.type without an error, http.request.resend_count at the first attempt). Nothing is allocated.
///
/// An event and all that it refers to are valid during the call only: copy what is to be kept.
namespace event {

/// Which connection an event is about.
struct connection_label {
    std::uint64_t number = 0;            ///< 1, 2, 3 … in the order in which the client began to open them
    std::string_view server_address{};   ///< the host of config::base_url, not its address
    std::uint16_t server_port = 0;       ///< the port of config::base_url
    std::string_view protocol_version{}; ///< of HTTP: 1.1 or 2; empty before the connection is open
};

/// Which call an event is about.
struct request_label {
    std::uint64_t call = 0;          ///< 1, 2, 3 … in the order in which the client took the calls
    std::string_view method{};       ///< of HTTP: PATCH
    std::string_view url_template{}; ///< /api_keys/{id}: the path below base_url, without the values in it
};

} // namespace event

namespace detail {

[[nodiscard]] inline attribute_value as_attribute(std::chrono::nanoseconds time) noexcept
{
    return std::chrono::duration<double>(time).count();
}

[[nodiscard]] inline attribute_value as_attribute(std::uint64_t number) noexcept
{
    return static_cast<std::int64_t>(number);
}

template <class F>
void emit_connection(const event::connection_label& connection, F& f)
{
    f("venice_keys.connection.number", as_attribute(connection.number));
    f("server.address", attribute_value{connection.server_address});
    f("server.port", attribute_value{std::int64_t{connection.server_port}});
}

template <class F>
void emit_request(const event::request_label& request, F& f)
{
    f("venice_keys.call.number", as_attribute(request.call));
    f("http.request.method", attribute_value{request.method});
    f("url.template", attribute_value{request.url_template});
}

template <class F>
void emit_status(unsigned status, F& f)
{
    if (status != 0)
        f("http.response.status_code", attribute_value{std::int64_t{status}});
}

template <class F>
void emit_error(const error& why, F& f)
{
    f("error.type", attribute_value{name_of(why)});
    if (!why.detail.empty())
        f("venice_keys.error.detail", attribute_value{std::string_view{why.detail}});
    if (why.cause.failed()) {
        f("venice_keys.error.cause.category", attribute_value{std::string_view{why.cause.category().name()}});
        f("venice_keys.error.cause.value", attribute_value{std::int64_t{why.cause.value()}});
    }
}

} // namespace detail

namespace event {

/// A connection is ready for requests.
struct connection_opened {
    /// The event's name.
    static constexpr std::string_view name = "connection_opened";

    connection_label connection{};        ///< which connection it is about
    std::string_view tls_version{};       ///< 1.2 or 1.3
    bool tls_resumed = false;             ///< with the session of an earlier connection
    std::chrono::nanoseconds duration{0}; ///< resolving, connecting and TLS together

    /// Calls f(name, value) for each attribute.
    template <class F>
    void for_each_attribute(F f) const
    {
        detail::emit_connection(connection, f);
        f("network.protocol.name", attribute_value{std::string_view{"http"}});
        f("network.protocol.version", attribute_value{connection.protocol_version});
        f("tls.protocol.version", attribute_value{tls_version});
        f("tls.resumed", attribute_value{tls_resumed});
        f("venice_keys.duration", detail::as_attribute(duration));
    }
};

/// A connection did not come up.
struct connection_failed {
    /// The event's name.
    static constexpr std::string_view name = "connection_failed";

    connection_label connection{};        ///< which connection it is about
    const error& why;                     ///< why it did not
    std::chrono::nanoseconds duration{0}; ///< until it was given up

    /// Calls f(name, value) for each attribute.
    template <class F>
    void for_each_attribute(F f) const
    {
        detail::emit_connection(connection, f);
        detail::emit_error(why, f);
        f("venice_keys.duration", detail::as_attribute(duration));
    }
};

/// A connection that had been opened has ended, whoever ended it.
struct connection_closed {
    /// The event's name.
    static constexpr std::string_view name = "connection_closed";

    connection_label connection{};        ///< which connection it is about
    const error& why;                     ///< its detail says who ended the connection
    std::uint64_t answered = 0;           ///< how many requests were answered on it
    std::uint64_t unanswered = 0;         ///< how many answers it still owed, those to cancelled calls included
    std::chrono::nanoseconds duration{0}; ///< how long it was open

    /// Calls f(name, value) for each attribute.
    template <class F>
    void for_each_attribute(F f) const
    {
        detail::emit_connection(connection, f);
        detail::emit_error(why, f);
        f("venice_keys.connection.answered", detail::as_attribute(answered));
        f("venice_keys.connection.unanswered", detail::as_attribute(unanswered));
        f("venice_keys.duration", detail::as_attribute(duration));
    }
};

/// A request is handed to a socket.
struct attempt_started {
    /// The event's name.
    static constexpr std::string_view name = "attempt_started";

    connection_label connection{}; ///< which connection it is about
    request_label request{};       ///< which call it is about
    unsigned resend_count = 0;     ///< how many attempts this call had before

    /// Calls f(name, value) for each attribute.
    template <class F>
    void for_each_attribute(F f) const
    {
        detail::emit_connection(connection, f);
        detail::emit_request(request, f);
        if (resend_count != 0)
            f("http.request.resend_count", attribute_value{std::int64_t{resend_count}});
    }
};

/// The answer has come, or never will. There is one of these for each attempt_started.
struct attempt_ended {
    /// The event's name.
    static constexpr std::string_view name = "attempt_ended";

    connection_label connection{};        ///< which connection it is about
    request_label request{};              ///< which call it is about
    unsigned resend_count = 0;            ///< how many attempts this call had before
    unsigned status = 0;                  ///< of the answer; 0 when none came
    std::optional<errc> why{};            ///< why the attempt failed; empty when it did not
    std::string_view request_id{};        ///< CF-RAY; empty when none was given
    std::chrono::nanoseconds duration{0}; ///< from being written to the answer, or to its loss

    /// Calls f(name, value) for each attribute.
    template <class F>
    void for_each_attribute(F f) const
    {
        detail::emit_connection(connection, f);
        detail::emit_request(request, f);
        if (resend_count != 0)
            f("http.request.resend_count", attribute_value{std::int64_t{resend_count}});
        f("network.protocol.version", attribute_value{connection.protocol_version});
        detail::emit_status(status, f);
        if (why)
            f("error.type", attribute_value{name_of(*why)});
        if (!request_id.empty())
            f("venice_keys.request_id", attribute_value{request_id});
        f("venice_keys.duration", detail::as_attribute(duration));
    }
};

/// A call will be attempted again.
struct retry_scheduled {
    /// The event's name.
    static constexpr std::string_view name = "retry_scheduled";

    request_label request{};           ///< which call it is about
    unsigned attempts = 0;             ///< how many were made so far
    std::chrono::nanoseconds delay{0}; ///< until it may be handed to a connection; 0: as soon as one has room
    errc why = errc::connection_lost;  ///< why the last attempt failed
    unsigned status = 0;               ///< of the last attempt's answer; 0 when none came

    /// Calls f(name, value) for each attribute.
    template <class F>
    void for_each_attribute(F f) const
    {
        detail::emit_request(request, f);
        f("venice_keys.attempts", attribute_value{std::int64_t{attempts}});
        f("venice_keys.delay", detail::as_attribute(delay));
        f("error.type", attribute_value{name_of(why)});
        detail::emit_status(status, f);
    }
};

/// Requests with one token are held back so that they are not refused.
struct paced {
    /// The event's name.
    static constexpr std::string_view name = "paced";

    std::uint64_t token_number = 0;                ///< 1, 2, 3 … in the order in which the client met the tokens
    pace_reason reason = pace_reason::retry_after; ///< why they are held back
    std::chrono::nanoseconds wait{0};              ///< how long, from now
    bool creations_only = false;                   ///< other requests go on

    /// Calls f(name, value) for each attribute.
    template <class F>
    void for_each_attribute(F f) const
    {
        f("venice_keys.token.number", detail::as_attribute(token_number));
        f("venice_keys.pace.reason", attribute_value{to_string(reason)});
        f("venice_keys.delay", detail::as_attribute(wait));
        f("venice_keys.pace.creations_only", attribute_value{creations_only});
    }
};

/// The error budget of a token has changed its state.
struct error_budget_changed {
    /// The event's name.
    static constexpr std::string_view name = "error_budget_changed";

    std::uint64_t token_number = 0;                         ///< as in paced
    error_budget_state state = error_budget_state::passing; ///< the new state
    unsigned failures = 0;                                  ///< those of this client in the window
    std::uint64_t allowed_in_flight = 0;                    ///< how many requests with this token may be in flight now
    /// From now until the state may change by itself. 0: time alone does not change it.
    std::chrono::nanoseconds wait{0};
    /// How many client errors the service said are left to all who use the key; empty while it has said nothing.
    std::optional<std::uint64_t> remaining{};

    /// Calls f(name, value) for each attribute.
    template <class F>
    void for_each_attribute(F f) const
    {
        f("venice_keys.token.number", detail::as_attribute(token_number));
        f("venice_keys.error_budget.state", attribute_value{to_string(state)});
        f("venice_keys.error_budget.failures", attribute_value{std::int64_t{failures}});
        f("venice_keys.error_budget.allowed_in_flight", detail::as_attribute(allowed_in_flight));
        if (remaining)
            f("venice_keys.error_budget.remaining", detail::as_attribute(*remaining));
        if (wait.count() != 0)
            f("venice_keys.delay", detail::as_attribute(wait));
    }
};

/// The client has found out whether the server answers requests that come behind an unanswered one, over HTTP/1.1.
struct pipelining_judged {
    /// The event's name.
    static constexpr std::string_view name = "pipelining_judged";

    pipelining_state state = pipelining_state::unknown; ///< what it found out

    /// Calls f(name, value) for each attribute.
    template <class F>
    void for_each_attribute(F f) const
    {
        f("venice_keys.pipelining.state", attribute_value{to_string(state)});
    }
};

} // namespace event

} // namespace venice_keys
