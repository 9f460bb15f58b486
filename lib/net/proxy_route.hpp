// The way to a server through a proxy, shared by all connections of one client: where the proxy is, how to speak to it,
// and words for its answers. No I/O.
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
    std::shared_ptr<tls_context> tls; // null: the proxy is spoken to without TLS
    std::string target;               // the server, as CONNECT names it
    secret authorization;             // the value of Proxy-Authorization; empty when there is none

    // Null when the server is to be reached without a proxy. Fails with errc::invalid_argument, naming the field.
    [[nodiscard]] static result<std::shared_ptr<const proxy_route>> make(const config& settings,
                                                                         const detail::endpoint& server);

    // `the proxy example.org:3128`
    [[nodiscard]] std::string words() const;
    // Why there is no tunnel: after an answer that is neither unfinished nor established. `where`: words for the proxy.
    [[nodiscard]] connect_failure refusal(const connect_answer& answer, std::string_view where) const;
};

} // namespace venice_keys::net
