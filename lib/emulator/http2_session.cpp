#include "emulator/http2_session.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <new>
#include <stdexcept>

namespace venice_keys::emulation {

namespace {

http2_session& self_of(void* data)
{
    return *static_cast<http2_session*>(data);
}

std::string_view view(const std::uint8_t* bytes, std::size_t size)
{
    return {reinterpret_cast<const char*>(bytes), size};
}

// Names of fields are in lower case (RFC 9113 section 8.2).
std::string lower_case(std::string_view name)
{
    std::string out{name};
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

nghttp2_nv field(std::string_view name, std::string_view value)
{
    // nghttp2's own declaration lacks the const that its implementation keeps to: it copies both.
    return {reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
            reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
            NGHTTP2_NV_FLAG_NONE};
}

void check(int result)
{
    if (result == NGHTTP2_ERR_NOMEM)
        throw std::bad_alloc{};
    if (result < 0)
        throw std::logic_error{nghttp2_strerror(result)};
}

// A callback reports a failure by its result, because nothing may be thrown through nghttp2.
int callback_result(int result)
{
    return result < 0 ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
}

struct free_callbacks {
    void operator()(nghttp2_session_callbacks* callbacks) const noexcept { nghttp2_session_callbacks_del(callbacks); }
};

} // namespace

http2_session::http2_session(const http2_limits& limits)
{
    nghttp2_session_callbacks* made = nullptr;
    check(nghttp2_session_callbacks_new(&made));
    const std::unique_ptr<nghttp2_session_callbacks, free_callbacks> callbacks{made};
    set_callbacks(made);
    nghttp2_session* session = nullptr;
    check(nghttp2_session_server_new(&session, made, this));
    session_.reset(session);
    const std::array<nghttp2_settings_entry, 3> first{
        {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.max_streams},
         {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.initial_window},
         {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, request_limits::header}}};
    check(nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, first.data(), first.size()));
}

void http2_session::set_callbacks(nghttp2_session_callbacks* callbacks)
{
    nghttp2_session_callbacks_set_on_begin_headers_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* data) {
            self_of(data).begin_headers(*frame);
            return 0;
        });
    nghttp2_session_callbacks_set_on_header_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                      const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* data) {
            self_of(data).take_field(*frame, view(name, name_size), view(value, value_size));
            return 0;
        });
    // A field that RFC 9113 forbids makes the request malformed (section 8.1.1). nghttp2 would only leave it out.
    nghttp2_session_callbacks_set_on_invalid_header_callback(
        callbacks,
        [](nghttp2_session*, const nghttp2_frame*, const std::uint8_t*, std::size_t, const std::uint8_t*, std::size_t,
           std::uint8_t, void*) -> int { return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE; });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        callbacks,
        [](nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes, std::size_t size, void* data) {
            self_of(data).take_data(id, view(bytes, size));
            return 0;
        });
    nghttp2_session_callbacks_set_on_frame_recv_callback(
        callbacks,
        [](nghttp2_session*, const nghttp2_frame* frame, void* data) { return self_of(data).take_frame(*frame); });
    nghttp2_session_callbacks_set_on_frame_send_callback(
        callbacks,
        [](nghttp2_session*, const nghttp2_frame* frame, void* data) { return self_of(data).note_sent(*frame); });
    nghttp2_session_callbacks_set_on_stream_close_callback(
        callbacks, [](nghttp2_session*, std::int32_t id, std::uint32_t, void* data) {
            self_of(data).note_closed(id);
            return 0;
        });
}

