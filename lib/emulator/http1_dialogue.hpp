// HTTP/1.1: reads requests one after the other, answers them in their order, and gathers the answers into few
// writes.
#pragma once

#include "emulator/dialogue.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace venice_keys::emulation {

class http1_dialogue final : public dialogue {
public:
    http1_dialogue(std::shared_ptr<line> line, std::shared_ptr<service> serves, std::uint64_t connection);

    boost::asio::awaitable<void> serve() override;
    void drop() override { timer_.cancel(); }

private:
    enum class rest { nothing, delay, stall, close, truncate, reset };

    boost::asio::awaitable<bool> read_request();
    boost::asio::awaitable<bool> answer_request();
    boost::asio::awaitable<bool> serve_request();
    rest begin_strike(const verdict& what, std::string answer);
    rest treat_rest(fault::behind how);
    boost::asio::awaitable<bool> end_strike(rest left, std::chrono::milliseconds time);
    boost::asio::awaitable<bool> wait(std::chrono::milliseconds time);
    void refuse(boost::system::error_code why);
    void say(std::string bytes);
    void read_parsed_request();

    std::shared_ptr<line> line_;
    std::shared_ptr<service> service_;
    boost::asio::steady_timer timer_; // of a request that takes time, or of a delayed answer
    boost::beast::flat_buffer input_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    request request_; // reused, with its memory
    std::string delayed_;
    std::optional<std::string> held_; // an answer that waits for the next one to overtake it
};

} // namespace venice_keys::emulation
