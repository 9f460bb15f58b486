// A scripted connection as a proxy's tunnel.
#include "support/scripted_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>

#include <array>
#include <utility>

namespace test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Reads what is there, without waiting. Under TLS only a read shows it, because OpenSSL may hold bytes already.
template <class Stream>
std::size_t read_now(Stream& stream, tcp::socket& socket, std::array<char, 16 * 1024>& block, error_code& ec)
{
    socket.non_blocking(true, ec);
    const std::size_t size = stream.read_some(asio::buffer(block), ec);
    error_code ignored; // the next use of the socket reports it
    socket.non_blocking(false, ignored);
    if (ec == asio::error::would_block || ec == asio::error::try_again)
        ec = {};
    return size;
}

} // namespace

bool scripted_connection::relay_to(std::uint16_t port)
{
    asio::io_context io;
    tcp::socket far(io);
    tcp::socket& near = stream_.next_layer();
    error_code ec;
    far.connect({asio::ip::address_v4::loopback(), port}, ec);
    if (ec)
        return false;
    far.set_option(tcp::no_delay(true), ec);
    std::array<char, 16 * 1024> block;
    std::string clear = std::exchange(input_, {}); // what came behind the request
    while (!ec) {
        {
            const std::lock_guard lock(owner_.mutex_);
            owner_.relayed_ += clear;
        }
        asio::write(far, asio::buffer(clear), ec);
        const std::size_t back = ec ? 0 : read_now(far, far, block, ec);
        if (ec || (back != 0 && !send({block.data(), back})))
            break;
        const std::size_t size = encrypted_ ? read_now(stream_, near, block, ec) : read_now(near, near, block, ec);
        clear.assign(block.data(), size);
        if (ec || back != 0 || size != 0)
            continue;
        pollfd both[] = {{near.native_handle(), POLLIN, 0}, {far.native_handle(), POLLIN, 0}};
        ::poll(both, 2, -1);
    }
    error_code ignored; // the connection may be closed already
    far.shutdown(tcp::socket::shutdown_both, ignored);
    close();
    return true;
}

std::string scripted_server::relayed() const
{
    const std::lock_guard lock(mutex_);
    return relayed_;
}

} // namespace test
