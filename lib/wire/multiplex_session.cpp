// Makes the nghttp2 session of a conversation: its memory, its callbacks, its limits, and what it sends first.
#include "wire/multiplex_events.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <new>

namespace venice_keys::wire {

namespace {

// No well-meaning peer exceeds these: acknowledgements that we owe it, and entries of one SETTINGS frame.
constexpr std::size_t most_acknowledgements = 256;
constexpr std::size_t most_settings = 32;

// How many bytes may be under way to us: enough for the largest answer to come without waiting until we make room, and
// for as many small ones as a connection may owe.
constexpr std::size_t smallest_window = 65'535; // smaller ones take effect late (RFC 9113 section 6.9.2)
constexpr std::size_t largest_stream_window = 16 * 1024 * 1024;
constexpr std::size_t connection_window = 16 * 1024 * 1024;

void check(int result)
{
    if (result != 0) // nothing else can go wrong here
        throw std::bad_alloc();
}

// nghttp2 is written in C, so its callbacks must not throw.
template <class Function>
int guarded(void* user, Function function) noexcept
{
    try {
        function(*static_cast<multiplex*>(user));
        return 0;
    } catch (const std::bad_alloc&) {
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
}

std::string_view text(const std::uint8_t* bytes, std::size_t size) noexcept
{
    return {reinterpret_cast<const char*>(bytes), size};
}

nghttp2_mem interface_of(nghttp2_memory& memory) noexcept
{
    return {&memory, [](std::size_t size, void* user) { return static_cast<nghttp2_memory*>(user)->allocate(size); },
            [](void* block, void* user) { static_cast<nghttp2_memory*>(user)->release(block); },
            [](std::size_t count, std::size_t size, void* user) {
                return static_cast<nghttp2_memory*>(user)->allocate_zeros(count, size);
            },
            [](void* block, std::size_t size, void* user) {
                return static_cast<nghttp2_memory*>(user)->resize(block, size);
            }};
}

} // namespace

struct multiplex::events::wiring {
    template <auto Event>
    static int on_frame(nghttp2_session*, const nghttp2_frame* what, void* user) noexcept
    {
        return guarded(user, [&](multiplex& self) { Event(self, *what); });
    }

    template <auto Event>
    static int on_field(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                        const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) noexcept
    {
        return guarded(user,
                       [&](multiplex& self) { Event(self, *frame, text(name, name_size), text(value, value_size)); });
    }

    static void connect(nghttp2_session_callbacks* to) noexcept
    {
        nghttp2_session_callbacks_set_on_begin_headers_callback(to, &on_frame<&events::begin_headers>);
        nghttp2_session_callbacks_set_on_header_callback(to, &on_field<&events::header>);
        nghttp2_session_callbacks_set_on_invalid_header_callback(to, &on_field<&events::invalid_header>);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
            to, [](nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes, std::size_t size,
                   void* user) { return guarded(user, [&](multiplex& self) { data(self, id, text(bytes, size)); }); });
        nghttp2_session_callbacks_set_on_frame_recv_callback(to, &on_frame<&events::frame>);
        nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(
            to, [](nghttp2_session*, const nghttp2_frame* what, int why, void* user) {
                return guarded(user, [&](multiplex& self) { invalid_frame(self, *what, why); });
            });
        nghttp2_session_callbacks_set_on_frame_send_callback(to, &on_frame<&events::sent>);
        nghttp2_session_callbacks_set_on_frame_not_send_callback(
            to, [](nghttp2_session*, const nghttp2_frame* what, int, void* user) {
                return guarded(user, [&](multiplex& self) { not_sent(self, *what); });
            });
        nghttp2_session_callbacks_set_on_stream_close_callback(
            to, [](nghttp2_session*, std::int32_t id, std::uint32_t code, void* user) {
                return guarded(user, [&](multiplex& self) { closed(self, id, code); });
            });
    }
};

std::size_t multiplex::events::stream_window(const reply_limits& limits) noexcept
{
    return std::clamp(limits.body_bytes, smallest_window, largest_stream_window);
}

nghttp2_session* multiplex::events::open(multiplex& self, std::int32_t first_stream)
{
    nghttp2_session_callbacks* callbacks = nullptr;
    check(nghttp2_session_callbacks_new(&callbacks));
    const std::unique_ptr<nghttp2_session_callbacks, decltype(&nghttp2_session_callbacks_del)> callbacks_owner(
        callbacks, &nghttp2_session_callbacks_del);
    wiring::connect(callbacks);

    nghttp2_option* options = nullptr;
    check(nghttp2_option_new(&options));
    const std::unique_ptr<nghttp2_option, decltype(&nghttp2_option_del)> options_owner(options, &nghttp2_option_del);
    nghttp2_option_set_max_outbound_ack(options, most_acknowledgements);
    nghttp2_option_set_max_settings(options, most_settings);

    nghttp2_mem memory = interface_of(self.memory_);
    nghttp2_session* made = nullptr;
    check(nghttp2_session_client_new3(&made, callbacks, &self, options, &memory));
    std::unique_ptr<nghttp2_session, close_session> owner(made);

    const reply_limits& limits = self.limits_.reply;
    const auto value = [](std::size_t number) {
        return static_cast<std::uint32_t>(std::min<std::size_t>(number, 0xFFFF'FFFF));
    };
    const std::array<nghttp2_settings_entry, 4> settings{{
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, value(stream_window(limits))},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, value(limits.header_bytes)},
        {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
    }};
    check(nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
    check(nghttp2_session_set_local_window_size(made, NGHTTP2_FLAG_NONE, 0,
                                                static_cast<std::int32_t>(connection_window)));
    check(nghttp2_session_set_next_stream_id(made, first_stream));
    return owner.release();
}

} // namespace venice_keys::wire
