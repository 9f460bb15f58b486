// The bytes of one connection as every version of HTTP uses them: it gathers what is to be sent, and offers the ways to
// end the connection. It knows nothing of HTTP.
#pragma once

#include "emulator/transport.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace venice_keys::emulation {

// Every member must be called on the strand that is the socket's executor.
class channel : public std::enable_shared_from_this<channel> {
public:
    static constexpr std::size_t read_size = 16 * 1024;

    explicit channel(std::unique_ptr<transport> bytes);

    [[nodiscard]] boost::asio::any_io_executor get_executor();
    [[nodiscard]] transport& bytes() noexcept { return *bytes_; }

    // These bytes are to be sent, and have not been handed to the network.
    [[nodiscard]] std::string& output() noexcept { return output_; }
    // Sends the output. Returns whether the connection is still usable.
    boost::asio::awaitable<bool> flush();
    // Returns how many bytes have come; 0 means that the connection has ended or is to end.
    boost::asio::awaitable<std::size_t> read_some(boost::beast::flat_buffer& into);
    // Ends a read that waits. It may be called only while nothing is being sent.
    void stop_reading();

    [[nodiscard]] bool dropped() const noexcept { return dropped_; }

    // Ends what is under way and closes soon: nothing more is read, and only the end of the connection is sent.
    void drop();
    // Sends RST at once.
    void reset();
    // Sends FIN without close_notify, as the system does when a server dies.
    void truncate();
    // Sends the output and the end of the connection, and waits a while for the peer to close.
    boost::asio::awaitable<void> close_in_order();
    void close();

private:
    void end_soon();

    std::unique_ptr<transport> bytes_;
    boost::asio::steady_timer end_;
    std::string output_;
    std::string sending_;
    bool dropped_ = false;
    bool ending_ = false;
    bool broken_ = false; // a write failed, so that nothing more can be sent
};

} // namespace venice_keys::emulation
