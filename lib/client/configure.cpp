#include "client/configure.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace venice_keys::detail {

namespace {

constexpr std::size_t most_tickets = 16;
constexpr std::size_t read_ahead = 16 * 1024; // bytes that a connection takes in besides the head of an answer

template <class T>
T value_or_throw(result<T> maybe)
{
    return std::move(maybe).value();
}

error out_of_range(const char* option, std::chrono::milliseconds value)
{
    return {errc::invalid_argument, "call_options::" + std::string(option) + ": " + std::to_string(value.count()) +
                                        " ms is not in 1 ms … 24 h"};
}

} // namespace

endpoint server_of(const config& settings)
{
    settings.validate().value();
    return value_or_throw(parse_endpoint(settings.base_url));
}

net::tls_transport_source transports_of(const config& settings, const endpoint& server,
                                        const net::turn_executor& executor, net::turn_owner& turns)
{
    return net::tls_transport_source(
        {executor, turns, value_or_throw(net::tls_context::make(settings.tls, server, most_tickets, settings.protocol)),
         server, settings.max_header_bytes + read_ahead, value_or_throw(net::proxy_route::make(settings, server))});
}

pool_settings pool_settings_of(const config& settings, const endpoint& server)
{
    const wire::reply_limits reply{settings.max_header_bytes, settings.max_header_count, settings.max_reply_bytes};
    const error_budget_config& error_budget = settings.error_budget;
    return {settings.max_connections,
            settings.pipeline_depth,
            settings.retry,
            {error_budget.most, error_budget.window, error_budget.strict, error_budget.enabled, error_budget.reserve},
            {reply, settings.connect_timeout, settings.stall_timeout, settings.idle_timeout, settings.answer_timeout,
             settings.max_streams},
            reporter(settings.observer, server.host, server.port),
            settings.protocol == protocol::http1 ? std::size_t{1} : settings.max_streams,
            pipelining_state::unknown,
            settings.max_connection_age};
}

result<std::chrono::milliseconds> timeout_of(const config& settings, const call_options& options)
{
    const auto fits = [](const auto& limit) {
        return !limit || (limit->count() > 0 && *limit <= longest_timeout);
    };
    if (!fits(options.timeout()))
        return out_of_range("timeout", *options.timeout());
    if (!fits(options.confirm_reserve()))
        return out_of_range("confirm", *options.confirm_reserve());
    return options.timeout().value_or(settings.timeout);
}

pool_clocks clocks()
{
    return {[] { return std::chrono::steady_clock::now(); },
            [] {
                return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
            }};
}

} // namespace venice_keys::detail
