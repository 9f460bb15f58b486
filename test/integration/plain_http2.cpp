#include "integration/plain_http2.hpp"

#include <algorithm>

namespace test {

namespace {

std::string text(const std::uint8_t* bytes, std::size_t size)
{
    return {reinterpret_cast<const char*>(bytes), size};
}

nghttp2_nv field(const std::string& name, const std::string& value)
{
    return {reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
            reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
            NGHTTP2_NV_FLAG_NONE};
}

ssize_t give_body(nghttp2_session*, std::int32_t, std::uint8_t* to, std::size_t room, std::uint32_t* flags,
                  nghttp2_data_source* from, void*)
{
    auto& body = *static_cast<std::string*>(from->ptr);
    const std::size_t size = std::min(room, body.size());
    std::copy_n(body.data(), size, to);
    body.erase(0, size);
    if (body.empty())
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(size);
}

} // namespace

plain_http2::plain_http2(std::uint16_t port, const std::string& ca_pem, std::string_view protocols)
    : wire_(port, ca_pem, protocols)
{
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                      const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* self) {
            auto& me = *static_cast<plain_http2*>(self);
            plain_reply& reply = me.streams_[frame->hd.stream_id].reply;
            const std::string key = text(name, name_size);
            if (key == ":status" && value[0] == '1')
                ++me.interim_;
            else if (key == ":status")
                reply.status = static_cast<unsigned>(std::stoul(text(value, value_size)));
            else
                reply.fields[key] = text(value, value_size);
            return 0;
        });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        callbacks,
        [](nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes, std::size_t size, void* self) {
            static_cast<plain_http2*>(self)->streams_[id].reply.body += text(bytes, size);
            return 0;
        });
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks,
                                                         [](nghttp2_session*, const nghttp2_frame* frame, void* self) {
                                                             static_cast<plain_http2*>(self)->note(*frame);
                                                             return 0;
                                                         });
    nghttp2_session_callbacks_set_on_stream_close_callback(
        callbacks, [](nghttp2_session*, std::int32_t id, std::uint32_t code, void* self) {
            stream& closed = static_cast<plain_http2*>(self)->streams_[id];
            closed.closed = true;
            closed.why = code;
            return 0;
        });
    nghttp2_session* session = nullptr;
    nghttp2_session_client_new(&session, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    session_.reset(session);
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, nullptr, 0);
    send();
}

std::int32_t plain_http2::ask(std::string_view method, std::string_view target, const fields& more, std::string body)
{
    const fields pseudo{{":method", std::string{method}},
                        {":scheme", "https"},
                        {":authority", "localhost"},
                        {":path", std::string{target}}};
    std::vector<nghttp2_nv> header;
    for (const fields* part : {&pseudo, &more})
        for (const auto& [name, value] : *part)
            header.push_back(field(name, value));
    auto sent = std::make_unique<std::string>(std::move(body));
    nghttp2_data_provider from{};
    from.source.ptr = sent.get();
    from.read_callback = &give_body;
    const std::int32_t id = nghttp2_submit_request(session_.get(), nullptr, header.data(), header.size(),
                                                   sent->empty() ? nullptr : &from, nullptr);
    bodies_[id] = std::move(sent);
    send();
    return id;
}

void plain_http2::ping()
{
    nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr);
    send();
}

void plain_http2::cancel(std::int32_t id)
{
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
    send();
}

bool plain_http2::send_raw(std::string_view bytes)
{
    return send() && wire_.send(bytes);
}

bool plain_http2::send()
{
    const std::uint8_t* bytes = nullptr;
    for (;;) {
        const ssize_t size = nghttp2_session_mem_send(session_.get(), &bytes);
        if (size <= 0)
            return size == 0;
        if (!wire_.send(text(bytes, static_cast<std::size_t>(size))))
            return false;
    }
}

bool plain_http2::until(const std::function<bool()>& true_at_last)
{
    while (!true_at_last()) {
        const std::string came = wire_.read_some();
        if (came.empty() || nghttp2_session_mem_recv(session_.get(), reinterpret_cast<const std::uint8_t*>(came.data()),
                                                     came.size()) < 0)
            return true_at_last();
        send();
    }
    return true;
}

const plain_http2::stream& plain_http2::wait(std::int32_t id)
{
    until([&] { return streams_[id].closed; });
    return streams_[id];
}

plain_client::end plain_http2::wait_for_end()
{
    until([] { return false; });
    return wire_.how_it_ended();
}

void plain_http2::note(const nghttp2_frame& frame)
{
    const bool ended = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if ((frame.hd.type == NGHTTP2_DATA || frame.hd.type == NGHTTP2_HEADERS) && ended) {
        streams_[frame.hd.stream_id].whole = true;
        order_.push_back(frame.hd.stream_id);
    } else if (frame.hd.type == NGHTTP2_RST_STREAM) {
        streams_[frame.hd.stream_id].rst = frame.rst_stream.error_code;
    } else if (frame.hd.type == NGHTTP2_GOAWAY) {
        goaways_.push_back({frame.goaway.last_stream_id, frame.goaway.error_code,
                            text(frame.goaway.opaque_data, frame.goaway.opaque_data_len)});
    } else if (frame.hd.type == NGHTTP2_PING) {
        pongs_ += (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0 ? 1 : 0;
    } else if (frame.hd.type == NGHTTP2_SETTINGS) {
        for (std::size_t i = 0; i < frame.settings.niv; ++i)
            settings_[frame.settings.iv[i].settings_id].push_back(frame.settings.iv[i].value);
    }
}

} // namespace test
