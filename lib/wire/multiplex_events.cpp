#include "wire/multiplex_events.hpp"

#include "model/cleansed_text.hpp"

#include "wire/goaway_words.hpp"
#include "wire/reply_fields.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace venice_keys::wire {

namespace {

constexpr std::size_t field_overhead = 32; // RFC 9113 section 6.5.2

std::optional<std::uint64_t> to_length(std::string_view text) noexcept
{
    std::uint64_t number = 0;
    const auto [stop, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc{} || stop != text.data() + text.size())
        return std::nullopt; // nghttp2 checks it as well, and resets the stream
    return number;
}

} // namespace

stream* multiplex::events::find(multiplex& self, std::int32_t id) noexcept
{
    if (self.current_ != nullptr && self.current_->id == id)
        return self.current_;
    auto* const found = static_cast<stream*>(nghttp2_session_get_stream_user_data(self.session_.get(), id));
    if (found != nullptr)
        self.current_ = found;
    return found;
}

ssize_t multiplex::events::on_body_wanted(nghttp2_session* /*session*/, std::int32_t id, std::uint8_t* into,
                                          std::size_t size, std::uint32_t* flags, nghttp2_data_source* source,
                                          void* /*user*/) noexcept
{
    stream& which = *static_cast<stream*>(source->ptr);
    if (which.who == nullptr || which.id != id) // the slot has left: the stream was reset, or the connection is over
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const std::string_view rest = line_of(*which.who).body.substr(which.sent);
    const std::size_t count = std::min(size, rest.size());
    std::copy_n(rest.data(), count, into);
    which.sent += count;
    if (count == rest.size())
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
}

void multiplex::events::begin_headers(multiplex& self, const nghttp2_frame& frame)
{
    stream* const which = find(self, frame.hd.stream_id);
    if (which == nullptr)
        return;
    which->head_bytes = 0;
    if (which->head_whole) // trailers, whose fields count with those of the head
        return;
    which->answer.clear();
    which->fields = 0;
    which->length.reset();
}

bool multiplex::events::count_field(multiplex& self, stream& which, std::string_view name, std::string_view value)
{
    which.head_bytes += name.size() + value.size() + field_overhead;
    which.fields += name.starts_with(':') ? 0 : 1;
    if (which.head_bytes > self.limits_.reply.header_bytes)
        refuse(self, which, errc::reply_too_large, "the head is larger than config::max_header_bytes");
    else if (which.fields > self.limits_.reply.header_count)
        refuse(self, which, errc::reply_too_large, "the answer has more header fields than config::max_header_count");
    return !which.finished();
}

void multiplex::events::header(multiplex& self, const nghttp2_frame& frame, std::string_view name,
                               std::string_view value)
{
    stream* const which = find(self, frame.hd.stream_id);
    if (which == nullptr || !count_field(self, *which, name, value) || which->head_whole)
        return;
    if (name == ":status")
        which->answer.status = static_cast<unsigned>(to_length(value).value_or(0)); // nghttp2 has seen to three digits
    else if (name == "content-length")
        which->length = to_length(value);
    else if (!take_field(name, value, which->answer))
        refuse(self, *which, errc::protocol_error, "the answer has a content coding that was not asked for");
}

// nghttp2 skips a field that is not valid; here it counts all the same.
void multiplex::events::invalid_header(multiplex& self, const nghttp2_frame& frame, std::string_view name,
                                       std::string_view value)
{
    if (stream* const which = find(self, frame.hd.stream_id))
        (void)count_field(self, *which, name, value);
}

void multiplex::events::head(multiplex& self, stream& which)
{
    if (which.head_whole)
        return;
    const unsigned status = which.answer.status;
    if (status < 100)
        return refuse(self, which, errc::protocol_error, "the status code is below 100");
    if (status < 200) {
        which.answer.clear();
        if (++which.interim > max_interim)
            refuse(self, which, errc::protocol_error, "more than eight interim (1xx) answers came");
        return;
    }
    which.head_whole = true;
    which.answer.keep_alive = true;
    if (which.length.value_or(0) > self.limits_.reply.body_bytes)
        return refuse(self, which, errc::reply_too_large, "the body is larger than config::max_reply_bytes");
    if (which.length)
        detail::reserve_cleansed(which.answer.body, static_cast<std::size_t>(*which.length));
}

void multiplex::events::data(multiplex& self, std::int32_t id, std::string_view bytes)
{
    stream* const which = find(self, id);
    if (which == nullptr)
        return;
    if (!bytes.empty())
        self.watch_.refund();
    if (bytes.size() > self.limits_.reply.body_bytes - which->answer.body.size())
        return refuse(self, *which, errc::reply_too_large, "the body is larger than config::max_reply_bytes");
    detail::append_cleansed(which->answer.body, bytes);
}

