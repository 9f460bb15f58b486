// What each operation is, and when it may be sent again (promise 5): where the server may have acted, this table alone
// decides it. A *replay* follows an attempt that got no answer, because its connection or its stream was lost. A
// *retry* follows an answer that allows it, such as 429 or 503, when a pause is over.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace venice_keys::policy {

enum class operation : std::uint8_t {
    update,
    list,
    get,
    create,
    remove,
    rate_limits,
    rate_limit_log,
    web3_challenge,
    web3_create,
};

// The service has a limit for creations besides its others, so they are counted and held back apart.
enum class request_kind : std::uint8_t {
    ordinary,
    creation,
};
inline constexpr std::array<request_kind, 2> request_kinds{request_kind::ordinary, request_kind::creation};

// One value for each kind of request.
template <class T>
struct by_kind {
    std::array<T, request_kinds.size()> all;

    [[nodiscard]] constexpr T& operator[](request_kind which) noexcept { return all[static_cast<std::size_t>(which)]; }
    [[nodiscard]] constexpr const T& operator[](request_kind which) const noexcept
    {
        return all[static_cast<std::size_t>(which)];
    }
};

struct operation_rule {
    operation which;
    std::string_view method;
    std::string_view url_template; // relative to the base URL

    // Whether it may be sent again when no answer came: only if a second execution leaves what the first one left (RFC
    // 9110 section 9.2.2). That holds for an update, whose values are absolute. A second creation makes a second key.
    bool may_replay;
    // The same question after 408, 500, 502, 503 or 504, for the server may have acted before it failed. After 429 it
    // has not, so every operation may be sent again.
    bool retry_failed;
    // Another attempt answered with not found means that an earlier one did its work.
    bool gone_when_done;

    bool ordered;    // changes a key, and goes in call order among the changes to that key (promise 6)
    bool exclusive;  // has its connection to itself, so that no other request can take it along
    bool creates;    // counts against the service's limit of creations
    bool authorized; // is sent with the token

    [[nodiscard]] constexpr request_kind kind() const noexcept
    {
        return creates ? request_kind::creation : request_kind::ordinary;
    }
};

inline constexpr std::array<operation_rule, 9> operation_rules{{
    // clang-format off
    //                                                                                          again after        gone  order  excl.  new    token
    //                                                                                          loss    failure
    {operation::update,         "PATCH",  "/api_keys",                   true,  true,  false, true,  false, false, true},
    {operation::list,           "GET",    "/api_keys",                   true,  true,  false, false, false, false, true},
    {operation::get,            "GET",    "/api_keys/{id}",              true,  true,  false, false, false, false, true},
    {operation::create,         "POST",   "/api_keys",                   false, false, false, false, true,  true,  true},
    {operation::remove,         "DELETE", "/api_keys?id={id}",           true,  true,  true,  true,  false, false, true},
    {operation::rate_limits,    "GET",    "/api_keys/rate_limits",       true,  true,  false, false, false, false, true},
    {operation::rate_limit_log, "GET",    "/api_keys/rate_limits/log",   true,  true,  false, false, false, false, true},
    {operation::web3_challenge, "GET",    "/api_keys/generate_web3_key", true,  true,  false, false, false, false, false},
    {operation::web3_create,    "POST",   "/api_keys/generate_web3_key", false, false, false, false, true,  true,  false},
    // clang-format on
}};

[[nodiscard]] constexpr const operation_rule& rule_of(operation which) noexcept
{
    return operation_rules[static_cast<std::size_t>(which)];
}

// Whether an answer with this status may be followed by a retry.
[[nodiscard]] constexpr bool may_retry(const operation_rule& rule, unsigned status) noexcept
{
    switch (status) {
    case 429:
        return true;
    case 408:
    case 500:
    case 502:
    case 503:
    case 504:
        return rule.retry_failed;
    default:
        return false;
    }
}

} // namespace venice_keys::policy
