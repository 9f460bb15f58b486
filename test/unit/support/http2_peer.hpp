// The server's end of a conversation over HTTP/2: it can write any frame, right or wrong, and reads what a client
// wrote. It shares nothing with the library's own HTTP/2 but the preface.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venice_keys::test {

struct http2_frame {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::int32_t stream = 0;
    std::string payload;
};

struct http2_field {
    std::string name;
    std::string value;
    bool never_indexed = false;
};

struct http2_request {
    std::vector<http2_field> fields;
    std::string body;
    bool whole = false;

    [[nodiscard]] std::string operator[](std::string_view name) const
    {
        for (const http2_field& each : fields)
            if (each.name == name)
                return each.value;
        return "(none)";
    }
};

class http2_peer {
public:
    using fields = std::vector<std::pair<std::string, std::string>>;

    enum flag : std::uint8_t { none = 0, end_stream = 1, ack = 1, end_headers = 4, padded = 8 };

    http2_peer()
    {
        if (nghttp2_hd_deflate_new(&deflater_, 4096) != 0 || nghttp2_hd_inflate_new(&inflater_) != 0)
            throw std::bad_alloc();
    }
    http2_peer(const http2_peer&) = delete;
    http2_peer& operator=(const http2_peer&) = delete;
    ~http2_peer()
    {
        nghttp2_hd_deflate_del(deflater_);
        nghttp2_hd_inflate_del(inflater_);
    }

    // Any frame.
    static std::string frame(unsigned type, unsigned flags, std::int32_t stream, std::string_view payload)
    {
        return number(payload.size(), 3) + number(type, 1) + number(flags, 1) +
               number(static_cast<std::uint32_t>(stream), 4) + std::string(payload);
    }
    static std::string number(std::size_t value, std::size_t bytes)
    {
        std::string text(bytes, '\0');
        for (std::size_t i = bytes; i-- > 0; value >>= 8U)
            text[i] = static_cast<char>(value & 0xFFU);
        return text;
    }

    static std::string settings(const std::vector<std::pair<unsigned, std::uint32_t>>& values = {})
    {
        std::string payload;
        for (const auto& [id, value] : values)
            payload += number(id, 2) + number(value, 4);
        return frame(NGHTTP2_SETTINGS, none, 0, payload);
    }
    static std::string settings_ack() { return frame(NGHTTP2_SETTINGS, ack, 0, ""); }
    static std::string data(std::int32_t stream, std::string_view bytes, unsigned flags = end_stream)
    {
        return frame(NGHTTP2_DATA, flags, stream, bytes);
    }
    static std::string reset(std::int32_t stream, std::uint32_t code)
    {
        return frame(NGHTTP2_RST_STREAM, none, stream, number(code, 4));
    }
    static std::string goaway(std::int32_t last, std::uint32_t code = NGHTTP2_NO_ERROR, std::string_view debug = {})
    {
        return frame(NGHTTP2_GOAWAY, none, 0,
                     number(static_cast<std::uint32_t>(last), 4) + number(code, 4) + std::string(debug));
    }
    static std::string ping(std::string_view payload = "12345678", unsigned flags = none)
    {
        return frame(NGHTTP2_PING, flags, 0, payload);
    }
    static std::string window_update(std::int32_t stream, std::uint32_t more)
    {
        return frame(NGHTTP2_WINDOW_UPDATE, none, stream, number(more, 4));
    }
    static std::string priority(std::int32_t stream)
    {
        return frame(NGHTTP2_PRIORITY, none, stream, number(0, 4) + number(15, 1));
    }

    // A header block, by this end's HPACK encoder: blocks must be sent in the order in which they were made. (Within
    // one expression the compiler chooses the order, which matters where a field is new to the table.)
    std::string block(const fields& these)
    {
        std::vector<nghttp2_nv> all;
        for (const auto& [name, value] : these)
            all.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
        std::string out(nghttp2_hd_deflate_bound(deflater_, all.data(), all.size()), '\0');
        const auto size = nghttp2_hd_deflate_hd(deflater_, bytes(out), out.size(), all.data(), all.size());
        out.resize(static_cast<std::size_t>(size));
        return out;
    }
    std::string headers(std::int32_t stream, const fields& these, unsigned flags = end_headers)
    {
        return frame(NGHTTP2_HEADERS, flags, stream, block(these));
    }
    std::string head(std::int32_t stream, std::string_view status, fields more = {}, unsigned flags = end_headers)
    {
        more.insert(more.begin(), {":status", std::string(status)});
        return headers(stream, more, flags);
    }
    // A whole answer.
    std::string answer(std::int32_t stream, std::string_view body, std::string_view status = "200", fields more = {})
    {
        return head(stream, status, std::move(more)) + data(stream, body);
    }

