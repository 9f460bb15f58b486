// One request as the resource sees it, with who sent it and which part of the resource it is for. Its HTTP syntax has
// been read by then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::emulation {

// The largest request that is read, in bytes.
struct request_limits {
    static constexpr std::uint32_t header = 16 * 1024;
    static constexpr std::uint32_t body = 64 * 1024;
};

struct request {
    std::string method;
    std::string target;        // origin form: /api/v1/api_keys?id=…
    std::string authorization; // the field's value; empty: none
    std::string content_type;
    std::string body;
    std::uint64_t connection = 0; // for the journal
    std::uint32_t stream = 0;     // of HTTP/2; 0: it came over HTTP/1.1
    bool followed = false;        // bytes have come behind it, over HTTP/1.1
};

// Only ASCII letters have a case here.
[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right);

// Returns an empty token when there is none, or when the field is not a well-formed bearer field.
[[nodiscard]] std::string_view bearer_token(const request& asked);

[[nodiscard]] bool has_json(const request& asked);

// Whether the method is GET, or HEAD, which is answered as GET is.
[[nodiscard]] bool is_read(const request& asked);

enum class endpoint {
    collection, // /api_keys
    one_key,    // /api_keys/{id}
    rate_limits,
    rate_limit_log,
    web3, // /api_keys/generate_web3_key, which wants no authorization
    nowhere,
};

// A target names this part of the resource.
struct route {
    endpoint to = endpoint::nowhere;
    std::string id;         // of one_key, decoded
    std::string_view query; // of the target that was given, without the question mark
};

[[nodiscard]] route find_route(std::string_view target);

// Returns the decoded value of a parameter of the query, or nothing when it is absent or badly encoded.
[[nodiscard]] std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

// Decodes the percent-encoding of RFC 3986. Returns nothing when the text is badly encoded.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

} // namespace venice_keys::emulation
