// The real transport, over Asio and OpenSSL. Its connector connects to the server, directly or through a proxy; then
// its channel carries the bytes.
#pragma once

#include "net/proxy_route.hpp"
#include "net/tls_context.hpp"
#include "net/transport.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace venice_keys::net {

class tls_transport_source final : public transport_source {
public:
    // `turns` must live until the last transport is closed. `buffer_bytes`: of input; more than the largest head of an
    // answer. `proxy`: null for none.
    tls_transport_source(boost::asio::any_io_executor executor, turn_owner& turns, std::shared_ptr<tls_context> context,
                         detail::endpoint server, std::size_t buffer_bytes,
                         std::shared_ptr<const proxy_route> proxy = nullptr);

    [[nodiscard]] std::shared_ptr<transport> make(transport_events& events) override;
    void offer_oldest_alone() noexcept override { context_->offer_oldest_alone(); }

private:
    boost::asio::any_io_executor executor_;
    turn_owner& turns_;
    std::shared_ptr<tls_context> context_;
    detail::endpoint server_;
    std::size_t buffer_bytes_;
    std::shared_ptr<const proxy_route> proxy_;
};

} // namespace venice_keys::net
