#include <venice_keys/config.hpp>

#include "model/endpoint.hpp"
#include "model/unfit_character.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace venice_keys {

namespace {

// Checks field after field and keeps the first fault.
class checker {
public:
    void in_range(std::string_view name, std::size_t value, std::size_t lowest, std::size_t highest)
    {
        if (value < lowest || value > highest)
            fail(name,
                 std::to_string(value) + " is not in " + std::to_string(lowest) + " … " + std::to_string(highest));
    }

    void a_time(std::string_view name, std::chrono::milliseconds value)
    {
        if (value < std::chrono::milliseconds{1} || value > std::chrono::hours{24})
            fail(name, std::to_string(value.count()) + " ms is not in 1 ms … 24 h");
    }

    // Control characters could cut a text short, or smuggle something in. Their names and places may be told also of a
    // password.
    void no_controls(std::string_view name, std::string_view text, std::string_view allowed = {})
    {
        const auto is_unfit = [allowed](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return (byte < 0x20 || byte == 0x7F) && allowed.find(c) == std::string_view::npos;
        };
        const auto found = std::ranges::find_if(text, is_unfit);
        if (found != text.end())
            fail(name, detail::words_for_unfit(text, static_cast<std::size_t>(found - text.begin())));
    }

    void at_most(std::string_view name, std::size_t size, std::size_t most)
    {
        if (size > most)
            fail(name, "has " + std::to_string(size) + " bytes, at most " + std::to_string(most));
    }

    void require(bool condition, std::string_view name, std::string_view reason)
    {
        if (!condition)
            fail(name, reason);
    }

    void fail(std::string_view name, std::string_view reason)
    {
        if (fault_.empty())
            fault_.append(name).append(": ").append(reason);
    }

    // The text names the field already.
    void refuse(std::string_view fault)
    {
        if (fault_.empty())
            fault_ = fault;
    }

    [[nodiscard]] result<void> outcome() &&
    {
        if (fault_.empty())
            return result<void>::success();
        return error{errc::invalid_argument, std::move(fault_)};
    }

private:
    std::string fault_;
};

// The base64 of 32 bytes has 43 characters and one `=`. The last of the 43 carries only four bits.
bool is_pin(std::string_view text) noexcept
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return text.size() == 44 && text.back() == '=' && text.find_first_not_of(alphabet) == 43 &&
           alphabet.find(text[42]) % 4 == 0;
}

void check_tls(const tls_config& tls, checker& check)
{
    check.no_controls("tls.ca_file", tls.ca_file);
    check.no_controls("tls.ca_pem", tls.ca_pem, "\n\r\t");
    check.no_controls("tls.certificate_file", tls.certificate_file);
    check.no_controls("tls.private_key_file", tls.private_key_file);
    check.require(tls.certificate_file.empty() || !tls.private_key_file.empty(), "tls.private_key_file",
                  "is missing, although there is a tls.certificate_file");
    check.require(tls.private_key_file.empty() || !tls.certificate_file.empty(), "tls.certificate_file",
                  "is missing, although there is a tls.private_key_file");
    for (std::size_t i = 0; i != tls.pinned_public_keys.size(); ++i) {
        check.require(is_pin(tls.pinned_public_keys[i]), "tls.pinned_public_keys[" + std::to_string(i) + "]",
                      "is not the base64 of a SHA-256, which has 44 characters, the last of them =");
    }
}

constexpr std::size_t longest_proxy_name = 1024;
constexpr std::size_t longest_no_proxy = 64 * 1024;

void check_proxy(const proxy_config& proxy, checker& check)
{
    if (!proxy.url.empty())
        if (const auto where = detail::parse_proxy(proxy.url); !where)
            check.refuse(where.error().detail);
    check.require(!proxy.url.empty() || (proxy.user.empty() && proxy.password.empty()), "proxy.url",
                  "is missing, although there is a proxy.user or a proxy.password");
    check.at_most("proxy.user", proxy.user.size(), longest_proxy_name);
    check.require(proxy.user.find(':') == std::string::npos, "proxy.user",
                  "has a colon, which would end the user's name (RFC 7617)");
    check.no_controls("proxy.user", proxy.user);
    check.at_most("proxy.password", proxy.password.expose().size(), longest_proxy_name);
    check.no_controls("proxy.password", proxy.password.expose());
    check.at_most("proxy.no_proxy", proxy.no_proxy.size(), longest_no_proxy);
    check.no_controls("proxy.no_proxy", proxy.no_proxy, "\t");
}

void check_retry(const retry_config& retry, checker& check)
{
    check.in_range("retry.max_attempts", retry.max_attempts, 1, 100);
    check.a_time("retry.base_delay", retry.base_delay);
    check.a_time("retry.max_delay", retry.max_delay);
    check.in_range("retry.budget", retry.budget, 0, 1'000'000);
}

void check_error_budget(const error_budget_config& error_budget, checker& check)
{
    check.in_range("error_budget.most", error_budget.most, 1, 50); // the service allows no more
    check.a_time("error_budget.window", error_budget.window);
    check.in_range("error_budget.reserve", error_budget.reserve, 0, 16);
}

} // namespace

result<void> config::validate() const
{
    if (result<detail::endpoint> where = detail::parse_endpoint(base_url); !where)
        return std::move(where).error();

    checker check;
    check_tls(tls, check);
    check_proxy(proxy, check);
    check.in_range("max_connections", max_connections, 1, 1'000);
    check.in_range("pipeline_depth", pipeline_depth, 1, 1'000);
    check.in_range("max_streams", max_streams, 1, 1'000);
    check.a_time("timeout", timeout);
    check.a_time("connect_timeout", connect_timeout);
    check.a_time("stall_timeout", stall_timeout);
    check.a_time("answer_timeout", answer_timeout);
    check.a_time("idle_timeout", idle_timeout);
    check.a_time("max_connection_age", max_connection_age);
    check.in_range("max_queue", max_queue, 1, 100'000'000);
    check.in_range("max_reply_bytes", max_reply_bytes, 1, std::size_t{1} << 30);
    check.in_range("max_header_bytes", max_header_bytes, std::size_t{1} << 10, std::size_t{1} << 20);
    check.in_range("max_header_count", max_header_count, 1, 10'000);
    check.in_range("max_json_depth", max_json_depth, 4, 1'000);
    check_retry(retry, check);
    check_error_budget(error_budget, check);
    const auto in_user_agent = [](char c) {
        return c >= 0x20 && c <= 0x7E;
    };
    check.require(std::any_of(user_agent.begin(), user_agent.end(), [](char c) { return c != ' '; }), "user_agent",
                  "is empty; leave the default, or name your program");
    check.require(std::all_of(user_agent.begin(), user_agent.end(), in_user_agent), "user_agent",
                  "has characters other than visible ASCII and spaces");
    return std::move(check).outcome();
}

} // namespace venice_keys
