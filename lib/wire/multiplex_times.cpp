// How long an HTTP/2 conversation waits for a byte, for an answer, and for an answer that nobody wants.
#include "wire/multiplex.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <new>
#include <utility>

namespace venice_keys::wire {

void multiplex::abandoned(slot& who, time_point now)
{
    stream* const found = of(who);
    if (found == nullptr || found->finished() || !usable())
        return;
    now_ = now;
    error why(errc::cancelled, "nobody waited for the answer, and its stream was reset");
    found->since = now;
    if (!found->late)
        next_late_ = std::min(next_late_, late_at(*found));
    if (!found->may_stall) { // from now on its silence counts
        found->may_stall = true;
        if (may_stall_++ == 0)
            heartbeat_.alive(now);
    }
    // The next change to a key waits for the answer to the one before. A read changes nothing, and may be reset.
    if (line_of(who).method != "GET" || resets_ < one_reset)
        return;
    resets_ -= one_reset;
    reset(*found);
    lose(*found, fate::unanswered, std::move(why));
}

time_point multiplex::late_at(const stream& which) const noexcept
{
    if (!wanted(*which.who))
        return which.since + limits_.times.silence;
    return stall_exempt(*which.who) ? time_point::max() : which.since + limits_.times.whole;
}

void multiplex::find_late(time_point now)
{
    if (now < next_late_)
        return;
    next_late_ = time_point::max();
    for (slot& each : written_) {
        stream* const found = of(each);
        if (found == nullptr || found->finished() || found->late)
            continue;
        if (const time_point at = late_at(*found); now < at) {
            next_late_ = std::min(next_late_, at);
        } else {
            found->late = true;
            ++late_;
            ending_ = true;
        }
    }
}

time_point multiplex::deadline() const noexcept
{
    if (!finished_.empty() || (written_.empty() && ending_))
        return now_;
    if (written_.empty())
        return time_point::max();
    if (late_ == written_.size())
        return now_;
    return may_stall_ == 0 ? next_late_ : std::min(next_late_, heartbeat_.next());
}

// While all that is owed is exempt from the stall time-out, the peer is not pinged: a server that works on a creation
// may be too busy to answer, and a creation that is given up too early can't be sent again.
std::optional<conversation::overdue> multiplex::tick(time_point now)
{
    now_ = now;
    find_late(now);
    if (late_ != 0 && late_ == written_.size()) {
        const bool any_wanted = std::ranges::any_of(written_, [](const slot& each) { return wanted(each); });
        return overdue{any_wanted ? lateness::slow : lateness::unwanted};
    }
    if (may_stall_ == 0)
        return std::nullopt;
    if (heartbeat_.gone(now))
        return overdue{lateness::silent, heartbeat_.quiet_since()};
    if (heartbeat_.should_ask(now) && usable()) {
        if (nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr) != 0)
            throw std::bad_alloc();
        heartbeat_.asked(now);
    }
    return std::nullopt;
}

} // namespace venice_keys::wire
