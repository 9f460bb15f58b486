// How long calls took: counts in buckets that grow with the time, so that a quantile is at most 12.5 % too long.
#pragma once

#include <venice_keys/detail/export.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace venice_keys {

/// Counts of times, in buckets that grow with the time. It is a plain value: copy, add and print the counts as you
/// like.
class latency_histogram {
public:
    /// There are eight buckets for each doubling, from 1.024 µs on. The first also has what is shorter; the last, which
    /// would end at 73 min 18 s (2^42 ns), also has what is longer.
    static constexpr std::size_t size = 256;

    /// The bucket that a time belongs to. This takes a few integer instructions.
    [[nodiscard]] VENICE_KEYS_API static std::size_t bucket_of(std::chrono::nanoseconds time) noexcept;
    /// The longest time that belongs to a bucket (of the last, without the longer ones). It is at most 12.5 % more than
    /// the shortest, except in the first. `bucket` must be below `size`.
    [[nodiscard]] VENICE_KEYS_API static std::chrono::nanoseconds upper_bound(std::size_t bucket) noexcept;

    std::array<std::uint64_t, size> counts{}; ///< how many times fell into each bucket

    /// The sum of all counts.
    [[nodiscard]] VENICE_KEYS_API std::uint64_t total() const noexcept;
    /// The upper bound of the bucket with the time that this share of the calls (0 … 1) did not exceed: for 0 that of
    /// the shortest call, for 1 that of the longest. Zero when there were no calls.
    [[nodiscard]] VENICE_KEYS_API std::chrono::nanoseconds quantile(double share) const noexcept;

    /// Compares all members.
    friend bool operator==(const latency_histogram&, const latency_histogram&) = default;
};

} // namespace venice_keys
