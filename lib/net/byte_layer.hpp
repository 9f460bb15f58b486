// Reads and writes that never block: what a TLS stream runs on when it has no socket of its own.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace venice_keys::net {

class byte_layer {
public:
    enum class outcome : std::uint8_t {
        done,
        needs_bytes, // call again after feed(); what was passed must still be there
        needs_write, // the same, when the socket can be written to
        ended,       // the peer has said that no more will come
        failed,      // why() has the reason
    };

    virtual ~byte_layer() = default;

    // The socket below all layers; the owner of the layers reads it and waits for it.
    [[nodiscard]] virtual boost::asio::ip::tcp::socket& socket() noexcept = 0;

    // Gives the layer what the socket has brought. It must stay where it is until a call returns needs_bytes.
    virtual void feed(std::string_view bytes) noexcept = 0;
    // The socket will bring no more.
    virtual void feed_end(boost::system::error_code why) noexcept = 0;

    // `got`: how many bytes were read; at least one with `done`.
    [[nodiscard]] virtual outcome read(char* to, std::size_t room, std::size_t& got) = 0;
    // Writes all of the bytes, or none yet.
    [[nodiscard]] virtual outcome write(std::string_view bytes) = 0;
    // Ends the outgoing stream in an orderly way, if that can be done at once.
    virtual void say_goodbye() noexcept = 0;

    // The reason for `failed`.
    [[nodiscard]] virtual boost::system::error_code why() const noexcept = 0;
};

} // namespace venice_keys::net
