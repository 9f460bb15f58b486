// The callbacks of nghttp2, for frames that came and for those that are sent. A callback notes what becomes of a
// stream. It gives no slot back, and it calls no function of the session that sends or receives.
#pragma once

#include "wire/multiplex.hpp"

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace venice_keys::wire {

struct multiplex::events {
    // Makes a session whose first bytes to be sent are the preface and our settings.
    static nghttp2_session* open(multiplex& self, std::int32_t first_stream);
    // How many bytes of one answer the peer may send before we make more room.
    [[nodiscard]] static std::size_t stream_window(const reply_limits& limits) noexcept;

    static ssize_t on_body_wanted(nghttp2_session* session, std::int32_t id, std::uint8_t* into, std::size_t size,
                                  std::uint32_t* flags, nghttp2_data_source* source, void* user) noexcept;

    // The stream of a request that is still owed its answer; null for any other.
    static stream* find(multiplex& self, std::int32_t id) noexcept;

    static void begin_headers(multiplex& self, const nghttp2_frame& frame);
    static void header(multiplex& self, const nghttp2_frame& frame, std::string_view name, std::string_view value);
    static void invalid_header(multiplex& self, const nghttp2_frame& frame, std::string_view name,
                               std::string_view value);
    static void data(multiplex& self, std::int32_t id, std::string_view bytes);
    static void frame(multiplex& self, const nghttp2_frame& frame);
    static void invalid_frame(multiplex& self, const nghttp2_frame& frame, int why);
    static void sent(multiplex& self, const nghttp2_frame& frame);
    static void not_sent(multiplex& self, const nghttp2_frame& frame);
    static void closed(multiplex& self, std::int32_t id, std::uint32_t code);

private:
    struct wiring;

    static bool count_field(multiplex& self, stream& which, std::string_view name, std::string_view value);
    static void head(multiplex& self, stream& which);
    static void goaway(multiplex& self, const nghttp2_goaway& what);
    static void wish(multiplex& self, std::uint32_t code) noexcept;
    // The answer is whole.
    static void answered(multiplex& self, stream& which);
    // The answer can't be used: resets its stream.
    static void refuse(multiplex& self, stream& which, errc why, std::string detail);
};

} // namespace venice_keys::wire
