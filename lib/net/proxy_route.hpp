// The way to a server by a proxy, as all connections of one client share it: where the proxy is, how it is spoken to,
// and words for what it says. No I/O.
#pragma once

#include "net/connect_request.hpp"
#include "net/race.hpp"
#include "net/tls_context.hpp"

#include <venice_keys/config.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace venice_keys::net {

struct proxy_route {
    detail::endpoint proxy;
    std::shared_ptr<tls_context> tls; // null: it is spoken to in clear
    std::string target;               // the server, as CONNECT has it
    secret authorization;             // the value of Proxy-Authorization; empty for none

    // Null when the server is to be reached without a proxy. errc::invalid_argument, naming the field.
    [[nodiscard]] static result<std::shared_ptr<const proxy_route>> make(const config& settings,
                                                                         const detail::endpoint& server);

    // `the proxy example.org:3128`
    [[nodiscard]] std::string words() const;
    // Why there is no tunnel, after an answer that is neither unfinished nor established. `where`: words for the proxy.
    [[nodiscard]] connect_failure refusal(const connect_answer& answer, std::string_view where) const;
};

} // namespace venice_keys::net
