// One direction of a line: bytes go in, and come out in the same order a while later. No I/O: time is passed in.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace line {

using clock = std::chrono::steady_clock;

class delay {
public:
    // What goes in before `open_from` sets off only then: nothing can be sent on a connection before it is established.
    delay(clock::duration one_way, clock::time_point open_from) : one_way_(one_way), open_from_(open_from) {}

    void put(clock::time_point now, std::string bytes);
    // Call this after the last bytes.
    void put_end(clock::time_point now);

    // When there is something to take; empty while nothing is under way.
    [[nodiscard]] std::optional<clock::time_point> next() const;
    // Takes all that has arrived by `now`.
    [[nodiscard]] std::string take(clock::time_point now);
    // Whether the end has arrived by `now`, and everything before it was taken.
    [[nodiscard]] bool at_end(clock::time_point now) const;
    [[nodiscard]] std::size_t under_way() const noexcept { return size_; }

private:
    struct part {
        clock::time_point due;
        std::string bytes;
    };

    [[nodiscard]] clock::time_point arrival(clock::time_point now) const;

    clock::duration one_way_;
    clock::time_point open_from_;
    std::deque<part> parts_;
    std::optional<clock::time_point> end_;
    std::size_t size_ = 0;
};

} // namespace line
