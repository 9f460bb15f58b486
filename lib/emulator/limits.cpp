#include "emulator/limits.hpp"

namespace venice_keys::emulation {

quota request_meter::take(timestamp now)
{
    const auto minute = std::chrono::floor<std::chrono::minutes>(now);
    if (minute != minute_) {
        minute_ = minute;
        taken_ = 0;
    }
    const bool exceeded = taken_ >= limit_;
    if (!exceeded)
        ++taken_;
    return quota{limit_, limit_ - taken_, minute + std::chrono::minutes{1}, exceeded};
}

budget_left error_budget::left(const std::string& token, timestamp now) const
{
    const auto found = records_.find(token);
    if (found == records_.end() || found->second.end <= now)
        return {most_, now + window};
    const record& mine = found->second;
    return {mine.failures < most_ ? most_ - mine.failures : 0, mine.end};
}

bool error_budget::spent(const std::string& token, timestamp now) const
{
    const auto found = records_.find(token);
    return found != records_.end() && now < found->second.end && found->second.failures > most_;
}

bool error_budget::charge(const std::string& token, timestamp now)
{
    forget_old_tokens(now);
    record& mine = records_[token];
    if (mine.end <= now)
        mine = record{0, now + window};
    ++mine.failures;
    return mine.failures == most_ + 1;
}

void error_budget::forget_old_tokens(timestamp now)
{
    // Otherwise a caller who tries many tokens would fill the memory.
    constexpr std::size_t many = 1000;
    if (records_.size() >= many)
        std::erase_if(records_, [now](const auto& entry) { return entry.second.end <= now; });
}

} // namespace venice_keys::emulation
