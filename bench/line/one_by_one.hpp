// A server that answers updates over HTTP/1.1 and TLS, one after the other, and can't bear bytes behind a request. Some
// servers and proxies treat a client that pipelines like that.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace line {

enum class manner {
    closes, // answers the first request, then closes the connection if more has come
    drops,  // answers the first request, then forgets whatever came before its answer was written
};

class one_by_one {
public:
    // Listens on a free port of 127.0.0.1, and takes `service_time` for each answer. The files are PEM. Throws
    // boost::system::system_error. Serves until the context ends, which must have one thread.
    one_by_one(boost::asio::io_context& io, manner how, std::chrono::milliseconds service_time,
               const std::string& certificate_file, const std::string& private_key_file);

    [[nodiscard]] std::uint16_t port() const;

private:
    boost::asio::ssl::context tls_;
    boost::asio::ip::tcp::acceptor acceptor_;
};

} // namespace line
