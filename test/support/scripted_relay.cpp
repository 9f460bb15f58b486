// A scripted connection as a proxy's tunnel.
#include "support/scripted_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>

#include <array>

namespace test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

bool scripted_connection::relay_to(std::uint16_t port)
{
    asio::io_context io;
    tcp::socket far(io);
    error_code ec;
    far.connect({asio::ip::address_v4::loopback(), port}, ec);
    if (ec)
        return false;
    far.set_option(tcp::no_delay(true), ec);
    std::array<char, 16 * 1024> block;
    while (!ec) {
        const bool waiting = encrypted_ && SSL_pending(native()) != 0;
        pollfd both[] = {{stream_.next_layer().native_handle(), POLLIN, 0}, {far.native_handle(), POLLIN, 0}};
        if (input_.empty() && !waiting && ::poll(both, 2, -1) < 0)
            return true;
        if (!input_.empty() || waiting || both[0].revents != 0) {
            if (input_.empty() && !read_more()) {
                far.shutdown(tcp::socket::shutdown_both, ec);
                return true;
            }
            {
                const std::lock_guard lock(owner_.mutex_);
                owner_.relayed_ += input_;
            }
            asio::write(far, asio::buffer(input_), ec);
            input_.clear();
        } else if (both[1].revents != 0) {
            const std::size_t size = far.read_some(asio::buffer(block), ec);
            if (!ec && !send({block.data(), size}))
                return true;
        }
    }
    close();
    return true;
}

std::string scripted_server::relayed() const
{
    const std::lock_guard lock(mutex_);
    return relayed_;
}

} // namespace test
