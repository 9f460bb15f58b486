// Says which servers are reached without a proxy, as curl reads the variable NO_PROXY. It looks no name up.
#pragma once

#include "model/endpoint.hpp"

#include <string_view>

namespace venice_keys::detail {

// Commas and blanks separate the entries. A name stands for itself and its subdomains, with or without a dot before it;
// an address stands for itself, in whatever way it is written; `address/bits` stands for a network. `*` alone is every
// server. One thing is not as with curl: an entry with a port behind it (`name:port`, `[address]:port`) counts for that
// port alone. An entry that is none of these matches nothing.
[[nodiscard]] bool is_reached_without_proxy(const endpoint& server, std::string_view no_proxy);

} // namespace venice_keys::detail
