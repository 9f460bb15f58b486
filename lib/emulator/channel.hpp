// The bytes of one connection as every version of HTTP uses them: what is to be sent is gathered here, and here are the
// ways to end it. It knows nothing of HTTP.
#pragma once

#include "emulator/transport.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace venice_keys::emulation {

// Every member is for the strand that is the socket's executor.
class channel : public std::enable_shared_from_this<channel> {
public:
    static constexpr std::size_t read_size = 16 * 1024;

    explicit channel(std::unique_ptr<transport> bytes);

    [[nodiscard]] boost::asio::any_io_executor get_executor();
    [[nodiscard]] transport& bytes() noexcept { return *bytes_; }

    // What is to be sent and has not been handed to the network.
    [[nodiscard]] std::string& output() noexcept { return output_; }
    // Sends it. Returns whether the connection is still of use.
    boost::asio::awaitable<bool> flush();
    // How many bytes have come; 0 when the connection has ended or is to end.
    boost::asio::awaitable<std::size_t> read_some(boost::beast::flat_buffer& into);
    // Ends a read that waits. Only while nothing is being sent.
    void stop_reading();

    [[nodiscard]] bool dropped() const noexcept { return dropped_; }

    // Ends what is under way and closes soon: nothing more is read, and only a goodbye is sent.
    void drop();
    // RST, at once.
    void reset();
    // FIN without close_notify, as when a server dies.
    void truncate();
    // Sends what is to be sent, says goodbye and waits a while for the peer to close.
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
