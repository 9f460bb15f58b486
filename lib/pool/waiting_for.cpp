#include "pool/waiting_for.hpp"

#include "pool/pool.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace venice_keys::detail {

namespace {

std::string in_seconds(std::chrono::steady_clock::duration time)
{
    const auto tenths = std::chrono::ceil<std::chrono::duration<std::int64_t, std::deci>>(time).count();
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

} // namespace

std::string_view words_of(policy::hold why) noexcept
{
    switch (why) {
    case policy::hold::none:
        break;
    case policy::hold::error_budget:
        return "room in the error budget of its token";
    case policy::hold::rate_limit:
        return "the service to accept more requests";
    case policy::hold::refused_token:
        return "another call to find out whether the service still refuses the token";
    }
    return {};
}

error held_error(policy::hold why, time_point until, time_point now)
{
    error made;
    switch (why) {
    case policy::hold::none:
        return made;
    case policy::hold::error_budget:
        made = error(
            errc::error_budget_spent,
            "too many recent requests with this token have failed, and after more of them the service would refuse "
            "everything with it for a while");
        break;
    case policy::hold::rate_limit:
        made = error(errc::rate_limited, "the service accepts no more requests for now");
        break;
    case policy::hold::refused_token:
        return {errc::authentication_failed, "the service refused this token when an earlier call used it"};
    }
    if (until != time_point::max() && until > now) {
        made.detail += "; the next may be sent in " + in_seconds(until - now);
        made.retry_after = std::chrono::ceil<std::chrono::milliseconds>(until - now);
    }
    return made;
}

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
