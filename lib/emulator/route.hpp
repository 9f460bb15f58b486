// Which part of the resource a target names. It answers nothing.
#pragma once

#include <string>
#include <string_view>

namespace venice_keys::emulation {

enum class endpoint {
    collection, // /api_keys
    one_key,    // /api_keys/{id}
    rate_limits,
    rate_limit_log,
    web3, // /api_keys/generate_web3_key, which wants no authorization
    nowhere,
};

struct route {
    endpoint to = endpoint::nowhere;
    std::string id;         // of one_key, decoded
    std::string_view query; // of the target that was given
};

[[nodiscard]] route find_route(std::string_view target);

} // namespace venice_keys::emulation
