// Connects to a host with TLS: resolves its name, or its proxy's, and lets the addresses race for a finished handshake.
// It does not know what is said on the connection.
#pragma once

#include "net/attempt.hpp"
#include "net/turn_executor.hpp"

#include "model/endpoint.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace venice_keys::net {

class connector : public std::enable_shared_from_this<connector> {
public:
    using tcp = boost::asio::ip::tcp;
    // Called once, never in start() or race_for(), never after cancel(): with the winner, or null and why there is
    // none.
    using callback = std::function<void(attempt*, connect_failure)>;

    // With a `proxy`, its addresses race, and the server's name is not looked up. Null: there is none.
    connector(const turn_executor& turns, std::shared_ptr<tls_context> context, detail::endpoint server, callback done,
              std::shared_ptr<const proxy_route> proxy = nullptr);

    // Both throw what Asio throws when it can't start an operation: std::bad_alloc, or boost::system::system_error when
    // there can be no thread to resolve on. Then nothing is under way.
    void start();
    void race_for(const std::vector<tcp::endpoint>& addresses);
    // Gives everything up.
    void cancel() noexcept;

    // The step that is under way: of several attempts, that of the one which got furthest.
    [[nodiscard]] connect_phase phase() const;

private:
    void resolved(boost::system::error_code ec, const tcp::resolver::results_type& found);
    void start_next();
    void go_on();
    void ended(const attempt& which, std::optional<connect_failure> how);
    void finish(attempt* winner, connect_failure why);
    // The host to connect to: the server, or the proxy.
    [[nodiscard]] const detail::endpoint& host() const noexcept { return proxy_ ? proxy_->proxy : server_; }
    [[nodiscard]] std::string name() const;
    [[nodiscard]] std::string where(const tcp::endpoint& address) const;

    turn_executor turns_;
    std::shared_ptr<tls_context> context_;
    detail::endpoint server_;
    std::shared_ptr<const proxy_route> proxy_;
    callback done_; // empty when the connector is done
    tcp::resolver resolver_;
    boost::asio::steady_timer stagger_;
    std::optional<race> race_; // present once there are addresses
    std::vector<std::shared_ptr<attempt>> running_;
};

} // namespace venice_keys::net
