// The real transport, over Asio and OpenSSL. Its connector connects to the server, directly or through a proxy; then
// its channel carries the bytes.
#pragma once

#include "net/proxy_route.hpp"
#include "net/tls_context.hpp"
#include "net/transport.hpp"
#include "net/turn_executor.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace venice_keys::net {

// What all transports of one source share.
struct tls_resources {
    turn_executor executor;
    turn_owner& turns; // must live until the last transport is closed
    std::shared_ptr<tls_context> context;
    detail::endpoint server;
    std::size_t buffer_bytes;                 // of input; more than the largest head of an answer
    std::shared_ptr<const proxy_route> proxy; // null for none
};

class tls_transport_source final : public transport_source {
public:
    explicit tls_transport_source(tls_resources shared) : shared_(std::move(shared)) {}

    [[nodiscard]] std::shared_ptr<transport> make(transport_events& events) override;
    void offer_oldest_alone() noexcept override { shared_.context->offer_oldest_alone(); }

private:
    tls_resources shared_;
};

} // namespace venice_keys::net
