#include "emulator/route.hpp"

#include "emulator/target.hpp"

#include <optional>
#include <utility>

namespace venice_keys::emulation {

route find_route(std::string_view target)
{
    constexpr std::string_view collection = "/api/v1/api_keys";
    auto [path, query] = split(target);
    if (!path.starts_with(collection))
        return {endpoint::nowhere, {}, query};
    path.remove_prefix(collection.size());
    if (path.empty())
        return {endpoint::collection, {}, query};
    // Before the ids, of which the service makes none that looks like these.
    if (path == "/rate_limits")
        return {endpoint::rate_limits, {}, query};
    if (path == "/rate_limits/log")
        return {endpoint::rate_limit_log, {}, query};
    if (path == "/generate_web3_key")
        return {endpoint::web3, {}, query};
    if (path.front() == '/') {
        auto id = percent_decode(path.substr(1));
        if (id && !id->empty())
            return {endpoint::one_key, std::move(*id), query};
    }
    return {endpoint::nowhere, {}, query};
}

} // namespace venice_keys::emulation
