// HTTP/2: every request takes its own time, side by side with the others of its connection, and is answered when it is
// done.
#pragma once

#include "emulator/http2_session.hpp"
#include "emulator/http_server.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace venice_keys::emulation {

class http2_server final : public http_server, public std::enable_shared_from_this<http2_server> {
public:
    http2_server(std::shared_ptr<channel> bytes, std::shared_ptr<service> serves, std::uint64_t connection,
                 const http2_limits& limits);

    boost::asio::awaitable<void> serve() override;
    void drop() override;

private:
    // A request that has not been answered.
    struct stream {
        stream(const boost::asio::any_io_executor& executor, request whole) : asked(std::move(whole)), timer(executor)
        {
        }

        request asked;
        boost::asio::steady_timer timer;
        bool gone = false; // the client has reset it, or a GOAWAY has left it out
    };
    using stream_ptr = std::shared_ptr<stream>;
    struct held_answer {
        std::uint32_t stream;
        reply answer;
        timestamp when;
    };
    enum class end { none, close, truncate, reset };

    boost::asio::awaitable<void> write_all();
    static boost::asio::awaitable<void> sleep(boost::asio::steady_timer& until_cancelled);
    void wake() { awake_.cancel(); }
    [[nodiscard]] bool is_over() const;
    void take_events();
    void begin(http2_session::arrival came);
    void serve_due();
    void serve_stream(const stream_ptr& which);
    void after(const stream_ptr& which, std::chrono::milliseconds time, std::function<void()> then);
    void after(boost::asio::steady_timer& timer, std::chrono::milliseconds time, std::function<void()> then);
    void forget(std::uint32_t id);
    void send(const stream_ptr& which, const reply& answer, timestamp when);

    // The following carry faults out, and stand in http2_server_faults.cpp.
    void strike(const stream_ptr& which, decision made);
    void reset_stream(const stream_ptr& which, const decision& made);
    void send_goaway(const stream_ptr& which, const decision& made);
    void change_limits(http2_limits now, std::chrono::milliseconds lasting);
    void cut_answer(const stream_ptr& which, const decision& made);
    void swap_answer(const stream_ptr& which, const decision& made);
    void fall_silent(const stream_ptr& which, const decision& made);
    void stall(const stream_ptr& which);
    // Bytes that are appended here come between two frames.
    [[nodiscard]] std::string& between_frames();

    http2_limits limits_;
    http2_session session_;
    boost::beast::flat_buffer input_;
    boost::asio::steady_timer awake_; // cancelled when there may be something to write
    boost::asio::steady_timer done_;  // cancelled when nothing is written any more
    boost::asio::steady_timer silence_;
    boost::asio::steady_timer changed_limits_;
    std::map<std::uint32_t, stream_ptr> serving_;
    std::deque<std::pair<std::chrono::steady_clock::time_point, stream_ptr>> waiting_; // for their service time
    boost::asio::steady_timer service_timer_;
    std::set<std::uint32_t> stalled_; // they are open, and are never answered
    std::optional<held_answer> held_; // it goes to the stream of the next request
    std::uint32_t last_taken_ = 0;    // the latest stream whose request has been served
    std::string withheld_;            // it is sent when a silence ends
    end end_ = end::none;
    bool silent_ = false;
    bool draining_ = false; // after a GOAWAY
    bool read_all_ = false; // the client has closed its end
    bool written_all_ = false;
};

} // namespace venice_keys::emulation
