// Decides what may come on an HTTP/2 connection, and what becomes of its streams.
#include "wire/multiplex.hpp"

#include "wire/multiplex_events.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <string>
#include <utility>

namespace venice_keys::wire {

namespace {

// A header block with more of them is an attack (CVE-2024-28182): each can hold all that a head may have.
constexpr std::size_t max_continuations = 8;

// A frame of an answer that we have no use for takes at least this much from under_way_.
constexpr std::size_t smallest_share = 256;

} // namespace

bool multiplex::admit(const frame_head& next)
{
    const bool of_answer = next.type == NGHTTP2_HEADERS || next.type == NGHTTP2_DATA;
    const stream* const which = of_answer ? events::find(*this, next.stream) : nullptr;
    // nghttp2 skips what comes on a closed stream. But an answer that was owed to nobody breaks the connection, unless
    // it was under way when we reset its stream.
    if (of_answer && which == nullptr && next.stream % 2 == 1 && !was_reset(next.stream) &&
        static_cast<std::uint32_t>(next.stream) < nghttp2_session_get_next_stream_id(session_.get())) {
        failure_ = error(errc::protocol_error,
                         "an answer came on stream " + std::to_string(next.stream) + ", which was owed none");
        return false;
    }
    if (watch_.continuations() > max_continuations) {
        failure_ = error(errc::protocol_error, "more than eight CONTINUATION frames came");
        return false;
    }
    if (!watch_.charge()) {
        failure_ = error(errc::protocol_error, "too many frames came that bring no answer");
        return false;
    }
    if (next.type == NGHTTP2_HEADERS && which != nullptr)
        watch_.refund();
    // The rest of an answer that we cut off is not held against the peer, however small its frames are.
    const std::size_t share = std::max<std::size_t>(next.length, smallest_share);
    if (next.type == NGHTTP2_DATA && which == nullptr && share <= under_way_) {
        under_way_ -= share;
        watch_.refund();
    }
    return true;
}

void multiplex::finish(stream& which) noexcept
{
    stop_stalling(which);
    nghttp2_session_set_stream_user_data(session_.get(), which.id, nullptr);
    if (current_ == &which)
        current_ = nullptr;
    finished_.push_back(which);
}

void multiplex::lose(stream& which, fate how, error why)
{
    which.outcome = action::lost;
    which.how = how;
    which.why = std::move(why);
    finish(which);
}

void multiplex::lose_or_break(stream& which, error why)
{
    if (!which.refusal())
        return lose(which, fate::unanswered, std::move(why));
    which.outcome = action::answer;
    which.why = std::move(why);
    which.answer.broken = &which.why;
    finish(which);
}

void multiplex::stop_stalling(stream& which) noexcept
{
    if (std::exchange(which.may_stall, false))
        --may_stall_;
}

// When memory is lacking the peer gets no reset, but what it sends is skipped all the same.
void multiplex::reset(stream& which) noexcept
{
    (void)nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, which.id, NGHTTP2_CANCEL);
    note_reset(which.id);
    under_way_ += events::stream_window(limits_.reply);
}

void multiplex::note_reset(std::int32_t id) noexcept
{
    reset_ids_[next_reset_id_] = id;
    next_reset_id_ = (next_reset_id_ + 1) % reset_ids_.size();
}

bool multiplex::was_reset(std::int32_t id) const noexcept
{
    return std::ranges::find(reset_ids_, id) != reset_ids_.end();
}

conversation::step multiplex::next_step(std::size_t consumed)
{
    if (!finished_.empty())
        return give(consumed);
    if (interrupted_)
        failure_ = error(errc::connection_lost, "memory ran out");
    if (failure_) {
        why_ = *failure_;
        return {action::fail, consumed};
    }
    if (ending_ && written_.empty())
        return leave("the connection takes no more requests", consumed);
    return {action::read, consumed};
}

// The peer's reason, if it has given one, replaces `why`.
conversation::step multiplex::leave(const char* why, std::size_t consumed)
{
    why_ = error(errc::connection_lost, farewell_ ? farewell_->words : why);
    return {action::close, consumed};
}

conversation::step multiplex::give(std::size_t consumed)
{
    stream& which = finished_.front();
    finished_.pop_front();
    slot& who = *which.who;
    let_go(which);
    given_ = &which;
    if (which.outcome == action::lost) {
        why_ = std::move(which.why);
        return {action::lost, consumed, &who, nullptr, which.how};
    }
    ++answers_;
    watch_.answered();
    resets_ = std::min(resets_ + 1, most_resets);
    return {action::answer, consumed, &who, &which.answer};
}

void multiplex::let_go(stream& which) noexcept
{
    slot& who = *which.who;
    stop_stalling(which);
    if (std::exchange(which.late, false))
        --late_;
    written_.erase(written_.iterator_to(who));
    if (written_.empty())
        next_late_ = time_point::max();
    set_stream(who, nullptr);
    which.who = nullptr;
}

void multiplex::release_given() noexcept
{
    if (stream* const done = std::exchange(given_, nullptr))
        streams_.give_back(*done);
}

} // namespace venice_keys::wire
