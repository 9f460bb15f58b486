// One client's connection: reads requests one after the other, answers them in their order, gathers what it has to say
// into few writes, and carries out faults. It decides nothing itself: service does.
#pragma once

#include "emulator/service.hpp"
#include "emulator/transport.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace venice_keys::emulation {

class connection : public std::enable_shared_from_this<connection> {
public:
    connection(std::unique_ptr<transport> bytes, std::shared_ptr<service> serves);

    // Serves until it ends, on the socket's executor, which must be a strand. Keeps itself alive.
    void start();

    // Closes in good order, whatever is under way. From any thread.
    void drop();

private:
    enum class next { read_on, close, gone };
    enum class rest { nothing, delay, stall, close, truncate, reset };

    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> serve();
    boost::asio::awaitable<bool> read_request();
    boost::asio::awaitable<next> answer_request();
    rest begin_strike(const verdict& what, std::string answer);
    boost::asio::awaitable<next> end_strike(rest left, std::chrono::milliseconds time);
    boost::asio::awaitable<bool> wait(std::chrono::milliseconds time);
    boost::asio::awaitable<bool> serve_request();
    rest treat_rest(fault::behind how);
    boost::asio::awaitable<bool> flush();
    boost::asio::awaitable<void> close_in_order();
    void end_soon();
    void refuse(boost::system::error_code why);
    void say(std::string bytes);
    void apply_later();
    void read_parsed_request();

    std::unique_ptr<transport> bytes_;
    std::shared_ptr<service> service_;
    boost::asio::steady_timer timer_; // of a request that takes time, or of a delayed answer
    boost::asio::steady_timer end_;
    boost::beast::flat_buffer input_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    request request_; // reused, with its memory
    std::string output_;
    std::string delayed_;
    std::optional<std::string> held_; // an answer that waits for the next one to overtake it
    bool dropped_ = false;
    bool ending_ = false;
    bool broken_ = false; // a write failed, so that nothing more can be said
};

} // namespace venice_keys::emulation
