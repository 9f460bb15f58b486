// A non-blocking socket as a layer: what is written goes out as it is. Its owner reads the socket.
#pragma once

#include "net/byte_layer.hpp"

#include <utility>

namespace venice_keys::net {

class plain_stream final : public byte_layer {
public:
    explicit plain_stream(boost::asio::ip::tcp::socket socket) noexcept : socket_(std::move(socket)) {}

    [[nodiscard]] boost::asio::ip::tcp::socket& socket() noexcept override { return socket_; }
    void feed(std::string_view bytes) noexcept override { fed_ = bytes; }
    void feed_end(boost::system::error_code why) noexcept override { read_end_ = why; }
    [[nodiscard]] outcome read(char* to, std::size_t room, std::size_t& got) override;
    [[nodiscard]] outcome write(std::string_view bytes) override;
    void say_goodbye() noexcept override {}
    [[nodiscard]] boost::system::error_code why() const noexcept override { return why_; }

private:
    boost::asio::ip::tcp::socket socket_;
    std::string_view fed_;
    std::size_t sent_ = 0; // bytes of a write that is not over yet
    boost::system::error_code read_end_;
    boost::system::error_code why_;
};

} // namespace venice_keys::net
