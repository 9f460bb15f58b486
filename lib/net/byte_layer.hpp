// Reads and writes that never block: what a TLS stream can run on when it has no socket of its own.
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
        needs_bytes, // to be called again after feed(); what was passed must still be there
        needs_write, // the same, when the socket can be written
        ended,       // the peer has said that it was all
        failed,      // why()
    };

    virtual ~byte_layer() = default;

    // The socket below all layers; the owner of the layers reads it and waits for it.
    [[nodiscard]] virtual boost::asio::ip::tcp::socket& socket() noexcept = 0;

    // What the socket has brought; it must stay where it is until a call says needs_bytes.
    virtual void feed(std::string_view bytes) noexcept = 0;
    // It will bring no more.
    virtual void feed_end(boost::system::error_code why) noexcept = 0;

    // `got`: bytes that were read, with `done` at least one.
    [[nodiscard]] virtual outcome read(char* to, std::size_t room, std::size_t& got) = 0;
    // All of it, or nothing yet.
    [[nodiscard]] virtual outcome write(std::string_view bytes) = 0;
    // Ends what is sent in an orderly way, if that can be done at once.
    virtual void say_goodbye() noexcept = 0;

    // After `failed`.
    [[nodiscard]] virtual boost::system::error_code why() const noexcept = 0;
};

} // namespace venice_keys::net
