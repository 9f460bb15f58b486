// Connects one TCP socket to the first of several addresses that answers (RFC 8305, «Happy Eyeballs»). Knows no names
// and no TLS.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace venice_keys::net {

// The order in which to try: as resolved, but with the families in turn (section 4).
[[nodiscard]] std::vector<boost::asio::ip::tcp::endpoint>
interleave(const std::vector<boost::asio::ip::tcp::endpoint>& resolved);

class race : public std::enable_shared_from_this<race> {
public:
    using tcp = boost::asio::ip::tcp;
    // A connected socket, or the error of the last address that failed.
    using callback = std::function<void(boost::system::error_code, tcp::socket)>;

    race(boost::asio::any_io_executor executor, std::vector<tcp::endpoint> addresses, callback done);

    void start();
    // Closes what is open. The callback is not called after it.
    void cancel();

private:
    void next();
    void ended(std::size_t which, boost::system::error_code ec);
    void finish(boost::system::error_code ec, tcp::socket winner);

    boost::asio::any_io_executor executor_;
    std::vector<tcp::endpoint> addresses_;
    std::vector<tcp::socket> sockets_;
    boost::asio::steady_timer stagger_;
    callback done_;
    std::size_t failed_ = 0;
};

} // namespace venice_keys::net
