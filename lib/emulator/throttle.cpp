#include "emulator/throttle.hpp"

namespace venice_keys::emulation {

quota request_meter::take(timestamp now, bool& refused)
{
    const auto minute = std::chrono::floor<std::chrono::minutes>(now);
    if (minute != minute_) {
        minute_ = minute;
        taken_ = 0;
    }
    refused = taken_ >= limit_;
    if (!refused)
        ++taken_;
    return quota{limit_, limit_ - taken_, minute + std::chrono::minutes{1}};
}

std::optional<std::chrono::seconds> lockout::blocked(const std::string& caller, timestamp now) const
{
    const auto found = callers_.find(caller);
    if (found == callers_.end() || found->second.blocked_until <= now)
        return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(found->second.blocked_until - now);
}

bool lockout::failed(const std::string& caller, timestamp now)
{
    forget_old_callers(now);
    record& mine = callers_[caller];
    while (!mine.failures.empty() && mine.failures.front() + window <= now)
        mine.failures.pop_front();
    mine.failures.push_back(now);
    if (mine.failures.size() <= max_failures)
        return false;
    const bool was_free = mine.blocked_until <= now;
    mine.blocked_until = now + penalty;
    mine.failures.clear();
    return was_free;
}

void lockout::forget_old_callers(timestamp now)
{
    // Only so that a caller who tries many tokens does not fill the memory.
    constexpr std::size_t many = 1000;
    if (callers_.size() < many)
        return;
    std::erase_if(callers_, [now](const auto& entry) {
        const record& theirs = entry.second;
        return theirs.blocked_until <= now && (theirs.failures.empty() || theirs.failures.back() + window <= now);
    });
}

} // namespace venice_keys::emulation
