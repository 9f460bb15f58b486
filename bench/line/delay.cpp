#include "delay.hpp"

#include <algorithm>
#include <utility>

namespace line {

clock::time_point delay::arrival(clock::time_point now) const
{
    return std::max(now, open_from_) + one_way_;
}

void delay::put(clock::time_point now, std::string bytes)
{
    size_ += bytes.size();
    parts_.push_back({arrival(now), std::move(bytes)});
}

void delay::put_end(clock::time_point now)
{
    end_ = arrival(now);
}

std::optional<clock::time_point> delay::next() const
{
    return parts_.empty() ? end_ : parts_.front().due;
}

std::string delay::take(clock::time_point now)
{
    std::string all;
    for (; !parts_.empty() && parts_.front().due <= now; parts_.pop_front()) {
        if (all.empty())
            all = std::move(parts_.front().bytes);
        else
            all += parts_.front().bytes;
    }
    size_ -= all.size();
    return all;
}

bool delay::at_end(clock::time_point now) const
{
    return parts_.empty() && end_ && *end_ <= now;
}

} // namespace line
