// Whether the next read of a connection waits for a moment, so that it brings more than one answer, and one write takes
// along what they make room for: as a network card does with its interrupts. Pure: times are passed in.
#pragma once

#include <chrono>
#include <cstddef>

namespace venice_keys {

class read_coalescing {
public:
    using clock = std::chrono::steady_clock;

    // Answers come no further apart than this, else nothing comes of waiting.
    static constexpr std::chrono::microseconds close_together{30};
    // As many are owed at least, else the server would run out of work.
    static constexpr std::size_t enough_owed = 10;
    static constexpr std::chrono::microseconds moment{20};

    // `answers` came with the read at `now`, and `owed` are still to come. Zero: read at once.
    [[nodiscard]] std::chrono::microseconds pause_after(std::size_t answers, std::size_t owed,
                                                        clock::time_point now) noexcept
    {
        if (answers == 0)
            return {};
        const bool close = now - last_ <= answers * close_together;
        last_ = now;
        return close && owed >= enough_owed ? moment : std::chrono::microseconds{};
    }

private:
    clock::time_point last_{}; // when answers came
};

} // namespace venice_keys
