#include "client/inbox.hpp"

#include <mutex>
#include <utility>

namespace venice_keys::detail {

inbox::inbox(maybe_mutex& guard, shared_stats& stats, const config& settings)
    : guard_(guard), stats_(stats), most_(settings.max_queue), holds_(settings.threading == threading::single)
{
}

std::optional<error> inbox::refusal() const
{
    if (refuses_)
        return error(errc::closed, "it takes no more calls");
    if (expected_ + calls_.size() + stats_.waiting_calls() >= most_)
        return error(errc::queue_full, std::to_string(most_) + (most_ == 1 ? " call is" : " calls are") +
                                           " waiting, as many as config::max_queue allows");
    return std::nullopt;
}

void inbox::forget()
{
    const std::lock_guard lock(guard_);
    --expected_;
}

std::optional<std::uint64_t> inbox::put(operation& call)
{
    const std::lock_guard lock(guard_);
    --expected_;
    calls_.push_back(call);
    return std::exchange(turn_comes_, true) ? std::nullopt : std::optional(turns_);
}

bool inbox::take_back(operation& call, std::uint64_t turn)
{
    const std::lock_guard lock(guard_);
    if (turns_ != turn)
        return false;
    calls_.erase(calls_.iterator_to(call));
    turn_comes_ = false; // the next call asks for a turn, which also takes those that have come meanwhile
    return true;
}

void inbox::refuse_all()
{
    const std::lock_guard lock(guard_);
    refuses_ = true;
}

void inbox::take_all(operation_list& into)
{
    const std::lock_guard lock(guard_);
    // They are counted before the guard is released, so that no caller sees fewer than there are.
    stats_.add_waiting_calls(calls_.size());
    into.splice(into.end(), calls_);
    turn_comes_ = false;
    ++turns_;
}

void inbox::hold() noexcept
{
    if (holds_)
        turn_comes_ = true;
}

bool inbox::resume() noexcept
{
    if (!holds_)
        return false;
    turn_comes_ = !calls_.empty();
    return turn_comes_;
}

} // namespace venice_keys::detail
