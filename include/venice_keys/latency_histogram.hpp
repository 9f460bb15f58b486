// How long calls took: counts in buckets that grow with the time, so that a quantile is at most 12.5 % too long.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace venice_keys {

class latency_histogram {
public:
    // Eight buckets for each doubling of 1.024 µs. The first holds what is shorter than it, too; the last, which would
    // end at 73 min 18 s (2^42 ns), what is longer.
    static constexpr std::size_t size = 256;

    // Which bucket a time belongs to. It takes a few integer instructions.
    [[nodiscard]] static std::size_t bucket_of(std::chrono::nanoseconds time) noexcept;
    // The longest time that belongs to a bucket (of the last: but for the longer ones), at most 12.5 % more than the
    // shortest, except in the first. `bucket` must be below `size`.
    [[nodiscard]] static std::chrono::nanoseconds upper_bound(std::size_t bucket) noexcept;

    std::array<std::uint64_t, size> counts{};

    [[nodiscard]] std::uint64_t total() const noexcept;
    // The upper bound of the bucket with the time that this share of the calls (0 … 1) did not exceed: of the shortest
    // call for 0, of the longest for 1. Zero when there were none.
    [[nodiscard]] std::chrono::nanoseconds quantile(double share) const noexcept;

    friend bool operator==(const latency_histogram&, const latency_histogram&) = default;
};

} // namespace venice_keys
