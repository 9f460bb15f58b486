#include "wire/pipeline.hpp"

#include <utility>

namespace venice_keys::wire {

void pipeline::stage(slot& who)
{
    who.state_ = slot::state::staged;
    staged_.push_back(who);
}

bool pipeline::withdraw(slot& who, time_point now)
{
    if (who.state_ != slot::state::staged) {
        who.state_ = slot::state::abandoned;
        if (&who == &written_.front())
            first_since_ = now;
        return false;
    }
    staged_.erase(staged_.iterator_to(who));
    who.state_ = slot::state::waiting;
    return true;
}

void pipeline::gather(secret_bytes& out, time_point now)
{
    if (written_.empty())
        last_progress_ = first_since_ = now;
    for (slot& each : staged_) {
        each.head_->append(each.line_, out);
        each.state_ = slot::state::written;
    }
    written_.splice(written_.end(), staged_);
}

pipeline::step pipeline::receive(std::string_view bytes, time_point now)
{
    if (bytes.empty())
        return {};
    last_progress_ = now;
    if (ended_)
        return fail(errc::protocol_error, "bytes after an answer that said close", 0);
    if (written_.empty())
        return fail(errc::protocol_error, "bytes with no request outstanding", 0);
    const auto parsed = parser_.parse(bytes);
    switch (parsed.what) {
    case reply_parser::outcome::need_more:
        return {action::read, parsed.consumed, nullptr};
    case reply_parser::outcome::done:
        return answered(parsed.consumed);
    case reply_parser::outcome::failed:
        why_ = std::move(parser_.why());
        return {action::fail, parsed.consumed, nullptr};
    }
    return {};
}

pipeline::step pipeline::end_of_stream(bool clean)
{
    if (clean && !written_.empty() && parser_.end_of_stream() == reply_parser::outcome::done)
        return answered(0);
    if (written_.empty()) {
        ended_ = true;
        return {action::close, 0, nullptr};
    }
    std::string detail = parser_.in_reply() ? "the connection ended in the middle of an answer"
                                            : "the connection ended before the answer";
    if (!clean)
        detail += ", without a TLS close_notify";
    return fail(errc::connection_lost, std::move(detail), 0);
}

void pipeline::put_back(slot& who)
{
    written_.push_front(who);
    --answers_;
}

slot* pipeline::take_refused() noexcept
{
    if (written_.empty() || !parser_.in_refusal())
        return nullptr;
    slot& who = written_.front();
    written_.pop_front();
    ++answers_;
    return &who;
}

slot_list pipeline::take_written()
{
    slot_list all;
    all.swap(written_);
    return all;
}

slot_list pipeline::take_staged()
{
    slot_list all;
    all.swap(staged_);
    return all;
}

std::optional<time_point> pipeline::silent_since() const noexcept
{
    if (written_.empty())
        return std::nullopt;
    // A request that nobody waits for any more has no claim to patience.
    const slot& oldest = written_.front();
    if (oldest.patient_ && oldest.state_ == slot::state::written)
        return std::nullopt;
    return last_progress_;
}

std::optional<pipeline::overdue> pipeline::overdue_at(const answer_times& limits) const noexcept
{
    if (written_.empty())
        return std::nullopt;
    const slot& first = written_.front();
    const bool wanted = first.state_ == slot::state::written;
    if (wanted && first.patient_)
        return std::nullopt;
    const overdue silent{last_progress_ + limits.silence, lateness::silent};
    // Bytes that trickle are no reason to wait for ever.
    const overdue whole = wanted ? overdue{first_since_ + limits.whole, lateness::slow}
                                 : overdue{first_since_ + limits.silence, lateness::unwanted};
    return whole.at < silent.at ? whole : silent;
}

pipeline::step pipeline::fail(errc why, std::string detail, std::size_t consumed)
{
    why_ = error(why, std::move(detail));
    return {action::fail, consumed, nullptr};
}

pipeline::step pipeline::answered(std::size_t consumed)
{
    slot& who = written_.front();
    written_.pop_front();
    ++answers_;
    first_since_ = last_progress_;
    if (!parser_.result().keep_alive)
        ended_ = true;
    return {action::answer, consumed, &who};
}

} // namespace venice_keys::wire
