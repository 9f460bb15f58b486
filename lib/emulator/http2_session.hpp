// A server's end of one HTTP/2 connection without I/O, on nghttp2: bytes come in, requests come out; answers go in,
// bytes go out. It keeps the rules of RFC 9113, and knows neither time nor faults.
#pragma once

#include "emulator/reply.hpp"
#include "emulator/request.hpp"

#include <venice_keys/emulator_fault.hpp>

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice_keys::emulation {

struct http2_limits {
    std::uint32_t max_streams = 128;
    std::uint32_t initial_window = 65'535;
};

class http2_session {
public:
    struct arrival {
        request asked;
        unsigned refuse_with = 0; // the status for a request that is too large to be served; else 0
    };

    explicit http2_session(const http2_limits& limits);

    // Returns false when the connection is beyond repair, and nothing more can be received.
    [[nodiscard]] bool receive(std::string_view bytes);
    // Returns the requests that have become whole since the last call, in the order in which they did.
    [[nodiscard]] std::vector<arrival> take_arrivals() { return std::exchange(arrivals_, {}); }
    // Returns the streams that an answer, or a reset of either side, has closed since the last call.
    [[nodiscard]] std::vector<std::uint32_t> take_closed() { return std::exchange(closed_, {}); }

    // Answers a request, or begins to: with only half of the body, or the head alone, the stream stays open. Does
    // nothing for a stream that is closed.
    void answer(std::uint32_t id, const reply& what, timestamp when, fault::part part = fault::part::whole);
    void reset(std::uint32_t id, std::uint32_t code);
    // Tells the client the limits that hold from now on.
    void set_limits(const http2_limits& limits);

    // After a GOAWAY, requests of later streams are ignored.
    void ignore_above(std::uint32_t last_stream) { last_stream_ = std::min(last_stream_, last_stream); }
    [[nodiscard]] bool ignores(std::uint32_t id) const noexcept { return id > last_stream_; }
    // Returns how many of the other streams are open.
    [[nodiscard]] std::size_t count_open() const;

    // Appends what is to be sent: whole frames, as many as the client's windows allow.
    void gather(std::string& out);
    // Whether anything can still be sent or received. After an error it is false as soon as GOAWAY has been gathered.
    [[nodiscard]] bool alive() const;

private:
    struct stream {
        request asked;
        std::uint32_t header_bytes = 0;
        unsigned refuse_with = 0;
        bool expects_continue = false;
        bool ended = false;   // by the client
        bool arrived = false; // it has been reported
        bool to_head = false; // the answer has no body
        std::string body;     // of the answer
        std::size_t sent = 0;
        bool whole = true; // else the stream stays open behind `body`
    };
    struct deleter {
        void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
    };

    void set_callbacks(nghttp2_session_callbacks* callbacks);
    [[nodiscard]] stream* find(std::int32_t id);
    void begin_headers(const nghttp2_frame& frame);
    void take_field(const nghttp2_frame& frame, std::string_view name, std::string_view value);
    void take_data(std::int32_t id, std::string_view bytes);
    int take_frame(const nghttp2_frame& frame);
    int note_sent(const nghttp2_frame& frame);
    void note_closed(std::int32_t id);
    void arrive(stream& which);
    static ssize_t give_body(nghttp2_session* session, std::int32_t id, std::uint8_t* to, std::size_t room,
                             std::uint32_t* flags, nghttp2_data_source* from, void* self);

    std::map<std::int32_t, stream> streams_; // before session_, which points to them
    std::vector<arrival> arrivals_;
    std::vector<std::uint32_t> closed_;
    std::uint32_t last_stream_ = 0x7FFF'FFFF;
    bool broken_ = false;
    std::unique_ptr<nghttp2_session, deleter> session_;
};

} // namespace venice_keys::emulation
