// What a call waits for, in words, as the pool as a whole knows it.
#include "pool/pool.hpp"
#include "pool/waiting_for.hpp"

#include <algorithm>
#include <string>

namespace venice_keys::detail {

error pool::out_of_time(const call& which) const
{
    const time_point now = clocks_.now();
    error why = held_error(tokens().held_by(which, now), time_point::max(), now);
    // A refused token is not why this call has failed: it only waited for another call to try the token.
    if (why.code != errc::error_budget_spent && why.code != errc::rate_limited)
        why = error(errc::deadline_exceeded);
    std::string detail = "the time ran out while waiting for " + waiting_for(which);
    if (!which.last_trouble().empty()) {
        detail.append("; the last attempt ended with: ").append(which.last_trouble());
        why.cause = which.last_code();
    }
    if (const error* const trouble = connect_trouble(); trouble != nullptr && waits_for_connection(which))
        why.cause = trouble->code;
    why.detail = why.detail.empty() ? detail : detail + ": " + why.detail;
    return why;
}

std::string pool::waiting_for(const call& which) const
{
    switch (which.place_) {
    case call::place::session:
        return which.where() == wire::slot::state::staged ? "the socket to take the request" : "the answer";
    case call::place::behind:
        return "an earlier change to the same key";
    case call::place::pause:
        return "the time of its next attempt";
    case call::place::queue:
    case call::place::unservable:
    case call::place::nowhere:
        break;
    }
    if (const policy::hold why = tokens().held_by(which, clocks_.now()); why != policy::hold::none)
        return std::string(words_of(why));
    if (usable() != 0)
        return "a free place on a connection";
    return connecting_words();
}

bool pool::waits_for_connection(const call& which) const noexcept
{
    return which.place_ == call::place::queue && tokens().held_by(which, clocks_.now()) == policy::hold::none &&
           usable() == 0;
}

std::string pool::connecting_words() const
{
    std::string words = "a connection";
    const auto under_way = std::ranges::find_if(sessions_, [](const auto& each) { return each->connecting(); });
    if (under_way != sessions_.end())
        words += " (" + (*under_way)->phase() + ")";
    const error* const trouble = connect_trouble();
    if (trouble == nullptr)
        return words;
    if (under_way == sessions_.end())
        words = "the next attempt to connect";
    words += "; the last attempt to connect failed: " +
             (trouble->detail.empty() ? trouble->code.message() : trouble->detail);
    if (trouble->cause)
        words += ": " + trouble->cause.message();
    return words;
}

} // namespace venice_keys::detail
