#include "support/http2_peer.hpp"

#include <algorithm>
#include <array>

namespace test {

namespace {

constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// Encodes an integer with a prefix of seven bits (RFC 7541 section 5.1).
std::string length(std::size_t value)
{
    constexpr std::size_t most = 127;
    if (value < most)
        return {static_cast<char>(value)};
    std::string out(1, static_cast<char>(most));
    for (value -= most; value >= 128; value /= 128)
        out += static_cast<char>(value % 128 + 128);
    out += static_cast<char>(value);
    return out;
}

std::string without_padding(const http2_frame& frame)
{
    std::string payload = frame.payload;
    if ((frame.flags & http2_frame::padded) != 0 && !payload.empty()) {
        const std::size_t padding = static_cast<unsigned char>(payload.front());
        payload = payload.substr(1, payload.size() - 1 - std::min(padding, payload.size() - 1));
    }
    if (frame.kind == http2_frame::headers && (frame.flags & http2_frame::prioritised) != 0)
        payload.erase(0, 5);
    return payload;
}

} // namespace

std::string http2_number(std::uint32_t value, unsigned bytes)
{
    std::string out;
    while (bytes-- > 0)
        out += static_cast<char>(value >> (8 * bytes) & 0xFFU);
    return out;
}

std::string http2_block(const http2_fields& fields)
{
    std::string out;
    for (const auto& [name, value] : fields)
        out += '\0' + length(name.size()) + name + length(value.size()) + value;
    return out;
}

std::string http2_frame::bytes() const
{
    std::string out = http2_number(static_cast<std::uint32_t>(payload.size()), 3);
    out += static_cast<char>(kind);
    out += static_cast<char>(flags);
    return out + http2_number(stream) + payload;
}

std::uint32_t http2_frame::number(std::size_t at) const
{
    std::uint32_t out = 0;
    for (std::size_t i = at; i < at + 4; ++i)
        out = out << 8U | (i < payload.size() ? static_cast<unsigned char>(payload[i]) : 0U);
    return at + 4 <= payload.size() ? out : 0;
}

std::string http2_request::field(std::string_view name) const
{
    const auto found = std::ranges::find_if(fields, [&](const auto& each) { return each.first == name; });
    return found == fields.end() ? std::string() : found->second;
}

http2_peer::http2_peer(scripted_connection& line) : line_(line)
{
    nghttp2_hd_inflater* inflater = nullptr;
    nghttp2_hd_inflate_new(&inflater);
    inflater_.reset(inflater);
}

bool http2_peer::greet(const settings& own)
{
    return line_.read_bytes(preface.size()) == preface && send_settings(own);
}

std::optional<http2_frame> http2_peer::read_frame()
{
    const std::string head = line_.read_bytes(9);
    if (head.size() < 9)
        return std::nullopt;
    const auto byte = [&head](std::size_t at) {
        return static_cast<unsigned char>(head[at]);
    };
    const std::size_t size =
        static_cast<std::size_t>(byte(0)) << 16U | static_cast<std::size_t>(byte(1)) << 8U | byte(2);
    http2_frame frame{byte(3), byte(4), 0, head.substr(5)};
    frame.stream = frame.number(0) & 0x7FFF'FFFFU;
    frame.payload = line_.read_bytes(size);
    if (frame.payload.size() < size)
        return std::nullopt;
    return frame;
}

std::optional<http2_request> http2_peer::read_request()
{
    if (!until([this] { return !whole_.empty(); }))
        return std::nullopt;
    http2_request first = std::move(whole_.front());
    whole_.erase(whole_.begin());
    return first;
}

bool http2_peer::take_frame()
{
    auto frame = read_frame();
    if (!frame)
        return false;
    const bool ends = (frame->flags & http2_frame::end_stream) != 0;
    const bool ack = (frame->flags & http2_frame::ack) != 0;
    switch (frame->kind) {
    case http2_frame::headers: {
        std::string block = without_padding(*frame);
        while ((frame->flags & http2_frame::end_headers) == 0) {
            const std::uint32_t stream = frame->stream;
            frame = read_frame();
            if (!frame || frame->kind != http2_frame::continuation || frame->stream != stream)
                return false;
            block += frame->payload;
        }
        take_block(frame->stream, block, ends);
        break;
    }
    case http2_frame::data:
        take_data(*frame);
        break;
    case http2_frame::rst_stream:
        resets_[frame->stream] = frame->number(0);
        break;
    case http2_frame::goaway:
        goaways_.push_back(*frame);
        break;
    case http2_frame::settings:
        settings_acknowledged_ += ack ? 1 : 0;
        for (std::size_t at = 0; at + 6 <= frame->payload.size(); at += 6)
            client_settings_.emplace_back(static_cast<std::uint16_t>(frame->number(at) >> 16U), frame->number(at + 2));
        if (!ack && acknowledges_settings)
            send({http2_frame::settings, http2_frame::ack, 0, {}});
        break;
    case http2_frame::ping:
        (ack ? pongs_ : pings_).push_back(frame->payload);
        if (!ack && answers_pings)
            send_ping(frame->payload, true);
        break;
    default: // nothing to remember
        break;
    }
    return true;
}

void http2_peer::take_block(std::uint32_t stream, std::string_view block, bool ends)
{
    http2_request& here = coming_[stream];
    here.stream = stream;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(block.data());
    std::size_t size = block.size();
    for (;;) {
        nghttp2_nv field{};
        int flags = 0;
        const ssize_t taken = nghttp2_hd_inflate_hd2(inflater_.get(), &field, &flags, bytes, size, 1);
        if (taken < 0)
            break; // a mistake of the client, which the script notices by what is missing
        bytes += taken;
        size -= static_cast<std::size_t>(taken);
        if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0)
            here.fields.emplace_back(std::string(reinterpret_cast<const char*>(field.name), field.namelen),
                                     std::string(reinterpret_cast<const char*>(field.value), field.valuelen));
        if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) {
            nghttp2_hd_inflate_end_headers(inflater_.get());
            break;
        }
    }
    if (ends)
        end(stream);
}