bool http2_session::receive(std::string_view bytes)
{
    if (!broken_) {
        const ssize_t taken =
            nghttp2_session_mem_recv(session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        broken_ = taken < 0;
    }
    return !broken_;
}

http2_session::stream* http2_session::find(std::int32_t id)
{
    const auto found = streams_.find(id);
    return found == streams_.end() ? nullptr : &found->second;
}

void http2_session::begin_headers(const nghttp2_frame& frame)
{
    const auto id = static_cast<std::uint32_t>(frame.hd.stream_id);
    if (frame.headers.cat != NGHTTP2_HCAT_REQUEST || id > last_stream_)
        return;
    streams_[frame.hd.stream_id].asked.stream = id;
}

void http2_session::take_field(const nghttp2_frame& frame, std::string_view name, std::string_view value)
{
    stream* const here = find(frame.hd.stream_id);
    if (here == nullptr || here->arrived)
        return;
    // SETTINGS_MAX_HEADER_LIST_SIZE counts 32 bytes more for each field (RFC 9113 section 6.5.2).
    here->header_bytes += static_cast<std::uint32_t>(name.size() + value.size() + 32);
    if (here->header_bytes > request_limits::header)
        here->refuse_with = 431;
    if (here->refuse_with != 0 || frame.headers.cat != NGHTTP2_HCAT_REQUEST)
        return;
    if (name == ":method")
        here->asked.method = value;
    else if (name == ":path")
        here->asked.target = value;
    else if (name == "authorization")
        here->asked.authorization = value;
    else if (name == "content-type")
        here->asked.content_type = value;
    else if (name == "expect")
        here->expects_continue = value == "100-continue";
}

void http2_session::take_data(std::int32_t id, std::string_view bytes)
{
    stream* const here = find(id);
    if (here == nullptr || here->arrived)
        return;
    if (here->asked.body.size() + bytes.size() <= request_limits::body) {
        here->asked.body += bytes;
        return;
    }
    here->refuse_with = 413;
    arrive(*here);
}

int http2_session::take_frame(const nghttp2_frame& frame)
{
    stream* const here =
        frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA ? find(frame.hd.stream_id) : nullptr;
    if (here == nullptr)
        return 0;
    here->ended = here->ended || (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (here->ended || here->refuse_with != 0) {
        arrive(*here);
        return 0;
    }
    if (!std::exchange(here->expects_continue, false))
        return 0;
    const nghttp2_nv status = field(":status", "100");
    return callback_result(
        nghttp2_submit_headers(session_.get(), NGHTTP2_FLAG_NONE, frame.hd.stream_id, nullptr, &status, 1, nullptr));
}

void http2_session::arrive(stream& which)
{
    if (std::exchange(which.arrived, true) || which.asked.stream > last_stream_)
        return;
    which.to_head = which.asked.method == "HEAD";
    arrivals_.push_back({std::move(which.asked), which.refuse_with});
}

// Tells a client that is answered before it has sent everything that it may stop (RFC 9113 section 8.1).
int http2_session::note_sent(const nghttp2_frame& frame)
{
    const bool answered = (frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA) &&
                          (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    const stream* const here = answered ? find(frame.hd.stream_id) : nullptr;
    if (here == nullptr || here->ended)
        return 0;
    return callback_result(
        nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, frame.hd.stream_id, NGHTTP2_NO_ERROR));
}

void http2_session::note_closed(std::int32_t id)
{
    if (streams_.erase(id) != 0)
        closed_.push_back(static_cast<std::uint32_t>(id));
}

ssize_t http2_session::give_body(nghttp2_session* /*session*/, std::int32_t /*id*/, std::uint8_t* to, std::size_t room,
                                 std::uint32_t* flags, nghttp2_data_source* from, void* /*self*/)
{
    stream& here = *static_cast<stream*>(from->ptr);
    const std::size_t size = std::min(room, here.body.size() - here.sent);
    if (size == 0 && !here.whole)
        return NGHTTP2_ERR_DEFERRED;
    std::copy_n(here.body.data() + here.sent, size, to);
    here.sent += size;
    if (here.whole && here.sent == here.body.size())
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(size);
}

void http2_session::answer(std::uint32_t id, const reply& what, timestamp when, fault::part part)
{
    stream* const here = find(static_cast<std::int32_t>(id));
    if (here == nullptr)
        return;
    std::vector<reply_field> fields = reply_fields(what, when);
    std::vector<std::string> names{":status"};
    for (const reply_field& each : fields)
        names.push_back(lower_case(each.name));
    const std::string status = std::to_string(what.status);
    std::vector<nghttp2_nv> header{field(names[0], status)};
    for (std::size_t i = 0; i < fields.size(); ++i)
        header.push_back(field(names[i + 1], fields[i].value));

    here->whole = part == fault::part::whole;
    if (!here->to_head && !is_bodiless(what) && part != fault::part::head)
        here->body = here->whole ? what.body : what.body.substr(0, what.body.size() / 2);
    nghttp2_data_provider body{};
    body.source.ptr = here;
    body.read_callback = &give_body;
    const bool header_alone = here->whole && here->body.empty();
    check(nghttp2_submit_response(session_.get(), static_cast<std::int32_t>(id), header.data(), header.size(),
                                  header_alone ? nullptr : &body));
}

void http2_session::reset(std::uint32_t id, std::uint32_t code)
{
    const auto stream_id = static_cast<std::int32_t>(id);
    if (find(stream_id) != nullptr)
        check(nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream_id, code));
}

void http2_session::set_limits(const http2_limits& limits)
{
    const std::array<nghttp2_settings_entry, 2> now{{{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.max_streams},
                                                     {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.initial_window}}};
    check(nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, now.data(), now.size()));
}

std::size_t http2_session::count_open() const
{
    return static_cast<std::size_t>(std::ranges::count_if(
        streams_, [this](const auto& each) { return static_cast<std::uint32_t>(each.first) <= last_stream_; }));
}

void http2_session::gather(std::string& out)
{
    const std::uint8_t* bytes = nullptr;
    ssize_t size = 0;
    while (!broken_ && (size = nghttp2_session_mem_send(session_.get(), &bytes)) > 0)
        out += view(bytes, static_cast<std::size_t>(size));
    broken_ = broken_ || size < 0;
}

bool http2_session::alive() const
{
    return !broken_ &&
           (nghttp2_session_want_read(session_.get()) != 0 || nghttp2_session_want_write(session_.get()) != 0);
}

} // namespace venice_keys::emulation
