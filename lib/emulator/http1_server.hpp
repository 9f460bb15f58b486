// HTTP/1.1: reads requests one after the other, answers them in their order, and gathers the answers into few writes.
#pragma once

#include "emulator/http_server.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace venice_keys::emulation {

class http1_server final : public http_server {
public:
    http1_server(std::shared_ptr<channel> bytes, std::shared_ptr<service> serves, std::uint64_t connection);

    boost::asio::awaitable<void> serve() override;
    void drop() override { timer_.cancel(); }

private:
    // What is left to do after a fault has sent its bytes.
    enum class next { go_on, delay, stall, close, truncate, reset };

    boost::asio::awaitable<bool> read_request();
    boost::asio::awaitable<bool> answer_request();
    boost::asio::awaitable<bool> take_service_time();
    next begin_strike(const fault& struck, std::string answer);
    next handle_bytes_behind(fault::behind how);
    boost::asio::awaitable<bool> end_strike(next what, std::chrono::milliseconds time);
    boost::asio::awaitable<bool> wait(std::chrono::milliseconds time);
    void refuse(boost::system::error_code why);
    void send(std::string bytes);
    void copy_parsed_request();

    boost::asio::steady_timer timer_; // for a request that takes time, or a delayed answer
    boost::beast::flat_buffer input_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    request request_; // reused, with its memory
    std::string delayed_;
    std::optional<std::string> held_; // an answer that waits for the next one to overtake it
};

} // namespace venice_keys::emulation