void multiplex::events::frame(multiplex& self, const nghttp2_frame& frame)
{
    stream* which = nullptr;
    switch (frame.hd.type) {
    case NGHTTP2_HEADERS:
    case NGHTTP2_DATA:
        which = find(self, frame.hd.stream_id);
        if (which != nullptr && frame.hd.type == NGHTTP2_HEADERS)
            head(self, *which);
        if (which != nullptr && !which->finished() && (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
            answered(self, *which);
        break;
    case NGHTTP2_RST_STREAM:
        wish(self, frame.rst_stream.error_code);
        which = find(self, frame.hd.stream_id);
        if (which != nullptr)
            which->reset_by_peer = true; // nghttp2 closes it next
        break;
    case NGHTTP2_SETTINGS:
        self.peer_streams_ =
            nghttp2_session_get_remote_settings(self.session_.get(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
        break;
    case NGHTTP2_GOAWAY:
        goaway(self, frame.goaway);
        break;
    default:
        break;
    }
}

void multiplex::events::answered(multiplex& self, stream& which)
{
    // An answer that comes before its request is whole ends the request as well (RFC 9113 section 8.1).
    if (which.sent < line_of(*which.who).body.size())
        self.reset(which);
    which.outcome = action::answer;
    self.finish(which);
}

void multiplex::events::refuse(multiplex& self, stream& which, errc why, std::string detail)
{
    error reason(why, std::move(detail));
    self.reset(which);
    self.lose_or_break(which, std::move(reason));
}

void multiplex::events::wish(multiplex& self, std::uint32_t code) noexcept
{
    if (code == NGHTTP2_ENHANCE_YOUR_CALM)
        self.wishes_.fewer_requests = true;
    if (code == NGHTTP2_HTTP_1_1_REQUIRED)
        self.wishes_.older_protocol = true;
}

void multiplex::events::goaway(multiplex& self, const nghttp2_goaway& what)
{
    wish(self, what.error_code);
    std::vector<secret> tokens;
    const auto note = [&tokens](const slot& each) {
        secret token(token_of(head_of(each).authorization()));
        if (std::ranges::find(tokens, token) == tokens.end())
            tokens.push_back(std::move(token));
    };
    if (what.opaque_data_len != 0) {
        std::ranges::for_each(self.written_, note);
        std::ranges::for_each(self.staged_, note);
    }
    const std::string_view said(reinterpret_cast<const char*>(what.opaque_data), what.opaque_data_len);
    self.farewell_ =
        farewell{what.last_stream_id,
                 goaway_words(nghttp2_http2_strerror(what.error_code), said, std::span<const secret>(tokens)),
                 what.error_code != NGHTTP2_NO_ERROR};
    self.ending_ = true;
}

void multiplex::events::invalid_frame(multiplex& self, const nghttp2_frame& frame, int why)
{
    if (stream* const which = find(self, frame.hd.stream_id))
        which->malformed = why;
}

// Only nghttp2 sends GOAWAY, and only when the peer has broken the protocol.
void multiplex::events::sent(multiplex& self, const nghttp2_frame& frame)
{
    if (frame.hd.type != NGHTTP2_GOAWAY || self.failure_)
        return;
    std::string detail = "the server broke the rules of HTTP/2 (";
    detail.append(nghttp2_http2_strerror(frame.goaway.error_code)).append(")");
    if (frame.goaway.opaque_data_len != 0)
        detail.append(": ").append(reinterpret_cast<const char*>(frame.goaway.opaque_data),
                                   frame.goaway.opaque_data_len);
    self.failure_ = error(errc::protocol_error, std::move(detail));
}

void multiplex::events::not_sent(multiplex& self, const nghttp2_frame& frame)
{
    if (frame.hd.type != NGHTTP2_HEADERS)
        return;
    if (stream* const which = find(self, frame.hd.stream_id))
        which->unsent = true; // nghttp2 closes it next
}

void multiplex::events::closed(multiplex& self, std::int32_t id, std::uint32_t code)
{
    --self.open_;
    stream* const which = find(self, id);
    if (which == nullptr)
        return;
    const std::string name = nghttp2_http2_strerror(code);
    const bool begun = which->answer.status != 0;
    if (which->unsent)
        return self.lose(*which, fate::not_processed,
                         error(errc::protocol_error, "the request could not be put into frames"));
    if (which->reset_by_peer) {
        const bool outdated = code == NGHTTP2_HTTP_1_1_REQUIRED;
        error why(errc::connection_lost, "the server reset the request's stream: " + name);
        if (begun || !(outdated || code == NGHTTP2_REFUSED_STREAM))
            return self.lose_or_break(*which, std::move(why));
        return self.lose(*which, outdated ? fate::outdated : fate::refused, std::move(why));
    }
    if (self.farewell_ && id > self.farewell_->last_stream) {
        error why(errc::connection_lost, self.farewell_->words);
        return begun ? self.lose_or_break(*which, std::move(why))
                     : self.lose(*which, fate::not_processed, std::move(why));
    }
    // nghttp2 has reset the stream by itself, because something was wrong with the answer.
    const std::string what = which->malformed != 0 ? nghttp2_strerror(which->malformed) : name;
    error why(errc::protocol_error, "the answer breaks the rules of HTTP/2: " + what);
    self.note_reset(id);
    which->head_whole ? self.lose_or_break(*which, std::move(why))
                      : self.lose(*which, fate::unanswered, std::move(why));
}

} // namespace venice_keys::wire