    // Reads what the client wrote.
    void hear(std::string_view written)
    {
        heard_.append(written);
        if (!greeted_ && heard_.size() >= NGHTTP2_CLIENT_MAGIC_LEN) {
            if (!heard_.starts_with(NGHTTP2_CLIENT_MAGIC))
                throw std::runtime_error("not the preface of HTTP/2");
            heard_.erase(0, NGHTTP2_CLIENT_MAGIC_LEN);
            greeted_ = true;
        }
        while (greeted_ && heard_.size() >= 9) {
            const std::size_t length = value(heard_.substr(0, 3));
            if (heard_.size() < 9 + length)
                break;
            http2_frame next{static_cast<std::uint8_t>(heard_[3]), static_cast<std::uint8_t>(heard_[4]),
                             static_cast<std::int32_t>(value(heard_.substr(5, 4))), heard_.substr(9, length)};
            heard_.erase(0, 9 + length);
            take(next);
            frames.push_back(std::move(next));
        }
    }

    [[nodiscard]] std::size_t count(unsigned type, unsigned flags = none) const
    {
        std::size_t found = 0;
        for (const http2_frame& each : frames)
            found += each.type == type && each.flags == flags ? 1U : 0U;
        return found;
    }
    // The codes of the RST_STREAM frames that came for this stream.
    [[nodiscard]] std::vector<std::size_t> resets(std::int32_t stream) const
    {
        std::vector<std::size_t> codes;
        for (const http2_frame& each : frames)
            if (each.type == NGHTTP2_RST_STREAM && each.stream == stream)
                codes.push_back(value(each.payload));
        return codes;
    }
    static std::size_t value(std::string_view bytes)
    {
        std::size_t all = 0;
        for (const char each : bytes)
            all = all << 8U | static_cast<unsigned char>(each);
        return all;
    }

    std::vector<http2_frame> frames; // all that came
    std::map<std::int32_t, http2_request> requests;

    // How much of the client's HPACK table is in use.
    [[nodiscard]] std::size_t table_size() const { return nghttp2_hd_inflate_get_dynamic_table_size(inflater_); }
    [[nodiscard]] bool in_table(std::string_view what) const
    {
        const std::size_t end = nghttp2_hd_inflate_get_num_table_entries(inflater_);
        for (std::size_t i = 62; i <= end; ++i)
            if (const nghttp2_nv* const entry = nghttp2_hd_inflate_get_table_entry(inflater_, i))
                if (text(entry->value, entry->valuelen).find(what) != std::string_view::npos)
                    return true;
        return false;
    }

private:
    static std::uint8_t* bytes(const std::string& text)
    {
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    }
    static std::string_view text(const std::uint8_t* from, std::size_t size)
    {
        return {reinterpret_cast<const char*>(from), size};
    }

    void take(const http2_frame& next)
    {
        if (next.type == NGHTTP2_HEADERS)
            requests[next.stream].fields = decode(next.payload);
        if (next.type == NGHTTP2_DATA)
            requests[next.stream].body += next.payload;
        if ((next.type == NGHTTP2_HEADERS || next.type == NGHTTP2_DATA) && (next.flags & end_stream) != 0)
            requests[next.stream].whole = true;
    }

    std::vector<http2_field> decode(std::string_view block)
    {
        std::vector<http2_field> found;
        const auto* at = reinterpret_cast<const std::uint8_t*>(block.data());
        std::size_t left = block.size();
        for (int flags = 0; (flags & NGHTTP2_HD_INFLATE_FINAL) == 0;) {
            nghttp2_nv field{};
            const auto taken = nghttp2_hd_inflate_hd2(inflater_, &field, &flags, at, left, 1);
            if (taken < 0)
                throw std::runtime_error("a header block that can't be decoded");
            at += taken;
            left -= static_cast<std::size_t>(taken);
            if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0)
                found.push_back({std::string(text(field.name, field.namelen)),
                                 std::string(text(field.value, field.valuelen)),
                                 (field.flags & NGHTTP2_NV_FLAG_NO_INDEX) != 0});
        }
        nghttp2_hd_inflate_end_headers(inflater_);
        return found;
    }

    nghttp2_hd_deflater* deflater_ = nullptr;
    nghttp2_hd_inflater* inflater_ = nullptr;
    std::string heard_;
    bool greeted_ = false;
};

} // namespace venice_keys::test
