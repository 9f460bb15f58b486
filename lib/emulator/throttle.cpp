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

} // namespace venice_keys::emulation
