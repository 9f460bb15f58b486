#include "client/waiters.hpp"

#include "model/bare_error.hpp"

#include <algorithm>
#include <utility>

namespace venice_keys::detail {

template <class Predicate>
void waiters::end_if(const error* why, Predicate fits) noexcept
{
    for (auto next = waiting_.begin(); next != waiting_.end();) {
        const auto each = next++;
        if (!fits(*each))
            continue;
        each->with = why == nullptr ? result<void>::success() : result<void>(copy_or_bare(*why));
        if (!each->with)
            each->with.error().sends = false;
        ended_.splice(ended_.end(), waiting_, each);
    }
}

void waiters::refuse(list&& one, error why) noexcept
{
    why.sends = false;
    one.front().with = std::move(why);
    ended_.splice(ended_.end(), one);
}

std::size_t waiters::connections() const noexcept
{
    std::size_t most = 0;
    for (const waiter& each : waiting_)
        most = std::max(most, each.connections);
    return most;
}

waiters::time_point waiters::deadline() const noexcept
{
    time_point earliest = time_point::max();
    for (const waiter& each : waiting_)
        if (each.what == goal::connections)
            earliest = std::min(earliest, each.deadline);
    return earliest;
}

void waiters::opened(std::size_t connections) noexcept
{
    end_if(nullptr,
           [=](const waiter& each) { return each.what == goal::connections && each.connections <= connections; });
}

void waiters::expire(time_point now, const error& why) noexcept
{
    end_if(&why, [=](const waiter& each) { return each.what == goal::connections && each.deadline <= now; });
}

void waiters::end_all(goal what, const error* why) noexcept
{
    end_if(why, [=](const waiter& each) { return each.what == what; });
}

void waiters::cancel(std::uint64_t number) noexcept
{
    const auto which = std::ranges::find(waiting_, number, &waiter::number);
    if (which == waiting_.end())
        return;
    const error why =
        worded_or_bare(errc::cancelled, which->what == goal::end
                                            ? "close() was waiting for calls to end, and the client goes on closing"
                                            : "warm_up() was waiting for connections");
    end_if(&why, [=](const waiter& each) { return each.number == number; });
}

waiters::list waiters::take_ended() noexcept
{
    list first;
    first.splice(first.begin(), ended_, ended_.begin());
    return first;
}

waiters::list waiters::let_go() noexcept
{
    list all = std::move(waiting_);
    all.splice(all.end(), ended_);
    return all;
}

} // namespace venice_keys::detail
