// How long calls took: counts in buckets that grow with the time, so that every quantile is known to within 12.5 %.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace venice_keys {

class latency_histogram {
public:
    // Eight buckets for each doubling, from 1 µs to over an hour; what is longer is counted in the last.
    static constexpr std::size_t size = 256;

    // Which bucket a time belongs to, and the longest time that belongs to one.
    [[nodiscard]] static std::size_t bucket_of(std::chrono::nanoseconds time) noexcept;
    [[nodiscard]] static std::chrono::nanoseconds upper_bound(std::size_t bucket) noexcept;

    std::array<std::uint64_t, size> counts{};

    [[nodiscard]] std::uint64_t total() const noexcept;
    // The time that the share `quantile` (0 … 1) of the calls did not exceed; zero when there were none.
    [[nodiscard]] std::chrono::nanoseconds quantile(double share) const noexcept;

    friend bool operator==(const latency_histogram&, const latency_histogram&) = default;
};

} // namespace venice_keys
