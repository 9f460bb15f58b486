#include "wire/multiplex.hpp"

#include "wire/multiplex_events.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <new>
#include <utility>

namespace venice_keys::wire {

namespace {

// RFC 9113 section 5.1.1. Requests stop before it by more than can be in flight.
constexpr std::int32_t last_stream_id = 0x7FFF'FFFF;

nghttp2_nv field(std::string_view name, std::string_view value, std::uint8_t flags = NGHTTP2_NV_FLAG_NONE)
{
    constexpr std::uint8_t not_copied = NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE;
    const auto bytes = [](std::string_view text) {
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    };
    return {bytes(name), bytes(value), name.size(), value.size(), static_cast<std::uint8_t>(flags | not_copied)};
}

} // namespace

multiplex::multiplex(const conversation_limits& limits, std::int32_t first_stream)
    : limits_(limits),
      session_(events::open(*this, first_stream)),
      heartbeat_(limits.times.silence),
      // Nothing is under way any more on streams that were reset before the ones in this ring.
      reset_ids_(2 * limits.streams + most_resets / one_reset + 2)
{
}

multiplex::~multiplex()
{
    // After a failed allocation nghttp2 frees some of its memory twice. All of it belongs to memory_, which frees it.
    if (interrupted_)
        (void)session_.release();
    (void)take_written();
}

void multiplex::close_session::operator()(nghttp2_session* which) const noexcept
{
    nghttp2_session_del(which);
}

std::size_t multiplex::sendable() const noexcept
{
    const std::size_t most = usable() ? capacity() : 0;
    return open_ < most ? std::min(staged_.size(), most - open_) : 0;
}

bool multiplex::wants_write() const noexcept
{
    return usable() && (!unsent_.empty() || sendable() != 0 || nghttp2_session_want_write(session_.get()) != 0);
}

void multiplex::gather(detail::secret_bytes& out, time_point now)
{
    release_given();
    if (!usable())
        return;
    now_ = now;
    const std::size_t count = sendable();
    interrupted_ = true; // stays set if this throws
    if (!unsent_.empty()) {
        out.append(unsent_);
        cleanse(unsent_.data(), unsent_.size());
        unsent_.clear();
    }
    pump(out);
    for (std::size_t i = 0; i < count && submit(staged_.front(), now); ++i)
        pump(out); // each request whole, head and body, before the next one
    heartbeat_.sent(now);
    interrupted_ = false;
}

bool multiplex::submit(slot& who, time_point now)
{
    const request_head& head = head_of(who);
    const request_line& line = line_of(who);
    stream& made = streams_.take();
    std::array<nghttp2_nv, 10> fields;
    std::size_t count = 0;
    fields[count++] = field(":method", line.method);
    fields[count++] = field(":scheme", "https");
    fields[count++] = field(":authority", head.authority());
    fields[count++] = field(":path", line.target);
    fields[count++] = field("user-agent", head.user_agent());
    fields[count++] = field("accept", request_head::content_type);
    fields[count++] = field("accept-encoding", request_head::content_coding);
    if (!head.authorization().empty()) // never indexed, here or in a proxy (RFC 7541 section 7.1.3)
        fields[count++] = field("authorization", head.authorization(), NGHTTP2_NV_FLAG_NO_INDEX);
    nghttp2_data_provider body{{.ptr = &made}, &events::on_body_wanted};
    if (!line.body.empty()) {
        char* const digits = made.digits.data();
        char* const end = std::to_chars(digits, digits + made.digits.size(), line.body.size()).ptr;
        fields[count++] = field("content-type", request_head::content_type);
        fields[count++] = field("content-length", {digits, static_cast<std::size_t>(end - digits)});
    }
    const std::int32_t id = nghttp2_submit_request(session_.get(), nullptr, fields.data(), count,
                                                   line.body.empty() ? nullptr : &body, &made);
    if (id < 0) {
        streams_.give_back(made);
        if (id == NGHTTP2_ERR_NOMEM)
            throw std::bad_alloc();
        ending_ = true;
        return false;
    }
    made.id = id;
    made.who = &who;
    made.since = now;
    ++open_;
    if (id > last_stream_id - 2 * static_cast<std::int32_t>(limits_.streams))
        ending_ = true;
    staged_.pop_front();
    written_.push_back(who);
    set_state(who, slot::state::written);
    set_stream(who, &made);
    if (!stall_exempt(who)) {
        made.may_stall = true;
        if (may_stall_++ == 0)
            heartbeat_.alive(now);
    }
    next_late_ = std::min(next_late_, late_at(made));
    return true;
}

void multiplex::pump(detail::secret_bytes& out)
{
    for (;;) {
        const std::uint8_t* bytes = nullptr;
        const auto size = nghttp2_session_mem_send(session_.get(), &bytes);
        if (size < 0) // it or a callback ran out of memory
            throw std::bad_alloc();
        if (size == 0)
            return;
        out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    }
}

conversation::step multiplex::receive(std::string_view bytes, time_point now)
{
    release_given();
    now_ = now;
    if (!bytes.empty() && usable()) {
        heartbeat_.alive(now);
        interrupted_ = true; // stays set if this throws
        feed(bytes);
        interrupted_ = false;
    }
    find_late(now);
    return next_step(bytes.size());
}

void multiplex::feed(std::string_view bytes)
{
    while (!bytes.empty() && !failure_) {
        const auto piece = watch_.next(bytes);
        bytes.remove_prefix(piece.taken);
        if (piece.begins && !admit(watch_.head()))
            break;
        if (piece.bytes.empty())
            continue;
        const auto* const from = reinterpret_cast<const std::uint8_t*>(piece.bytes.data());
        const auto taken = nghttp2_session_mem_recv(session_.get(), from, piece.bytes.size());
        if (taken == NGHTTP2_ERR_NOMEM || taken == NGHTTP2_ERR_CALLBACK_FAILURE)
            throw std::bad_alloc();
        if (taken < 0)
            failure_ = error(errc::protocol_error, nghttp2_strerror(static_cast<int>(taken)));
    }
    // nghttp2 reports what it has decided about streams only when it sends it.
    if (nghttp2_session_want_write(session_.get()) != 0)
        pump(unsent_);
}

conversation::step multiplex::end_of_stream(bool clean)
{
    release_given();
    if (!finished_.empty())
        return give(0);
    if (written_.empty()) {
        ending_ = true;
        return leave("the server closed the connection", 0);
    }
    if (failure_) {
        why_ = *failure_;
        return {action::fail};
    }
    const bool amid = std::ranges::any_of(written_, [](const slot& each) {
        const stream* const answer = of(each);
        return answer != nullptr && answer->answer.status != 0;
    });
    std::string detail =
        amid ? "the connection ended in the middle of an answer" : "the connection ended before the answer";
    if (!clean)
        detail += ", without a TLS close_notify";
    if (farewell_ && farewell_->error)
        detail += "; " + farewell_->words;
    why_ = error(errc::connection_lost, std::move(detail));
    return {action::fail};
}

conversation::broken_refusal multiplex::take_refused() noexcept
{
    release_given();
    if (refusals_over_)
        return {};
    over_ = true;
    for (slot& each : written_) {
        stream* const found = of(each);
        if (found == nullptr || !found->refusal())
            continue;
        if (found->is_linked())
            finished_.erase(finished_.iterator_to(*found));
        let_go(*found);
        found->outcome = action::answer;
        given_ = found;
        ++answers_;
        return {&each, &found->answer};
    }
    return {};
}

slot_list multiplex::take_written()
{
    over_ = true;
    finished_.clear();
    for (slot& each : written_)
        if (stream* const found = of(each)) {
            set_stream(each, nullptr);
            found->who = nullptr;
        }
    may_stall_ = late_ = 0;
    next_late_ = time_point::max();
    return conversation::take_written();
}

} // namespace venice_keys::wire
