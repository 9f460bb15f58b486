// The floor over HTTP/2: nghttp2 on raw OpenSSL over a blocking socket, one connection with a stream for each update in
// flight, header lists and bodies that are ready before the clock starts, no JSON. It takes all the answers that are
// there before it writes, and writes all that is to be written at once. It recognises the right answer by the id, at
// the place where the first answer had it. With `--lockstep` a new request waits until all that are in flight are
// answered. More streams than the server allows wait inside nghttp2.
#include "common.hpp"
#include "raw_tls.hpp"

#include <nghttp2/nghttp2.h>

#include <array>
#include <cstring>

namespace {

using peers::settings;

struct free_session {
    void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
};
struct free_callbacks {
    void operator()(nghttp2_session_callbacks* callbacks) const noexcept { nghttp2_session_callbacks_del(callbacks); }
};

template <class Number>
Number check(Number code)
{
    if (code < 0)
        throw std::runtime_error(nghttp2_strerror(static_cast<int>(code)));
    return code;
}

std::uint8_t* bytes_of(std::string_view text)
{
    // nghttp2 has no const in this place, although it does not write there.
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data())); // NOLINT
}

nghttp2_nv field(std::string_view name, std::string_view value)
{
    return {bytes_of(name), bytes_of(value), name.size(), value.size(),
            NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

// The fields, which are the same for all updates.
class fields {
public:
    explicit fields(const settings& wanted)
        : authority_(fmt::format("{}:{}", wanted.host, wanted.port)),
          authorization_("Bearer " + std::string(peers::token)),
          length_(std::to_string(peers::body_for(bench::make_id(0)).size())),
          all_{field(":method", "PATCH"),
               field(":scheme", "https"),
               field(":authority", authority_),
               field(":path", peers::target),
               field("user-agent", "floor/1.0"),
               field("accept", "application/json"),
               field("authorization", authorization_),
               field("content-type", "application/json"),
               field("content-length", length_)}
    {
    }
    fields(const fields&) = delete;
    fields& operator=(const fields&) = delete;

    [[nodiscard]] const nghttp2_nv* data() const noexcept { return all_.data(); }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

private:
    std::string authority_;
    std::string authorization_;
    std::string length_;
    std::array<nghttp2_nv, 9> all_;
};

struct update {
    std::string body;
    std::string_view id; // in the body
    peers::clock::time_point asked_at;
    bool good_status = false;
    bool good_id = false;
};

class client {
public:
    explicit client(const settings& wanted) : wanted_(wanted), server_(wanted, "h2"), fields_(wanted)
    {
        const peers::key_ids ids(wanted);
        updates_.resize(ids.size());
        for (std::size_t i = 0; i != ids.size(); ++i) {
            updates_[i].body = peers::body_for(ids[i]);
            updates_[i].id = std::string_view(updates_[i].body).substr(updates_[i].body.find(ids[i]), ids[i].size());
        }
        make_session();
        // nginx refuses a request with a body that comes before the acknowledgement of its settings.
        write();
        while (!has_settings_)
            read();
    }

    void send(std::size_t all, peers::measurement& measured)
    {
        measured_ = &measured;
        ended_ = 0;
        for (std::size_t asked = 0; ended_ != all;) {
            std::size_t room = std::min(wanted_.in_flight - (asked - ended_), all - asked);
            if (wanted_.lockstep && asked != ended_)
                room = 0;
            for (; room != 0; --room)
                ask(updates_[asked++ % updates_.size()]);
            write();
            read();
        }
    }

private:
    void make_session()
    {
        nghttp2_session_callbacks* made = nullptr;
        check(nghttp2_session_callbacks_new(&made));
        const std::unique_ptr<nghttp2_session_callbacks, free_callbacks> callbacks(made);
        nghttp2_session_callbacks_set_on_header_callback(made, &client::on_header);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, &client::on_data);
        nghttp2_session_callbacks_set_on_frame_recv_callback(made, &client::on_frame);
        nghttp2_session_callbacks_set_on_stream_close_callback(made, &client::on_close);
        nghttp2_session* session = nullptr;
        check(nghttp2_session_client_new(&session, made, this));
        session_.reset(session);
        constexpr std::array<nghttp2_settings_entry, 1> no_push{{{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}}};
        check(nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, no_push.data(), no_push.size()));
        check(nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, 1 << 24));
    }

    void ask(update& one)
    {
        one.asked_at = peers::clock::now();
        one.good_status = false;
        one.good_id = false;
        nghttp2_data_provider body{};
        body.source.ptr = &one;
        body.read_callback = &client::give_body;
        check(nghttp2_submit_request(session_.get(), nullptr, fields_.data(), fields_.size(), &body, &one));
    }

    void write()
    {
        output_.clear();
        const std::uint8_t* bytes = nullptr;
        while (const auto size = check(nghttp2_session_mem_send(session_.get(), &bytes)))
            output_.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
        if (!output_.empty())
            server_.write(output_);
    }

    void read()
    {
        const std::size_t size = server_.read(input_.data(), input_.size());
        check(nghttp2_session_mem_recv(session_.get(), reinterpret_cast<const std::uint8_t*>(input_.data()), size));
        if (!trouble_.empty())
            throw std::runtime_error(trouble_);
    }

    // Bodies are smaller than a frame, so one call gives all.
    static ssize_t give_body(nghttp2_session* /*session*/, std::int32_t /*stream*/, std::uint8_t* to, std::size_t room,
                             std::uint32_t* flags, nghttp2_data_source* source, void* /*self*/)
    {
        const std::string& body = static_cast<update*>(source->ptr)->body;
        if (room < body.size())
            return NGHTTP2_ERR_CALLBACK_FAILURE;
        std::memcpy(to, body.data(), body.size());
        *flags = NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(body.size());
    }

    static int on_header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
                         std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                         std::uint8_t /*flags*/, void* /*self*/)
    {
        constexpr std::string_view status = ":status";
        if (name_size != status.size() || std::memcmp(name, status.data(), name_size) != 0)
            return 0;
        if (auto* const one = updated(session, frame->hd.stream_id))
            one->good_status = value_size == 3 && std::memcmp(value, "200", 3) == 0;
        return 0;
    }

    static int on_data(nghttp2_session* session, std::uint8_t /*flags*/, std::int32_t stream, const std::uint8_t* bytes,
                       std::size_t size, void* self)
    {
        auto* const one = updated(session, stream);
        if (one == nullptr)
            return 0;
        const std::string_view part(reinterpret_cast<const char*>(bytes), size);
        std::size_t& at = static_cast<client*>(self)->id_at_;
        if (at == std::string_view::npos)
            at = part.find(one->id);
        one->good_id = one->good_id || (at < size && part.substr(at, one->id.size()) == one->id);
        return 0;
    }

    static int on_frame(nghttp2_session* /*session*/, const nghttp2_frame* frame, void* self)
    {
        if (frame->hd.type == NGHTTP2_SETTINGS && (frame->hd.flags & NGHTTP2_FLAG_ACK) == 0)
            static_cast<client*>(self)->has_settings_ = true;
        else if (frame->hd.type == NGHTTP2_GOAWAY)
            static_cast<client*>(self)->trouble_ = "the server sent GOAWAY";
        return 0;
    }

    static int on_close(nghttp2_session* session, std::int32_t stream, std::uint32_t code, void* self)
    {
        auto& all = *static_cast<client*>(self);
        const auto* const one = updated(session, stream);
        if (one == nullptr)
            return 0;
        if (code != NGHTTP2_NO_ERROR)
            all.trouble_ = fmt::format("a stream was reset: {}", nghttp2_http2_strerror(code));
        else if (!one->good_status || !one->good_id)
            all.trouble_ = "an answer is not 200, or about another key than was asked for";
        ++all.ended_;
        all.measured_->answered(one->asked_at);
        return 0;
    }

    static update* updated(nghttp2_session* session, std::int32_t stream)
    {
        return static_cast<update*>(nghttp2_session_get_stream_user_data(session, stream));
    }

    const settings& wanted_;
    peers::raw_tls server_;
    fields fields_;
    std::vector<update> updates_;
    std::unique_ptr<nghttp2_session, free_session> session_;
    std::string output_;
    std::vector<char> input_ = std::vector<char>(4 * peers::read_buffer);
    std::size_t id_at_ = std::string_view::npos; // where the body of an answer has it
    std::size_t ended_ = 0;
    peers::measurement* measured_ = nullptr;
    bool has_settings_ = false;
    std::string trouble_;
};

void run(const settings& wanted, peers::measurement& measured)
{
    client all(wanted);
    peers::warm_up_and_measure(wanted, measured, [&](std::size_t count) { all.send(count, measured); });
}

} // namespace

int main(int argc, char** argv)
{
    return peers::main_of(argc, argv, "floor-h2", run);
}
