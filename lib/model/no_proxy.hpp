// Which servers are reached without a proxy, as curl reads the variable NO_PROXY. Looks no name up.
#pragma once

#include "model/endpoint.hpp"

#include <string_view>

namespace venice_keys::detail {

// Entries are parted by commas and blanks. A name stands for itself and its subdomains, with a dot before it or
// without; an address for itself, in whatever way it is written; `address/bits` for a network. `*` alone is every
// server. What curl does not do: an entry with a port behind it (`name:port`, `[address]:port`) counts for that port
// alone. An entry that is none of these matches nothing.
[[nodiscard]] bool is_reached_without_proxy(const endpoint& server, std::string_view no_proxy);

} // namespace venice_keys::detail
