// A blocking HTTP/2 client on nghttp2, over the plain client's TLS: the tests' own view of a server. It shares no line
// with the library, and notes everything that it is sent.
#pragma once

#include "integration/plain_client.hpp"

#include <nghttp2/nghttp2.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace test {

class plain_http2 {
public:
    struct stream {
        plain_reply reply;
        bool whole = false;               // END_STREAM has come
        std::optional<std::uint32_t> rst; // the code of its RST_STREAM
        bool closed = false;              // in whatever way
        std::uint32_t why = 0;            // it was closed, in nghttp2's opinion
    };
    struct goaway {
        std::int32_t last = 0;
        std::uint32_t code = 0;
        std::string text;
    };
    using fields = std::vector<std::pair<std::string, std::string>>;

    plain_http2(std::uint16_t port, const std::string& ca_pem, std::string_view protocols = "h2");
    plain_http2(const plain_http2&) = delete;
    plain_http2& operator=(const plain_http2&) = delete;

    [[nodiscard]] plain_client& wire() { return wire_; }

    // Its stream.
    std::int32_t ask(std::string_view method, std::string_view target, const fields& more = {}, std::string body = {});
    void ping();
    void cancel(std::int32_t id);
    // Bytes of one's own, between frames.
    bool send_raw(std::string_view bytes);
    // Sends what nghttp2 has to send.
    bool send();

    // Reads until it comes true; false: the connection ended before, or nothing came for the time-out.
    bool until(const std::function<bool()>& true_at_last);
    // The stream when it is closed, else what there is of it.
    const stream& wait(std::int32_t id);
    // Reads until the connection has ended.
    plain_client::end wait_for_end();

    [[nodiscard]] const stream& at(std::int32_t id) { return streams_[id]; }
    [[nodiscard]] const std::vector<goaway>& goaways() const { return goaways_; }
    [[nodiscard]] unsigned pongs() const { return pongs_; }
    [[nodiscard]] unsigned interim() const { return interim_; } // answers of status 1xx
    // Its values in the order in which they have come.
    [[nodiscard]] const std::vector<std::uint32_t>& setting(nghttp2_settings_id which) { return settings_[which]; }
    // The streams that were answered whole, in that order.
    [[nodiscard]] const std::vector<std::int32_t>& order() const { return order_; }

private:
    struct deleter {
        void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
    };

    void note(const nghttp2_frame& frame);

    plain_client wire_;
    std::map<std::int32_t, stream> streams_;
    std::map<std::int32_t, std::unique_ptr<std::string>> bodies_; // to be sent
    std::vector<goaway> goaways_;
    std::map<std::int32_t, std::vector<std::uint32_t>> settings_;
    std::vector<std::int32_t> order_;
    unsigned pongs_ = 0;
    unsigned interim_ = 0;
    std::unique_ptr<nghttp2_session, deleter> session_;
};

} // namespace test
