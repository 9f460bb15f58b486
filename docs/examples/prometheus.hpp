// What a client has done, as text for Prometheus: the exposition format, version 0.0.4. It knows nothing of HTTP.
#pragma once

#include <venice_keys/client_stats.hpp>
#include <venice_keys/observer.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace prometheus {

namespace vk = venice_keys;

constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

// [exposition]
// The text that Prometheus reads. The samples of a metric follow its HELP and TYPE.
class exposition {
public:
    using labels = std::vector<std::pair<std::string, std::string>>;

    void metric(std::string name, const std::string& type, const std::string& help)
    {
        name_ = std::move(name);
        text_ += "# HELP " + name_ + ' ' + help + "\n# TYPE " + name_ + ' ' + type + '\n';
    }

    template <class Number>
    void sample(Number value, const labels& with = {}, const std::string& suffix = {})
    {
        text_ += name_ + suffix;
        char before = '{';
        for (const auto& [name, label] : with) {
            text_ += before + name + "=\"" + escaped(label) + '"';
            before = ',';
        }
        text_ += (with.empty() ? " " : "} ") + number(value) + '\n';
    }

    // Without the zeros that std::to_string writes, and whatever the locale is.
    template <class Number>
    static std::string number(Number value)
    {
        std::array<char, 32> digits{};
        return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
    }

    [[nodiscard]] std::string text() && { return std::move(text_); }

private:
    // The value of a label may be any UTF-8 text; these three characters have a meaning there.
    static std::string escaped(std::string_view label)
    {
        std::string safe;
        for (const char each : label) {
            if (each == '\\' || each == '"')
                safe += '\\';
            each == '\n' ? safe += "\\n" : safe += each;
        }
        return safe;
    }

    std::string text_;
    std::string name_;
};
// [/exposition]

// [observer]
// What client_stats does not count. The client and the endpoint share a thread, so there is no lock; with several
// threads, a mutex would guard the members.
class event_counts final : public vk::observer {
public:
    void attempt_ended(const vk::event::attempt_ended& what) noexcept override
    {
        ++attempts_[{std::string{what.request.method}, what.status, what.why}];
    }
    void connection_failed(const vk::event::connection_failed& what) noexcept override
    {
        ++failed_connections_[what.why.why()];
    }
    void error_budget_changed(const vk::event::error_budget_changed& what) noexcept override
    {
        budgets_[what.token_number] = {what.state, what.remaining};
    }

    void write_to(exposition& out) const
    {
        out.metric("venice_keys_attempts_total", "counter", "Requests by method, status (0: no answer) and error.");
        for (const auto& [which, count] : attempts_) {
            const auto& [method, status, why] = which;
            const std::string error{why ? vk::name_of(*why) : ""};
            out.sample(count, {{"method", method}, {"status", std::to_string(status)}, {"error", error}});
        }
        out.metric("venice_keys_connections_failed_total", "counter", "Connections that did not come up, by error.");
        for (const auto& [why, count] : failed_connections_)
            out.sample(count, {{"error", std::string{vk::name_of(why)}}});
        using enum vk::error_budget_state;
        out.metric("venice_keys_token_state", "gauge", "1 for the state of the token's error budget, else 0.");
        for (const auto& [token, budget] : budgets_)
            for (const vk::error_budget_state each : {passing, holding, token_refused})
                out.sample(each == budget.first ? 1 : 0,
                           {{"token", std::to_string(token)}, {"state", std::string{to_string(each)}}});
        out.metric("venice_keys_token_errors_remaining", "gauge", "Client errors that the service still forgives.");
        for (const auto& [token, budget] : budgets_)
            if (budget.second)
                out.sample(*budget.second, {{"token", std::to_string(token)}});
    }

private:
    std::map<std::tuple<std::string, unsigned, std::optional<vk::errc>>, std::uint64_t> attempts_;
    // There from the start: Prometheus sees no increase in a counter that begins at 1.
    std::map<vk::errc, std::uint64_t> failed_connections_{
        {vk::errc::resolve_failed, 0}, {vk::errc::connect_failed, 0}, {vk::errc::tls_failed, 0}};
    std::map<std::uint64_t, std::pair<vk::error_budget_state, std::optional<std::uint64_t>>> budgets_;
};
// [/observer]

// [stats]
inline void write_latency(const vk::latency_histogram& latency, exposition& out)
{
    const auto seconds_up_to = [](std::size_t bucket) {
        return std::chrono::duration<double>(vk::latency_histogram::upper_bound(bucket)).count();
    };
    out.metric("venice_keys_call_duration_seconds", "histogram",
               "How long calls took that succeeded. The sum is made of the buckets, and right to 7 %.");
    std::uint64_t count = 0;
    double sum = 0;
    for (std::size_t bucket = 0; bucket != vk::latency_histogram::size; ++bucket) {
        const double longest = seconds_up_to(bucket);
        const double shortest = bucket == 0 ? 0 : seconds_up_to(bucket - 1);
        count += latency.counts[bucket];
        sum += static_cast<double>(latency.counts[bucket]) * (shortest + longest) / 2;
        if (bucket % 8 == 7 && longest > 0.001 && longest < 60) // one for each doubling is enough
            out.sample(count, {{"le", exposition::number(longest)}}, "_bucket");
    }
    out.sample(count, {{"le", "+Inf"}}, "_bucket");
    out.sample(sum, {}, "_sum");
    out.sample(count, {}, "_count");
}

inline void write_stats(const vk::client_stats& stats, exposition& out)
{
    const auto write = [&out](const char* name, const char* type, const char* help, auto value) {
        out.metric(name, type, help);
        out.sample(value);
    };
    out.metric("venice_keys_calls_total", "counter", "Calls that have ended.");
    out.sample(stats.calls_succeeded, {{"outcome", "succeeded"}});
    out.sample(stats.calls_failed, {{"outcome", "failed"}});
    write("venice_keys_requests_total", "counter", "Requests handed to a socket, repeated ones included.",
          stats.requests_written);
    write("venice_keys_replays_total", "counter", "Requests handed to a socket again.", stats.replays);
    write("venice_keys_connections_opened_total", "counter", "TLS connections that came up.", stats.connections_opened);
    write("venice_keys_connections_lost_total", "counter", "Connections that ended while they owed an answer.",
          stats.connections_lost);
    write("venice_keys_open_connections", "gauge", "Connections that are open now.", stats.open_connections);
    write("venice_keys_waiting_calls", "gauge", "Calls that wait now, for whatever reason.", stats.waiting_calls);
    write_latency(stats.latency, out);
}
// [/stats]

} // namespace prometheus
