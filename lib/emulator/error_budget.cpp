#include "emulator/error_budget.hpp"

namespace venice_keys::emulation {

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
    // Only so that a caller who tries many tokens does not fill the memory.
    constexpr std::size_t many = 1000;
    if (records_.size() >= many)
        std::erase_if(records_, [now](const auto& entry) { return entry.second.end <= now; });
}

} // namespace venice_keys::emulation
