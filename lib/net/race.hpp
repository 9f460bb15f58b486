// Which address of a host is tried when, and which failure is reported when none works (RFC 8305, Happy Eyeballs). It
// has no I/O and no clock: the connector has these.
#pragma once

#include "net/transport.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <vector>

namespace venice_keys::net {

// The order in which to try the addresses: as resolved, but with the families in turn (section 4).
[[nodiscard]] std::vector<boost::asio::ip::tcp::endpoint>
interleave(const std::vector<boost::asio::ip::tcp::endpoint>& resolved);

// Why a connection has not come up.
struct connect_failure {
    error why;
    outlook next = outlook::passing;
};

// The race is for a finished handshake, so that a server that accepts a connection and stays silent does not win. The
// next address is due when `attempt_delay` has passed since the last attempt began, or when any attempt has failed.
class race {
public:
    using endpoint = boost::asio::ip::tcp::endpoint;

    static constexpr std::chrono::milliseconds attempt_delay{250}; // section 8: the recommended value

    explicit race(const std::vector<endpoint>& resolved);

    [[nodiscard]] std::size_t size() const noexcept { return addresses_.size(); }
    // Whether there is an address that has not been tried.
    [[nodiscard]] bool more() const noexcept { return started_ != addresses_.size(); }
    // The next address to try. Only while there is more().
    [[nodiscard]] const endpoint& next() noexcept { return addresses_[started_++]; }
    // An attempt has failed.
    void failed(connect_failure how);
    // Whether all attempts have failed.
    [[nodiscard]] bool lost() const noexcept { return failed_ == addresses_.size(); }
    // What to report when the race is lost: the permanent failure if there is one, else that of the attempt which got
    // furthest, else the last. So an address that shows a wrong certificate decides only when no other address works.
    [[nodiscard]] connect_failure& failure() noexcept { return failure_; }

private:
    std::vector<endpoint> addresses_;
    std::size_t started_ = 0;
    std::size_t failed_ = 0;
    connect_failure failure_;
};

} // namespace venice_keys::net
