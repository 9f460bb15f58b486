// A server's end of HTTP/2 for a script of scripted_server: reads requests, and sends any frame at any time, right or
// wrong. By itself it only acknowledges SETTINGS, answers PINGs and gives windows back, and not even that when it is
// told not to.
#pragma once

#include "support/scripted_server.hpp"

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

using http2_fields = std::vector<std::pair<std::string, std::string>>;

struct http2_frame {
    enum type : unsigned char {
        data,
        headers,
        priority,
        rst_stream,
        settings,
        push_promise,
        ping,
        goaway,
        window_update,
        continuation,
    };
    static constexpr unsigned char end_stream = 0x1;
    static constexpr unsigned char ack = 0x1;
    static constexpr unsigned char end_headers = 0x4;
    static constexpr unsigned char padded = 0x8;
    static constexpr unsigned char prioritised = 0x20;

    unsigned char kind = 0; // any byte
    unsigned char flags = 0;
    std::uint32_t stream = 0;
    std::string payload;

    [[nodiscard]] std::string bytes() const;
    // The number at this place of the payload; 0 where the payload ends before.
    [[nodiscard]] std::uint32_t number(std::size_t at) const;
};

// The number in big-endian order, in this many bytes.
[[nodiscard]] std::string http2_number(std::uint32_t value, unsigned bytes = 4);
// A header block without indexes and without Huffman coding, so that it leaves no trace in the decoder. The fields may
// be anything.
[[nodiscard]] std::string http2_block(const http2_fields& fields);

struct http2_request : seen_request { // its head in the form of HTTP/1.1, with the pseudo-fields in front
    std::uint32_t stream = 0;
    http2_fields fields;

    // The value of a field; empty when there is none of this name.
    [[nodiscard]] std::string field(std::string_view name) const;
};

class http2_peer {
public:
    using settings = std::vector<std::pair<std::uint16_t, std::uint32_t>>;

    explicit http2_peer(scripted_connection& line);

    // Reads the client's preface and sends SETTINGS. False: the preface was wrong, or the connection has ended.
    bool greet(const settings& own = {});

    // Reads the next frame, whatever it is, and does nothing about it.
    std::optional<http2_frame> read_frame();
    // Reads the next request that is whole, and notes it in scripted_server::requests(). Empty when the connection has
    // ended. What else comes before it is noted below.
    std::optional<http2_request> read_request();
    // Reads until the condition is true; false when the connection has ended before.
    template <class Condition>
    bool until(Condition condition)
    {
        while (!condition())
            if (!take_frame())
                return false;
        return true;
    }

    bool send(const http2_frame& frame) { return line_.send(frame.bytes()); }
    bool send_raw(std::string_view bytes) { return line_.send(bytes); }
    bool send_headers(std::uint32_t stream, const http2_fields& fields, bool ends = false);
    bool send_data(std::uint32_t stream, std::string_view bytes, bool ends = true);
    bool send_rst(std::uint32_t stream, std::uint32_t code);
    bool send_goaway(std::uint32_t last_stream, std::uint32_t code = 0, std::string_view text = {});
    bool send_settings(const settings& values);
    bool send_ping(std::string_view eight_bytes, bool ack = false);
    bool send_window_update(std::uint32_t stream, std::uint32_t increment);
    // Sends a whole answer.
    bool answer(std::uint32_t stream, unsigned status, std::string_view body, const http2_fields& more = {});
    // Sends what Venice answers to this update.
    bool answer(const http2_request& request);

    bool acknowledges_settings = true;
    bool answers_pings = true;
    bool gives_windows_back = true;

    // What has come so far.
    [[nodiscard]] const std::map<std::uint32_t, std::uint32_t>& resets() const { return resets_; } // stream: code
    [[nodiscard]] const std::vector<http2_frame>& goaways() const { return goaways_; }
    [[nodiscard]] const settings& client_settings() const { return client_settings_; }
    [[nodiscard]] unsigned settings_acknowledged() const { return settings_acknowledged_; }
    [[nodiscard]] const std::vector<std::string>& pings() const { return pings_; } // their eight bytes
    [[nodiscard]] const std::vector<std::string>& pongs() const { return pongs_; }
    // How many requests are whole and have not been read.
    [[nodiscard]] std::size_t waiting() const { return whole_.size(); }

private:
    struct deleter {
        void operator()(nghttp2_hd_inflater* inflater) const noexcept { nghttp2_hd_inflate_del(inflater); }
    };

    bool take_frame();
    void take_block(std::uint32_t stream, std::string_view block, bool ends);
    void take_data(const http2_frame& frame);
    void end(std::uint32_t stream);

    scripted_connection& line_;
    std::unique_ptr<nghttp2_hd_inflater, deleter> inflater_;
    std::map<std::uint32_t, http2_request> coming_;
    std::vector<http2_request> whole_;
    std::map<std::uint32_t, std::uint32_t> resets_;
    std::vector<http2_frame> goaways_;
    settings client_settings_;
    unsigned settings_acknowledged_ = 0;
    std::vector<std::string> pings_;
    std::vector<std::string> pongs_;
};

// A script that greets, answers every update, and ends with the client.
[[nodiscard]] scripted_server::script answers_all_http2();

} // namespace test
