// The target of a request taken apart: path, query, percent-encoding (RFC 3986).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace venice_keys::emulation {

struct split_target {
    std::string_view path;
    std::string_view query; // without the question mark
};

[[nodiscard]] split_target split(std::string_view target);

// The decoded value of a parameter of the query. Empty: absent, or badly encoded.
[[nodiscard]] std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

// Empty: badly encoded.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

} // namespace venice_keys::emulation