void http2_peer::take_data(const http2_frame& frame)
{
    coming_[frame.stream].body += without_padding(frame);
    const auto size = static_cast<std::uint32_t>(frame.payload.size());
    const bool ends = (frame.flags & http2_frame::end_stream) != 0;
    if (gives_windows_back && size != 0) {
        send_window_update(0, size);
        if (!ends)
            send_window_update(frame.stream, size);
    }
    if (ends)
        end(frame.stream);
}

void http2_peer::end(std::uint32_t stream)
{
    http2_request whole = std::move(coming_[stream]);
    coming_.erase(stream);
    whole.head = whole.field(":method") + ' ' + whole.field(":path") + " HTTP/2\r\n";
    for (const auto& [name, value] : whole.fields)
        whole.head.append(name).append(": ").append(value).append("\r\n");
    whole.head += "\r\n";
    line_.note(whole);
    whole_.push_back(std::move(whole));
}

bool http2_peer::send_headers(std::uint32_t stream, const http2_fields& fields, bool ends)
{
    const unsigned char flags = http2_frame::end_headers | (ends ? http2_frame::end_stream : 0);
    return send({http2_frame::headers, flags, stream, http2_block(fields)});
}

bool http2_peer::send_data(std::uint32_t stream, std::string_view bytes, bool ends)
{
    return send({http2_frame::data, ends ? http2_frame::end_stream : static_cast<unsigned char>(0), stream,
                 std::string(bytes)});
}

bool http2_peer::send_rst(std::uint32_t stream, std::uint32_t code)
{
    return send({http2_frame::rst_stream, 0, stream, http2_number(code)});
}

bool http2_peer::send_goaway(std::uint32_t last_stream, std::uint32_t code, std::string_view text)
{
    return send({http2_frame::goaway, 0, 0, http2_number(last_stream) + http2_number(code) + std::string(text)});
}

bool http2_peer::send_settings(const settings& values)
{
    std::string payload;
    for (const auto& [id, value] : values)
        payload += http2_number(id, 2) + http2_number(value);
    return send({http2_frame::settings, 0, 0, payload});
}

bool http2_peer::send_ping(std::string_view eight_bytes, bool ack)
{
    return send(
        {http2_frame::ping, ack ? http2_frame::ack : static_cast<unsigned char>(0), 0, std::string(eight_bytes)});
}

bool http2_peer::send_window_update(std::uint32_t stream, std::uint32_t increment)
{
    return send({http2_frame::window_update, 0, stream, http2_number(increment)});
}

bool http2_peer::answer(std::uint32_t stream, unsigned status, std::string_view body, const http2_fields& more)
{
    http2_fields fields{{":status", std::to_string(status)}, {"content-type", "application/json"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return send_headers(stream, fields, body.empty()) && (body.empty() || send_data(stream, body));
}

bool http2_peer::answer(const http2_request& request)
{
    return answer(request.stream, 200, updated_body(request.id()));
}

scripted_server::script answers_all_http2()
{
    return [](scripted_connection& connection) {
        http2_peer peer(connection);
        if (!peer.greet())
            return;
        while (const auto request = peer.read_request())
            if (!peer.answer(*request))
                return;
        connection.close();
    };
}

} // namespace test
