#include "wire/pipeline.hpp"

#include <utility>

namespace venice_keys::wire {

void pipeline::abandoned(slot& who, time_point now)
{
    if (&who == &written_.front())
        first_since_ = now;
}

void pipeline::gather(detail::secret_bytes& out, time_point now)
{
    if (written_.empty())
        last_progress_ = first_since_ = now;
    for (slot& each : staged_) {
        head_of(each).append(line_of(each), out);
        set_state(each, slot::state::written);
    }
    written_.splice(written_.end(), staged_);
}

conversation::step pipeline::receive(std::string_view bytes, time_point now)
{
    if (bytes.empty())
        return {};
    last_progress_ = now;
    if (ending_)
        return fail(errc::protocol_error, "bytes came after an answer that said close", 0);
    if (written_.empty())
        return fail(errc::protocol_error, "bytes came although no request was outstanding", 0);
    const auto parsed = parser_.parse(bytes);
    switch (parsed.what) {
    case reply_parser::outcome::need_more:
        return {action::read, parsed.consumed};
    case reply_parser::outcome::done:
        return answered(parsed.consumed);
    case reply_parser::outcome::failed:
        why_ = std::move(parser_.why());
        return {action::fail, parsed.consumed};
    }
    return {};
}

conversation::step pipeline::end_of_stream(bool clean)
{
    if (clean && !written_.empty() && parser_.end_of_stream() == reply_parser::outcome::done)
        return answered(0);
    if (written_.empty()) {
        ending_ = true;
        why_ = error(errc::connection_lost, "the server closed the connection");
        return {action::close};
    }
    std::string detail = parser_.in_reply() ? "the connection ended in the middle of an answer"
                                            : "the connection ended before the answer";
    if (!clean)
        detail += ", without a TLS close_notify";
    return fail(errc::connection_lost, std::move(detail), 0);
}

conversation::broken_refusal pipeline::take_refused() noexcept
{
    if (refusals_over_ || written_.empty() || !parser_.in_refusal())
        return {};
    refusals_over_ = true; // only one answer can be under way
    slot& who = written_.front();
    written_.pop_front();
    ++answers_;
    return {&who, &parser_.result()};
}

std::optional<time_point> pipeline::silent_since() const noexcept
{
    if (written_.empty())
        return std::nullopt;
    // A request that nobody waits for any more is no longer exempt.
    const slot& oldest = written_.front();
    if (stall_exempt(oldest) && wanted(oldest))
        return std::nullopt;
    return last_progress_;
}

std::optional<pipeline::lateness_at> pipeline::late() const noexcept
{
    if (written_.empty())
        return std::nullopt;
    const slot& first = written_.front();
    if (wanted(first) && stall_exempt(first))
        return std::nullopt;
    const lateness_at silent{last_progress_ + times_.silence, lateness::silent};
    // The wait for an answer whose bytes trickle in has an end as well.
    const lateness_at whole = wanted(first) ? lateness_at{first_since_ + times_.whole, lateness::slow}
                                            : lateness_at{first_since_ + times_.silence, lateness::unwanted};
    return whole.at < silent.at ? whole : silent;
}

time_point pipeline::deadline() const noexcept
{
    const auto next = late();
    return next ? next->at : time_point::max();
}

std::optional<conversation::overdue> pipeline::tick(time_point now)
{
    const auto next = late();
    if (!next || now < next->at)
        return std::nullopt;
    // A server may be silent while it works on a creation, so its silence says nothing about other connections.
    const bool telling = next->why == lateness::silent && !stall_exempt(written_.front());
    return overdue{next->why, telling ? silent_since() : std::nullopt};
}

conversation::step pipeline::fail(errc why, std::string detail, std::size_t consumed)
{
    why_ = error(why, std::move(detail));
    return {action::fail, consumed};
}

conversation::step pipeline::answered(std::size_t consumed)
{
    slot& who = written_.front();
    written_.pop_front();
    ++answers_;
    first_since_ = last_progress_;
    if (!parser_.result().keep_alive)
        ending_ = true;
    return {action::answer, consumed, &who, &parser_.result()};
}

} // namespace venice_keys::wire
