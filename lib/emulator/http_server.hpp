// The server's end of one connection, in one version of HTTP: it reads requests, answers them, and carries out the
// faults that strike them. What is answered, and which fault strikes, is decided by the service.
#pragma once

#include "emulator/channel.hpp"
#include "emulator/service.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>

namespace venice_keys::emulation {

class http_server {
public:
    http_server(std::shared_ptr<channel> bytes, std::shared_ptr<service> serves, std::uint64_t connection);
    http_server(const http_server&) = delete;
    http_server& operator=(const http_server&) = delete;
    virtual ~http_server() = default;

    // Returns when nothing is left to send but the end of the connection.
    virtual boost::asio::awaitable<void> serve() = 0;

    // Gives up whatever waits, because the channel has been dropped.
    virtual void drop() = 0;

protected:
    // Asks the service for its decision now, and sees to it that a late update is applied late.
    [[nodiscard]] decision decide(const request& asked);

    const std::shared_ptr<channel> channel_;
    const std::shared_ptr<service> service_;
    const std::uint64_t connection_; // its number
};

[[nodiscard]] timestamp wall_clock();

} // namespace venice_keys::emulation
