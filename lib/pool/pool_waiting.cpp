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
    why.cause = which.last_code();
    if (const error* const trouble = connect_trouble(); trouble != nullptr && waits_for_connection(which))
        why.cause = trouble->code;
    why.detail += (why.detail.empty() ? "" : "; ") + wait_of(which, "the time ran out while waiting for ");
    return why;
}

std::string pool::wait_of(const call& which, std::string_view words) const
{
    std::string text;
    if (which.last_code()) {
        text.append("the last attempt ended with: ").append(which.last_code().message());
        text.append(which.last_trouble().empty() ? "" : ": ").append(which.last_trouble()).append("; ");
    }
    if (waits_for_connection(which))
        return text + wait_for_connection(words);
    return text.append(words).append(waiting_for(which));
}

std::string_view pool::waiting_for(const call& which) const
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
    const policy::hold why = tokens().held_by(which, clocks_.now());
    return why == policy::hold::none ? "a free place on a connection" : words_of(why);
}

bool pool::waits_for_connection(const call& which) const noexcept
{
    switch (which.place_) {
    case call::place::session:
    case call::place::behind:
    case call::place::pause:
        return false;
    case call::place::queue:
    case call::place::unservable:
    case call::place::nowhere:
        break;
    }
    return tokens().held_by(which, clocks_.now()) == policy::hold::none && usable() == 0;
}

std::string pool::wait_for_connection(std::string_view words) const
{
    std::string text;
    const error* const trouble = connect_trouble();
    if (trouble != nullptr) {
        text = trouble->detail.empty() ? trouble->code.message() : trouble->detail;
        // Most details quote it.
        if (const std::string cause = trouble->cause ? trouble->cause.message() : std::string();
            text.find(cause) == std::string::npos)
            text += ": " + cause;
        text += "; ";
    }
    text += words;
    const auto under_way = std::ranges::find_if(sessions_, [](const auto& each) { return each->connecting(); });
    if (under_way != sessions_.end())
        return text + "a connection (" + (*under_way)->phase() + ")";
    return text + (trouble == nullptr ? "a connection" : "the next attempt to connect");
}

} // namespace venice_keys::detail
