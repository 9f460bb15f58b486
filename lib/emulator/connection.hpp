// One client's connection, from the handshake to its end: ALPN says which version of HTTP is spoken. It decides nothing
// else itself.
#pragma once

#include "emulator/channel.hpp"
#include "emulator/http2_session.hpp"
#include "emulator/http_server.hpp"
#include "emulator/service.hpp"
#include "emulator/transport.hpp"

#include <venice_keys/config.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace venice_keys::emulation {

struct connection_settings {
    venice_keys::protocol protocol = venice_keys::protocol::automatic;
    http2_limits http2;
};

class connection : public std::enable_shared_from_this<connection> {
public:
    connection(std::unique_ptr<transport> bytes, std::shared_ptr<service> serves, const connection_settings& settings);

    // Serves the connection until it ends, on the socket's executor, which must be a strand. It keeps itself alive.
    void start();

    // Closes the connection in an orderly way, whatever is under way. It may be called from any thread.
    void drop();

private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> serve();
    [[nodiscard]] std::shared_ptr<http_server> make_server();

    std::shared_ptr<channel> channel_;
    std::shared_ptr<service> service_;
    connection_settings settings_;
    std::uint64_t number_;
    std::shared_ptr<http_server> server_; // from the handshake on
};

} // namespace venice_keys::emulation
